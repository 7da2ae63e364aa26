"""Sanctions on bodies: recorded, lifted by another hand, listed as the body's record."""

from collections.abc import Mapping
from typing import Any

from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from contracts.vocabularies.grounds import SANCTION_GROUNDS
from services.chassis.calls import Reader
from services.chassis.paging import newest_first
from services.chassis.unit import Unit
from services.settlement import scopes
from services.settlement.domain import sanctions
from services.settlement.domain.sanctions import Sanction
from services.settlement.store import claims as claim_store
from services.settlement.store import copies
from services.settlement.store import recoveries as store
from services.settlement.store.documents import Document


def record(unit: Unit, body: Mapping[str, Any]) -> Document:
    """Record a sanction on a body of the officer's region.

    Raises Refusal `not_found`, `region.forbidden` or `settlement.bar_needs_day`.
    """
    about = copies.body(unit, body["body_ref"])
    if about is None or "region" not in about:
        raise Refusal("not_found", field="body_ref", what=f"body/{body['body_ref']}")
    unit.actor.require_region(about["region"])
    if body["claim_id"] is not None:
        claim = claim_store.load(unit, body["claim_id"])
        if claim is None or claim.claimant_ref != about["_id"]:
            raise Refusal("not_found", field="claim_id", what=f"claim/{body['claim_id']}")
    names = ("body_ref", "ground", "measure", "until", "handed_to", "claim_id", "reason")
    made = Sanction(
        id=unit.new_id(),
        body_name=about["name"],
        region=about["region"],
        clause=SANCTION_GROUNDS.term(body["ground"]).source,
        by=unit.actor.account,
        at=unit.now,
        **{name: body[name] for name in names},
    )
    sanctions.check(made, today_in_shanghai(unit.now))
    return store.insert_sanction(unit, made)


def lift(unit: Unit, body: Mapping[str, Any]) -> Document:
    """Lift a sanction; it stays on the record.

    Raises Refusal `not_found`, `region.forbidden` and those of the domain.
    """
    known = store.sanction_of(unit.target("sanctions", body["sanction_id"]))
    unit.actor.require_region(known.region)
    return store.lift_sanction(unit, sanctions.lifted(known, unit.actor.account, body["reason"], unit.now))


def shown(doc: Document) -> dict[str, Any]:
    """Return a sanction's document as it is answered."""
    return {**vars(store.sanction_of(doc)), "version": doc["version"]}


def listed(reader: Reader, body: Mapping[str, Any]) -> dict[str, Any]:
    """List sanctions, newest first: the record of one body, or all of the region."""
    asked = {"body_ref": body["body_ref"]} if body["body_ref"] is not None else {}
    filter = {"$and": [scopes.scope(reader, "body_ref"), asked]}
    found, following = newest_first(reader, "sanctions", filter, "at", body)
    return {"items": [shown(doc) for doc in found], "next": following}
