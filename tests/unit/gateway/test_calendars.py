"""The timetable as iCalendar, read back with the library that calendars are read with."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from gateway.api.calendars import calendar_of

PLACE = {"name": "示例车间", "address": "示例路 1 号", "longitude": 121.25, "latitude": 37.5}

OTHER = {**PLACE, "name": "另一间"}


def session(number: int, starts: str, ends: str, **changed: Any) -> dict[str, Any]:
    plain = {
        "session_id": f"class-{number:03d}", "starts": starts, "ends": ends, "kind": "practice", "hours": 4,
        "topic": "平焊；立焊, 练习", "teacher": "示例师", "place": None, "platform": None, "units": [],
    }  # fmt: skip
    return {**plain, **changed}


def training(**changed: Any) -> dict[str, Any]:
    plain = {
        "id": "class", "version": 3, "name": "焊工一班", "status": "enrolling", "place": PLACE,
        "plan_since": "2026-11-01T00:00:00.000Z",
        "sessions": [
            session(1, "2026-12-31T14:30:00.000Z", "2026-12-31T17:30:00.000Z"),
            session(2, "2027-02-28T00:30:00.000Z", "2027-02-28T03:30:00.000Z", platform="p"),
            session(3, "2027-03-01T00:30:00.000Z", "2027-03-01T03:30:00.000Z", place=OTHER),
        ],
    }  # fmt: skip
    return {**plain, **changed}


def test_each_session_is_an_event_that_calendars_can_read() -> None:
    calendar = Calendar.from_ical(calendar_of(training()))
    events = calendar.walk("VEVENT")
    assert (calendar["VERSION"], calendar["METHOD"], calendar["X-WR-CALNAME"]) == (
        "2.0",
        "PUBLISH",
        "焊工一班",
    )
    assert not calendar.errors
    assert [str(each["UID"]) for each in events] == [f"class-00{n}@wudan" for n in (1, 2, 3)]
    over_the_year = events[0]
    assert over_the_year.decoded("DTSTART") == datetime(2026, 12, 31, 14, 30, tzinfo=UTC)
    assert over_the_year.decoded("DTEND") - over_the_year.decoded("DTSTART") == timedelta(hours=3)
    assert str(over_the_year["SUMMARY"]) == "焊工一班：平焊；立焊, 练习"
    assert str(over_the_year["DESCRIPTION"]) == "实操，4 学时，教师 示例师"
    assert [str(each["LOCATION"]) for each in events] == [
        "示例车间，示例路 1 号", "线上 online", "另一间，示例路 1 号",
    ]  # fmt: skip
    assert events[0]["GEO"].latitude == 37.5
    assert "GEO" not in events[1]
    assert [int(each["SEQUENCE"]) for each in events] == [3, 3, 3]


@pytest.mark.parametrize(
    ("status", "said"), [("running", "CONFIRMED"), ("stopped", "CANCELLED"), ("returned", "CANCELLED")]
)
def test_a_stopped_class_is_cancelled(status: str, said: str) -> None:
    events = Calendar.from_ical(calendar_of(training(status=status))).walk("VEVENT")
    assert {str(each["STATUS"]) for each in events} == {said}


def test_lines_are_folded_and_ended_as_the_standard_asks() -> None:
    raw = calendar_of(training(name="很长的班名" * 20))
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    assert raw.endswith(b"END:VCALENDAR\r\n")
    assert str(Calendar.from_ical(raw)["X-WR-CALNAME"]) == "很长的班名" * 20
