"""Receipts of recoveries: what was recorded of money that came in, beside what the bank booked."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Recorded:
    """A receipt as it was recorded. reference: the bank's booking that it names; at: when it was (UTC)."""

    reference: str
    recovery_id: str
    amount_fen: int
    day: date
    at: datetime

    def says(self, amount_fen: int, day: date) -> bool:
        """Whether a booking at the bank is what was recorded, to the fen and the day."""
        return (self.amount_fen, self.day) == (amount_fen, day)
