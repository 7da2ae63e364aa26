"""Training vouchers from claim to end, and attendance: what each step reads and writes in its unit."""

import base64
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey

from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from services.selection import store, voucher_store
from services.selection.domain import people, terms, vouchers
from services.selection.domain.vouchers import Voucher

PART: Final = 100
FAILED: Final = "出勤或考核未达到结业要求 / attendance or assessment fell short"
_SEATED: Final = ("confirmed", "attending")


def claim(unit: Any, voucher_id: str, device_key: str | None) -> store.Document:
    """issued → claimed, with the device that is to sign in."""
    claimed = vouchers.claim(voucher_store.target_voucher(unit, voucher_id), unit.now)
    doc = voucher_store.save_voucher(unit, claimed)
    return doc if device_key is None else _with_device(unit, claimed, device_key)


def bind_device(unit: Any, voucher_id: str, device_key: str) -> store.Document:
    """Bind the device that signs in with a voucher, the first or another one."""
    return _with_device(unit, voucher_store.target_voucher(unit, voucher_id), device_key)


def _with_device(unit: Any, voucher: Voucher, device_key: str) -> store.Document:
    try:
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), base64.b64decode(device_key))
    except ValueError:
        raise Refusal("selection.device_key", "device_key") from None
    holder = store.device_holder(unit, device_key)
    bound, told = vouchers.bind_device(voucher, device_key, holder)
    if holder is None:
        store.hold_device(unit, device_key, voucher.person_ref)
    return voucher_store.save_voucher(unit, bound, told)


def bind(unit: Any, voucher_id: str, class_id: str) -> store.Document:
    """claimed → bound, to a class in which the person has a confirmed seat."""
    voucher = voucher_store.target_voucher(unit, voucher_id)
    into = store.load_class(unit, class_id)
    person = store.load_person(unit, unit.actor.person_ref)
    enrolment_id = person.choices.get(class_id)
    enrolment = store.load_enrolment(unit, enrolment_id) if enrolment_id else None
    bound, seated = vouchers.bind(voucher, into, enrolment, unit.now)
    store.save_enrolment(unit, seated, told=False)
    if person.open_voucher == voucher.id:
        store.save_person(unit, replace(person, open_voucher=None))
    return voucher_store.save_voucher(unit, bound)


def attend(unit: Any, class_id: str, person_ref: str) -> None:
    """confirmed → attending, and the voucher in use, on the first confirmed sign-in only."""
    enrolment = store.choice_of(unit, person_ref, class_id)
    if enrolment is None or enrolment.status != "confirmed":
        return
    store.save_enrolment(unit, replace(enrolment, status="attending"))
    used = _used(unit, enrolment.voucher_id)
    if used is not None:
        voucher_store.save_voucher(unit, used)


def _used(unit: Any, voucher_id: str | None) -> Voucher | None:
    return vouchers.use(voucher_store.load_voucher(unit, voucher_id), unit.now) if voucher_id else None


def complete(unit: Any, class_id: str, results: Mapping[str, bool]) -> None:
    """confirmed | attending → completed | failed, with the voucher. results: person → completed."""
    for person_ref, completed in results.items():
        enrolment = store.choice_of(unit, person_ref, class_id)
        if enrolment is None or enrolment.status not in _SEATED:
            continue
        status, reason = ("completed", None) if completed else ("failed", FAILED)
        store.save_enrolment(unit, replace(enrolment, status=status, reason=reason))
        person = store.find_person(unit, person_ref)
        if person is not None:
            store.save_person(unit, people.lay_down(person, class_id))
        if enrolment.voucher_id:
            _settle(unit, voucher_store.load_voucher(unit, enrolment.voucher_id), completed)


def _settle(unit: Any, voucher: Voucher, completed: bool) -> None:
    settled = vouchers.settle(voucher, completed, unit.now)
    if settled is not None:
        voucher_store.save_voucher(unit, settled)
        return
    released = vouchers.release(voucher)
    if released is not None:
        voucher_store.save_voucher(unit, *released)
        _reopen(unit, released[0])


def _reopen(unit: Any, voucher: Voucher) -> None:
    person = store.find_person(unit, voucher.person_ref)
    if person is not None and person.open_voucher is None:
        store.save_person(unit, replace(person, open_voucher=voucher.id))


