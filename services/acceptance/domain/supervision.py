"""Supervision (过程监督): spot checks, feedback, and what looks unusual in a session [S13; 37 §7, §13]."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from contracts.vocabularies.attendance import MOST_COUNTED, MOST_PHOTOS, PHOTO_BYTES
from contracts.vocabularies.errors import Refusal
from services.acceptance.domain.attendance import SignIn, density_of
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
    """A kind of refused answer of a person in a session, by all three; count: how often."""

    id: str
    class_id: str
    session_id: str
    person_ref: str
    kind: str
    first_at: datetime
    last_at: datetime
    count: int = 1


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


@dataclass(frozen=True)
class Seen:
    """All that is known of the sessions of a class."""

    sign_ins: Sequence[SignIn]
    screens: Sequence[Screen]
    rolls: Sequence[Roll]
    risks: Sequence[Risk]
    checks: Sequence[SpotCheck]
    vouchers: Sequence[Voucher]


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
    busiest = {each["session_id"]: each["busiest_minute"] for each in density_of(training, [*seen.sign_ins])}
    found = []
    for session in training.plan.sessions:
        if now >= session.starts:
            counts = _counts(session, seen, limits, busiest[session.session_id], now)
            found += [_anomaly(training, session, kind, count) for kind, count in counts.items() if count]
    return found


def _anomaly(training: Training, session: Session, kind: str, count: int) -> Anomaly:
    id = f"{session.session_id}:{kind}"
    return Anomaly(id, training.id, session.session_id, training.provider_ref, kind, min(count, MOST_COUNTED))


def _counts(session: Session, seen: Seen, limits: Limits, busiest: int, now: datetime) -> dict[str, int]:
    id = session.session_id
    mine = [each for each in seen.sign_ins if each.session_id == id]
    there = {each.person_ref for each in mine if each.state in ("confirmed", "unconfirmed")}
    cards = sum(each.way == "card" for each in mine)
    screen = next((each for each in seen.screens if each.id == id), None)
    away = (screen.metres or 0) if screen else 0
    roll = next((each for each in seen.rolls if each.id == id), None)
    checks = [each for each in seen.checks if each.session_id == id]
    risks: Counter[str] = Counter()
    for each in seen.risks:
        if each.session_id == id:
            risks[each.kind] += each.count
    changed = {each.person_ref for each in seen.vouchers if each.device_changes and each.person_ref in there}
    return {
        "too_dense": busiest if busiest > limits.per_minute else 0,
        "class_absent": int(not there and now >= session.starts + limits.absent),
        "teacher_elsewhere": away if away > limits.metres else 0,
        "teacher_missing": sum(not each.teacher_there for each in checks),
        "two_places": risks["two_places"],
        "refused_attempts": risks.total() - risks["two_places"],
        "roll_differs": len(there ^ set(roll.present)) if roll else 0,
        "missing_at_check": sum(len(each.missing) for each in checks),
        "device_changed": len(changed),
        "by_card": cards if cards * 100 > limits.card_percent * max(1, len(mine)) else 0,
    }  # fmt: skip
