"""What the bank states as its balance, and what of bookings and ledger stands between it and the books."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from services.chassis.unit import Unit
from services.settlement.bank_files.things import Statement
from services.settlement.domain import ledger
from services.settlement.domain.bank_balance import Stated
from services.settlement.store.documents import Document, Source
from services.settlement.store.snapshot import Snapshot

_ID = "balance"
# a payment lessens the bank's balance, what was received raises it; an offset does both
_MOVES = {ledger.PAID: -1, ledger.RECOVERED: -1, ledger.SUSPENSE_BANK: 1}


def stated(source: Source) -> Stated | None:
    """Return the last balance that was read, None before the first statement."""
    doc = source.get("bank_days", _ID)
    return Stated(doc["base_fen"], date.fromisoformat(doc["day"]), doc["closing_fen"]) if doc else None


def keep(unit: Unit, statement: Statement) -> None:
    """Keep the balance of a statement's last page, unless a later day's is kept; before its bookings are."""
    known, read = unit.get("bank_days", _ID), _closing(statement)
    if known is None:
        if statement.page == 1:
            unit.insert("bank_days", {"_id": _ID, "base_fen": _base(unit, statement), **read})
    elif statement.last_page and read["day"] >= known["day"] and {**known, **read} != known:
        unit.save("bank_days", {**known, **read})


def booked(source: Snapshot) -> int:
    """Return the sum of all bookings that were read, in fen."""
    found = source.total("bank_lines", [{"$group": {"_id": None, "fen": {"$sum": "$amount_fen"}}}])
    return next((int(doc["fen"]) for doc in found), 0)


def moved(source: Snapshot) -> int:
    """Return by how much the ledger says that the balance moved, in fen."""
    pipeline: list[dict[str, Any]] = [
        {"$unwind": "$postings"},
        {"$match": {"postings.account": {"$in": sorted(_MOVES)}}},
        {"$group": {"_id": "$postings.account", "fen": {"$sum": "$postings.amount_fen"}}},
    ]
    return sum(_MOVES[doc["_id"]] * int(doc["fen"]) for doc in source.total("entries", pipeline))


def unlike_lines(source: Snapshot, limit: int) -> list[tuple[str, int]]:
    """Return the payment lines of which bank and ledger differ, and what the bank has more, in fen."""
    paid: list[dict[str, Any]] = [
        {"$unwind": "$postings"},
        {"$match": {"postings.account": ledger.PAID}},
        {
            "$project": {
                "line_id": {"$ifNull": ["$postings.payment_id", "$payment_id"]},
                "amount_fen": "$postings.amount_fen",
            }
        },
        {"$match": {"line_id": {"$ne": None}}},
    ]
    pipeline = [
        {"$match": {"stranger": False, "recovery_id": None, "suspense_id": None}},
        {"$project": {"line_id": 1, "amount_fen": 1}},
        {"$unionWith": {"coll": "entries", "pipeline": paid}},
        {"$group": {"_id": "$line_id", "fen": {"$sum": "$amount_fen"}}},
        {"$match": {"fen": {"$ne": 0}}},
        {"$sort": {"_id": 1}},
        {"$limit": limit},
    ]
    return [(doc["_id"], int(doc["fen"])) for doc in source.total("bank_lines", pipeline)]


def unmatched_receipts(source: Snapshot, limit: int) -> list[tuple[str, int]]:
    """Return the recorded receipts that no booking of the bank was matched to, in fen."""
    pipeline: list[dict[str, Any]] = [
        {"$match": {"reversed": None}},
        {"$set": {"booking": {"$ifNull": ["$entry", "$_id"]}}},
        {"$lookup": {"from": "bank_lines", "localField": "booking", "foreignField": "_id", "as": "bank"}},
        {"$match": {"bank": {"$not": {"$elemMatch": {"recovery_id": {"$ne": None}}}}}},
        {"$sort": {"_id": 1}},
        {"$limit": limit},
    ]
    return [(doc["_id"], doc["amount_fen"]) for doc in source.total("recovery_receipts", pipeline)]


def strangers(source: Snapshot, limit: int) -> Iterator[tuple[str, int]]:
    """Go through the bookings that are in no books, with their amounts in fen."""
    free: Document = {"stranger": True, "recovery_id": None, "suspense_id": None}
    found = source.find("bank_lines", free, [("booked_on", 1), ("_id", 1)], limit)
    return ((doc["_id"], doc["amount_fen"]) for doc in found)


def _closing(statement: Statement) -> Document:
    return {"day": statement.last.isoformat(), "closing_fen": statement.closing_fen}


def _base(unit: Unit, statement: Statement) -> int:
    """Return the balance before all bookings: those of before balances were kept count as well."""
    before = unit.find("bank_lines", {"booked_on": {"$lt": statement.first.isoformat()}})
    return statement.opening_fen - sum(doc["amount_fen"] for doc in before)
