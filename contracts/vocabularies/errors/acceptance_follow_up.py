"""Refusals of acceptance: revisits, guidance, proof of employment."""

from contracts.vocabularies.errors.text import ErrorText as E

ERRORS: dict[str, E] = {
    "acceptance.employment_unasked": E(
        409,
        "登记库尚未答复（{asked_at} 起等待），未答复前不作人工核实",
        "The employment registry has not answered since {asked_at}; nobody checks by hand before it has",
        "系统会继续询问，答复后再办理，无须重新提交",
        "It is being asked again; come back once it has answered, nothing has to be sent anew",
    ),
    "acceptance.own_report": E(
        409,
        "不能核实自己报告的就业",
        "Nobody checks a report of their own",
        "请由其他工作人员核实",
        "Let another officer check it",
    ),
    "acceptance.visit_month": E(
        422,
        "回访时点不在计划内，计划为结业后满 {planned} 个月",
        "No revisit is planned then; the plan says {planned} months after the training",
        "请选择计划内的时点",
        "Choose a month of the plan",
    ),
    "acceptance.visit_early": E(
        409,
        "该次回访自 {day} 起方可登记",
        "This revisit is due from {day}",
        "请到期后再登记",
        "Record it on or after that day",
    ),
}
