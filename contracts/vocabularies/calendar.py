"""China's working days, from the State Council's yearly notices (data/calendar.toml).

A year without its notice is refused loudly (CalendarEnds). The declared estimates of later years are used
only when the caller says `estimates=True`, which belongs to the demonstration.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from contracts.vocabularies.terms import read_data

Basis = Literal["published", "estimate"]


class CalendarEnds(LookupError):
    """No published working-day calendar for `year`; the notice has to be entered in data/calendar.toml."""

    def __init__(self, year: int) -> None:
        super().__init__(f"no published working-day calendar for {year}: enter the State Council's notice")
        self.year = year


@dataclass(frozen=True, slots=True)
class Year:
    """One year's days off and make-up days."""

    basis: Basis
    document: str
    holidays: frozenset[date]
    make_up_days: frozenset[date]


def _load() -> dict[int, Year]:
    years = {}
    for each in read_data("calendar.toml")["year"]:
        year = Year(
            each["basis"], each["document"], frozenset(each["holidays"]), frozenset(each["make_up_days"])
        )
        strangers = [day for day in year.holidays | year.make_up_days if day.year != each["year"]]
        if strangers or year.holidays & year.make_up_days or each["year"] in years:
            raise ValueError(f"calendar.toml: the entry of {each['year']} contradicts itself")
        years[each["year"]] = year
    return years


YEARS = _load()


def year_of(day: date, *, estimates: bool = False) -> Year:
    """Return the calendar of the day's year; raises CalendarEnds."""
    year = YEARS.get(day.year)
    if year is None or (year.basis == "estimate" and not estimates):
        raise CalendarEnds(day.year)
    return year


def is_working_day(day: date, *, estimates: bool = False) -> bool:
    """Return whether offices work on that day in China; raises CalendarEnds."""
    year = year_of(day, estimates=estimates)
    if day in year.make_up_days:
        return True
    return day.weekday() < 5 and day not in year.holidays


def add_working_days(day: date, count: int, *, estimates: bool = False) -> date:
    """Return the `count`-th working day after `day` (`day` itself does not count; 0 gives `day`).

    Raises CalendarEnds past the published years, ValueError for a negative count.
    """
    if count < 0:
        raise ValueError("count is 0 or more")
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day, estimates=estimates)
    return day


def working_days_between(start: date, end: date, *, estimates: bool = False) -> int:
    """Return the number of working days after `start` up to and including `end` (0 when end <= start).

    Raises CalendarEnds past the published years.
    """
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(is_working_day(day, estimates=estimates) for day in days)