def revoke(unit: Any, voucher_id: str, reason: str) -> store.Document:
    """issued | claimed | bound → revoked, by an officer of the voucher's region."""
    voucher = _officers(unit, voucher_id)
    doc = voucher_store.save_voucher(unit, vouchers.revoke(voucher, reason))
    _take_from_hand(unit, voucher)
    return doc


def replace_by_new(unit: Any, voucher_id: str, reason: str) -> store.Document:
    """issued | claimed | bound → revoked, and another one issued in its place; return the new one's document.

    Raises Refusal `selection.person_unknown`, `selection.holds_another`.
    """
    voucher = _officers(unit, voucher_id)
    person = store.load_person(unit, voucher.person_ref)
    if person.open_voucher not in (None, voucher.id):
        raise Refusal("selection.holds_another", voucher_id=person.open_voucher)
    new_id = unit.new_id()
    voucher_store.save_voucher(unit, vouchers.revoke(voucher, reason, replaced_by=new_id))
    _take_from_hand(unit, voucher)
    remind_at = vouchers.next_reminder(voucher.valid_until, _days(unit, voucher), unit.now)
    new = Voucher(
        new_id, voucher.person_ref, voucher.batch_id, voucher.region, voucher.valid_until, unit.now,
        replaces=voucher.id, remind_at=remind_at,
    )  # fmt: skip
    person = store.load_person(unit, voucher.person_ref)
    store.save_person(unit, replace(person, open_voucher=new_id))
    return voucher_store.add_voucher(unit, new)


def _officers(unit: Any, voucher_id: str) -> Voucher:
    """Return a voucher that an officer may end.

    Raises Refusal `region.forbidden`, `selection.voucher_on_roster`, `selection.voucher_expired`.
    """
    voucher = voucher_store.voucher_of(unit.target("vouchers", voucher_id))
    unit.actor.require_region(voucher.region)
    if voucher.status == "bound" and store.load_seating(unit, voucher.class_id or "").status != "open":
        raise Refusal("selection.voucher_on_roster", class_id=voucher.class_id)
    if voucher.status in vouchers.UNUSED and unit.now >= voucher.valid_until:
        raise Refusal("selection.voucher_expired", until=people.shown(voucher.valid_until))
    return voucher


def tell_non_use(unit: Any, voucher_id: str, cause: str) -> store.Document:
    """Keep why the actor does not, or did not, use a voucher."""
    voucher = voucher_store.target_voucher(unit, voucher_id)
    return voucher_store.save_voucher(unit, *vouchers.tell_non_use(voucher, cause))


def remind(unit: Any, limit: int = PART) -> int:
    """Speak to the holders of unused vouchers whose end comes near; return how many."""
    due = voucher_store.vouchers_to_remind(unit, unit.now, limit)
    for voucher in due:
        spoken = vouchers.remind(voucher, _days(unit, voucher), unit.now)
        if spoken is not None:
            voucher_store.save_voucher(unit, *spoken)
    return len(due)


def _days(unit: Any, voucher: Voucher) -> tuple[int, ...]:
    return terms.reminder_days(voucher.region, today_in_shanghai(unit.now))


def expire(unit: Any, limit: int = PART) -> int:
    """End the vouchers that were not used while they were valid; return how many."""
    lapsed = [
        vouchers.expire(each, unit.now) for each in voucher_store.lapsed_vouchers(unit, unit.now, limit)
    ]
    expired = [voucher for voucher in lapsed if voucher is not None]
    for voucher in expired:
        voucher_store.save_voucher(unit, voucher)
        _take_from_hand(unit, voucher)
    return len(expired)


def _take_from_hand(unit: Any, voucher: Voucher) -> None:
    person = store.find_person(unit, voucher.person_ref)
    if person is not None and person.open_voucher == voucher.id:
        store.save_person(unit, replace(person, open_voucher=None))
    enrolment = store.choice_of(unit, voucher.person_ref, voucher.class_id) if voucher.class_id else None
    if enrolment is not None and enrolment.voucher_id == voucher.id:
        store.save_enrolment(unit, replace(enrolment, voucher_id=None), told=False)
