"""The parameters of choice on a day in a region: dated rules of the platform (services/policy)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.regions import province_of
from services.policy.loader import rules_for


@dataclass(frozen=True)
class Holds:
    """How long a seat is held, in business time: for who has just chosen it, and for who moved up and may not
    be looking.
    """

    chosen: timedelta
    moved_up: timedelta


def holds_of(region: str, now: datetime) -> Holds:
    """Return how long seats are held in a region."""
    return _holds(region, today_in_shanghai(now))


@lru_cache(maxsize=256)
def reminder_days(region: str, day: date) -> tuple[int, ...]:
    """Return how many days before its end a voucher is spoken of, the most first."""
    values = rules_for(province_of(region)).one("voucher_reminders", day, region).values
    return tuple(sorted({values["first_days"], values["second_days"], values["last_days"]}, reverse=True))


@lru_cache(maxsize=256)
def _holds(region: str, day: date) -> Holds:
    # a rush asks thousands of times for the same day
    values = rules_for(province_of(region)).one("seat_hold", day, region).values
    return Holds(timedelta(minutes=values["minutes"]), timedelta(hours=values["after_waiting_hours"]))
