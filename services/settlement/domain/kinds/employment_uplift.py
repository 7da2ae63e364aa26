"""Uplift (就业上浮) for people who found work within 6 months after training for employment [37 §3]."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from services import policy
from services.policy import Calculation, ClassTrainingFacts, EmploymentFact, RuleSet, UpliftPerson
from services.settlement.domain import evidence
from services.settlement.domain.claims import EMPLOYMENT_UPLIFT
from services.settlement.domain.evidence import Facts, Person, TrainingClass
from services.settlement.domain.limits import PAYMENT, Wanted


@dataclass(frozen=True)
class Known:
    """What settlement has been told. subsidies: what was paid or ordered for each person's training (fen)."""

    people: Mapping[str, Person]
    employment: Sequence[EmploymentFact]
    subsidies: Mapping[str, int]


@dataclass(frozen=True)
class UpliftFacts(Facts):
    """The class whose training was paid for, and its people."""

    training: ClassTrainingFacts
    people: tuple[UpliftPerson, ...]

    def computed(self, rules: RuleSet) -> Calculation:
        """Return the uplift of each person employed in time."""
        return policy.employment_uplift(self.training, self.people, self.day, rules=rules)

    def wanted(self, calculation: Calculation, rules: RuleSet) -> list[Wanted]:
        """Return the payment row of each person with an amount: one uplift for a training."""
        return [self._wanted(ref) for ref in evidence.paid_for(calculation)]

    def _wanted(self, person_ref: str) -> Wanted:
        attended = f"{self.training.class_ref}-{person_ref}"
        row = policy.payment_key(attended, EMPLOYMENT_UPLIFT, "any", "whole", self.jurisdiction)
        return Wanted(person_ref, attended, (), ((PAYMENT, row),))


def gather(each: TrainingClass, training: ClassTrainingFacts, known: Known, day: date) -> UpliftFacts:
    """Return the facts of everybody on the roster of a class that was completed."""
    first: dict[str, EmploymentFact] = {}
    for fact in sorted(known.employment, key=lambda fact: fact.employed_from):
        first.setdefault(fact.person_ref, fact)
    people = tuple(
        UpliftPerson(
            person_ref=ref,
            on_roster=True,
            real_name_complete=ref in known.people and known.people[ref].verified,
            subsidy_fen=known.subsidies.get(ref, 0),
            employment=first.get(ref),
        )
        for ref in each.roster
    )
    return UpliftFacts(EMPLOYMENT_UPLIFT, day, training.region, training, people)
