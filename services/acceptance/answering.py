"""Sign-ins that came together: each is taken or refused by itself, all in one unit of work [S07].

An attendance is one row a session and person, so an answer that is sent again finds what it made. A refusal
that looks like fraud leaves its mark in the same unit.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog

from contracts.events.acceptance_attendance import SIGN_INS_TAKEN
from contracts.vocabularies import roles
from contracts.vocabularies.errors import Refusal
from services.acceptance import devices, store
from services.acceptance.domain import attendance, bookings, rolls, sign_ins
from services.acceptance.domain.attendance import SignIn, sign_in_id
from services.acceptance.domain.bookings import DayBook, Interval
from services.acceptance.domain.classes import Training
from services.acceptance.domain.copies import Voucher
from services.acceptance.domain.rolls import Roll
from services.acceptance.domain.sign_ins import Answer, Limits, Screen, limits_of
from services.acceptance.domain.supervision import Risk, risk_id
from services.acceptance.store.attendance import BATCHES
from services.chassis.actor import Actor
from services.chassis.service import Unit

Body = dict[str, Any]
_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Known:
    """What all answers of a call are held against, read in one query each."""

    trainings: dict[str, Training]
    vouchers: dict[str, Voucher]
    screens: dict[str, Screen]
    now: datetime
    limits: dict[str, Limits] = field(default_factory=dict)

    def limits_of(self, region: str) -> Limits:
        """Return the parameters of a region, looked up once."""
        if region not in self.limits:
            self.limits[region] = limits_of(region, self.now)
        return self.limits[region]


def take(unit: Unit, items: Sequence[tuple[Actor | Refusal, Body]]) -> list[Body]:
    """Return an outcome for each: the attendance, or why there is none. items: who answers, and what."""
    known = _read(unit, items)
    outcomes: list[Body] = []
    new: dict[str, SignIn] = {}
    for who, body in items:
        row, fresh, refusal = _decided(unit, known, who, body)
        if row is not None and fresh:
            store.save(unit, row)
            new[row.id] = row
        if refusal is not None:
            _mark(unit, known, who, body, refusal.code)
        taken = view(row, store.version_of(unit, SignIn, row.id)) if row else None
        outcomes.append({"taken": taken, "refused": refusal.as_dict() if refusal else None})
    if new:
        told = [{**row.recorded(), "id": row.id} for row in new.values()]
        batch = {"_id": unit.new_id(), "at": unit.now, "count": len(new)}
        unit.insert(BATCHES, batch, [(SIGN_INS_TAKEN, {"items": told})])
    return outcomes


def view(it: SignIn, version: int) -> Body:
    """Return an attendance as its person and those who supervise see it."""
    return {
        "id": it.id, "version": version, "status": it.state, "class_id": it.class_id,
        "session_id": it.session_id, "person_ref": it.person_ref, "at": it.at, "way": it.way,
        "reason": it.reason,
    }  # fmt: skip


def take_time(unit: Unit, training: Training, it: SignIn) -> None:
    """Take the session's time of a learner, who sits in one place; raises Refusal `acceptance.elsewhere`
    before anything is written.
    """
    interval, books = _time_of(unit, training, it)
    for book in books:
        clash = book.clash(interval)
        if clash is not None:
            raise Refusal("acceptance.elsewhere", field="session_id", starts=clash.starts.isoformat())
    for book in books:
        store.save(unit, book.with_taken(interval))


def free_time(unit: Unit, training: Training, it: SignIn) -> None:
    """Free the session's time of a learner whose attendance does not stand."""
    interval, books = _time_of(unit, training, it)
    for book in books:
        freed = book.without_session(interval.session_id)
        if freed != book:
            store.save(unit, freed)


def _time_of(unit: Unit, training: Training, it: SignIn) -> tuple[Interval, list[DayBook]]:
    interval = attendance.interval_of(training, training.session(it.session_id))
    key, days = bookings.learner_key(it.person_ref), bookings.days_of(interval.starts, interval.ends)
    return interval, [store.day_book(unit, key, day) for day in days]


def _read(unit: Unit, items: Sequence[tuple[Actor | Refusal, Body]]) -> Known:
    bodies = [body for _, body in items]
    trainings = store.many_trainings(unit, [each["class_id"] for each in bodies])
    persons = [(who.person_ref, body) for who, body in items if isinstance(who, Actor) and who.person_ref]
    # read ahead: the rows that each answer may write
    unit.get_all("sign_ins", [sign_in_id(body["session_id"], ref) for ref, body in persons])
    marks = [risk_id(body["session_id"], ref, "wrong_code") for ref, body in persons]
    unit.get_all("sign_in_risks", marks)
    books = [id for ref, body in persons for id in _books_of(trainings.get(body["class_id"]), ref, body)]
    unit.get_all("day_books", books)
    return Known(
        trainings,
        store.many(unit, Voucher, [each["voucher_id"] for each in bodies]),
        store.many(unit, Screen, [each["session_id"] for each in bodies]),
        unit.now,
    )


