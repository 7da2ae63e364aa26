"""What the bank has booked on the payer's account, and how far its statement was read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from services.chassis.unit import Unit
from services.settlement.bank_files.things import Booking
from services.settlement.domain.payments import line_of
from services.settlement.store.documents import Document, Source, day

_READ = "read"


@dataclass(frozen=True)
class Position:
    """through: the last day read; first, page: where the reading of the present window goes on."""

    through: date | None = None
    first: date | None = None
    page: int = 1


def position(source: Source) -> Position:
    """Return how far the statement was read."""
    doc = source.get("bank_days", _READ) or {}
    return Position(day(doc.get("through")), day(doc.get("first")), int(doc.get("page", 1)))


def move(unit: Unit, through: date, first: date | None = None, page: int = 1) -> None:
    """Keep how far the statement is read; a day that was read stays so. first: None leaves the window."""
    doc = unit.get("bank_days", _READ)
    known = day(doc["through"]) if doc else None
    new = {"through": max(through, known or through).isoformat()}
    if first is not None:
        new |= {"first": first.isoformat(), "page": page}
    if doc is None:
        unit.insert("bank_days", {"_id": _READ, **new})
    elif {**doc, **new} != doc:
        unit.save("bank_days", {**doc, **new})


def known(source: Source, bookings: Iterable[Booking]) -> dict[str, Document]:
    """Return those that are kept already, by their entry at the bank."""
    entries = [booking.entry for booking in bookings]
    return {doc["_id"]: doc for doc in source.find("bank_lines", {"_id": {"$in": entries}})}


def same(doc: Document, booking: Booking) -> bool:
    """Say whether a kept booking says what this one does."""
    return (doc["instruction_id"], doc["amount_fen"]) == (booking.instruction, booking.amount_fen)


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
