"""The finance bureau's file: what is read, and each mistake with its line and column."""

from datetime import UTC, date, datetime

import pytest

from contracts.vocabularies.errors import Refusal
from services.settlement.domain import balance_file

NOW = datetime(2026, 4, 2, 2, 0, tzinfo=UTC)
HEAD = "account_id,day,balance\n"
GOOD = "employment_subsidy:370611:2026,2026-03-31,1234.5\n"


def test_yuan_become_fen_exactly() -> None:
    text = (
        "\ufeff"
        + HEAD
        + GOOD
        + "\nspecial_account:370611:2026,2026-04-01,0.29\nx_fund:370600:2026,2026-03-31,7\n"
    )
    rows = balance_file.read(text, NOW)
    assert [(row.line, row.balance_fen, row.day) for row in rows] == [
        (2, 123450, date(2026, 3, 31)),
        (4, 29, date(2026, 4, 1)),
        (5, 700, date(2026, 3, 31)),
    ]


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("", 1, "-"),
        (HEAD, 1, "-"),
        (GOOD, 1, "-"),
        (HEAD + "employment_subsidy:370611:2026,2026-03-31\n", 2, "-"),
        (HEAD + GOOD + "a:370611:2026,2026-03-31,5\n", 3, "account_id"),
        (HEAD + GOOD + GOOD, 3, "account_id"),
        (HEAD + "employment_subsidy:370611:2026,2026-02-30,5\n", 2, "day"),
        (HEAD + "employment_subsidy:370611:2026,20260331,5\n", 2, "day"),
        (HEAD + "employment_subsidy:370611:2026,2026-04-02,5\n", 2, "day"),
        (HEAD + "employment_subsidy:370611:2026,2026-03-31,-5\n", 2, "balance"),
        (HEAD + "employment_subsidy:370611:2026,2026-03-31,5.001\n", 2, "balance"),
        (HEAD + 'employment_subsidy:370611:2026,2026-03-31,"1,234"\n', 2, "balance"),
        (HEAD + "employment_subsidy:370611:2026,2026-03-31,1e3\n", 2, "balance"),
        (HEAD + "employment_subsidy:370611:2026,2026-03-31,USD 5\n", 2, "balance"),
        (HEAD + "employment_subsidy:370611:2026,2026-03-31,123456789012\n", 2, "balance"),
        (HEAD + GOOD + 'employment_subsidy:370611:2026,2026-03-30,"5\n', 3, "-"),
    ],
)
def test_each_mistake_is_named_with_its_place(text: str, line: int, column: str) -> None:
    with pytest.raises(Refusal) as refused:
        balance_file.read(text, NOW)
    facts = refused.value.facts
    assert (refused.value.code, facts["line"], facts["column"]) == ("settlement.balance_file", line, column)
    assert all(facts["reason"].split(" / "))


def test_a_day_that_is_not_over_has_no_balance() -> None:
    balance_file.check_day(date(2026, 4, 1), NOW, "day")
    with pytest.raises(Refusal, match="balance_day"):
        balance_file.check_day(date(2026, 4, 2), NOW, "day")
