"""Claims, their calculations, the limit rows they hold and the hands that worked on them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from contracts.events import settlement as told
from contracts.registry import Event
from services.chassis.unit import Unit
from services.policy import Calculation
from services.settlement.domain.claims import Claim
from services.settlement.domain.evidence import Facts
from services.settlement.domain.kinds import FACTS
from services.settlement.domain.limits import PLACE, STAGE, Row
from services.settlement.store.documents import Document, Source, content, plain, renewed, restored

EVENTS: dict[str, Event] = {
    "submitted": told.CLAIM_SUBMITTED,
    "resubmitted": told.CLAIM_RESUBMITTED,
    "accepted": told.CLAIM_ACCEPTED,
    "sent_back": told.CLAIM_SENT_BACK,
    "first_reviewed": told.CLAIM_FIRST_REVIEWED,
    "second_reviewed": told.CLAIM_SECOND_REVIEWED,
    "notice_published": told.CLAIM_NOTICE,
    "funds_requested": told.CLAIM_FUNDS_REQUESTED,
    "finance_reviewed": told.CLAIM_FINANCE_REVIEWED,
    "ordered": told.CLAIM_ORDERED,
    "paid": told.CLAIM_PAID,
    "payment_returned": told.CLAIM_PAYMENT_RETURNED,
    "refused": told.CLAIM_REFUSED,
    "withdrawn": told.CLAIM_WITHDRAWN,
    "suspended": told.CLAIM_SUSPENDED,
    "resumed": told.CLAIM_RESUMED,
    "objection_upheld": told.CLAIM_OBJECTION_UPHELD,
    "decided": told.CLAIM_DECIDED,
    "recovered": told.CLAIM_RECOVERED,
    "file_added": told.CLAIM_FILE_ADDED,
    "file_edited": told.CLAIM_FILE_EDITED,
    "mark_answered": told.CLAIM_MARK_ANSWERED,
}
Told = Sequence[tuple[str, Mapping[str, Any]]]


def target(unit: Unit, claim_id: str) -> Claim:
    """Return the claim that a command is about. Raises Refusal `not_found` or `stale_version`."""
    return claim_of(unit.target("claims", claim_id))


def load(source: Source, claim_id: str) -> Claim | None:
    """Return a claim or None."""
    doc = source.get("claims", claim_id)
    return claim_of(doc) if doc else None


def save(unit: Unit, claim: Claim, events: Told) -> Document:
    """Write a claim with its facts and return its document, version included."""
    pairs = [(EVENTS[name], data) for name, data in events]
    known = unit.get("claims", claim.id)
    doc = renewed(known, plain(claim))
    return unit.insert("claims", doc, pairs) if known is None else unit.save("claims", doc, pairs)


def claim_of(doc: Document) -> Claim:
    """Return the claim in a document."""
    return restored(Claim, content(doc))


def of_project(source: Source, project_id: str, kind: str) -> list[Claim]:
    """Return the claims of one kind for a project, in the order of their ids."""
    found = source.find("claims", {"project_id": project_id, "kind": kind}, sort=[("_id", 1)])
    return [claim_of(doc) for doc in found]


def add_calculation(unit: Unit, claim: Claim, facts: Facts, calculation: Calculation) -> None:
    """Keep a calculation with the facts it rests on; it is never changed."""
    doc = {"_id": f"{claim.id}:{claim.attempt}", "facts": plain(facts), "calculation": calculation.to_dict()}
    unit.insert("calculations", doc)


def calculation(source: Source, claim_id: str, attempt: int) -> tuple[Facts, Calculation] | None:
    """Return a calculation and its facts, None when there is no such attempt."""
    doc = source.get("calculations", f"{claim_id}:{attempt}")
    return (facts_of(doc["facts"]), Calculation.from_dict(doc["calculation"])) if doc else None


def rows_taken(source: Source, ids: Iterable[str]) -> dict[str, Row]:
    """Return which of the rows are taken."""
    found = source.get_all("limit_rows", sorted(set(ids)))
    return {id: _row(doc) for id, doc in found.items() if doc["claims"]}


def rows_of(source: Source, claim_id: str) -> list[Row]:
    """Return the rows that a claim holds, in the order of their ids."""
    return [_row(doc) for doc in source.find("limit_rows", {"claims": claim_id}, sort=[("_id", 1)])]


def write_rows(unit: Unit, rows: Iterable[Row]) -> None:
    """Take rows, or join them."""
    rows = list(rows)
    unit.get_all("limit_rows", [row.id for row in rows])  # in one query; each is looked at below
    for row in rows:
        known = unit.get("limit_rows", row.id)
        doc = renewed(known, plain(row))
        if known is None:
            unit.insert("limit_rows", doc)
        elif doc != known:
            unit.save("limit_rows", doc)


def free_rows(unit: Unit, ids: Iterable[str]) -> None:
    """Give rows up. A place stays as a row without a claim: so a free one is found without a search."""
    for id in ids:
        doc = unit.get("limit_rows", id)
        if doc is not None and doc["kind"] == PLACE:
            unit.save("limit_rows", {**doc, "claims": [], "subject": ""})
        else:
            unit.delete("limit_rows", id)


def stage_holder(source: Source, claim: Claim) -> str | None:
    """Return the live claim of this claim's stage."""
    row = source.get("limit_rows", claim.stage)
    return row["claims"][0] if row else None


def take_stage(unit: Unit, claim: Claim) -> None:
    """Take the one row of a claim's stage; join the row that the stages of its project share."""
    about = claim.project_id or claim.claimant_ref
    rows = [Row(claim.stage, STAGE, about, (claim.id,))]
    if claim.project_stages is not None:
        held = rows_taken(unit, [claim.project_stages]).get(claim.project_stages)
        rows.append(Row(claim.project_stages, STAGE, about, (*(held.claims if held else ()), claim.id)))
    write_rows(unit, rows)


def touch_stage(unit: Unit, claim: Claim) -> None:
    """Write the row of a paid claim's stage anew: of two units at once that go by what it paid, and so both
    write here, one runs again and sees the other's work.
    """
    row = unit.get("limit_rows", claim.stage)
    if row is None:
        raise LookupError(f"row {claim.stage} of claim {claim.id} is gone")
    unit.save("limit_rows", row)


def hand(source: Source, claim_id: str, account: str) -> tuple[str, int] | None:
    """Return the duty that an account has on a claim, and since which round of its review."""
    doc = source.get("claim_hands", f"{claim_id}:{account}")
    return (doc["duty"], doc.get("round", 1)) if doc else None


def set_hand(unit: Unit, claim_id: str, account: str, duty: str, round: int = 1) -> None:
    """Hold an account to one duty on a claim, by a row of its own."""
    if hand(unit, claim_id, account) is None:
        unit.insert("claim_hands", {"_id": f"{claim_id}:{account}", "duty": duty, "round": round})


def facts_of(doc: Mapping[str, Any]) -> Facts:
    """Return the facts in a calculation's document."""
    return restored(FACTS[doc["kind"]], doc)


def _row(doc: Document) -> Row:
    return Row(doc["_id"], doc["kind"], doc["subject"], tuple(doc["claims"]))
