"""Supervision (过程监督): spot checks, feedback, and what looks unusual in a session [S13; 37 §7, §13]."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from typing import Any, Final

from contracts.vocabularies.attendance import MOST_COUNTED, MOST_PHOTOS, PHOTO_BYTES
from contracts.vocabularies.errors import Refusal
from services.acceptance.domain.attendance import SignIn, busiest_minute
from services.acceptance.domain.classes import Session, Training
from services.acceptance.domain.copies import Voucher
from services.acceptance.domain.facts import Fact, require
from services.acceptance.domain.rolls import Roll
from services.acceptance.domain.sign_ins import Limits, Screen

_MAGIC: Final = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
_FEEDBACK: Final = ("carried_out", "completed")
_MARKS: Final = ("teaching", "content", "place")


@dataclass(frozen=True)
class Risk:
    """A kind of refused answer of a person in a session, by all three (risk_id); count: how often."""

    id: str
    class_id: str
    session_id: str
    person_ref: str
    kind: str
    first_at: datetime
    last_at: datetime
    count: int = 1


def risk_id(session_id: str, person_ref: str, kind: str) -> str:
    """Return the id of a person's mark of a kind in a session: the three together are too long for one."""
    return sha256(f"{session_id}:{person_ref}:{kind}".encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Photo:
    """A photo of a spot check; its bytes lie in a row of their own."""

    id: str
    name: str
    content_type: str
    size: int
    sha256: str


@dataclass(frozen=True)
class SpotCheck:
    """An officer's visit. found: who was there, of the roster; missing: signed in by then, and not found."""

    id: str
    class_id: str
    session_id: str
    provider_ref: str
    by: str
    at: datetime
    counted: int
    found: tuple[str, ...]
    missing: tuple[str, ...]
    teacher_there: bool
    note: str | None = None
    photos: tuple[Photo, ...] = ()


@dataclass(frozen=True)
class Feedback:
    """A learner's marks of a class, one each."""

    id: str
    class_id: str
    provider_ref: str
    teaching: int
    content: int
    place: int
    words: str | None
    at: datetime


@dataclass(frozen=True)
class Anomaly:
    """What looked unusual of a session when its class was carried out."""

    id: str
    class_id: str
    session_id: str
    provider_ref: str
    kind: str
    count: int


@dataclass
class Held:
    """What is known of one session."""

    sign_ins: list[SignIn] = field(default_factory=list)
    screen: Screen | None = None
    roll: Roll | None = None
    checks: list[SpotCheck] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Seen:
    """All that is known of sessions, of one class or of several; vouchers: with another device."""

    sign_ins: Sequence[SignIn]
    screens: Sequence[Screen]
    rolls: Sequence[Roll]
    risks: Sequence[Risk]
    checks: Sequence[SpotCheck]
    vouchers: Sequence[Voucher]

    def of(self, session: Session) -> Held:
        """Return what is known of a session."""
        return self._by_session.get(session.session_id, Held())

    def changers(self, class_id: str) -> set[str]:
        """Return the persons of a class who have bound another device."""
        return self._changers.get(class_id, set())

    @cached_property
    def _by_session(self) -> dict[str, Held]:
        # each row is looked at once, however many sessions there are
        found: defaultdict[str, Held] = defaultdict(Held)
        for sign_in in self.sign_ins:
            found[sign_in.session_id].sign_ins.append(sign_in)
        for screen in self.screens:
            found[screen.id].screen = screen
        for roll in self.rolls:
            found[roll.id].roll = roll
        for check in self.checks:
            found[check.session_id].checks.append(check)
        for risk in self.risks:
            found[risk.session_id].refused[risk.kind] += risk.count
        return dict(found)

    @cached_property
    def _changers(self) -> dict[str, set[str]]:
        found: defaultdict[str, set[str]] = defaultdict(set)
        for each in self.vouchers:
            if each.device_changes and each.class_id is not None:
                found[each.class_id].add(each.person_ref)
        return dict(found)


def spot_check(
    training: Training, check: SpotCheck, sign_ins: Iterable[SignIn], now: datetime
) -> tuple[SpotCheck, list[Fact]]:
    """An officer checks a session while it is held.

    Raises Refusal `out_of_order`, `acceptance.session_unknown`, `.outside_session`, `.not_on_roster`.
    """
    require(training.status(now), ("running",), "record_spot_check")
    session = training.session(check.session_id)
    if not session.starts <= now <= session.ends:
        raise Refusal("acceptance.outside_session", field="session_id", starts=session.starts.isoformat())
    if not set(check.found) <= set(training.roster):
        raise Refusal("acceptance.not_on_roster", field="found")
    signed = {each.person_ref for each in sign_ins if each.state in ("confirmed", "unconfirmed")}
    new = replace(check, missing=tuple(sorted(signed - set(check.found))))
    data = {
        "class_id": new.class_id, "session_id": new.session_id, "provider_ref": new.provider_ref,
        "counted": new.counted, "found": len(new.found), "missing": len(new.missing),
        "teacher_there": new.teacher_there, "at": now,
    }  # fmt: skip
    return new, [("acceptance.spot_check.recorded", data)]


def photo_type(content: bytes) -> str:
    """Return the media type by the first bytes; raises Refusal `acceptance.photo`, `.photo_size`."""
    if not 0 < len(content) <= PHOTO_BYTES:
        raise Refusal("acceptance.photo_size", field="file", most=PHOTO_BYTES, photos=MOST_PHOTOS)
    for magic, kind in _MAGIC.items():
        if content.startswith(magic):
            return kind
    raise Refusal("acceptance.photo", field="file")


def with_photo(check: SpotCheck, photo: Photo) -> SpotCheck:
    """Return the check with one more photo, once; raises Refusal `acceptance.photo_size`."""
    if any(each.sha256 == photo.sha256 for each in check.photos):
        return check
    if len(check.photos) >= MOST_PHOTOS:
        raise Refusal("acceptance.photo_size", field="file", most=PHOTO_BYTES, photos=MOST_PHOTOS)
    return replace(check, photos=(*check.photos, photo))


def feedback(
    training: Training, new: Feedback, was_there: bool, old: Feedback | None, now: datetime
) -> list[Fact]:
    """A learner who was there says how it was, once the sessions are over; return what is told.

    Raises Refusal `out_of_order`, `acceptance.not_there`, `acceptance.feedback_given`.
    """
    require(training.status(now), _FEEDBACK, "give_feedback")
    if not was_there:
        raise Refusal("acceptance.not_there")
    if old is not None:
        raise Refusal("acceptance.feedback_given")
    told = {name: getattr(new, name) for name in _MARKS}
    told |= {"class_id": training.id, "project_id": training.project_id, "provider_ref": new.provider_ref}
    return [("acceptance.feedback.given", told)]


def averages(given: Sequence[Feedback]) -> dict[str, Any]:
    """Return how many gave marks, and the average of each in hundredths, None without any."""
    count = len(given)
    means = {
        name: sum(getattr(each, name) for each in given) * 100 // count if count else None for name in _MARKS
    }
    return {"answers": count, **means}


def anomalies(training: Training, seen: Seen, limits: Limits, now: datetime) -> list[Anomaly]:
    """Return what looks unusual in the sessions that have begun; none of it decides anything by itself."""
    sessions = training.plan.sessions
    return [found for each in sessions for found in unusual(training, each, seen, limits, now)]


def unusual(training: Training, session: Session, seen: Seen, limits: Limits, now: datetime) -> list[Anomaly]:
    """Return what looks unusual in one session, nothing before it has begun."""
    if now < session.starts:
        return []
    counts = _counts(session, seen.of(session), seen.changers(training.id), limits, now)
    return [_anomaly(training, session, kind, count) for kind, count in counts.items() if count]


def _anomaly(training: Training, session: Session, kind: str, count: int) -> Anomaly:
    id = f"{session.session_id}:{kind}"
    most = min(count, MOST_COUNTED)
    return Anomaly(id, training.id, session.session_id, training.provider_ref, kind, most)


def _counts(
    session: Session, held: Held, changers: set[str], limits: Limits, now: datetime
) -> dict[str, int]:
    there = {each.person_ref for each in held.sign_ins if each.state in ("confirmed", "unconfirmed")}
    cards = sum(each.way == "card" for each in held.sign_ins)
    away = (held.screen.metres or 0) if held.screen else 0
    busiest = busiest_minute(each.at for each in held.sign_ins if each.state == "confirmed")
    return {
        "too_dense": busiest if busiest > limits.per_minute else 0,
        "class_absent": int(not there and now >= session.starts + limits.absent),
        "teacher_elsewhere": away if away > limits.metres else 0,
        "teacher_missing": sum(not each.teacher_there for each in held.checks),
        "two_places": held.refused["two_places"],
        "refused_attempts": held.refused.total() - held.refused["two_places"],
        "roll_differs": len(there ^ set(held.roll.first_present)) if held.roll else 0,
        "missing_at_check": sum(len(each.missing) for each in held.checks),
        "device_changed": len(changers & there),
        "by_card": cards if cards * 100 > limits.card_percent * max(1, len(held.sign_ins)) else 0,
    }
