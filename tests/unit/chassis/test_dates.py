from datetime import UTC, date, datetime, timedelta

import pytest

from contracts.vocabularies.dates import calendar_year, day_begins, day_ends, today_in_shanghai


def test_the_day_turns_at_sixteen_utc() -> None:
    turn = datetime(2025, 12, 31, 16, tzinfo=UTC)
    assert today_in_shanghai(turn - timedelta(microseconds=1)) == date(2025, 12, 31)
    assert today_in_shanghai(turn) == date(2026, 1, 1)
    assert (calendar_year(turn - timedelta(seconds=1)), calendar_year(turn)) == (2025, 2026)


def test_a_day_is_half_open() -> None:
    day = date(2024, 2, 29)
    assert day_begins(day) == datetime(2024, 2, 28, 16, tzinfo=UTC)
    assert day_ends(day) == day_begins(date(2024, 3, 1))
    assert today_in_shanghai(day_begins(day)) == day


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        today_in_shanghai(datetime(2026, 1, 1))  # noqa: DTZ001
