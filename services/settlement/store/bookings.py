"""What the bank has booked on the payer's account, and how far its statement was read."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from datetime import date
from typing import Any

from pymongo import ASCENDING, DESCENDING
from pymongo.database import Database

from contracts.vocabularies.errors import Refusal
from services.chassis.unit import Unit
from services.settlement.bank_files.things import Booking
from services.settlement.domain.payments import line_of
from services.settlement.domain.reading import Position
from services.settlement.store.documents import Document, Source, plain, renewed, restored

_READ = "read"
_DAY = len("2026-01-01")


def position(source: Source) -> Position:
    """Return how far the statement was read."""
    doc = source.get("bank_days", _READ)
    return restored(Position, doc) if doc else Position()


def move(unit: Unit, after: Position) -> None:
    """Keep how far the statement is read."""
    known = unit.get("bank_days", _READ)
    doc = renewed(known, {"id": _READ, **plain(after)})
    if known is None:
        unit.insert("bank_days", doc)
    elif doc != known:
        unit.save("bank_days", doc)


def known(source: Source, bookings: Iterable[Booking]) -> dict[str, Document]:
    """Return those that are kept already, by their entry at the bank."""
    entries = [booking.entry for booking in bookings]
    return {doc["_id"]: doc for doc in source.find("bank_lines", {"_id": {"$in": entries}})}


def same(doc: Document, booking: Booking) -> bool:
    """Say whether a kept booking says what this one does."""
    return (doc["instruction_id"], doc["amount_fen"]) == (booking.instruction, booking.amount_fen)


def came_back(source: Source, instruction: str) -> bool:
    """Say whether a statement showed that an attempt came back."""
    filter = {"line_id": line_of(instruction), "instruction_id": instruction, "kind": "return"}
    return bool(source.find("bank_lines", filter, limit=1))


def sent_back(source: Source, instruction: str) -> Document | None:
    """Return the booking by which an attempt came back, unless it is booked as something else."""
    filter = {"line_id": line_of(instruction), "instruction_id": instruction, "kind": "return"}
    found = source.find(
        "bank_lines", {**filter, "recovery_id": None, "suspense_id": None}, sort=[("_id", 1)], limit=1
    )
    return found[0] if found else None


def add(unit: Unit, booking: Booking, recovery_id: str | None = None, stranger: bool = False) -> None:
    """Keep a booking. recovery_id: what a credit was matched to; stranger: it is of no payment of ours."""
    doc = {
        "_id": booking.entry,
        "line_id": line_of(booking.instruction),
        "entry": booking.entry,
        "instruction_id": booking.instruction,
        "kind": booking.kind,
        "amount_fen": booking.amount_fen,
        "booked_on": booking.day.isoformat(),
        "reason": booking.reason,
        "about": booking.about,
        "recovery_id": recovery_id,
        "stranger": stranger,
    }
    unit.insert("bank_lines", doc)


def money_in(unit: Unit, entry: str) -> Document | None:
    """Return a credit or the return of a payment, by the bank's entry; None when none is kept."""
    doc = unit.get("bank_lines", entry)
    return doc if doc is not None and doc["amount_fen"] > 0 else None


def mark_received(unit: Unit, doc: Document, recovery_id: str | None) -> None:
    """Keep of what money was received (None: of nothing yet); a return is none of its payment then."""
    unit.save("bank_lines", {**doc, "recovery_id": recovery_id})


def unclaimed(source: Source, entry: str) -> Document | None:
    """Return a booking that is of no payment of ours and is booked as nothing else, by the bank's entry."""
    doc = source.get("bank_lines", entry)
    free = doc is not None and doc["stranger"] and not (doc.get("recovery_id") or doc.get("suspense_id"))
    return doc if free else None


def mark_suspense(unit: Unit, doc: Document, item_id: str, recovery_id: str | None = None) -> None:
    """Keep which item of the suspense account a booking belongs to, and of which recovery a part of it is."""
    known = recovery_id or doc.get("recovery_id")
    unit.save("bank_lines", {**doc, "suspense_id": item_id, "recovery_id": known})


def credits(
    source: Source, matched: bool | None, cursor: str | None, limit: int
) -> tuple[list[Document], str | None]:
    """Return a page of credits, latest first, and the position of the next page.

    Raises Refusal `invalid` for a cursor that is none of ours.
    """
    parts: list[dict[str, Any]] = [{"kind": "other", "amount_fen": {"$gt": 0}}]
    if matched is not None:
        mine = [{"recovery_id": {"$ne": None}}, {"suspense_id": {"$ne": None}}]
        parts.append({"$or" if matched else "$nor": mine})
    if cursor is not None:
        on, entry = _position(cursor)
        parts.append({"$or": [{"booked_on": {"$lt": on}}, {"booked_on": on, "_id": {"$lt": entry}}]})
    found = source.find("bank_lines", {"$and": parts}, [("booked_on", -1), ("_id", -1)], limit + 1)
    shown = found[:limit]
    more = len(found) > len(shown)
    return shown, _cursor(shown[-1]) if more else None


def _cursor(doc: Document) -> str:
    # a bank's entry may have characters that no cursor has
    return f"{doc['booked_on']}{urlsafe_b64encode(doc['_id'].encode()).decode().rstrip('=')}"


def _position(cursor: str) -> tuple[str, str]:
    on, entry = cursor[:_DAY], cursor[_DAY:]
    try:
        return on, urlsafe_b64decode(entry + "=" * (-len(entry) % 4)).decode()
    except ValueError:
        raise Refusal(
            "invalid", field="cursor", reason="不是本接口给出的游标 / not a cursor of this list"
        ) from None


def strangers(source: Source, through: date | None = None) -> list[Document]:
    """Return the bookings up to a day that are of no payment of ours and are booked as nothing else."""
    filter: dict[str, Any] = {"stranger": True, "recovery_id": None, "suspense_id": None}
    if through is not None:
        filter["booked_on"] = {"$lte": through.isoformat()}
    return source.find("bank_lines", filter, sort=[("booked_on", 1), ("_id", 1)])


def mark_strangers(database: "Database[dict[str, Any]]") -> None:
    """Say of each booking whether it is of a payment of ours, and index those that are not."""
    unsaid: list[dict[str, Any]] = [
        {"$match": {"stranger": {"$exists": False}}},
        {"$lookup": {"from": "payments", "localField": "line_id", "foreignField": "_id", "as": "ours"}},
        {"$match": {"ours": []}},
        {"$project": {"_id": 1}},
    ]
    lines = database["bank_lines"]
    for doc in lines.aggregate(unsaid, allowDiskUse=True):
        lines.update_one({"_id": doc["_id"]}, {"$set": {"stranger": True}})
    lines.update_many({"stranger": {"$exists": False}}, {"$set": {"stranger": False}})
    lines.create_index("booked_on", partialFilterExpression={"stranger": True})


def credit_index(database: "Database[dict[str, Any]]") -> None:
    """An index for the list of credits."""
    order = [("kind", ASCENDING), ("booked_on", DESCENDING), ("_id", DESCENDING)]
    database["bank_lines"].create_index(order)
