"""Receipts of recoveries beside the bank's bookings."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from services.settlement.domain.differences import Difference
from services.settlement.domain.receipts import Recorded, compare
from services.settlement.domain.reconcile import BankLine, Period

FUND = "employment_subsidy:370611:2026"
NOW = datetime(2026, 3, 20, 2, 0, tzinfo=UTC)
DAY, NEXT = date(2026, 3, 20), date(2026, 3, 21)
TYPED = Recorded("2026/C.1", "r-1", 5_000_00, DAY, NOW)
BOOKED = BankLine("2026/C.1", "", 5_000_00, DAY, "r-1")


def test_a_booking_is_a_receipt_to_the_fen_and_the_day() -> None:
    assert TYPED.says(5_000_00, DAY)
    assert not TYPED.says(500_00, DAY)
    assert not TYPED.says(5_000_00, date(2026, 3, 19))
    assert replace(TYPED, amount_fen=500_00).says(500_00, DAY)


@pytest.mark.parametrize(
    ("line", "read", "named"),
    [
        (BOOKED, NEXT, None),
        (BOOKED, DAY, None),
        (None, NEXT, ("receipt_not_at_bank", -5_000_00)),
        # more may come of a day that is not over, and nothing is known of one that was not read
        (None, DAY, None),
        (None, None, None),
        (replace(BOOKED, amount_fen=500_00, recovery_id=None), DAY, ("receipt_amount", -4_500_00)),
        (replace(BOOKED, booked_on=NEXT), NEXT, ("receipt_amount", 0)),
        # the reference of something else, such as a payment that was ordered again
        (replace(BOOKED, recovery_id=None), NEXT, ("receipt_amount", 0)),
    ],
)
def test_a_receipt_is_looked_for_on_the_statement(
    line: BankLine | None, read: date | None, named: tuple[str, int] | None
) -> None:
    found = compare(FUND, [TYPED], {line.entry: line} if line else {}, read)
    assert found == ([Difference(named[0], FUND, "2026/C.1", named[1])] if named else [])
    assert all(each.holds_a_month and all(each.words) for each in found)


def test_a_receipt_of_another_reference_at_the_bank() -> None:
    by_hand = replace(TYPED, reference="HD-1", entry="2026/C.1")
    assert compare(FUND, [by_hand], {BOOKED.entry: BOOKED}, NEXT) == []
    assert compare(FUND, [by_hand], {}, NEXT) == [Difference("receipt_not_at_bank", FUND, "HD-1", -5_000_00)]


def test_a_month_has_the_receipts_recorded_in_it() -> None:
    march = Period(date(2026, 3, 1), date(2026, 3, 31))
    later = replace(TYPED, at=NOW + timedelta(days=20))
    assert compare(FUND, [later], {}, date(2026, 5, 1), march) == []
    assert len(compare(FUND, [later], {}, date(2026, 5, 1))) == 1
    assert len(compare(FUND, [TYPED], {}, date(2026, 5, 1), march)) == 1
