"""Receipts of recoveries: what was recorded of money that came in, beside what the bank booked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from services.settlement.domain.differences import Difference
from services.settlement.domain.reconcile import PRESENT, BankLine, Period


@dataclass(frozen=True)
class Recorded:
    """A receipt as it was recorded. reference: the bank's booking that it names; at: when it was (UTC).

    entry: the booking that it turned out to be, where the bank has another reference.
    """

    reference: str
    recovery_id: str
    amount_fen: int
    day: date
    at: datetime
    entry: str | None = None

    @property
    def booking(self) -> str:
        """The booking at the bank that it has to be."""
        return self.entry or self.reference

    def says(self, amount_fen: int, day: date) -> bool:
        """Whether a booking at the bank is what was recorded, to the fen and the day."""
        return (self.amount_fen, self.day) == (amount_fen, day)


def compare(
    account_id: str,
    receipts: Iterable[Recorded],
    bank: Mapping[str, BankLine],
    read: date | None,
    period: Period = PRESENT,
) -> list[Difference]:
    """Return the receipts of an account, recorded through a period's end, that the bank's statement does not
    have so.

    bank: bookings by their entry; read: the statement's last day that was read, which may get more bookings.
    """
    found = []
    for each in receipts:
        line = bank.get(each.booking)
        if period.over(each.at) or (line is None and (read is None or each.day >= read)):
            continue
        if line is None:
            found.append(Difference("receipt_not_at_bank", account_id, each.reference, -each.amount_fen))
        elif line.recovery_id is None or not each.says(line.amount_fen, line.booked_on or each.day):
            by = line.amount_fen - each.amount_fen
            found.append(Difference("receipt_amount", account_id, each.reference, by))
    return found
