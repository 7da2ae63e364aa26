"""Refusals of settlement's suspense account."""

from contracts.vocabularies.errors.text import ErrorText as E

ERRORS: dict[str, E] = {
    "settlement.suspense_known": E(
        409,
        "该笔银行流水已列入暂收暂付：{item}",
        "This booking of the bank is an item of the suspense account already: {item}",
        "请在暂收暂付清单中办理该项",
        "Go on with that item in the list",
    ),
    "settlement.suspense_same_hand": E(
        403,
        "提出人不得自行复核",
        "Who proposed it does not decide it",
        "请由另一名财政审核人员复核",
        "Another finance officer decides",
    ),
    "settlement.suspense_way": E(
        422,
        "该类挂账不能以 {way} 清账，可用：{ways}",
        "Such an item is not settled by {way}; ways: {ways}",
        "暂收款可退还或转作追回，手续费由资金补足",
        "Money held is given back or is of a recovery, a fee is made good",
    ),
    "settlement.suspense_too_much": E(
        422,
        "清账金额 {amount_fen} 分，尚未清账 {left_fen} 分",
        "{amount_fen} fen do not settle what is left, {left_fen} fen",
        "请核对所选银行流水的借贷方向和金额，或追回的未结清金额",
        "Check side and amount of the booking, or what is outstanding of the recovery",
    ),
}
