"""Sign-ins that came together: each is taken or refused by itself, all in one unit of work [S07].

An attendance is one row a session and person, so an answer that is sent again finds what it made. A refusal
that looks like fraud leaves its mark in the same unit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from contracts.events.acceptance_attendance import SIGN_INS_TAKEN
from contracts.vocabularies import roles
from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from services.acceptance import devices, store
from services.acceptance.domain import attendance, bookings, rolls, sign_ins
from services.acceptance.domain.attendance import SignIn, sign_in_id
from services.acceptance.domain.classes import Training
from services.acceptance.domain.copies import Voucher
from services.acceptance.domain.rolls import Roll
from services.acceptance.domain.sign_ins import Answer, Limits, Screen, limits_of
from services.acceptance.domain.supervision import Risk
from services.acceptance.store.attendance import BATCHES
from services.chassis.actor import Actor
from services.chassis.service import Unit

Body = dict[str, Any]


@dataclass(frozen=True)
class Known:
    """What all answers of a call are held against, read in one query each."""

    trainings: dict[str, Training]
    vouchers: dict[str, Voucher]
    screens: dict[str, Screen]
    limits: dict[str, Limits]


def take(unit: Unit, items: Sequence[tuple[Actor | Refusal, Body]]) -> list[Body]:
    """Return an outcome for each: the attendance, or why there is none. items: who answers, and what."""
    known = _read(unit, items)
    outcomes, new = [], []
    for who, body in items:
        taken, refused = None, None
        try:
            if isinstance(who, Refusal):
                raise who
            row, fresh = _one(unit, known, who, body)
            new += [row] if fresh else []
            taken = view(row, 1 if fresh else store.version_of(unit, SignIn, row.id))
        except Refusal as refusal:
            refused = refusal.as_dict()
            _mark(unit, known, who, body, refusal.code)
        outcomes.append({"taken": taken, "refused": refused})
    if new:
        told = [{**row.recorded(), "id": row.id} for row in new]
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
    """Take the session's time of a learner, who sits in one place; raises Refusal `acceptance.elsewhere`."""
    interval = attendance.interval_of(training, training.session(it.session_id))
    for day in bookings.days_of(interval.starts, interval.ends):
        book = store.day_book(unit, bookings.learner_key(it.person_ref), day)
        clash = book.clash(interval)
        if clash is not None:
            raise Refusal("acceptance.elsewhere", field="session_id", starts=clash.starts.isoformat())
        store.save(unit, book.with_taken(interval))


def _read(unit: Unit, items: Sequence[tuple[Actor | Refusal, Body]]) -> Known:
    bodies = [body for _, body in items]
    trainings = store.many_trainings(unit, [each["class_id"] for each in bodies])
    persons = [(who.person_ref, body) for who, body in items if isinstance(who, Actor) and who.person_ref]
    today = today_in_shanghai(unit.now).isoformat()
    # read ahead: the rows that each answer may write
    unit.get_all("sign_ins", [sign_in_id(body["session_id"], ref) for ref, body in persons])
    unit.get_all("day_books", [f"{bookings.learner_key(ref)}:{today}" for ref, _ in persons])
    return Known(
        trainings,
        store.many(unit, Voucher, [each["voucher_id"] for each in bodies]),
        store.many(unit, Screen, [each["session_id"] for each in bodies]),
        {id: limits_of(each.region, unit.now) for id, each in trainings.items()},
    )


def _one(unit: Unit, known: Known, who: Actor, body: Body) -> tuple[SignIn, bool]:
    """Return the attendance that the answer made, now or before, and whether it was now."""
    if roles.WORKER not in who.roles:
        raise Refusal("role.forbidden", roles=roles.WORKER)
    if who.person_ref is None:
        raise Refusal("acceptance.no_person")
    old = store.find(unit, SignIn, sign_in_id(body["session_id"], who.person_ref))
    if old is not None and old.class_id == body["class_id"]:
        return old, False
    training = known.trainings.get(body["class_id"])
    if training is None:
        raise Refusal("not_found", what="training")
    voucher, screen = known.vouchers.get(body["voucher_id"]), known.screens.get(body["session_id"])
    _refuse_replay(unit, who.person_ref, voucher, body)
    answer, limits = _answer(body), known.limits[training.id]
    proven = devices.checked(answer, voucher, screen, limits, unit.now)
    new = sign_ins.decide(training, who.person_ref, voucher, screen, answer, proven, limits, unit.now)
    if new.state == "unconfirmed":
        new = rolls.settled_by(store.find(unit, Roll, new.session_id), new)
    take_time(unit, training, new)
    store.save(unit, new)
    return new, True


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
    id = f"{body['session_id']}:{person_ref}:{kind}"
    old = store.find(unit, Risk, id)
    new = Risk(id, training.id, body["session_id"], person_ref, kind, unit.now, unit.now)
    if old is not None:
        new = Risk(**{**vars(new), "first_at": old.first_at, "count": old.count + 1})
    told = {"class_id": new.class_id, "session_id": new.session_id, "provider_ref": training.provider_ref}
    told |= {"person_ref": person_ref, "kind": kind, "at": unit.now}
    store.save(unit, new, [] if old else [("acceptance.sign_in_risk.marked", told)])
