"""Reviews that third parties prepare."""

from typing import Any

from contracts.events import settlement as told
from services.chassis.unit import Unit
from services.settlement.domain.prepared import PreparedReview
from services.settlement.store.documents import Document, Source, content, plain, renewed, restored

_EVENTS = {
    "commissioned": told.REVIEW_COMMISSIONED,
    "prepared": told.REVIEW_PREPARED,
    "read": told.REVIEW_READ,
    "called_off": told.REVIEW_CALLED_OFF,
}


def review_of(doc: Document) -> PreparedReview:
    """Return the prepared review in a document."""
    return restored(PreparedReview, content(doc))


def of_claim(source: Source, claim_id: str) -> list[PreparedReview]:
    """Return the prepared reviews of a claim, the latest commission last."""
    found = source.find("prepared_reviews", {"claim_id": claim_id}, sort=[("commissioned_at", 1), ("_id", 1)])
    return [review_of(doc) for doc in found]


def save(unit: Unit, review: PreparedReview) -> Document:
    """Write a prepared review's new state and tell it; findings are told as a number."""
    data: dict[str, Any] = {"claim_id": review.claim_id, "body_ref": review.body_ref}
    if review.status == "prepared":
        data |= {"advice": review.advice, "findings": len(review.findings)}
    known = unit.get("prepared_reviews", review.id)
    doc = renewed(known, plain(review))
    events = [(_EVENTS[review.status], data)]
    if known is None:
        return unit.insert("prepared_reviews", doc, events)
    return unit.save("prepared_reviews", doc, events)
