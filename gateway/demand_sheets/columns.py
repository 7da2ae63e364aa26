"""The columns of the two templates: a worker's demands as an agency brings them, and firms' demands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from gateway.demand_sheets import cells

VERSION: Final = 1


@dataclass(frozen=True)
class Column:
    """One column. name: the demand's field, dotted; needed: in each row (by whom: `note`).

    words: what may be chosen, by what is typed; note: for the sheet of explanations.
    """

    name: str
    zh: str
    read: cells.Reader
    needed: bool = False
    words: Mapping[str, str] = field(default_factory=dict)
    note: str = ""

    @property
    def head(self) -> str:
        """What stands in the second row."""
        return f"{self.zh} {self.name}"

    @property
    def as_text(self) -> bool:
        """Whether the column holds digits that a spreadsheet must not take for a number."""
        return self.read is cells.digits


def _choice(name: str, zh: str, words: Mapping[str, str], needed: bool = False, note: str = "") -> Column:
    return Column(name, zh, cells.one_of(words), needed, words, note)


def _choices(name: str, zh: str, words: Mapping[str, str]) -> Column:
    return Column(
        name, zh, cells.several_of(words), False, words, "可填多个，用顿号隔开 / several, with 、 between"
    )


_BEFORE: Final = (
    _choice("region", "需求所在地", cells.REGIONS, True, "区划代码或名称 / code or name"),
    _choice(
        "occupation", "职业（工种）", cells.OCCUPATIONS, True, "2022 版代码或名称 / code of 2022 or name"
    ),
    _choice("level", "等级", cells.LEVELS, True),
    _choice("mode", "授课方式", cells.MODES),
    Column("wanted_from", "期望开始日期", cells.day, True, note="2026-12-01"),
    _choices("study_times", "可学习时间", cells.TIMES),
    Column("place", "期望地点", cells.text),
    Column("hours", "期望学时", cells.whole),
)
_CONTACT: Final = (
    Column("contact.name", "联系人", cells.text),
    Column("contact.phone", "联系电话", cells.digits),
    Column("contact.hours", "联系时间", cells.text),
)
_MANDATE: Final = (
    Column(
        "mandate", "授权依据", cells.text, note="代办机构填写：书面授权 / for agencies: the paper mandate"
    ),
    Column("mandate_until", "授权截止日", cells.day, note="2027-12-01"),
    Column("mandate_id", "授权编号", cells.digits, note="已登记的授权 / a mandate on record"),
)
WORKER: Final = (
    Column("person.id_number", "身份证号码", cells.digits, True),
    Column("person.name", "姓名", cells.text, True),
    Column("person.phone", "手机号码", cells.digits, True),
    _choice("person.region", "常住地", cells.REGIONS, True, "区划代码或名称 / code or name"),
    _choices("person.groups", "本人所属群体", cells.GROUPS),
    Column("person.bank_account", "银行账号", cells.digits),
    *_BEFORE,
    _choice("group", "申请的人员类别", cells.GROUPS),
    _choice("proof.kind", "证明种类", cells.PROOFS),
    Column("proof.number", "证明编号", cells.digits),
    Column("proof.issued_by", "证明签发机关", cells.text),
    Column("proof.issued_on", "证明签发日期", cells.day),
    *_CONTACT,
    *_MANDATE,
)
ENTERPRISE: Final = (
    Column(
        "enterprise.credit_code",
        "企业统一社会信用代码",
        cells.digits,
        note="代办机构填写 / filled in by agencies",
    ),
    Column("enterprise.name", "企业名称", cells.text, note="代办机构填写 / filled in by agencies"),
    _choice("enterprise.region", "企业所在地", cells.REGIONS, note="代办机构填写 / filled in by agencies"),
    *_BEFORE,
    Column("headcount", "人数", cells.whole, True),
    Column("skills", "技能要求", cells.text, True),
    Column("wage_low_fen", "最低月工资（元）", cells.yuan),
    Column("wage_high_fen", "最高月工资（元）", cells.yuan),
    _choice("training_kind", "培训类型", cells.KINDS, True),
    Column("share_percent", "企业承担比例（%）", cells.whole),
    *_CONTACT,
    *_MANDATE,
)
TEMPLATES: Final[Mapping[str, tuple[Column, ...]]] = {"worker": WORKER, "enterprise": ENTERPRISE}
TITLES: Final[Mapping[str, str]] = {"worker": "劳动者需求单", "enterprise": "企业需求单"}


def mark(kind: str) -> str:
    """Return what the first cell of a template says."""
    return f"demands-{kind}-{VERSION}"


def explained(kind: str) -> list[list[Any]]:
    """Return the second sheet of a template: each column, whether it is needed, and what may be chosen."""
    rows: list[list[Any]] = [["列 column", "必填 needed", "说明 note", "可选值 words to choose from"]]
    for column in TEMPLATES[kind]:
        chosen: dict[str, list[str]] = {}
        for word, code in column.words.items():
            chosen.setdefault(code, []).append(word)
        shown = "；".join(f"{code} {words[0]}" for code, words in chosen.items())
        rows.append([column.head, "是 yes" if column.needed else "", column.note, shown[:30_000]])
    return rows
