"""Refusals of acceptance: the register of training bodies, grades, follow-up."""

from contracts.vocabularies.errors.text import ErrorText as E

ERRORS: dict[str, E] = {
    "acceptance.provider_not_admitted": E(
        409,
        "机构尚未准入培训机构名录，不能办理 {step}",
        "The body has not been admitted to the register of training bodies; {step} is for those on it",
        "请先提交机构准入申请，由目录管理人员准入后再办理",
        "File for the register (POST /v1/providers) and come back once an officer has admitted it",
    ),
    "acceptance.provider_exited": E(
        409,
        "机构已于 {day} 退出培训机构名录，不能办理 {step}",
        "The body left the register on {day}; {step} is for those on it",
        "符合重新准入条件后可再次申请",
        "File again once re-entry is open",
    ),
    "acceptance.provider_suspended": E(
        409,
        "机构已被暂停（至 {until}），期间不能办理 {step}",
        "The body is suspended (until {until}); {step} is not open to it meanwhile",
        "请整改后向监管申请解除，或等待暂停期满；已开班次不受影响",
        "Mend what was found and ask the supervisor to lift it, or wait; classes that run go on",
    ),
    "acceptance.licence_expired": E(
        409,
        "办学许可已于 {day} 到期，不能办理 {step}",
        "The training licence ended on {day}; {step} needs one that holds",
        "请换证后提交变更申请",
        "Renew the licence and file the change",
    ),
    "acceptance.provider_scope": E(
        409,
        "职业（工种）{occupation} 不在机构办学许可范围内，不能办理 {step}",
        "Occupation {occupation} is not within the body's licence, which {step} needs",
        "请更正，或取得许可后提交变更申请",
        "Correct it, or file the change once the licence covers it",
    ),
    "acceptance.provider_short": E(
        422,
        "准入要求至少 {least} 项",
        "Admission asks for {least} at least",
        "请补充后再提交",
        "Add what is missing and send it again",
    ),
    "acceptance.application_pending": E(
        409,
        "已有一份申请在办（{status}）",
        "A filing is on its way already ({status})",
        "请等待其办结，或请目录管理人员退回后修改",
        "Wait for its decision, or ask the officer to send it back",
    ),
    "acceptance.reentry_early": E(
        409,
        "被清退的机构须自 {day} 起方可重新申请",
        "A body that was put off the register may file again from {day}",
        "请在该日之后再申请",
        "File again on or after that day",
    ),
    "acceptance.registry_silent": E(
        409,
        "登记库尚未答复（{asked_at} 起等待），未答复前不作准入决定",
        "The enterprise registry has not answered since {asked_at}; nothing is admitted unchecked",
        "系统会继续询问，答复后再办理，无须重新提交",
        "It is being asked again; decide once it has answered, nothing has to be sent anew",
    ),
    "acceptance.registry_old": E(
        409,
        "登记库的答复已超过 {days} 天",
        "The registry's answer is older than {days} days",
        "请退回该申请，由机构重新提交并再次核验",
        "Send it back, so that the body files again and is checked anew",
    ),
    "acceptance.measure_dates": E(
        422,
        "截止日须不早于今天；清退不设截止日",
        "The last day must not be before today; an exit has none",
        "请更正截止日",
        "Correct the last day",
    ),
    "acceptance.measure_unknown": E(
        404,
        "该机构没有这一处理，或为清退（清退后须重新申请）",
        "The body has no such measure, or it is an exit (from which only a new filing leads back)",
        "请核对处理编号",
        "Check the number of the measure",
    ),
}
