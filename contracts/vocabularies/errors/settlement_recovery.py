"""Refusals of settlement's recoveries and sanctions."""

from contracts.vocabularies.errors.text import ErrorText as E

ERRORS: dict[str, E] = {
    "settlement.recovery_too_much": E(
        422,
        "追回金额 {asked_fen} 分超过可追回的 {free_fen} 分",
        "{asked_fen} fen are more than the {free_fen} fen that can be demanded back",
        "请核对已支付金额和已下达的追回",
        "Check what was paid and what has been demanded already",
    ),
    "settlement.nothing_to_recover": E(
        409,
        "没有可追回的金额：{what}",
        "Nothing can be demanded back: {what}",
        "请核对该人员是否已支付、是否已下达追回",
        "Check whether it was paid and not demanded yet",
    ),
    "settlement.plan_mismatch": E(
        422,
        "分期合计 {sum_fen} 分，应为未结清的 {outstanding_fen} 分",
        "The instalments sum to {sum_fen} fen, {outstanding_fen} fen are outstanding",
        "请使各期合计等于未结清金额",
        "Make them sum to what is outstanding",
    ),
    "settlement.plan_order": E(
        422,
        "分期日期须从今日起逐期递增：{due}",
        "Instalments are due from today on, each later than the one before: {due}",
        "请核对各期日期",
        "Check the dates",
    ),
    "settlement.receipt_replayed": E(
        409,
        "该银行回单已登记：{reference}",
        "This bank receipt has been recorded already: {reference}",
        "请核对回单编号；同一回单只登记一次",
        "Check the reference; a receipt is recorded once",
    ),
    "settlement.receipt_differs": E(
        422,
        "银行对账单中 {reference} 为 {day} 入账 {amount_fen} 分",
        "The bank's statement has {reference} as {amount_fen} fen on {day}",
        "请按对账单填写金额和到账日期",
        "Give amount and day as on the statement",
    ),
    "settlement.receipt_of_bank": E(
        409,
        "该笔收款依据银行退票或暂收款入账：{reference}",
        "This receipt rests on the bank's own return, or on the suspense account: {reference}",
        "请在暂收暂付中办理",
        "Go on with it in the suspense account",
    ),
    "settlement.receipt_too_much": E(
        422,
        "金额 {amount_fen} 分超过未结清的 {outstanding_fen} 分",
        "{amount_fen} fen are more than the {outstanding_fen} fen outstanding",
        "请核对金额；多收部分另行退回",
        "Check the amount; give back what was received beyond it",
    ),
    "settlement.receipt_in_future": E(
        422,
        "到账日期 {day} 晚于今日",
        "The day of receipt {day} is after today",
        "请核对日期",
        "Check the day",
    ),
    "settlement.sanctioned": E(
        409,
        "该机构被暂停申请补贴至 {until}",
        "This body is barred from claims until {until}",
        "请在暂停期满或解除后继续，也可不予支付；机构可向监管人员申诉",
        "Go on once the bar is over or lifted, or refuse the claim; the body may appeal to the supervisor",
    ),
    "settlement.bar_needs_day": E(
        422,
        "暂停申请须填写今日之后的截止日，其他措施不填",
        "A bar from claims ends on a day after today; other measures have none",
        "请核对截止日",
        "Check the last day",
    ),
}
