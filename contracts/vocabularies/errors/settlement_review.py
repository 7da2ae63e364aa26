"""Refusals of settlement's review: notice, objections, prepared reviews, the officer's decision."""

from contracts.vocabularies.errors.text import ErrorText as E

ERRORS: dict[str, E] = {
    "settlement.earlier_round": E(
        409,
        "异议成立前的初审、复核人员不得再次办理：第 {round} 轮须由其他人员办理",
        "Who reviewed it before the upheld objection does not review it again: this is round {round}",
        "请由未参与前一轮的工作人员办理",
        "An officer without a part in the earlier round has to take this step",
    ),
    "settlement.notice_over": E(
        409,
        "公示期已满，不再受理异议，截止 {until}",
        "The public notice ended at {until}, so no objection is taken",
        "请通过投诉举报渠道反映",
        "Use the channel for complaints and reports",
    ),
    "settlement.objection_open": E(
        409,
        "尚有 {count} 件异议未答复",
        "{count} objections have no answer yet",
        "请先由未参与该申请的监管人员答复异议",
        "A supervisor without a part in the claim has to answer them first",
    ),
    "settlement.objection_twice": E(
        409,
        "您对该申请的异议正在处理中：{objection_id}",
        "Your objection to this claim is being dealt with: {objection_id}",
        "请等待答复",
        "Wait for its answer",
    ),
    "settlement.commission_open": E(
        409,
        "该申请已委托第三方预审，状态：{status}",
        "A third party has been asked to prepare the review: {status}",
        "请等待预审意见并审阅，或取消委托",
        "Wait for its findings and read them, or call the commission off",
    ),
    "settlement.third_party_unfit": E(
        409,
        "该机构不能承担预审：{zh}",
        "This body cannot prepare the review: {en}",
        "请委托另一家已核查、与申请各方无关的代办机构",
        "Commission another verified agency that has no relation to the claim",
    ),
    "settlement.no_decision_due": E(
        409,
        "该申请不在待决定状态：{outcome}",
        "No decision is due on this claim: {outcome}",
        "就业率未达标且跟踪期已满的尾款才由经办人员决定",
        "Only a balance below the rate is decided, once the follow-up window has closed",
    ),
    "settlement.share_not_allowed": E(
        422,
        "可决定的比例为 {low}%—{high}% 或 0",
        "The share is 0 or between {low} % and {high} %",
        "请按参数填写比例",
        "Give a share within the parameter",
    ),
}
