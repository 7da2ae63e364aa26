"""Facts of an oriented training: its class, its level-3 certificates, and the places that are left."""

from collections.abc import Mapping
from typing import Any

from contracts.vocabularies import regions, roles
from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from contracts.vocabularies.modes import ORIENTED
from services.chassis.unit import Unit
from services.policy import RuleSet
from services.settlement.domain import evidence
from services.settlement.domain.claims import Claim, Subject
from services.settlement.domain.evidence import Facts
from services.settlement.domain.kinds import oriented_training
from services.settlement.domain.kinds.oriented_training import Known
from services.settlement.domain.statement import Asked
from services.settlement.gathering import owners
from services.settlement.store import copies, places
from services.settlement.store.documents import Source

CLAIMED_BY = frozenset({roles.PROVIDER, roles.ENTERPRISE})


def subject(unit: Unit, wanted: Mapping[str, Any]) -> Subject:
    """Return the class as claimed by the body that ran it, or as a school.

    Raises Refusal `settlement.not_oriented`.
    """
    payee = "school" if wanted["as_school"] else owners.role_of(unit, unit.actor.body_ref or "")
    found = owners.of_project(unit, wanted, payee)
    if owners.project(unit, found.project_id).training_kind != ORIENTED:
        raise Refusal("settlement.not_oriented", field="project_id")
    return found


def facts(unit: Unit, asked: Asked, rules: RuleSet) -> Facts:
    """Return the facts of the class, with places for as many as hold a certificate."""
    subject = asked.subject
    each, project = owners.training_class(unit, subject), owners.project(unit, subject.project_id)
    evidence.check_ready([each], completed=True)
    certificates = copies.skill_certificates(unit, each.id)
    day = today_in_shanghai(unit.now)
    known = Known(
        people=copies.people(unit, each.roster),
        certificates=certificates,
        places=_places(unit, asked, rules, len(certificates)),
    )
    return oriented_training.gather(project, each, known, day)


def roster(source: Source, claim: Claim) -> set[str]:
    """Return everyone on the filed roster of the class."""
    return copies.roster_of_class(source, claim.class_id or "")


def _places(unit: Unit, asked: Asked, rules: RuleSet, wanted: int) -> list[str]:
    region = asked.subject.region
    cap = rules.find("oriented_cap", today_in_shanghai(unit.now), region)
    limit = cap.values.get("places") if cap else None
    if limit is None:
        return []
    province = regions.province_of(region)
    return places.for_claim(unit, asked.claim_id, province, places.ORIENTED, limit, wanted)
