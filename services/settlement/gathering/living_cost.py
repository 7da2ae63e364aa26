"""Facts of the living costs of one class."""

from collections.abc import Mapping
from typing import Any

from contracts.vocabularies.dates import today_in_shanghai
from services.chassis.unit import Unit
from services.policy import RuleSet
from services.settlement.domain import evidence
from services.settlement.domain.claims import PERSON, Claim, Subject
from services.settlement.domain.evidence import Facts
from services.settlement.domain.kinds import living_cost
from services.settlement.gathering import owners
from services.settlement.store import copies
from services.settlement.store.documents import Source


def subject(unit: Unit, wanted: Mapping[str, Any]) -> Subject:
    """Return the class as claimed by the body that ran it, for its learners."""
    return owners.of_project(unit, wanted, payee=PERSON)


def facts(unit: Unit, subject: Subject, rules: RuleSet) -> Facts:
    """Return the facts of the class."""
    each = owners.training_class(unit, subject)
    evidence.check_ready([each])
    people = copies.people(unit, each.roster)
    return living_cost.gather(subject.region, each, people, today_in_shanghai(unit.now))


def roster(source: Source, claim: Claim) -> set[str]:
    """Return everyone on the filed roster of the class."""
    return copies.roster_of_class(source, claim.class_id or "")
