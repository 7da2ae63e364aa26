"""Refusals of settlement's books: fund accounts, transfers, reconciliation, closed months."""

from contracts.vocabularies.errors.text import ErrorText as E

ERRORS: dict[str, E] = {
    "settlement.transfer_fund": E(
        422,
        "专款专用：{fund} 不能调剂到 {other}",
        "Funds are ear-marked: {fund} cannot be moved to {other}",
        "请选择同一资金来源的账户",
        "Choose an account of the same fund",
    ),
    "settlement.transfer_year": E(
        422,
        "只能在本年度（{year}）的账户之间调剂",
        "Transfers are made between accounts of this year ({year})",
        "请选择本年度的账户",
        "Choose accounts of this year",
    ),
    "settlement.transfer_region": E(
        422,
        "{giver} 与 {taker} 之间不能调剂：限同一市内，或由省级账户向下",
        "No transfer from {giver} to {taker}: within one city, or from the province down",
        "请在同一市内选择账户，跨市的由省级调剂",
        "Choose an account of the same city; across cities the province supports",
    ),
    "settlement.transfer_overdraft": E(
        409,
        "调出账户 {account} 可用 {available_fen} 分，不足 {needed_fen} 分",
        "The account {account} has {available_fen} fen free, not {needed_fen}",
        "请减少金额，或待占用释放后再调剂",
        "Transfer less, or wait until amounts are released",
    ),
    "settlement.memorandum_below_zero": E(
        409,
        "冲减金额超过已备查的 {noted_fen} 分",
        "More than the {noted_fen} fen noted would be taken back",
        "请核对冲减金额",
        "Check the amount",
    ),
    "settlement.month_closed": E(
        409,
        "资金账户 {account} 的 {month} 已结账",
        "{month} is closed for the fund account {account}",
        "请在未结账的月份更正",
        "Correct it in an open month",
    ),
    "settlement.month_not_ready": E(
        409,
        "{month} 的对账表尚未生成或银行流水尚未读到月末之后",
        "The statement of {month} is not made yet, or the bank's has not been read past the month's end",
        "请在月末之后、对账任务运行后签署",
        "Sign after the month's end, once the reconciliation has run",
    ),
    "settlement.month_order": E(
        409,
        "应先结 {next} 账",
        "{next} has to be closed first",
        "请按月份顺序结账",
        "Close the months in their order",
    ),
    "settlement.month_differs": E(
        409,
        "{month} 有 {count} 处须先查清的差异：{first}",
        "{month} has {count} differences that have to be cleared first: {first}",
        "请查清并更正差异后签署",
        "Clear them, then sign",
    ),
    "settlement.month_changed": E(
        409,
        "{month} 的对账表已更新，与您看到的不同",
        "The statement of {month} is not the one that you saw any more",
        "请重新查看后签署",
        "Look at it again, then sign",
    ),
    "settlement.month_same_hand": E(
        409,
        "两人签署：您已签署 {month}",
        "Two officers sign: you have signed {month} already",
        "请由另一名工作人员复核签署",
        "Another officer has to sign",
    ),
    "settlement.balance_file": E(
        422,
        "财政余额文件第 {line} 行 {column}：{reason}",
        "Finance balance file, line {line}, {column}: {reason}",
        "请更正文件后重新导入；未导入任何记录",
        "Correct the file and import it again; nothing was taken in",
    ),
    "settlement.balance_day": E(
        422,
        "{day} 尚未结束，余额须为日终数",
        "{day} is not over; a balance is of the end of a day",
        "请填写已结束的日期",
        "Give a day that is over",
    ),
    "settlement.period_unknown": E(
        422,
        "期间应写作 2026、2026Q1 或 2026-03：{period}",
        "A period is written 2026, 2026Q1 or 2026-03: {period}",
        "请核对期间",
        "Check the period",
    ),
}
