"""Suspense accounts and their items."""

from typing import Any

from pymongo import ASCENDING, DESCENDING
from pymongo.database import Database

from contracts.events import settlement_suspense as told
from services.chassis.unit import Unit
from services.settlement.domain import suspense as domain
from services.settlement.domain.ledger import Entry, Head
from services.settlement.domain.suspense import Item, Suspense
from services.settlement.store import books
from services.settlement.store.documents import Document, Source, content, plain, renewed, restored

ITEMS = "suspense_items"
_EVENTS = {domain.BOOKED: told.SUSPENSE_BOOKED, domain.SETTLED: told.SUSPENSE_SETTLED}


def suspense_indexes(database: "Database[dict[str, Any]]") -> None:
    """Suspense accounts, and their items by region and by the bank's entry."""
    known = set(database.list_collection_names())
    for name in ("suspense_accounts", ITEMS):
        if name not in known:
            database.create_collection(name)
    database[ITEMS].create_index([("region", ASCENDING), ("proposed.at", DESCENDING)])
    database[ITEMS].create_index([("entry", ASCENDING)])


def account(source: Source, id: str) -> Suspense | None:
    """Return a suspense account or None."""
    doc = source.get("suspense_accounts", id)
    if doc is None:
        return None
    own = {key: value for key, value in content(doc).items() if key != "id"}
    return Suspense(**{**own, "head": Head(**own["head"])})


def accounts(source: Source, region: str) -> list[Suspense]:
    """Return a region's suspense accounts of all years."""
    found = source.find("suspense_accounts", {"region": region}, sort=[("_id", 1)])
    return [each for doc in found if (each := account(source, doc["_id"])) is not None]


def save_account(unit: Unit, changed: Suspense, entry: Entry, item_id: str) -> None:
    """Write an account and the entry that changed it, with its fact."""
    fact = {
        "region": changed.region,
        "item_id": item_id,
        "entry": books.entry_id(entry),
        "amount_fen": entry.amount_fen,
        "hash": entry.hash,
    }
    known = unit.get("suspense_accounts", changed.id)
    doc = renewed(known, {"id": changed.id, **plain(changed)})
    unit.insert("entries", renewed(None, {"id": books.entry_id(entry), **plain(entry)}))
    events = [(told.SUSPENSE_POSTED, fact)]
    if known is None:
        unit.insert("suspense_accounts", doc, events)
    else:
        unit.save("suspense_accounts", doc, events)


def open_item(source: Source, entry: str) -> Document | None:
    """Return the item of a bank's entry that was not refused."""
    filter = {"entry": entry, "status": {"$ne": domain.REFUSED}}
    found = source.find(ITEMS, filter, limit=1)
    return found[0] if found else None


def item_of(doc: Document) -> Item:
    """Return the item in a document."""
    return restored(Item, content(doc))


def save_item(unit: Unit, item: Item, before: str | None = None) -> Document:
    """Write an item, and tell when it is booked or settled. before: the status it had."""
    booked = item.status == domain.BOOKED and before in (None, domain.PROPOSED)
    events = []
    if booked or item.status == domain.SETTLED:
        facts = {"kind": item.kind, "region": item.region, "amount_fen": item.amount_fen}
        events.append((_EVENTS[item.status], facts))
    known = unit.get(ITEMS, item.id)
    doc = renewed(known, plain(item))
    return unit.insert(ITEMS, doc, events) if known is None else unit.save(ITEMS, doc, events)
