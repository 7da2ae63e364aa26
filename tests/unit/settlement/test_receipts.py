"""Receipts of recoveries beside the bank's bookings."""

from dataclasses import replace
from datetime import UTC, date, datetime

from services.settlement.domain.receipts import Recorded

NOW = datetime(2026, 3, 20, 2, 0, tzinfo=UTC)
DAY = date(2026, 3, 20)
TYPED = Recorded("2026/C.1", "r-1", 5_000_00, DAY, NOW)


def test_a_booking_is_a_receipt_to_the_fen_and_the_day() -> None:
    assert TYPED.says(5_000_00, DAY)
    assert not TYPED.says(500_00, DAY)
    assert not TYPED.says(5_000_00, date(2026, 3, 19))
    assert replace(TYPED, amount_fen=500_00).says(500_00, DAY)
