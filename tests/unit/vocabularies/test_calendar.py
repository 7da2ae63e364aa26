"""China's working days: holidays, make-up days, and the end of the published calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.vocabularies import calendar

PUBLISHED = st.dates(date(2025, 1, 1), date(2026, 11, 30))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 9, 30), True),
        (date(2026, 10, 1), False),
        (date(2026, 10, 8), True),
        (date(2026, 10, 10), True),  # a Saturday made up for 7 October
        (date(2026, 10, 11), False),
        (date(2026, 1, 4), True),  # a Sunday made up for 2 January
        (date(2025, 1, 28), False),  # New Year's Eve by the moon, since 2025
        (date(2026, 11, 23), True),
        (date(2026, 11, 22), False),
    ],
)
def test_working_days_as_the_notices_set_them(day: date, works: bool) -> None:
    assert calendar.is_working_day(day) is works


@pytest.mark.parametrize(
    ("notice_from", "last_day"),
    [
        (date(2026, 9, 29), date(2026, 10, 12)),  # 30 Sep, 8, 9, 10 (make-up), 12 Oct: 11 Oct is a Sunday
        (date(2026, 11, 23), date(2026, 11, 30)),
        (date(2026, 2, 13), date(2026, 2, 27)),  # 14 Feb is a make-up day, then 15 to 23 Feb off
    ],
)
def test_a_public_notice_of_five_working_days(notice_from: date, last_day: date) -> None:
    assert calendar.add_working_days(notice_from, 5) == last_day
    assert calendar.working_days_between(notice_from, last_day) == 5
    assert calendar.working_days_between(notice_from, last_day - timedelta(days=1)) == 4


def test_a_year_that_is_not_published_fails_loudly() -> None:
    with pytest.raises(calendar.CalendarEnds, match="2027"):
        calendar.add_working_days(date(2026, 12, 30), 5)
    with pytest.raises(calendar.CalendarEnds, match="2024"):
        calendar.is_working_day(date(2024, 12, 31))


def test_the_demonstration_may_use_declared_estimates_and_they_end_too() -> None:
    assert calendar.year_of(date(2027, 2, 6), estimates=True).basis == "estimate"
    assert calendar.add_working_days(date(2026, 12, 30), 5, estimates=True) == date(2027, 1, 7)
    with pytest.raises(calendar.CalendarEnds):
        calendar.is_working_day(date(2099, 1, 5), estimates=True)


def test_published_years_name_their_notice() -> None:
    for number, year in calendar.YEARS.items():
        if year.basis == "published":
            assert str(number) in year.document
            # 13 statutory days a year since 2025; a swapped weekend adds a day off and a make-up day alike
            weekdays_off = sum(day.weekday() < 5 for day in year.holidays)
            assert weekdays_off - len(year.make_up_days) == 13
            assert all(day.weekday() >= 5 for day in year.make_up_days)


@given(PUBLISHED, st.integers(0, 15))
def test_adding_and_counting_agree(day: date, count: int) -> None:
    end = calendar.add_working_days(day, count)
    assert calendar.working_days_between(day, end) == count
    assert count == 0 or calendar.is_working_day(end)


def test_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="0 or more"):
        calendar.add_working_days(date(2026, 1, 5), -1)
    assert calendar.working_days_between(date(2026, 1, 9), date(2026, 1, 5)) == 0
