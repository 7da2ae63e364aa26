"""What the bank has booked on the payer's account, and how far its statement was read."""

from collections.abc import Iterable

from services.chassis.unit import Unit
from services.settlement.bank_files.things import Booking
from services.settlement.domain.payments import line_of
from services.settlement.domain.reading import Position
from services.settlement.store.documents import Document, Source, plain, renewed, restored

_READ = "read"


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


def add(unit: Unit, booking: Booking) -> None:
    """Keep a booking."""
    doc = {
        "_id": booking.entry,
        "line_id": line_of(booking.instruction),
        "entry": booking.entry,
        "instruction_id": booking.instruction,
        "kind": booking.kind,
        "amount_fen": booking.amount_fen,
        "booked_on": booking.day.isoformat(),
        "reason": booking.reason,
    }
    unit.insert("bank_lines", doc)
