"""Refusals of settlement's books: fund accounts, transfers, reconciliation, closed months."""

from contracts.vocabularies.errors.text import ErrorText as E

ERRORS: dict[str, E] = {
    "settlement.month_closed": E(
        409,
        "资金账户 {account} 的 {month} 已结账",
        "{month} is closed for the fund account {account}",
        "请在未结账的月份更正",
        "Correct it in an open month",
    ),
}
