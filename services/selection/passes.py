"""Training vouchers and attendance: what each step reads and writes in its unit."""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey

from contracts.vocabularies.errors import Refusal
from services.selection import store
from services.selection.domain import people, vouchers
from services.selection.domain.people import Person
from services.selection.domain.vouchers import Voucher

PART: Final = 100
FAILED: Final = "出勤或考核未达到结业要求 / attendance or assessment fell short"
_SEATED: Final = ("confirmed", "attending")


@dataclass(frozen=True)
class Issue:
    """What a batch is to be: to the confirmed of a class, or to listed persons."""

    region: str
    valid_until: datetime
    class_id: str | None
    person_refs: tuple[str, ...] | None


def issue(unit: Any, wanted: Issue) -> store.Document:
    """Issue a batch, one voucher a person, none to who holds an unbound one; return the batch's document.

    Raises Refusal `region.forbidden`, `selection.validity_past`, `selection.person_unknown`,
    `selection.nobody_to_issue`, `not_found`.
    """
    unit.actor.require_region(wanted.region)
    if wanted.valid_until <= unit.now:
        raise Refusal("selection.validity_past", "valid_until")
    targets = _targets(unit, wanted)
    receivers = [person for person in targets if person.open_voucher is None]
    if not receivers:
        raise Refusal("selection.nobody_to_issue", "class_id" if wanted.class_id else "person_refs")
    batch_id = unit.new_id()
    ids = [_issue_one(unit, wanted, batch_id, person) for person in receivers]
    batch = {
        "_id": batch_id,
        "status": "issued",
        "region": wanted.region,
        "class_id": wanted.class_id,
        "valid_until": wanted.valid_until,
        "issued_at": unit.now,
        "voucher_ids": ids,
        "skipped": [person.ref for person in targets if person.open_voucher is not None],
    }
    stored: store.Document = unit.insert("batches", batch)
    return stored


def _targets(unit: Any, wanted: Issue) -> list[Person]:
    if wanted.class_id is not None:
        unit.actor.require_region(store.load_class(unit, wanted.class_id).region)
        seated = store.active_in(unit, wanted.class_id, _SEATED)
        found = [store.find_person(unit, each.person_ref) for each in seated if each.voucher_id is None]
        return [person for person in found if person is not None]
    return [_listed(unit, ref, number) for number, ref in enumerate(wanted.person_refs or ())]


def _listed(unit: Any, ref: str, number: int) -> Person:
    person = store.find_person(unit, ref)
    if person is None:
        raise Refusal("selection.person_unknown", f"person_refs.{number}")
    return person


def _issue_one(unit: Any, wanted: Issue, batch_id: str, person: Person) -> str:
    id: str = unit.new_id()
    store.add_voucher(unit, Voucher(id, person.ref, batch_id, wanted.region, wanted.valid_until, unit.now))
    store.save_person(unit, replace(person, open_voucher=id))
    return id


def claim(unit: Any, voucher_id: str, device_key: str | None) -> store.Document:
    """issued → claimed, with the device that is to sign in."""
    claimed = vouchers.claim(store.target_voucher(unit, voucher_id), unit.now)
    doc = store.save_voucher(unit, claimed)
    return doc if device_key is None else _with_device(unit, claimed, device_key)


def bind_device(unit: Any, voucher_id: str, device_key: str) -> store.Document:
    """Bind the device that signs in with a voucher, the first or another one."""
    return _with_device(unit, store.target_voucher(unit, voucher_id), device_key)


def _with_device(unit: Any, voucher: Voucher, device_key: str) -> store.Document:
    try:
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), base64.b64decode(device_key))
    except ValueError:
        raise Refusal("selection.device_key", "device_key") from None
    holder = store.device_holder(unit, device_key)
    bound, told = vouchers.bind_device(voucher, device_key, holder)
    if holder is None:
        store.hold_device(unit, device_key, voucher.person_ref)
    return store.save_voucher(unit, bound, told)


def bind(unit: Any, voucher_id: str, class_id: str) -> store.Document:
    """claimed → bound, to a class in which the person has a confirmed seat."""
    voucher = store.target_voucher(unit, voucher_id)
    into = store.load_class(unit, class_id)
    person = store.load_person(unit, unit.actor.person_ref)
    enrolment_id = person.choices.get(class_id)
    enrolment = store.load_enrolment(unit, enrolment_id) if enrolment_id else None
    bound, seated = vouchers.bind(voucher, into, enrolment, unit.now)
    store.save_enrolment(unit, seated, told=False)
    if person.open_voucher == voucher.id:
        store.save_person(unit, replace(person, open_voucher=None))
    return store.save_voucher(unit, bound)


def attend(unit: Any, class_id: str, person_ref: str) -> None:
    """confirmed → attending, and the voucher in use, on the first confirmed sign-in only."""
    enrolment = store.choice_of(unit, person_ref, class_id)
    if enrolment is None or enrolment.status != "confirmed":
        return
    store.save_enrolment(unit, replace(enrolment, status="attending"))
    used = vouchers.use(store.load_voucher(unit, enrolment.voucher_id)) if enrolment.voucher_id else None
    if used is not None:
        store.save_voucher(unit, used)


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
            _settle(unit, store.load_voucher(unit, enrolment.voucher_id), completed)


def _settle(unit: Any, voucher: Voucher, completed: bool) -> None:
    settled = vouchers.settle(voucher, completed)
    if settled is not None:
        store.save_voucher(unit, settled)
        return
    released = vouchers.release(voucher)
    if released is not None:
        store.save_voucher(unit, *released)
        _reopen(unit, released[0])


def _reopen(unit: Any, voucher: Voucher) -> None:
    person = store.find_person(unit, voucher.person_ref)
    if person is not None and person.open_voucher is None:
        store.save_person(unit, replace(person, open_voucher=voucher.id))


def expire(unit: Any, limit: int = PART) -> int:
    """End the vouchers that were not used while they were valid; return how many."""
    lapsed = [vouchers.expire(each, unit.now) for each in store.lapsed_vouchers(unit, unit.now, limit)]
    expired = [voucher for voucher in lapsed if voucher is not None]
    for voucher in expired:
        store.save_voucher(unit, voucher)
        _take_from_hand(unit, voucher)
    return len(expired)


def _take_from_hand(unit: Any, voucher: Voucher) -> None:
    person = store.find_person(unit, voucher.person_ref)
    if person is not None and person.open_voucher == voucher.id:
        store.save_person(unit, replace(person, open_voucher=None))
    enrolment = store.choice_of(unit, voucher.person_ref, voucher.class_id) if voucher.class_id else None
    if enrolment is not None and enrolment.voucher_id == voucher.id:
        store.save_enrolment(unit, replace(enrolment, voucher_id=None), told=False)


def figures(statuses: Iterable[str]) -> dict[str, int]:
    """Count vouchers by status."""
    counted: dict[str, int] = {}
    for status in statuses:
        counted[status] = counted.get(status, 0) + 1
    return counted
