"""What debtors paid in, as the bank's statement shows it: matched to the recovery that it is for.

A credit that names a recovery is booked by itself; the others wait for a finance officer, who names the
bank's entry when recording the receipt.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

import structlog

from contracts.vocabularies import roles
from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from services.chassis.calls import Reader
from services.chassis.outside_bank import PAYER
from services.chassis.unit import Unit
from services.settlement import settling, suspending, views
from services.settlement.bank_files.things import Booking
from services.settlement.domain import recovery
from services.settlement.domain.payments import PaymentLine
from services.settlement.domain.recovery import Movement, Recovery
from services.settlement.store import bookings, books
from services.settlement.store import recoveries as store
from services.settlement.store.documents import Document, day

ACCOUNT_REGION: Final = PAYER[:6]
_REASON: Final = "银行对账单入账"
_SENT_BACK: Final = "银行退票入账"
_log = structlog.get_logger(__name__)


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


def take_back(unit: Unit, demanded: Sequence[Recovery], line: PaymentLine) -> bool:
    """Book a payment that came back as received of the payee who was to give it back; say whether it was.

    It is the receipt of the bank's entry, so nothing is booked before the statement has that. What came back
    beyond what is outstanding is held for the payee in the suspense account.
    """
    kept, today = bookings.sent_back(unit, line.instruction), today_in_shanghai(unit.now)
    if kept is None:
        return False
    entry, on = str(kept["_id"]), date.fromisoformat(kept["booked_on"])
    recorded = store.receipt(unit, entry)
    if recorded is not None and recorded.says(line.amount_fen, on):
        bookings.mark_received(unit, kept, recorded.recovery_id)
        return True
    if recorded is not None or on > today:
        _log.error("what came back is recorded otherwise; an officer sees to it", payment=line.id)
        return False
    owed = sum(each.outstanding_fen for each in demanded if each.status == recovery.ORDERED)
    parts = recovery.shared_out(demanded, min(owed, line.amount_fen))
    held = (
        suspending.hold(unit, kept, line.amount_fen - owed, demanded[0].id)
        if owed < line.amount_fen
        else None
    )
    of = parts[0][0].id if parts else None
    if held is not None:
        bookings.mark_suspense(unit, kept, held, of)
    elif of is not None:
        bookings.mark_received(unit, kept, of)
    if of is None:
        return True
    by = unit.actor.account
    whole = Movement(recovery.RECEIPT, line.amount_fen, by, unit.now, on, _SENT_BACK, entry)
    store.put_receipt(unit, of, whole)
    for known, fen in parts:
        movement = replace(whole, amount_fen=fen)
        settling.settle(unit, recovery.moved(known, movement, today), movement)
    return True


def claim_entry(unit: Unit, known: Recovery, receipt: Movement) -> None:
    """Match the statement's entry that a receipt recorded by hand names, where there is one.

    Raises Refusal `settlement.receipt_differs` when the bank booked another amount or day, and
    `settlement.receipt_replayed` for one that is matched, or a return whose payment is ordered again by it.
    """
    reference = receipt.reference or ""
    doc = bookings.money_in(unit, reference)
    if doc is None:
        return
    taken = doc.get("recovery_id") or doc.get("suspense_id")
    if taken or (doc["kind"] == "return" and not _keeps_paid(unit, known, doc)):
        raise Refusal("settlement.receipt_replayed", field="bank_reference", reference=reference)
    if (doc["amount_fen"], day(doc["booked_on"])) != (receipt.amount_fen, receipt.day):
        raise _differs(reference, doc["amount_fen"], doc["booked_on"])
    bookings.mark_received(unit, doc, known.id)


def claim_recorded(unit: Unit, known: Recovery, recorded_as: str, receipt: Movement) -> None:
    """Match the statement's entry to a receipt that was recorded under another reference; nothing is booked.

    Raises Refusal `not_found`, `settlement.receipt_replayed` or `settlement.receipt_differs`.
    """
    entry, recorded = receipt.reference or "", store.receipt(unit, recorded_as)
    if recorded is None or recorded.recovery_id != known.id:
        raise Refusal("not_found", what=f"receipt/{recorded_as}")
    if bookings.money_in(unit, entry) is None:
        raise Refusal("not_found", what=f"credit/{entry}")
    held = bookings.money_in(unit, recorded.booking)
    if held is not None and held.get("recovery_id"):
        raise Refusal("settlement.receipt_replayed", field="recorded_as", reference=recorded_as)
    claim_entry(unit, known, receipt)
    if not recorded.says(receipt.amount_fen, receipt.day):
        raise _differs(entry, receipt.amount_fen, receipt.day.isoformat())
    store.match_receipt(unit, recorded_as, receipt)


def let_go(unit: Unit, reference: str) -> None:
    """Have the statement's entry of a receipt that is taken back wait for an officer again.

    Raises Refusal `settlement.receipt_of_bank` for what the bank's own booking says: a payment that came
    back, or what is of the suspense account.
    """
    doc = bookings.money_in(unit, reference)
    if doc is None or not doc.get("recovery_id"):
        return
    if doc["kind"] == "return" or doc.get("suspense_id"):
        raise Refusal("settlement.receipt_of_bank", field="bank_reference", reference=reference)
    bookings.mark_received(unit, doc, None)


def listed(reader: Reader, body: Mapping[str, Any]) -> dict[str, Any]:
    """List credits of the account, latest first; for one that waits, the recoveries that it may be of.

    Raises Refusal `region.forbidden` unless the officer's region covers the account holder's.
    """
    reader.actor.require_region(ACCOUNT_REGION)
    found, following = bookings.credits(reader, body["matched"], body["cursor"], body["limit"])
    mine = views.regions_of(reader.actor)
    return {"items": [_shown(reader, doc, mine) for doc in found], "next": following}


def _differs(reference: str, amount_fen: int, on: str) -> Refusal:
    facts = {"reference": reference, "amount_fen": amount_fen, "day": on}
    return Refusal("settlement.receipt_differs", field="bank_reference", **facts)


def _keeps_paid(unit: Unit, known: Recovery, doc: Document) -> bool:
    """Say whether a return is of a payment that stays paid, made to whom this recovery is of."""
    line = books.payment(unit, doc["line_id"])
    if line is None or line.status != "paid" or line.instruction != doc["instruction_id"]:
        return False
    payee = (known.claim_id, known.payee_kind, known.payee_ref)
    return (line.claim_id, line.payee_kind, line.payee_ref) == payee


def _shown(reader: Reader, doc: Document, regions: list[str]) -> dict[str, Any]:
    matched, held = doc.get("recovery_id"), doc.get("suspense_id")
    return {
        "id": doc["_id"],
        "amount_fen": doc["amount_fen"],
        "booked_on": day(doc["booked_on"]),
        "recovery_id": matched,
        "suspense_id": held,
        "candidates": []
        if matched or held
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
    by_hand = {(each.amount_fen, each.day) for each in known.receipts}
    return (booking.amount_fen, booking.day) not in by_hand
