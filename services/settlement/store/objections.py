"""Objections to claims."""

from typing import Any

from contracts.events import settlement as told
from services.chassis.unit import Unit
from services.settlement.domain.objections import Objection
from services.settlement.store.documents import Document, Source, content, plain, renewed, restored

_EVENTS = {
    "open": told.OBJECTION_FILED,
    "upheld": told.OBJECTION_UPHELD,
    "rejected": told.OBJECTION_REJECTED,
    "lapsed": told.OBJECTION_LAPSED,
}


def target(unit: Unit, id: str) -> Objection:
    """Return the objection that a command is about. Raises Refusal `not_found` or `stale_version`."""
    return objection_of(unit.target("claim_objections", id))


def objection_of(doc: Document) -> Objection:
    """Return the objection in a document."""
    return restored(Objection, content(doc))


def load_all(source: Source, ids: tuple[str, ...]) -> list[Objection]:
    """Return these objections."""
    found = source.find("claim_objections", {"_id": {"$in": list(ids)}}, sort=[("_id", 1)])
    return [objection_of(doc) for doc in found]


def save(unit: Unit, objection: Objection) -> Document:
    """Write an objection's new state and tell it; its text is told to nobody."""
    data: dict[str, Any] = {"claim_id": objection.claim_id, "round": objection.round}
    if objection.answer is not None:
        data["reason"] = objection.answer
    known = unit.get("claim_objections", objection.id)
    doc = renewed(known, plain(objection))
    events = [(_EVENTS[objection.status], data)]
    if known is None:
        return unit.insert("claim_objections", doc, events)
    return unit.save("claim_objections", doc, events)
