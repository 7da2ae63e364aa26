"""Facts of the living costs or transport of one class: claimed by who ran it, or by a person alone."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from contracts.vocabularies import roles
from contracts.vocabularies.dates import today_in_shanghai
from services.chassis.unit import Unit
from services.policy import RuleSet
from services.settlement.domain import evidence
from services.settlement.domain.claims import PERSON, Claim, Subject
from services.settlement.domain.evidence import Facts
from services.settlement.domain.kinds import living_cost
from services.settlement.domain.statement import Asked
from services.settlement.gathering import owners
from services.settlement.store import copies
from services.settlement.store.documents import Source

CLAIMED_BY = frozenset({roles.PROVIDER, roles.ENTERPRISE, roles.WORKER})


def subject(unit: Unit, wanted: Mapping[str, Any]) -> Subject:
    """Return the class as claimed by the body that ran it, for its learners, or by one of them."""
    if roles.WORKER in unit.actor.roles:
        return owners.of_person(unit, wanted)
    return owners.of_project(unit, wanted, payee=PERSON)


def facts(unit: Unit, asked: Asked, rules: RuleSet) -> Facts:
    """Return the facts of the class, of one person where a person claims."""
    subject = asked.subject
    each = owners.training_class(unit, subject)
    evidence.check_ready([each])
    if subject.claimant_kind == PERSON:
        each = replace(each, roster=(subject.claimant_ref,))
    people = copies.people(unit, each.roster)
    return living_cost.gather(subject.region, each, people, today_in_shanghai(unit.now), subject.kind)


def roster(source: Source, claim: Claim) -> set[str]:
    """Return everyone on the filed roster of the class."""
    return copies.roster_of_class(source, claim.class_id or "")
