"""A class's timetable as an iCalendar feed (RFC 5545): /v1/classes/<class_id>/timetable.ics."""

import hashlib
from datetime import datetime
from typing import Any, Final

from flask import Response
from icalendar import Calendar, Event

from contracts.commands import acceptance as c
from contracts.vocabularies.statuses import SESSION_KINDS
from gateway.api.endpoint import Asked, Endpoint
from gateway.parts import parts

_TAG: Final = "acceptance"
_MEDIA_TYPE: Final = "text/calendar; charset=utf-8"


def calendar_of(training: dict[str, Any]) -> bytes:
    """Return the feed of a class as the API tells it. A stopped class's sessions are cancelled; a changed
    plan raises SEQUENCE, so that calendars take the new times; a session that was dropped leaves the feed.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Wudan//timetable//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", training["name"])
    for session in training["sessions"]:
        calendar.add_component(_event(training, session))
    return bytes(calendar.to_ical())


def _event(training: dict[str, Any], session: dict[str, Any]) -> Event:
    event = Event()
    event.add("uid", f"{session['session_id']}@wudan")
    event.add("dtstamp", _moment(training["plan_since"]))
    event.add("sequence", training["version"])
    event.add("dtstart", _moment(session["starts"]))
    event.add("dtend", _moment(session["ends"]))
    event.add("summary", f"{training['name']}：{session['topic']}")
    kind = SESSION_KINDS[session["kind"]]
    event.add("description", f"{kind}，{session['hours']} 学时，教师 {session['teacher']}")
    event.add("categories", [kind])
    if session["platform"]:
        event.add("location", "线上 online")
    else:
        place = session["place"] or training["place"]
        event.add("location", f"{place['name']}，{place['address']}")
        event.add("geo", (place["latitude"], place["longitude"]))
    event.add("status", "CANCELLED" if training["status"] in ("stopped", "returned") else "CONFIRMED")
    return event


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _feed(asked: Asked) -> Response:
    training = parts().services.call(c.GET_CLASS, asked.body, asked.account)
    raw = calendar_of(training)
    response = Response(raw, content_type=_MEDIA_TYPE)
    response.set_etag(hashlib.sha256(raw).hexdigest()[:32])
    response.headers["Content-Disposition"] = f'inline; filename="{training["id"]}.ics"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


ENDPOINTS = [
    Endpoint(
        "class-timetable", "GET", "/classes/<class_id>/timetable.ics", _TAG, c.ClassRequest, None,
        c.GET_CLASS.roles, _feed, open=True, binary=True,
        summary="课表日历 / a class's timetable as an iCalendar feed",
    ),
]  # fmt: skip
