"""Recoveries, the bank receipts that were recorded for them, and sanctions."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from contracts.events import settlement as told
from contracts.registry import Event
from services.chassis.unit import Unit
from services.settlement.domain.payments import PaymentLine
from services.settlement.domain.receipts import Recorded
from services.settlement.domain.recovery import Movement, Recovery
from services.settlement.domain.sanctions import Sanction
from services.settlement.store import books
from services.settlement.store.documents import (
    BOOKKEEPING,
    Document,
    Source,
    content,
    plain,
    renewed,
    restored,
)

_MOVED: Mapping[str, Event] = {
    "receipt": told.RECOVERY_RECEIVED,
    "offset": told.RECOVERY_OFFSET,
    "write_off": told.RECOVERY_WRITTEN_OFF,
    "reversal": told.RECOVERY_CORRECTED,
}


def target(unit: Unit, id: str) -> Recovery:
    """Return the recovery that a command is about. Raises Refusal `not_found` or `stale_version`."""
    return recovery_of(unit.target("recoveries", id))


def load(source: Source, id: str) -> Recovery | None:
    """Return a recovery or None."""
    doc = source.get("recoveries", id)
    return recovery_of(doc) if doc else None


def recovery_of(doc: Document) -> Recovery:
    """Return the recovery in a document."""
    return restored(Recovery, content(doc))


def of_claim(source: Source, claim_id: str) -> list[Recovery]:
    """Return the recoveries of a claim, in the order of their ids."""
    return [recovery_of(doc) for doc in source.find("recoveries", {"claim_id": claim_id}, sort=[("_id", 1)])]


def debts_of(source: Source, payee_refs: Iterable[str], fund: str, region: str) -> list[Recovery]:
    """Return what payees still owe to a fund of a region."""
    filter = {"payee_ref": {"$in": sorted(set(payee_refs))}, "status": "ordered"}
    found = source.find("recoveries", {**filter, "fund": fund, "region": region}, sort=[("_id", 1)])
    return [recovery_of(doc) for doc in found]


def stopped_lines(source: Source, claim_id: str) -> list[PaymentLine]:
    """Return the payment lines of a claim that were stopped."""
    found = source.find("payments", {"claim_id": claim_id, "status": "stopped"}, sort=[("_id", 1)])
    return [books.payment_of(doc) for doc in found]


def insert(unit: Unit, recovery: Recovery) -> Document:
    """Write an order to recover."""
    names = ("claim_id", "payee_ref", "ground", "clause", "amount_fen")
    facts = {name: getattr(recovery, name) for name in names}
    return unit.insert("recoveries", renewed(None, plain(recovery)), [(told.RECOVERY_ORDERED, facts)])


def save_plan(unit: Unit, recovery: Recovery) -> Document:
    """Write an instalment plan."""
    facts = {"instalments": len(recovery.plan), "last_due": recovery.plan[-1].due}
    return _save(unit, recovery, [(told.RECOVERY_PLANNED, facts)])


def save_movement(unit: Unit, recovery: Recovery, movement: Movement) -> Document:
    """Write the recovery after a movement."""
    facts = {
        "claim_id": recovery.claim_id,
        "payee_ref": recovery.payee_ref,
        "amount_fen": movement.amount_fen,
        "outstanding_fen": recovery.outstanding_fen,
    }
    return _save(unit, recovery, [(_MOVED[movement.kind], facts)])


def receipt(source: Source, bank_reference: str) -> Recorded | None:
    """Return the receipt that was recorded under a bank's reference."""
    doc = source.get("recovery_receipts", bank_reference)
    return receipt_of(doc) if doc else None


def receipt_of(doc: Document) -> Recorded:
    """Return the receipt in a document."""
    return restored(Recorded, {"reference": doc["_id"], **doc})


