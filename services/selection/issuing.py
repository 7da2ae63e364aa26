"""Issuing vouchers (发券): to a class, to listed persons, or to some groups in a region; within a budget."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from services.selection import store, voucher_store
from services.selection.domain import terms, vouchers
from services.selection.domain.batches import Batch
from services.selection.domain.people import Person
from services.selection.domain.vouchers import Voucher

PART: Final = 100
_SEATED: Final = ("confirmed", "attending")


@dataclass(frozen=True)
class Issue:
    """What a batch is to be: to the confirmed of a class, to listed persons, or to groups; one of these."""

    region: str
    valid_until: datetime
    class_id: str | None = None
    person_refs: tuple[str, ...] | None = None
    groups: tuple[str, ...] | None = None
    name: str | None = None
    budget_fen: int | None = None
    voucher_fen: int | None = None


def issue(unit: Any, wanted: Issue) -> store.Document:
    """Issue a batch, one voucher a person, none to who holds an unbound one; return the batch's document.

    A batch by groups is begun here and given out by a job, in parts. Raises Refusal `region.forbidden`,
    `selection.validity_past`, `selection.person_unknown`, `selection.nobody_to_issue`,
    `selection.over_budget`, `not_found`.
    """
    unit.actor.require_region(wanted.region)
    if wanted.valid_until <= unit.now:
        raise Refusal("selection.validity_past", "valid_until")
    batch = Batch(
        unit.new_id(), wanted.region, wanted.valid_until, unit.now, name=wanted.name,
        class_id=wanted.class_id, groups=wanted.groups, budget_fen=wanted.budget_fen,
        voucher_fen=wanted.voucher_fen,
    )  # fmt: skip
    if wanted.groups is not None:
        if batch.left == 0:
            raise Refusal("selection.over_budget", "budget_fen", people=1, vouchers=0)
        return voucher_store.save_batch(unit, replace(batch, status="issuing"))
    targets = _targets(unit, wanted)
    receivers = [person for person in targets if person.open_voucher is None]
    if not receivers:
        raise Refusal("selection.nobody_to_issue", "class_id" if wanted.class_id else "person_refs")
    if batch.left is not None and len(receivers) > batch.left:
        raise Refusal("selection.over_budget", "budget_fen", people=len(receivers), vouchers=batch.left)
    ids = tuple(_issue_one(unit, batch, person) for person in receivers)
    skipped = tuple(person.ref for person in targets if person.open_voucher is not None)
    batch = replace(batch, voucher_ids=ids, skipped=skipped, given=len(ids), passed_over=len(skipped))
    return voucher_store.save_batch(unit, batch)


def go_on(batch_id: str, unit: Any, limit: int = PART) -> bool:
    """Give a part of a batch by groups out; return whether there is more to do."""
    batch = voucher_store.load_batch(unit, batch_id)
    if batch.status != "issuing":
        return False
    found = voucher_store.people_of(unit, batch, limit) if unit.now < batch.valid_until else []
    for person in found:
        if person.open_voucher is not None:
            batch = replace(batch, passed_over=batch.passed_over + 1)
        elif batch.left == 0:
            batch = replace(batch, short=True)
            break
        else:
            _issue_one(unit, batch, person)
            batch = replace(batch, given=batch.given + 1)
        batch = replace(batch, after=person.ref)
    more = len(found) == limit and not batch.short
    voucher_store.save_batch(unit, batch if more else replace(batch, status="issued"))
    return more


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


def _issue_one(unit: Any, batch: Batch, person: Person) -> str:
    id: str = unit.new_id()
    days = terms.reminder_days(batch.region, today_in_shanghai(unit.now))
    remind_at = vouchers.next_reminder(batch.valid_until, days, unit.now)
    new = Voucher(id, person.ref, batch.id, batch.region, batch.valid_until, unit.now, remind_at=remind_at)
    voucher_store.add_voucher(unit, new)
    store.save_person(unit, replace(person, open_voucher=id))
    return id
