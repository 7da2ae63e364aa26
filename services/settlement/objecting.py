"""Objections to claims on public notice."""

from collections.abc import Mapping
from typing import Any

from contracts.vocabularies import roles
from contracts.vocabularies.errors import Refusal
from services.chassis.calls import Reader
from services.chassis.paging import newest_first
from services.chassis.unit import Unit
from services.settlement import reviewing, views
from services.settlement.domain import objections, review
from services.settlement.store import claims
from services.settlement.store import objections as store
from services.settlement.store.documents import Document


def file(unit: Unit, body: Mapping[str, Any]) -> Document:
    """Object to a claim on public notice. Who objects takes no other part in the claim.

    Raises Refusal `settlement.same_person`, `settlement.objection_twice` and those of the domain.
    """
    claim = claims.target(unit, body["claim_id"])
    by = unit.actor.account
    for each in store.load_all(unit, claim.open_objections):
        if each.filed_by == by:
            raise Refusal("settlement.objection_twice", objection_id=each.id)
    after, filed = objections.file(claim, unit.new_id(), body["grounds"], by, unit.now)
    reviewing.keep_to_duty(unit, claim, review.OBJECTOR)
    claims.save(unit, after, [])
    return store.save(unit, filed)


def answer(unit: Unit, body: Mapping[str, Any]) -> Document:
    """Answer an objection, by an officer who has acted in no other duty of the claim.

    Raises Refusal `settlement.same_person`, `region.forbidden` or `out_of_order`.
    """
    objection = store.target(unit, body["objection_id"])
    claim = claims.load(unit, objection.claim_id)
    if claim is None:
        raise Refusal("not_found", what=f"claim/{objection.claim_id}")
    unit.actor.require_region(claim.region)
    upheld = body["outcome"] == "upheld"
    by, reason = unit.actor.account, body["reason"]
    after, answered = objections.answer(claim, objection, upheld, by, reason, unit.now)
    reviewing.keep_to_duty(unit, claim, review.ANSWER)
    if upheld:
        others = tuple(id for id in claim.open_objections if id != objection.id)
        reviewing.lapse_objections(unit, others, objections.BACK_IN_REVIEW)
    claims.save(unit, after, [("objection_upheld", {"reason": reason})] if upheld else [])
    return store.save(unit, answered)


def shown(doc: Document, officer: bool) -> dict[str, Any]:
    """Return an objection as it is answered; who filed it is shown to officers only."""
    found = store.objection_of(doc)
    return {**vars(found), "version": doc["version"], "filed_by": found.filed_by if officer else None}


def shown_to(reader: Reader, id: str) -> dict[str, Any]:
    """Show an objection to who filed it, or to an officer of the region. Raises Refusal `not_found`."""
    doc = reader.get("claim_objections", id)
    if doc is not None:
        officer = _officer(reader)
        if (
            doc["region"] in views.regions_of(reader.actor)
            if officer
            else doc["filed_by"] == reader.actor.account
        ):
            return shown(doc, officer)
    raise Refusal("not_found", what=f"objection/{id}")


def listed(reader: Reader, body: Mapping[str, Any]) -> dict[str, Any]:
    """List objections, newest first."""
    officer = _officer(reader)
    filter: dict[str, Any] = (
        {"region": {"$in": views.regions_of(reader.actor)}} if officer else {"filed_by": reader.actor.account}
    )
    filter |= {name: body[name] for name in ("claim_id", "status") if body[name] is not None}
    found, following = newest_first(reader, "claim_objections", filter, "filed_at", body)
    return {"items": [shown(doc, officer) for doc in found], "next": following}


def _officer(reader: Reader) -> bool:
    return bool(reader.actor.roles & roles.OFFICERS)
