"""Support from the province: asked, decided by another hand, and then transferred."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from contracts.events import settlement_books as told
from contracts.vocabularies import regions
from contracts.vocabularies.dates import calendar_year
from services.chassis.calls import Reader
from services.chassis.paging import newest_first
from services.chassis.unit import Unit
from services.policy import rules_for
from services.settlement import transferring, views
from services.settlement.domain import supports, transfers
from services.settlement.domain.supports import Support
from services.settlement.domain.transfers import PROVINCIAL_SUPPORT, Transfer
from services.settlement.store.documents import Document, content, plain, renewed, restored


def ask(unit: Unit, body: Mapping[str, Any]) -> Document:
    """Ask for support of an account in the officer's region.

    Raises Refusal `region.forbidden`, `not_found`, and those of the domain.
    """
    giver, taker = (transfers.key_of(body[name], name) for name in ("from_account", "to_account"))
    unit.actor.require_region(taker.region)
    supports.check_support(giver, taker, calendar_year(unit.now))
    names = ("from_account", "to_account", "amount_fen", "document", "months_of_benefits", "reason")
    made = Support(
        id=unit.new_id(),
        fund=giver.fund,
        year=giver.year,
        from_region=giver.region,
        to_region=taker.region,
        asked_by=unit.actor.account,
        asked_at=unit.now,
        **{name: body[name] for name in names},
    )
    return unit.insert("supports", renewed(None, plain(made)), [(told.SUPPORT_ASKED, _facts(made))])


def decide(unit: Unit, body: Mapping[str, Any]) -> Document:
    """Grant, which makes the transfer, or refuse.

    Raises Refusal `region.forbidden` unless the officer's region covers the province's account, `not_found`,
    and those of the domain: then it stays asked.
    """
    doc = unit.target("supports", body["support_id"])
    known = _support_of(doc)
    unit.actor.require_region(known.from_region)
    after = supports.decided(known, body["outcome"], unit.actor.account, body["reason"], unit.now)
    if after.status == supports.GRANTED:
        giver, taker = (transfers.key_of(id, "support_id") for id in (known.from_account, known.to_account))
        supports.check_support(giver, taker, calendar_year(unit.now))
        after = replace(after, transfer_id=unit.new_id())
        transferring.move(unit, _transfer(after))
    event = told.SUPPORT_GRANTED if after.status == supports.GRANTED else told.SUPPORT_REFUSED
    facts = _facts(after) | {"reason": body["reason"]}
    return unit.save("supports", renewed(doc, plain(after)), [(event, facts)])


def shown(doc: Document) -> dict[str, Any]:
    """Return a request's document as it is answered, with what a text says of its months."""
    found = _support_of(doc)
    return {**vars(found), "version": doc["version"], "watched": _watched(found)}


def listed(reader: Reader, body: Mapping[str, Any]) -> dict[str, Any]:
    """List requests from or to accounts of the officer's region, newest first."""
    mine = {"$in": views.regions_of(reader.actor)}
    filter: dict[str, Any] = {"$or": [{"from_region": mine}, {"to_region": mine}]}
    filter |= {"status": body["status"]} if body["status"] is not None else {}
    found, following = newest_first(reader, "supports", filter, "asked_at", body)
    return {"items": [shown(doc) for doc in found], "next": following}


def _watched(support: Support) -> dict[str, Any] | None:
    try:
        rules = rules_for(regions.province_of(support.to_region))
    except LookupError:
        return None
    reason = supports.watched(support, rules)
    names = ("outcome", "fact", "document", "clause", "zh", "en")
    return None if reason is None else {name: getattr(reason, name) for name in names}


def _support_of(doc: Document) -> Support:
    return restored(Support, content(doc))


def _facts(support: Support) -> dict[str, Any]:
    return {name: getattr(support, name) for name in ("from_account", "to_account", "amount_fen", "document")}


def _transfer(support: Support) -> Transfer:
    return Transfer(
        id=support.transfer_id or "",
        kind=PROVINCIAL_SUPPORT,
        fund=support.fund,
        year=support.year,
        from_account=support.from_account,
        to_account=support.to_account,
        from_region=support.from_region,
        to_region=support.to_region,
        amount_fen=support.amount_fen,
        document=support.document,
        by=support.decided_by or "",
        reason=support.decision_reason or "",
        at=support.decided_at or support.asked_at,
    )