def _books_of(training: Training | None, person_ref: str, body: Body) -> list[str]:
    """Return the ids of the day books that hold a session's time; none for a session that is not there."""
    sessions = training.plan.sessions if training else ()
    for each in sessions:
        if each.session_id == body["session_id"]:
            key = bookings.learner_key(person_ref)
            return [bookings.book_id(key, day) for day in bookings.days_of(each.starts, each.ends)]
    return []


def _decided(
    unit: Unit, known: Known, who: Actor | Refusal, body: Body
) -> tuple[SignIn | None, bool, Refusal | None]:
    """Return the attendance and whether it is to be saved, or why there is none."""
    if isinstance(who, Refusal):
        return None, False, who
    try:
        return *_one(unit, known, who, body), None
    except Refusal as refusal:
        return None, False, refusal
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        # of this answer alone; what the database raises is of the whole unit
        _log.exception("answer failed", session=body["session_id"])
        return None, False, Refusal("internal", correlation=unit.correlation)


def _one(unit: Unit, known: Known, who: Actor, body: Body) -> tuple[SignIn, bool]:
    """Return the attendance that the answer makes, or has made, and whether it is to be saved.

    Who is unconfirmed may give another answer, which confirms it when it is live.
    """
    if roles.WORKER not in who.roles:
        raise Refusal("role.forbidden", roles=roles.WORKER)
    if who.person_ref is None:
        raise Refusal("acceptance.no_person")
    old = store.find(unit, SignIn, sign_in_id(body["session_id"], who.person_ref))
    if old is not None and old.class_id == body["class_id"] and not _may_confirm(old, body):
        return old, False
    training = known.trainings.get(body["class_id"])
    if training is None:
        raise Refusal("not_found", what="training")
    voucher, screen = known.vouchers.get(body["voucher_id"]), known.screens.get(body["session_id"])
    _refuse_guesses(unit, who.person_ref, body["session_id"])
    _refuse_replay(unit, who.person_ref, voucher, body)
    answer, limits = _answer(body), known.limits_of(training.region)
    proven = devices.checked(answer, voucher, screen, limits, unit.now)
    new = sign_ins.decide(training, who.person_ref, voucher, screen, answer, proven, limits, unit.now)
    if new.state == "unconfirmed":
        if old is not None:
            return old, False
        new = rolls.settled_by(store.find(unit, Roll, new.session_id), new)
    if new.state != "rejected":
        take_time(unit, training, new)
    return new, True


def _may_confirm(old: SignIn, body: Body) -> bool:
    return old.state == "unconfirmed" and old.nonce != body["nonce"]


def _refuse_guesses(unit: Unit, person_ref: str, session_id: str) -> None:
    """Raise Refusal `acceptance.guessed` for one who has tried too many codes."""
    tried = store.find(unit, Risk, risk_id(session_id, person_ref, "wrong_code"))
    if tried is not None and tried.count >= sign_ins.MOST_WRONG_CODES:
        raise Refusal("acceptance.guessed", field="code", most=sign_ins.MOST_WRONG_CODES)


def _answer(body: Body) -> Answer:
    spot = None if body["longitude"] is None else (body["longitude"], body["latitude"])
    names = ("class_id", "session_id", "voucher_id", "code", "nonce", "signed_at", "signature")
    return Answer(**{name: body[name] for name in names}, spot=spot)


def _refuse_replay(unit: Unit, person_ref: str, voucher: Voucher | None, body: Body) -> None:
    """Raise Refusal `acceptance.replayed` for an answer that the voucher's owner has given."""
    if voucher is None or voucher.person_ref == person_ref:
        return
    owners = store.find(unit, SignIn, sign_in_id(body["session_id"], voucher.person_ref))
    if owners is not None and owners.nonce == body["nonce"]:
        raise Refusal("acceptance.replayed")


def _mark(unit: Unit, known: Known, who: Actor | Refusal, body: Body, code: str) -> None:
    """Mark a refusal that looks like fraud, told the first time only."""
    kind, training = sign_ins.RISKY.get(code), known.trainings.get(body["class_id"])
    person_ref = who.person_ref if isinstance(who, Actor) else None
    if kind is None or training is None or person_ref is None:
        return
    if all(each.session_id != body["session_id"] for each in training.plan.sessions):
        return
    id = risk_id(body["session_id"], person_ref, kind)
    old = store.find(unit, Risk, id)
    new = Risk(id, training.id, body["session_id"], person_ref, kind, unit.now, unit.now)
    if old is not None:
        new = Risk(**{**vars(new), "first_at": old.first_at, "count": old.count + 1})
    told: Body = {
        "class_id": new.class_id,
        "session_id": new.session_id,
        "provider_ref": training.provider_ref,
    }
    told |= {"person_ref": person_ref, "kind": kind, "at": unit.now}
    store.save(unit, new, [] if old else [("acceptance.sign_in_risk.marked", told)])
