"""Confirming, giving up, moving up: what each step reads and writes in its unit."""

from dataclasses import replace
from typing import Any, Final

from contracts.vocabularies import roles
from contracts.vocabularies.errors import Refusal
from services.selection import store, voucher_store
from services.selection.domain import people, seats, terms, vouchers
from services.selection.domain.classes import TrainingClass
from services.selection.domain.people import Person
from services.selection.domain.seats import Enrolment, Seating

BY_PERSON: Final = "本人取消 / cancelled by the person"
HOLD_OVER: Final = "占位到期未确认 / the hold ended before it was confirmed"
NOT_ON_ROSTER: Final = "名册已备案，未在册 / the roster was filed without this person"
STOPPED: Final = "班次停办 / the class was stopped"
FORGOTTEN: Final = "个人信息已删除 / the person's data were deleted"
PART: Final = 100


def confirm(unit: Any, enrolment_id: str) -> store.Document:
    """held → confirmed."""
    enrolment = store.target_enrolment(unit, enrolment_id)
    if store.load_seating(unit, enrolment.class_id).status != "open":
        raise Refusal("selection.roster_filed")
    return store.save_enrolment(unit, seats.confirm(enrolment, unit.now))


def cancel(unit: Any, enrolment_id: str, reason: str | None) -> store.Document:
    """waiting | held | confirmed → cancelled; the first in line gets the seat."""
    enrolment = store.target_enrolment(unit, enrolment_id)
    seats.check_cancel(store.load_seating(unit, enrolment.class_id), enrolment)
    return leave(unit, enrolment, "cancelled", reason or BY_PERSON)


def drop(unit: Any, enrolment_id: str, reason: str) -> store.Document:
    """confirmed | attending → dropped, after the roster was filed; nobody moves up any more."""
    enrolment = store.enrolment_of(unit.target("enrolments", enrolment_id))
    if unit.actor.person_ref != enrolment.person_ref:
        provider = store.load_class(unit, enrolment.class_id).provider_ref
        if roles.PROVIDER not in unit.actor.roles or unit.actor.body_ref != provider:
            raise Refusal("owner.forbidden")
    seats.check_drop(store.load_seating(unit, enrolment.class_id), enrolment)
    return leave(unit, enrolment, "dropped", reason)


def leave(unit: Any, enrolment: Enrolment, status: str, reason: str) -> store.Document:
    """End an enrolment with all that follows: seat, line, voucher, the person's own row."""
    seating, gone = seats.leave(store.load_seating(unit, enrolment.class_id), enrolment, status, reason)
    seating = _fill(unit, seating, enrolment)
    store.save_seating(unit, seating)
    return _ended(unit, enrolment, gone)


def expire_holds(unit: Any, limit: int = PART) -> int:
    """End the holds that are over, the longest overdue first; return how many."""
    overdue = store.overdue(unit, unit.now, limit)
    for enrolment in overdue:
        leave(unit, store.load_enrolment(unit, enrolment.id), "expired", HOLD_OVER)
    return len(overdue)


def clear(class_id: str, unit: Any, limit: int = PART) -> int:
    """End a part of what has no place any more in a closed or stopped class; return how many were ended."""
    seating = store.load_seating(unit, class_id)
    staying: tuple[str, ...] = ()
    status, reason = "cancelled", STOPPED
    if seating.status == "closed":
        status, reason, staying = "expired", NOT_ON_ROSTER, store.load_class(unit, class_id).roster or ()
    leaving = store.active_in(unit, class_id, without=staying, limit=limit)
    for enrolment in leaving:
        seating, gone = seats.leave(seating, enrolment, status, reason)
        store.free_seat(unit, enrolment)
        _ended(unit, enrolment, gone)
    done = len(leaving) < limit
    store.save_seating(unit, replace(seating, clearing=not done), told=bool(leaving))
    return len(leaving)


def open_class(unit: Any, wanted: TrainingClass) -> None:
    """Take a confirmed class in; a raised capacity seats those who wait."""
    before = unit.get("seatings", wanted.id)
    store.save_class(unit, wanted)
    seating = store.load_seating(unit, wanted.id) if before else Seating(wanted.id, wanted.capacity)
    seating = replace(seating, capacity=wanted.capacity)
    while seats.wants_next(seating):
        seating = _next_up(unit, seating)
    store.save_seating(unit, seating)


def forget(unit: Any, person: Person) -> None:
    """Give up what a forgotten person has not begun, and keep nothing of them but the reference."""
    for enrolment_id in person.choices.values():
        enrolment = store.load_enrolment(unit, enrolment_id)
        if enrolment.status in seats.CHANGEABLE:
            leave(unit, enrolment, "cancelled", FORGOTTEN)
    left = store.find_person(unit, person.ref) or person
    if left.open_voucher is not None:
        unused = voucher_store.load_voucher(unit, left.open_voucher)
        if unused.status in vouchers.UNUSED:
            voucher_store.save_voucher(unit, vouchers.revoke(unused, FORGOTTEN))
    store.save_person(unit, Person(person.ref, "", (), "forgotten", choices=left.choices))


def _fill(unit: Any, seating: Seating, leaving: Enrolment) -> Seating:
    if not seats.wants_next(seating):
        store.free_seat(unit, leaving)
        return seating
    first = store.first_in_line(unit, seating.class_id)
    store.free_seat(unit, leaving)
    return _seated(unit, seating, first)


def _next_up(unit: Any, seating: Seating) -> Seating:
    return _seated(unit, seating, store.first_in_line(unit, seating.class_id))


def _seated(unit: Any, seating: Seating, first: Enrolment | None) -> Seating:
    if first is None:
        raise LookupError(f"class {seating.class_id}: {seating.waiting} wait, but nobody is in line")
    hold = terms.holds_of(store.load_class(unit, seating.class_id).region, unit.now).moved_up
    seating, moved = seats.move_up(seating, first, unit.now, hold)
    store.take_seat(unit, moved)
    store.save_enrolment(unit, moved)
    return seating


def _ended(unit: Any, before: Enrolment, gone: Enrolment) -> store.Document:
    person = store.find_person(unit, before.person_ref)
    if person is not None:
        person = people.lay_down(person, before.class_id)
        store.save_person(unit, _with_released_voucher(unit, person, before))
    return store.save_enrolment(unit, gone)


def _with_released_voucher(unit: Any, person: Person, before: Enrolment) -> Person:
    if before.voucher_id is None:
        return person
    voucher = voucher_store.load_voucher(unit, before.voucher_id)
    released, used_up = vouchers.release(voucher), vouchers.settle(voucher, False, unit.now)
    if used_up is not None:
        voucher_store.save_voucher(unit, used_up)
    if released is None:
        return person
    voucher_store.save_voucher(unit, *released)
    return person if person.open_voucher else replace(person, open_voucher=voucher.id)
