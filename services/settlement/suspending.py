"""The suspense account (暂收暂付): bookings at the bank that are no fund's, each by two hands."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from contracts.vocabularies.dates import calendar_year, today_in_shanghai
from contracts.vocabularies.errors import Refusal
from services.chassis.calls import Reader
from services.chassis.outside_bank import PAYER
from services.chassis.paging import newest_first
from services.chassis.unit import Unit
from services.settlement import reviewing, settling, views
from services.settlement.domain import funds, recovery, review, suspense
from services.settlement.domain.ledger import Cause
from services.settlement.domain.recovery import Movement, Recovery
from services.settlement.domain.suspense import Hand, Item
from services.settlement.store import bookings, periods
from services.settlement.store import claims as claim_store
from services.settlement.store import recoveries as recovery_store
from services.settlement.store import suspense as store
from services.settlement.store.documents import Document

_REGION = PAYER[:6]
_CAME_BACK = "退票超过应退金额，暂收"


def hold(unit: Unit, line: Document, amount_fen: int, recovery_id: str) -> str:
    """Book a part of a bank's booking as held for the payee of a recovery; return the item's id.

    Nobody has to propose it: the bank's booking and what is owed say it.
    """
    hand = Hand(unit.actor.account, unit.now, _CAME_BACK)
    on = date.fromisoformat(line["booked_on"])
    made = Item(
        id=unit.new_id(),
        kind=suspense.RECEIPT,
        region=_REGION,
        entry=line["_id"],
        amount_fen=amount_fen,
        booked_on=on,
        proposed=hand,
        status=suspense.BOOKED,
        recovery_id=recovery_id,
        account_id=_account_id(unit),
    )
    _book(unit, made, _CAME_BACK)
    store.save_item(unit, made)
    return made.id


def propose(unit: Unit, body: Mapping[str, Any]) -> dict[str, Any]:
    """Propose what a booking of the bank is: money held for others, or a fee.

    Raises Refusal `region.forbidden`, `not_found` for a booking that is not there or is booked already, or
    `settlement.suspense_known`.
    """
    unit.actor.require_region(_REGION)
    line = _free(unit, body["entry"], "entry")
    known = store.open_item(unit, body["entry"])
    if known is not None:
        raise Refusal("settlement.suspense_known", field="entry", item=known["_id"])
    made = Item(
        id=unit.new_id(),
        kind=suspense.RECEIPT if line["amount_fen"] > 0 else suspense.FEE,
        region=_REGION,
        entry=line["_id"],
        amount_fen=abs(line["amount_fen"]),
        booked_on=date.fromisoformat(line["booked_on"]),
        proposed=Hand(unit.actor.account, unit.now, body["reason"]),
    )
    return shown(store.save_item(unit, made))


def settle(unit: Unit, body: Mapping[str, Any]) -> dict[str, Any]:
    """Propose how an item, or a part of it, is settled: by a booking of the bank, or of a recovery.

    Raises Refusal `region.forbidden`, `not_found` and those of the domain.
    """
    item = _target(unit, body)
    way, about = body["way"], body["about"]
    hand = Hand(unit.actor.account, unit.now, body["reason"])
    if way == suspense.RECOVERED:
        fen = min(item.left_fen, _recovery(unit, about).outstanding_fen)
    else:
        line = _free(unit, about, "about")
        # what gives money back is a debit, what makes a fee good a credit
        fen = line["amount_fen"] if way == suspense.MADE_GOOD else -line["amount_fen"]
    return shown(store.save_item(unit, suspense.settling(item, way, about, fen, hand), item.status))


def decide(unit: Unit, body: Mapping[str, Any]) -> dict[str, Any]:
    """Book what another officer proposed, or refuse it.

    Raises Refusal `region.forbidden`, `not_found` and those of the domain.
    """
    item = _target(unit, body)
    hand = Hand(unit.actor.account, unit.now, body["reason"])
    after = suspense.decided(item, hand, body["agreed"], _account_id(unit))
    if body["agreed"] and item.status == suspense.PROPOSED:
        line = _free(unit, item.entry, "suspense_id")
        bookings.mark_suspense(unit, line, item.id)
        _book(unit, after, body["reason"])
        periods.mark_all_stale(unit, line["booked_on"][:7])
    elif body["agreed"]:
        _clear(unit, after, body["reason"])
    return shown(store.save_item(unit, after, item.status))


def listed(reader: Reader, body: Mapping[str, Any]) -> dict[str, Any]:
    """List the items of the officer's region, newest first."""
    filter: dict[str, Any] = {"region": {"$in": views.regions_of(reader.actor)}}
    filter |= {name: body[name] for name in ("kind", "status") if body[name] is not None}
    found, following = newest_first(reader, store.ITEMS, filter, "proposed.at", body)
    return {"items": [shown(doc) for doc in found], "next": following}


