"""Refusals of settlement about who claims, and about the lists that claimants give."""

from contracts.vocabularies.errors.text import ErrorText as E

ERRORS: dict[str, E] = {
    "settlement.claimant_unverified": E(
        409,
        "申请人的登记信息尚未核查通过",
        "The claimant's registration has not been confirmed yet",
        "请先完成登记和联网核查，再申请补贴",
        "Register and wait for the registry checks, then claim",
    ),
    "settlement.not_oriented": E(
        422,
        "该项目不是定向式培训",
        "This project is no oriented training",
        "请核对项目，普通班次按培训补贴申请",
        "Check the project; an ordinary class is claimed as class_training",
    ),
    "settlement.balance_claimed": E(
        409,
        "该项目已申请尾款（{claim_id}），不能再申请预付",
        "The balance of this project is claimed already ({claim_id}), so no advance can be claimed",
        "未预付的项目由尾款一次付清；如需先申请预付，请先撤回尾款申请",
        "A balance without an advance pays the whole; withdraw it first to claim the advance",
    ),
    "settlement.line_twice": E(
        422,
        "第 {line} 行与第 {first} 行重复",
        "Line {line} is the same as line {first}",
        "请删除重复的一行后重新提交",
        "Remove one of the two lines and submit again",
    ),
    "settlement.line_wrong": E(
        422,
        "第 {line} 行：{zh}",
        "Line {line}: {en}",
        "请更正该行后重新提交",
        "Correct the line and submit again",
    ),
    "settlement.other_list": E(
        422,
        "此类申请（{kind}）不用这种清单",
        "A claim of this kind ({kind}) has no such list",
        "请按原申请的清单种类重新提交",
        "Give the kind of list that the claim was made with",
    ),
    "settlement.fund_order": E(
        422,
        "资金来源不符：{zh}（{clause}）",
        "Not this fund: {en} ({clause})",
        "请改选应使用的资金来源后重新提交",
        "Choose the fund that is to be used and submit again",
    ),
}
