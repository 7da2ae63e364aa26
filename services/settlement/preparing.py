"""Reviews that third parties prepare."""

from collections.abc import Mapping
from typing import Any

from contracts.vocabularies import roles
from contracts.vocabularies.errors import Refusal
from services.chassis.calls import Reader
from services.chassis.paging import newest_first
from services.chassis.unit import Unit
from services.settlement import reviewing, standing, views
from services.settlement.domain import prepared, review
from services.settlement.domain.claims import Claim
from services.settlement.domain.prepared import Finding, PreparedReview
from services.settlement.store import claims, copies
from services.settlement.store import prepared as store
from services.settlement.store.documents import Document


def commission(unit: Unit, body: Mapping[str, Any]) -> Document:
    """Have a third party prepare the first review of a claim.

    Raises Refusal `settlement.third_party_unfit`, `settlement.commission_open` or `out_of_order`.
    """
    claim = _for_first_review(unit, body["claim_id"], "commission_review")
    waiting = [each for each in store.of_claim(unit, claim.id) if each.status in prepared.WAITING]
    if waiting:
        raise Refusal("settlement.commission_open", status=waiting[0].status)
    ref = body["body_ref"]
    barred = standing.barred(unit, ref) is not None
    prepared.check_fit(copies.body(unit, ref), _parties(unit, claim), barred)
    made = PreparedReview(
        unit.new_id(), claim.id, claim.attempt, claim.region, ref, unit.actor.account, unit.now
    )
    _note(unit, claim, "commission_review", review.FIRST, body["reason"])
    return store.save(unit, made)


def call_off(unit: Unit, body: Mapping[str, Any]) -> Document:
    """Call a commission off before it was carried out."""
    claim = _for_first_review(unit, body["claim_id"], "call_off_review")
    after = prepared.call_off(_latest(unit, claim), unit.actor.account, body["reason"], unit.now)
    _note(unit, claim, "call_off_review", review.FIRST, body["reason"])
    return store.save(unit, after)


def prepare(unit: Unit, body: Mapping[str, Any]) -> Document:
    """Hand in what the third party found. It acts in no other duty of the claim and decides nothing."""
    claim = claims.load(unit, body["claim_id"])
    latest = None if claim is None else next(reversed(store.of_claim(unit, claim.id)), None)
    if claim is None or latest is None or latest.body_ref != unit.actor.body_ref:
        raise Refusal("not_found", what=f"claim/{body['claim_id']}")
    findings = tuple(Finding(**each) for each in body["findings"])
    after = prepared.prepare(latest, findings, body["advice"], unit.actor.account, unit.now)
    reviewing.keep_to_duty(unit, claim, review.PREPARATION)
    return store.save(unit, after)


def take_note(unit: Unit, body: Mapping[str, Any]) -> Document:
    """Record that the first reviewer has read what was prepared, with a remark."""
    claim = _for_first_review(unit, body["claim_id"], "read_review")
    waiting = prepared.to_read(store.of_claim(unit, claim.id), claim.attempt, unit.actor.account)
    after = prepared.read(waiting or _latest(unit, claim), unit.actor.account, body["reason"], unit.now)
    _note(unit, claim, "read_review", review.FIRST, body["reason"])
    return store.save(unit, after)


def material(reader: Reader, body: Mapping[str, Any]) -> dict[str, Any]:
    """Show the calculation that a third party is asked about, while it is. Raises Refusal `not_found`."""
    for each in reversed(store.of_claim(reader, body["claim_id"])):
        if each.body_ref == reader.actor.body_ref and each.status in prepared.WAITING:
            claim = claims.load(reader, each.claim_id)
            if claim is not None:
                return views.calculation_of(reader, claim, each.attempt)
    raise Refusal("not_found", what=f"claim/{body['claim_id']}")


def shown(doc: Document) -> dict[str, Any]:
    """Return a prepared review's document as it is answered."""
    found = store.review_of(doc)
    return {**vars(found), "version": doc["version"], "findings": [vars(each) for each in found.findings]}


def listed(reader: Reader, body: Mapping[str, Any]) -> dict[str, Any]:
    """List prepared reviews, newest first: a third party's own, an officer's region's."""
    if reader.actor.roles & roles.OFFICERS:
        filter: dict[str, Any] = {"region": {"$in": views.regions_of(reader.actor)}}
    else:
        filter = {"body_ref": reader.actor.body_ref or ""}
    filter |= {name: body[name] for name in ("claim_id", "status") if body[name] is not None}
    found, following = newest_first(reader, "prepared_reviews", filter, "commissioned_at", body)
    return {"items": [shown(doc) for doc in found], "next": following}


def _for_first_review(unit: Unit, claim_id: str, step: str) -> Claim:
    claim = claims.target(unit, claim_id)
    unit.actor.require_region(claim.region)
    if claim.status not in prepared.REVIEWED_BEFORE:
        raise Refusal("out_of_order", status=claim.status, step=step)
    reviewing.keep_to_duty(unit, claim, review.FIRST)
    return claim


def _latest(unit: Unit, claim: Claim) -> PreparedReview:
    known = store.of_claim(unit, claim.id)
    if not known:
        raise Refusal("not_found", what=f"prepared_review/{claim.id}")
    return known[-1]


def _note(unit: Unit, claim: Claim, step: str, duty: str, reason: str) -> None:
    claims.save(unit, review.noted(claim, step, duty, unit.actor.account, reason, unit.now), [])


def _parties(unit: Unit, claim: Claim) -> list[Document]:
    refs = {claim.claimant_ref}
    if claim.project_id is not None:
        project = copies.project(unit, claim.project_id)
        refs |= {project.provider_ref} if project and project.provider_ref else set()
        refs |= {doc["assessor_ref"] for doc in unit.find("certificates", {"project_id": claim.project_id})}
    return [copies.body(unit, ref) or {"_id": ref} for ref in sorted(refs)]