def shown(doc: Document) -> dict[str, Any]:
    """Return an item's document as it is answered."""
    item = store.item_of(doc)
    return {**vars(item), "version": doc["version"], "left_fen": item.left_fen}


def _target(unit: Unit, body: Mapping[str, Any]) -> Item:
    item = store.item_of(unit.target(store.ITEMS, body["suspense_id"]))
    unit.actor.require_region(item.region)
    return item


def _free(unit: Unit, entry: str, field: str) -> Document:
    line = bookings.unclaimed(unit, entry)
    if line is None:
        raise Refusal("not_found", field=field, what=f"bank entry/{entry}")
    return line


def _recovery(unit: Unit, id: str) -> Recovery:
    known = recovery_store.load(unit, id)
    if known is None:
        raise Refusal("not_found", field="about", what=f"recovery/{id}")
    unit.actor.require_region(known.region)
    claim = claim_store.load(unit, known.claim_id)
    if claim is None:
        raise LookupError(f"claim {known.claim_id} of recovery {id} is gone")
    reviewing.keep_to_duty(unit, claim, review.FINANCE)
    return known


def _account_id(unit: Unit) -> str:
    return funds.account_id(suspense.SUSPENSE, _REGION, calendar_year(unit.now))


def _book(unit: Unit, item: Item, reason: str) -> None:
    id = item.account_id or ""
    account = store.account(unit, id) or suspense.opened(item.region, calendar_year(unit.now))
    cause = Cause("hold", unit.actor.account, reason, about=item.id)
    store.save_account(unit, *suspense.book(account, item, unit.now, cause), item.id)


def _clear(unit: Unit, item: Item, reason: str) -> None:
    done = item.settlements[-1]
    account = store.account(unit, item.account_id or "")
    if account is None:
        raise LookupError(f"suspense account {item.account_id} is gone")
    cause = Cause(done.way, unit.actor.account, reason, about=item.id)
    changed = suspense.clear(account, item.kind, done.amount_fen, unit.now, cause)
    store.save_account(unit, *changed, item.id)
    if done.way == suspense.RECOVERED:
        _receive(unit, item, done.about, done.amount_fen, reason)
        return
    line = _free(unit, done.about, "about")
    bookings.mark_suspense(unit, line, item.id)
    periods.mark_all_stale(unit, line["booked_on"][:7])


def _receive(unit: Unit, item: Item, recovery_id: str, amount_fen: int, reason: str) -> None:
    """Book a part of what is held as received of a recovery; the bank's entry is its receipt."""
    known, line = _recovery(unit, recovery_id), bookings.money_in(unit, item.entry)
    if line is None:
        raise LookupError(f"the booking {item.entry} of item {item.id} is gone")
    whole = Movement(
        recovery.RECEIPT, line["amount_fen"], unit.actor.account, unit.now, item.booked_on, reason, item.entry
    )
    if recovery_store.receipt(unit, item.entry) is None:
        recovery_store.put_receipt(unit, known.id, whole)
        bookings.mark_suspense(unit, line, item.id, known.id)
    movement = Movement(
        recovery.RECEIPT, amount_fen, unit.actor.account, unit.now, item.booked_on, reason, item.entry
    )
    settling.settle(unit, recovery.moved(known, movement, today_in_shanghai(unit.now)), movement)
