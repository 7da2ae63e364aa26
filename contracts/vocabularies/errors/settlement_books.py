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
}
