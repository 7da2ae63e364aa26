"""How far the bank's statement (对账单) was read, and what is to be read next."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from contracts.vocabularies.dates import today_in_shanghai

# a return is booked on the day of its payment, so the days before are read again
OVERLAP: Final = timedelta(days=7)
FIRST_DAY: Final = date(2020, 1, 1)
# what the bank books by itself is seen that soon; what it has told of a payment, at once
REST: Final = timedelta(seconds=20)


@dataclass(frozen=True)
class Position:
    """through: the last day of which all was read.

    first, last: the days of the window in hand; page: the last one of it that was kept; whole: whether that
    was all of the window. Later bookings of its days come at its end. read_at: when the bank was asked last.
    """

    through: date | None = None
    first: date | None = None
    last: date | None = None
    page: int = 1
    whole: bool = False
    read_at: datetime | None = None


def window(position: Position, today: date) -> tuple[date, date, int]:
    """Return the first and the last day to read, and the page to begin with.

    A window that was broken off goes on as it was, whatever day it is by now.
    """
    if position.first and position.last and (not position.whole or position.last == today):
        return position.first, position.last, position.page
    return (position.through - OVERLAP if position.through else FIRST_DAY), today, 1


def rests(position: Position, now: datetime) -> bool:
    """Say whether all was read a moment ago: another day, or another payment, ends the rest."""
    known = position.whole and position.last == today_in_shanghai(now)
    return known and position.read_at is not None and position.read_at <= now < position.read_at + REST


def kept(
    position: Position, first: date, last: date, page: int, whole: bool, read_at: datetime | None = None
) -> Position:
    """Return the position after a page of a window was kept. whole: it was the last page."""
    after = Position(position.through, first, last, page, whole, read_at)
    return imported(after, last) if whole else after


def imported(position: Position, last: date) -> Position:
    """Return the position after all bookings up to a day came in; a day that was read stays so."""
    return replace(position, through=max(last, position.through or last))
