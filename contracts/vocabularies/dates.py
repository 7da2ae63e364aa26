"""Calendar days and years, reckoned in Asia/Shanghai whatever the machine's zone."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

# China has kept UTC+8 without summer time since 1991-09-15; a fixed offset needs no zone database.
SHANGHAI: Final = timezone(timedelta(hours=8), "Asia/Shanghai")


def today_in_shanghai(moment: datetime) -> date:
    """Return the calendar day in Asia/Shanghai at an aware moment. Raises ValueError when it has no zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone has no day")
    return moment.astimezone(SHANGHAI).date()


def calendar_year(moment: datetime) -> int:
    """Return the calendar year (自然年度) in Asia/Shanghai at an aware moment; raises ValueError as above."""
    return today_in_shanghai(moment).year


def day_begins(day: date) -> datetime:
    """Return the moment (UTC) at which a day begins in Asia/Shanghai."""
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI).astimezone(UTC)


def day_ends(day: date) -> datetime:
    """Return the moment (UTC) at which a day is over in Asia/Shanghai (the next day's begin)."""
    return day_begins(day) + timedelta(days=1)


def month_of(moment: datetime) -> str:
    """Return the calendar month (2026-03) in Asia/Shanghai at an aware moment; raises ValueError as above."""
    return today_in_shanghai(moment).isoformat()[:7]
