"""Payment batches, and what was imported from the bank."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from pymongo import ASCENDING, DESCENDING
from pymongo.database import Database

from contracts.events import settlement_bank as told
from contracts.registry import Event
from services.chassis.unit import Unit
from services.settlement.domain.batches import Batch
from services.settlement.domain.payments import TO_SEND, PaymentLine, line_of
from services.settlement.store import books
from services.settlement.store.documents import Document, Source, content, plain, renewed

BATCHES = "batches"
BANK_FILES = "bank_files"
EVENTS: dict[str, Event] = {
    "built": told.BATCH_BUILT,
    "sent": told.BATCH_SENT,
    "settled": told.BATCH_SETTLED,
    "released": told.BATCH_RELEASED,
    "disclosed": told.BATCH_DISCLOSED,
}


def batch_indexes(database: "Database[dict[str, Any]]") -> None:
    """Create the collections of batches and bank files with their indexes."""
    known = set(database.list_collection_names())
    for name in (BATCHES, BANK_FILES):
        if name not in known:
            database.create_collection(name)
    database[BATCHES].create_index([("status", ASCENDING), ("built_at", ASCENDING)])
    database[BATCHES].create_index([("region", ASCENDING), ("built_at", DESCENDING)])
    database[BANK_FILES].create_index([("name", ASCENDING)], unique=True)
    database[BANK_FILES].create_index([("kind", ASCENDING), ("last", DESCENDING)])
    database["payments"].create_index([("batch_id", ASCENDING), ("status", ASCENDING)])


def load(source: Source, id: str) -> Batch | None:
    """Return a batch or None."""
    doc = source.get(BATCHES, id)
    return batch_of(doc) if doc else None


def need(source: Source, id: str) -> Batch:
    """Return a batch that must be there. Raises LookupError."""
    batch = load(source, id)
    if batch is None:
        raise LookupError(f"batch {id} is gone")
    return batch


def batch_of(doc: Document) -> Batch:
    """Return the batch in a document."""
    own = content(doc)
    return Batch(**{**own, "instructions": tuple(own["instructions"])})


def save(unit: Unit, batch: Batch, events: Sequence[tuple[str, Mapping[str, Any]]] = ()) -> Document:
    """Write a batch with its facts and return its document."""
    pairs = [(EVENTS[name], data) for name, data in events]
    known = unit.get(BATCHES, batch.id)
    doc = renewed(known, plain(batch))
    return unit.insert(BATCHES, doc, pairs) if known is None else unit.save(BATCHES, doc, pairs)


def due(source: Source, status: str, now: datetime, limit: int) -> list[Batch]:
    """Return batches in a status whose time has come, those that had no turn for longest first."""
    filter = {"status": status, "$or": [{"retry_at": None}, {"retry_at": {"$lte": now}}]}
    order = [("looked_at", 1), ("built_at", 1), ("_id", 1)]
    return [batch_of(doc) for doc in source.find(BATCHES, filter, sort=order, limit=limit)]


def had_a_turn(unit: Unit, ids: Iterable[str]) -> None:
    """Keep that batches had their turn."""
    for id in ids:
        save(unit, replace(need(unit, id), looked_at=unit.now))


def target(unit: Unit, id: str) -> Batch:
    """Return the batch that a command is about. Raises Refusal `not_found` or `stale_version`."""
    return batch_of(unit.target(BATCHES, id))


def first_built(source: Source) -> datetime | None:
    """Return when the first batch of all was built."""
    found = source.find(BATCHES, {}, sort=[("built_at", 1)], limit=1)
    return found[0]["built_at"] if found else None


def imported(source: Source, sha256: str, name: str) -> Document | None:
    """Return the imported file that has this hash or this name, or None."""
    same = source.get(BANK_FILES, sha256)
    return same or next(iter(source.find(BANK_FILES, {"name": name}, limit=1)), None)


def add_import(unit: Unit, doc: Document) -> Document:
    """Keep that a file was imported."""
    facts = {"kind": doc["kind"], "by": doc["imported_by"], "sha256": doc["_id"], "lines": doc["lines"]}
    return unit.insert(BANK_FILES, plain(doc), [(told.BANK_FILE_IMPORTED, facts)])


def last_statement(source: Source, account: str) -> Document | None:
    """Return the imported statement of an account that reaches furthest."""
    filter = {"kind": "statement", "account": account}
    return next(iter(source.find(BANK_FILES, filter, sort=[("last", -1)], limit=1)), None)


def waiting(source: Source, now: datetime, limit: int, fund_account: str | None = None) -> list[PaymentLine]:
    """Return lines that wait for a batch, the oldest claims' first."""
    filter: dict[str, Any] = {"batch_id": None, "status": {"$in": list(TO_SEND)}}
    filter["$or"] = [{"waits_until": None}, {"waits_until": {"$lte": now}}]
    filter |= {"fund_account": fund_account} if fund_account else {}
    return [books.payment_of(doc) for doc in source.find("payments", filter, sort=[("_id", 1)], limit=limit)]


def settled_since(source: Source, moment: datetime | None) -> bool:
    """Say whether the bank has told what became of a payment line since a moment."""
    return bool(source.find("payments", {"settled_at": {"$gte": moment}}, limit=1))


def lines(source: Source, instructions: Iterable[str]) -> dict[str, PaymentLine]:
    """Return the lines of these instructions by their id, in their present state."""
    ids = sorted({line_of(each) for each in instructions})
    return {doc["_id"]: books.payment_of(doc) for doc in source.find("payments", {"_id": {"$in": ids}})}