def receipts_of_account(source: Source, account_id: str) -> list[Recorded]:
    """Return the receipts of the recoveries of what a fund account paid, in the order of their references."""
    ids = [doc["_id"] for doc in source.find("recoveries", {"fund_account": account_id})]
    standing = {"recovery_id": {"$in": ids}, "reversed": None}
    found = source.find("recovery_receipts", standing, sort=[("_id", 1)]) if ids else []
    return [receipt_of(doc) for doc in found]


def candidates(source: Source, regions: Sequence[str], amount_fen: int, named: str | None) -> list[str]:
    """Return up to ten open recoveries of these regions that a credit may be of: named in it, or of this
    amount, whole or as an instalment.
    """
    fits: list[dict[str, Any]] = [{"amount_fen": amount_fen}, {"plan.amount_fen": amount_fen}]
    if named is not None:
        fits.append({"_id": named})
    open = {"status": "ordered", "region": {"$in": list(regions)}, "$or": fits}
    found = [doc["_id"] for doc in source.find("recoveries", open, [("ordered_at", 1), ("_id", 1)], limit=10)]
    return sorted(found, key=lambda id: id != named)


def put_receipt(unit: Unit, recovery_id: str, movement: Movement) -> None:
    """Take the row of a bank's reference, so that the receipt is recorded once."""
    doc = {"_id": movement.reference, "recovery_id": recovery_id, "amount_fen": movement.amount_fen}
    unit.insert("recovery_receipts", {**doc, "day": movement.day.isoformat(), "at": movement.at})


def match_receipt(unit: Unit, recorded_as: str, found: Movement) -> None:
    """Keep which booking at the bank a receipt turned out to be, and who said so."""
    doc = unit.get("recovery_receipts", recorded_as) or {}
    said = {"matched_by": found.by, "matched_at": found.at, "match_reason": found.reason}
    unit.save("recovery_receipts", {**doc, "entry": found.reference, **said})


def reverse_receipt(unit: Unit, reference: str, movement: Movement) -> None:
    """Give a bank's reference free; the receipt is kept beside it with who took it back and why."""
    doc = unit.get("recovery_receipts", reference)
    if doc is None:
        return
    said = {"reference": reference, "by": movement.by, "at": movement.at, "reason": movement.reason}
    kept = {name: value for name, value in doc.items() if name not in BOOKKEEPING}
    unit.delete("recovery_receipts", reference)
    unit.insert(
        "recovery_receipts", {**kept, "_id": f"{reference}:reversed:{unit.new_id()}", "reversed": said}
    )


def sanction_of(doc: Document) -> Sanction:
    """Return the sanction in a document."""
    return restored(Sanction, content(doc))


def sanctions_of(source: Source, body_ref: str) -> list[Sanction]:
    """Return the sanctions of a body, in the order of their ids."""
    found = source.find("sanctions", {"body_ref": body_ref}, sort=[("_id", 1)])
    return [sanction_of(doc) for doc in found]


def insert_sanction(unit: Unit, sanction: Sanction) -> Document:
    """Write a sanction and tell it."""
    names = ("body_ref", "region", "ground", "clause", "measure", "until", "claim_id", "reason")
    facts = {name: getattr(sanction, name) for name in names}
    return unit.insert("sanctions", renewed(None, plain(sanction)), [(told.SANCTION_RECORDED, facts)])


def lift_sanction(unit: Unit, sanction: Sanction) -> Document:
    """Write that a sanction was lifted and tell it."""
    facts = {name: getattr(sanction, name) for name in ("body_ref", "region", "measure")}
    told_now = [(told.SANCTION_LIFTED, {**facts, "reason": sanction.lift_reason})]
    known = unit.get("sanctions", sanction.id)
    return unit.save("sanctions", renewed(known, plain(sanction)), told_now)


def _save(unit: Unit, recovery: Recovery, events: Sequence[tuple[Event, Mapping[str, Any]]]) -> Document:
    known = unit.get("recoveries", recovery.id)
    return unit.save("recoveries", renewed(known, plain(recovery)), events)
