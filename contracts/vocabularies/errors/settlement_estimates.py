"""Refusals of settlement about estimates."""

from contracts.vocabularies.errors.text import ErrorText as E

ERRORS: dict[str, E] = {
    "settlement.scenario_invalid": E(
        422,
        "测算方案有误（共 {count} 处）：规则 {rule}，字段 {name}：{problem}",
        "The scenario has {count} mistakes, the first: rule {rule}, field {name}: {problem}",
        "请按规则数据的写法改正该字段；规则编号见规则表",
        "Write the field as the rules' data does; the ids of rules are in docs/policy/rules.md",
    ),
    "settlement.estimate_region": E(
        422,
        "测算以省或市为单位：{region}",
        "An estimate is of a province or a city: {region}",
        "请选择省或市的行政区划代码",
        "Choose the code of a province or a city",
    ),
    "settlement.estimate_closed": E(
        409,
        "该测算已结束（{status}）",
        "The estimate has ended ({status})",
        "请另建测算",
        "Start another one",
    ),
    "settlement.estimate_not_done": E(
        409,
        "测算尚未完成（{status}）",
        "The estimate is not done ({status})",
        "请稍后再取；未能完成时请看原因",
        "Ask again later; when it failed, read why",
    ),
    "settlement.estimate_queue": E(
        429,
        "该地区已有 {count} 项测算在等待",
        "{count} estimates of this region are waiting already",
        "请待其完成，或取消其中一项",
        "Wait until they are done, or cancel one",
    ),
    "settlement.population_incomplete": E(
        422,
        "人群文件不完整或与摘要不符",
        "The population is not whole, or does not fit its hash",
        "请重新上传",
        "Send it again",
    ),
    "settlement.population_large": E(
        413,
        "人群文件过大：不超过 {limit} 字节",
        "The population is too large: at most {limit} bytes",
        "请用 gzip 压缩后上传（.csv.gz）",
        "Pack it by gzip (.csv.gz)",
    ),
    "settlement.population_empty": E(
        422,
        "人群文件为空",
        "The population is empty",
        "请选择有内容的文件",
        "Choose a file that holds something",
    ),
    "settlement.populations_full": E(
        409,
        "该地区已有 {most} 个人群文件",
        "This region has {most} populations already",
        "一年以前的会自动清除；请使用已有的文件",
        "They are deleted after a year; use one that is there",
    ),
}
