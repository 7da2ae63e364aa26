"""Refusals about demands and mandates once there are some (需求单、代办授权)."""

from contracts.vocabularies.errors.text import ErrorText as E

ERRORS: dict[str, E] = {
    "intake.demand_listed": E(
        409,
        "需求单已列入项目，不能修改或并单",
        "The demand is in a project: it cannot be changed or merged now",
        "请先撤回后重新提单，或联系目录管理",
        "Withdraw it and post again, or ask the catalogue officer",
    ),
    "intake.nothing_changed": E(
        409,
        "内容没有变化",
        "Nothing would change",
        "请修改后再提交",
        "Change something, then send it",
    ),
    "intake.kind_fixed": E(
        422,
        "需求类别不能修改",
        "The kind of a demand cannot be changed",
        "请撤回后按正确类别重新提单",
        "Withdraw it and post one of the right kind",
    ),
    "intake.no_proof": E(
        409,
        "该需求单没有人员类别证明",
        "This demand carries no proof of a target group",
        "请提单人补充证明",
        "Ask the poster to add one",
    ),
    "intake.not_suspected": E(
        409,
        "该需求单没有待核对的重复",
        "This demand is not marked as a possible double",
        "无需处理",
        "Nothing is to be done",
    ),
    "intake.not_alike": E(
        409,
        "两份需求单不是同一人（单位）同一职业，不能合并",
        "The two demands are not of one poster and occupation, so they cannot be merged",
        "请核对需求单编号",
        "Check the ids of the two demands",
    ),
    "intake.agency_unknown": E(
        422,
        "没有该统一社会信用代码的已核查代办机构",
        "No checked agency has this credit code",
        "请核对代码，或请该机构先登记",
        "Check the code, or ask the agency to register first",
    ),
    "intake.mandate_term": E(
        422,
        "授权截止日期应在 {first} 至 {last} 之间",
        "The mandate's end must be between {first} and {last}",
        "请更正日期",
        "Correct the date",
    ),
    "intake.mandate_stands": E(
        409,
        "双方已有有效授权，至 {until}",
        "A mandate between the two stands until {until}",
        "无需重复记录；如需更改期限，请先撤销",
        "No need for another; withdraw it first to change its term",
    ),
    "intake.mandate_withdrawn": E(
        409,
        "授权人已撤销对该机构的授权",
        "The principal has withdrawn this agency's mandate",
        "须由授权人用本人（本单位）账号重新授权",
        "The principal's own account has to give it again",
    ),
    "intake.mandate_not_standing": E(
        409,
        "该授权不存在、未生效、已到期或已撤销",
        "There is no such mandate in force between the two",
        "请记录新的授权",
        "Record a new mandate",
    ),
}
