"""Attendance by voucher sign-in (签到) and what a class adds up to [S07, S13; 37 §7, §13]."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from math import asin, cos, radians, sin, sqrt
from typing import Any

from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from services.acceptance.domain.bookings import Interval
from services.acceptance.domain.classes import Place, Session, Training
from services.acceptance.domain.facts import Fact, require

_EARTH_METRES = 6_371_000
_MINUTE = timedelta(seconds=59, milliseconds=999)
Spot = tuple[float, float]


@dataclass(frozen=True)
class SignIn:
    """One person's attendance of one session; one row for both, so it is there once.

    at: when it was taken, or by the device's clock when it was offline; taken_by: account of the hand that
    took it; decided_by: of the hand that decided it after that; metres: from the place, None when not told.
    """

    id: str
    class_id: str
    session_id: str
    person_ref: str
    voucher_id: str
    state: str
    at: datetime
    way: str = "phone"
    nonce: str = ""
    taken_by: str = ""
    metres: int | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    reason: str | None = None

    def recorded(self) -> dict[str, Any]:
        """Return what is told of it."""
        return {
            "class_id": self.class_id, "session_id": self.session_id, "person_ref": self.person_ref,
            "state": self.state, "at": self.at,
        }  # fmt: skip


@dataclass(frozen=True)
class Attended:
    """days: calendar days (Asia/Shanghai) with a confirmed sign-in; hours: class hours confirmed."""

    person_ref: str
    days: tuple[date, ...]
    hours: int
    sessions: tuple[str, ...] = ()


def sign_in_id(session_id: str, person_ref: str) -> str:
    """Return the id of a person's attendance of a session."""
    return f"{session_id}:{person_ref}"


def interval_of(training: Training, session: Session) -> Interval:
    """Return the time that attending a session takes."""
    return Interval(session.session_id, training.id, session.starts, session.ends)


def metres_between(spot: Spot, place: Place) -> int:
    """Return the distance on the ground in metres (haversine)."""
    longitude, latitude = radians(spot[0]), radians(spot[1])
    there, up = radians(place.longitude), radians(place.latitude)
    half = sin((up - latitude) / 2) ** 2 + cos(latitude) * cos(up) * sin((there - longitude) / 2) ** 2
    return round(2 * _EARTH_METRES * asin(sqrt(half)))


def attendance_of(training: Training, sign_ins: Sequence[SignIn]) -> tuple[Attended, ...]:
    """Return for each person on the roster the days and hours with a confirmed sign-in (none: 0 hours)."""
    confirmed = {(each.person_ref, each.session_id) for each in sign_ins if each.state == "confirmed"}
    lines = []
    for person_ref in training.roster:
        attended = [each for each in training.plan.sessions if (person_ref, each.session_id) in confirmed]
        days = sorted({today_in_shanghai(each.starts) for each in attended})
        sessions = tuple(each.session_id for each in attended)
        lines.append(Attended(person_ref, tuple(days), sum(each.hours for each in attended), sessions))
    return tuple(lines)


def density_of(training: Training, sign_ins: Sequence[SignIn]) -> list[dict[str, Any]]:
    """Return for each session how many signed in, and how many at most within a minute."""
    times: defaultdict[str, list[datetime]] = defaultdict(list)
    for each in sign_ins:
        if each.state == "confirmed":
            times[each.session_id].append(each.at)
    return [
        {"session_id": id, "people": len(times[id]), "busiest_minute": busiest_minute(times[id])}
        for id in (each.session_id for each in training.plan.sessions)
    ]


def busiest_minute(moments: Iterable[datetime]) -> int:
    """Return how many of the moments lie at most within a minute."""
    times = sorted(moments)
    return max((bisect_right(times, at + _MINUTE) - place for place, at in enumerate(times)), default=0)


def require_decided(
    training: Training, sign_ins: Iterable[SignIn], offline: timedelta, now: datetime
) -> None:
    """Raise Refusal `acceptance.undecided` while answers wait for another hand, within the time (`offline`)
    in which they may still come: what is closed then has lost their hours.
    """
    count, until = sum(each.state == "unconfirmed" for each in sign_ins), training.ends + offline
    if count and now < until:
        raise Refusal("acceptance.undecided", count=count, until=until.isoformat())


def close(
    training: Training, sign_ins: Sequence[SignIn], now: datetime, reason: str | None = None
) -> tuple[Training, list[Fact]]:
    """The sessions are closed after the last one: running → carried_out. reason: of the supervisor.

    Raises Refusal `out_of_order`, `acceptance.sessions_running`.
    """
    require(training.status(now), ("running",), "close_sessions")
    if now < training.ends:
        raise Refusal("acceptance.sessions_running", until=training.ends.isoformat())
    lines = [
        {
            "person_ref": each.person_ref,
            "days": list(each.days),
            "hours": each.hours,
            "sessions": list(each.sessions),
        }
        for each in attendance_of(training, sign_ins)
    ]
    data = {
        "project_id": training.project_id,
        "last_session_ended": training.ends,
        "attendance": lines,
        "sign_ins": density_of(training, sign_ins),
        "reason": reason,
    }
    closed = replace(training, carried_out_at=now, reason=reason or training.reason)
    return closed, [("acceptance.class.carried_out", data)]
