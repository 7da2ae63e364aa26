"""Refusals of settlement about registry checks and risk marks."""

from contracts.vocabularies.errors.text import ErrorText as E

ERRORS: dict[str, E] = {
    "settlement.checks_waiting": E(
        409,
        "{count} 项联网核查尚未得到结果",
        "{count} registry checks have no answer yet",
        "核查结果返回后再办理；登记系统中断时等待恢复，不得跳过",
        "Go on when they are answered; while a registry is down this waits, it is never skipped",
    ),
    "settlement.checks_failed": E(
        409,
        "{count} 项联网核查未通过",
        "{count} registry checks failed",
        "请查看原因并退回补正；申请人更正后重新核算",
        "Read the reasons and send it back; it is computed again once corrected",
    ),
    "settlement.marks_waiting": E(
        409,
        "风险比对尚未完成",
        "The comparison for risk marks is not finished yet",
        "请稍候再办理初审",
        "Review it in a moment",
    ),
    "settlement.marks_unanswered": E(
        409,
        "尚有 {count} 个风险提示未说明理由：{codes}",
        "{count} risk marks have no answer yet: {codes}",
        "初审人员须逐项说明核实情况和理由",
        "The first reviewer answers each with what was found and why",
    ),
    "settlement.mark_gone": E(
        409,
        "该风险提示已不存在",
        "This risk mark is no longer there",
        "请重新查看风险提示",
        "Look at the marks again",
    ),
}
