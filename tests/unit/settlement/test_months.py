"""Months: what is due, two signatures by two officers, and what holds a month up."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from contracts.vocabularies.errors import Refusal
from services.settlement.domain import months
from services.settlement.domain.differences import Difference
from services.settlement.domain.ledger import Head
from services.settlement.domain.months import Month
from services.settlement.domain.reconcile import Agreement

AT = datetime(2026, 4, 1, 2, 0, tzinfo=UTC)
LATER = AT + timedelta(minutes=5)
ACCOUNT = "employment_subsidy:370611:2026"


def agreement(*differences: Difference) -> Agreement:
    return Agreement(
        account_id=ACCOUNT,
        bank_fen=150,
        ledger_fen=150,
        claims_fen=150,
        entries=7,
        differences=differences,
        finance_fen=None,
        cash_fen=850,
        head=Head(ACCOUNT, 7, "a" * 64),
        opening={"paid": 50},
        closing={"paid": 150},
    )


def march(*differences: Difference, read: date | None = date(2026, 4, 1), paying: bool = True) -> Month:
    made = months.prepared(None, months.statement("2026-03", agreement(*differences), read), AT, paying)
    assert made is not None
    return made


@pytest.mark.parametrize(
    ("closed", "first", "last", "today", "due"),
    [
        ("", "2026-01", "2026-12", date(2026, 1, 31), []),
        ("", "2026-01", "2026-12", date(2026, 2, 1), ["2026-01"]),
        ("", "2026-11", "2026-12", date(2027, 1, 1), ["2026-11", "2026-12"]),
        ("2026-11", "2026-01", "2026-12", date(2027, 3, 1), ["2026-12"]),
        ("2026-12", "2026-01", "2026-12", date(2027, 3, 1), []),
        ("2026-12", "2026-01", "2027-02", date(2027, 3, 1), ["2027-01", "2027-02"]),
    ],
)
def test_the_months_that_are_due(closed: str, first: str, last: str, today: date, due: list[str]) -> None:
    assert months.due(closed, first, last, today) == due


def test_the_month_in_an_id() -> None:
    assert months.of_id(march().id) == "2026-03"
    for wrong in (
        "",
        "2026-03",
        ":2026-03",
        f"{ACCOUNT}:2026-13",
        f"{ACCOUNT}:2026-3",
        f"{ACCOUNT}:2026-03-01",
    ):
        with pytest.raises(Refusal) as refused:
            months.of_id(wrong)
        assert (refused.value.code, refused.value.field) == ("invalid", "cursor")


def test_the_days_of_a_month() -> None:
    found = [months.period_of(month) for month in ("2026-02", "2028-02", "2026-12")]
    assert [each.last for each in found] == [date(2026, 2, 28), date(2028, 2, 29), date(2026, 12, 31)]
    assert months.following("2026-12") == "2027-01"


def test_two_officers_close_a_month() -> None:
    month = march()
    assert month.statement["sums"] == [
        {"account": "paid", "opening_fen": 50, "turnover_fen": 100, "closing_fen": 150}
    ]
    once = months.sign(month, month.hash, "officer1", "核对无误", AT)
    assert once.status == "signed"
    with pytest.raises(Refusal, match="month_same_hand"):
        months.sign(once, month.hash, "officer1", "核对无误", AT)
    twice = months.sign(once, month.hash, "officer2", "核对无误", AT)
    assert (twice.status, [each.by for each in twice.signatures]) == ("closed", ["officer1", "officer2"])
    with pytest.raises(Refusal, match="out_of_order"):
        months.sign(twice, month.hash, "officer3", "核对无误", AT)


def test_a_statement_that_changed_is_signed_anew_and_a_closed_one_stays() -> None:
    month = march()
    once = months.sign(month, month.hash, "officer1", "核对无误", AT)
    assert months.prepared(once, month.statement, LATER, True) == replace(once, tried_at=LATER)
    other = replace(agreement(), bank_fen=151)
    changed = months.prepared(once, months.statement("2026-03", other, date(2026, 4, 1)), AT, True)
    assert changed is not None
    assert (changed.status, changed.signatures) == ("prepared", ())
    with pytest.raises(Refusal, match="month_changed"):
        months.sign(changed, month.hash, "officer2", "核对无误", AT)
    closed = months.sign(once, month.hash, "officer2", "核对无误", AT)
    assert months.prepared(closed, changed.statement, AT, True) is None


def test_a_statement_that_should_show_more_is_made_again_before_it_is_signed() -> None:
    stale = replace(march(), stale=True)
    with pytest.raises(Refusal, match="month_changed"):
        months.sign(stale, stale.hash, "officer1", "核对无误", AT)
    fresh = months.prepared(stale, stale.statement, AT, True)
    assert fresh == replace(stale, stale=False, tried_at=AT)


def test_a_month_waits_for_the_banks_statement_where_the_bank_pays() -> None:
    for read in (None, date(2026, 3, 31)):
        with pytest.raises(Refusal, match="month_not_ready"):
            months.sign(march(read=read), march(read=read).hash, "officer1", "核对无误", AT)
    assert march(read=None, paying=False).ready


def test_differences_that_time_does_not_settle_hold_a_month() -> None:
    timing = march(
        Difference("in_flight", ACCOUNT, "c-3", 30), Difference("finance_balance", ACCOUNT, "x", 1)
    )
    assert months.sign(timing, timing.hash, "officer1", "未达账项", AT).status == "signed"
    held = march(Difference("in_flight", ACCOUNT, "c-3", 30), Difference("amount", ACCOUNT, "c-1", 1))
    with pytest.raises(Refusal) as refused:
        months.sign(held, held.hash, "officer1", "核对无误", AT)
    assert (refused.value.code, refused.value.facts["count"], refused.value.facts["first"]) == (
        "settlement.month_differs",
        1,
        "amount c-1",
    )
