"""Facts of a class's training subsidy: claimed by who ran it (also as a school), or by a person."""

from collections.abc import Mapping
from typing import Any

from contracts.vocabularies import roles
from contracts.vocabularies.dates import today_in_shanghai
from services.chassis.unit import Unit
from services.policy import RuleSet
from services.settlement.domain import evidence
from services.settlement.domain.claims import PERSON, PERSON_TRAINING, Claim, Subject
from services.settlement.domain.evidence import Facts
from services.settlement.domain.kinds import class_training
from services.settlement.domain.kinds.class_training import Known
from services.settlement.domain.statement import Asked
from services.settlement.gathering import attached, owners
from services.settlement.store import copies
from services.settlement.store.documents import Source

CLAIMED_BY = frozenset({roles.PROVIDER, roles.ENTERPRISE, roles.WORKER})


def subject(unit: Unit, wanted: Mapping[str, Any]) -> Subject:
    """Return the class as claimed by a person, by an enterprise or provider that ran it, or as a school."""
    if wanted["kind"] == PERSON_TRAINING:
        return owners.of_person(unit, wanted)
    payee = "school" if wanted["as_school"] else owners.role_of(unit, unit.actor.body_ref or "")
    return owners.of_project(unit, wanted, payee)


def facts(unit: Unit, asked: Asked, rules: RuleSet) -> Facts:
    """Return the facts of the class, of one person where a person claims."""
    subject = asked.subject
    each, project = owners.training_class(unit, subject), owners.project(unit, subject.project_id)
    evidence.check_ready([each], completed=True)
    refs = (subject.claimant_ref,) if subject.claimant_kind == PERSON else each.roster
    organiser = owners.role_of(unit, project.provider_ref or "")
    training = class_training.about(project, each, subject.payee, organiser)
    known = Known(
        people=copies.people(unit, refs),
        certificates=copies.certificates(unit, project.id, each.id),
        files=attached.kinds(unit, asked.claim_id),
    )
    day = today_in_shanghai(unit.now)
    return class_training.gather(subject.kind, project, each, training, refs, known, day, rules)


def roster(source: Source, claim: Claim) -> set[str]:
    """Return everyone on the filed roster of the class."""
    return copies.roster_of_class(source, claim.class_id or "")
