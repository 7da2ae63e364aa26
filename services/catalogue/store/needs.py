"""Needs of parks and the courses offered for them, as they are stored."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any, Final

from pymongo.database import Database

from contracts.events import catalogue_pools as declared
from contracts.registry import Event
from services.catalogue.domain.matching import Fact, Need, Offer, Wish
from services.catalogue.store.narrowing import within
from services.chassis import paging
from services.chassis.calls import Reader
from services.chassis.unit import Unit

NEEDS: Final = "needs"
EVENTS: Final = {each.type: each for each in vars(declared).values() if isinstance(each, Event)}
_OWN: Final = ("owner_ref", "stated_by", "stated_at", "status", "reason", "project_id")


def need_indexes(database: "Database[dict[str, Any]]") -> None:
    """Create the collections (a transaction cannot, when two try at once) and their indexes."""
    for name in sorted({NEEDS} - set(database.list_collection_names())):
        database.create_collection(name)
    database[NEEDS].create_index([("status", 1), ("stated_at", -1), ("_id", -1)], name="status")
    database[NEEDS].create_index([("region", 1), ("stated_at", -1), ("_id", -1)], name="region")
    database[NEEDS].create_index([("owner_ref", 1), ("stated_at", -1), ("_id", -1)], name="owner")


def load_need(source: Unit | Reader, id: str) -> Need | None:
    """Return a need, or None."""
    doc = source.get(NEEDS, id)
    return read_need(doc) if doc else None


def target_need(unit: Unit, id: str) -> Need:
    """Return the need that a command is about. Raises Refusal `not_found` or `stale_version`."""
    return read_need(unit.target(NEEDS, id))


def save_need(unit: Unit, need: Need, facts: list[Fact]) -> dict[str, Any]:
    """Store a need with its facts, and return its document."""
    doc = unit.get(NEEDS, need.id)
    wish = {**asdict(need.wish), "wanted_from": need.wish.wanted_from.isoformat()}
    offers = {
        ref: {**asdict(offer), "starts_on": offer.starts_on.isoformat()} for ref, offer in need.offers.items()
    }
    own = {name: getattr(need, name) for name in _OWN}
    new = {"_id": need.id, **own, "offers": offers}
    new |= {"wish": wish, **{name: wish[name] for name in ("region", "occupation", "headcount")}}
    events = [(EVENTS[type], data) for type, data in facts]
    if doc is None:
        return unit.insert(NEEDS, new, events)
    return unit.save(NEEDS, {**doc, **new}, events)


def read_need(doc: Mapping[str, Any]) -> Need:
    """Return the need in a document."""
    wish = {**doc["wish"], "wanted_from": date.fromisoformat(doc["wish"]["wanted_from"])}
    offers = {
        ref: Offer(**{**offer, "starts_on": date.fromisoformat(offer["starts_on"])})
        for ref, offer in doc["offers"].items()
    }
    own = {name: doc[name] for name in _OWN}
    return Need(id=doc["_id"], wish=Wish(**wish), offers=offers, **own)


def need_page(
    reader: Reader,
    asked: Mapping[str, Any],
    region: str | None,
    statuses: Iterable[str],
    owner: str | None = None,
) -> tuple[list[dict[str, Any]], str | None]:
    """Return a page of documents of needs, newest first. owner: only a body's own."""
    filter: dict[str, Any] = {"status": {"$in": list(statuses)}, **within(asked["region"] or region)}
    if asked["occupation"] is not None:
        filter["occupation"] = asked["occupation"]
    if owner is not None:
        filter["owner_ref"] = owner
    return paging.newest_first(reader, NEEDS, filter, "stated_at", asked)


def counted(reader: Reader, region: str | None, statuses: Iterable[str]) -> dict[str, dict[str, int]]:
    """Return how many needs, of how many people, stand in each of these states."""
    pipeline = [
        {"$match": {"status": {"$in": list(statuses)}, **within(region)}},
        {"$group": {"_id": "$status", "needs": {"$sum": 1}, "headcount": {"$sum": "$headcount"}}},
    ]
    rows = reader.database[NEEDS].aggregate(pipeline)
    return {row.pop("_id"): row for row in rows}
