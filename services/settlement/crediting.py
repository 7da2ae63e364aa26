"""What debtors paid in, as the bank's statement shows it: matched to the recovery that it is for.

A credit that names a recovery is booked by itself; the others wait for a finance officer, who names the
bank's entry when recording the receipt.
"""

from collections.abc import Mapping
from typing import Any, Final

from contracts.vocabularies import roles
from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from services.chassis.calls import Reader
from services.chassis.outside_bank import PAYER
from services.chassis.unit import Unit
from services.settlement import settling, views
from services.settlement.bank_files.things import Booking
from services.settlement.domain import recovery
from services.settlement.domain.recovery import Movement, Recovery
from services.settlement.store import bookings
from services.settlement.store import recoveries as store
from services.settlement.store.documents import Document, day

ACCOUNT_REGION: Final = PAYER[:6]
_REASON: Final = "银行对账单入账"


def match(unit: Unit, booking: Booking) -> str | None:
    """Book a new credit that names an open recovery; return the recovery that the entry is of, or None.

    What is more than is outstanding, of another officer's region, or looks like a receipt that was recorded
    by hand, waits for an officer; so does what was recorded under its reference with another amount or day.
    """
    if booking.kind != "other" or booking.amount_fen <= 0:
        return None
    recorded = store.receipt(unit, booking.entry)
    if recorded is not None:
        return recorded.recovery_id if recorded.says(booking.amount_fen, booking.day) else None
    known = store.load(unit, booking.about) if booking.about is not None else None
    if known is None or not _fits(unit, known, booking):
        return None
    by, today = unit.actor.account, today_in_shanghai(unit.now)
    movement = Movement(
        recovery.RECEIPT, booking.amount_fen, by, unit.now, booking.day, _REASON, booking.entry
    )
    after = recovery.moved(known, movement, today)
    store.put_receipt(unit, known.id, movement)
    settling.settle(unit, after, movement)
    return known.id


def claim_entry(unit: Unit, recovery_id: str, receipt: Movement) -> None:
    """Match the statement's entry that a receipt recorded by hand names, where there is one.

    Raises Refusal `settlement.receipt_differs` when the bank booked another amount or day.
    """
    reference = receipt.reference or ""
    doc = bookings.credit(unit, reference)
    if doc is None:
        return
    if (doc["amount_fen"], day(doc["booked_on"])) != (receipt.amount_fen, receipt.day):
        raise Refusal(
            "settlement.receipt_differs",
            field="bank_reference",
            reference=reference,
            amount_fen=doc["amount_fen"],
            day=doc["booked_on"],
        )
    bookings.mark_credit(unit, doc, recovery_id)


def listed(reader: Reader, body: Mapping[str, Any]) -> dict[str, Any]:
    """List credits of the account, latest first; for one that waits, the recoveries that it may be of.

    Raises Refusal `region.forbidden` unless the officer's region covers the account holder's.
    """
    reader.actor.require_region(ACCOUNT_REGION)
    found, following = bookings.credits(reader, body["matched"], body["cursor"], body["limit"])
    mine = views.regions_of(reader.actor)
    return {"items": [_shown(reader, doc, mine) for doc in found], "next": following}


def _shown(reader: Reader, doc: Document, regions: list[str]) -> dict[str, Any]:
    matched = doc.get("recovery_id")
    return {
        "id": doc["_id"],
        "amount_fen": doc["amount_fen"],
        "booked_on": day(doc["booked_on"]),
        "recovery_id": matched,
        "candidates": []
        if matched
        else store.candidates(reader, regions, doc["amount_fen"], doc.get("about")),
    }


def _fits(unit: Unit, known: Recovery, booking: Booking) -> bool:
    if known.status != recovery.ORDERED or booking.amount_fen > known.outstanding_fen:
        return False
    if booking.day > today_in_shanghai(unit.now):
        return False
    officer = bool(unit.actor.roles & roles.OFFICERS)
    if officer and known.region not in views.regions_of(unit.actor):
        return False
    by_hand = {(each.amount_fen, each.day) for each in known.movements if each.kind == recovery.RECEIPT}
    return (booking.amount_fen, booking.day) not in by_hand
