"""Uplift (就业上浮) for people who found work within 6 months after training for employment [37 §3]."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from contracts.vocabularies.modes import PROJECT_TYPE
from services import policy
from services.policy import Calculation, ClassTrainingFacts, EmploymentFact, RuleSet, UpliftPerson
from services.settlement.domain import evidence, recovery
from services.settlement.domain.claims import EMPLOYMENT_UPLIFT, PERSON, Claim
from services.settlement.domain.evidence import Facts, Person, TrainingClass
from services.settlement.domain.limits import PAYMENT, Wanted
from services.settlement.domain.recovery import Recovery


@dataclass(frozen=True)
class Known:
    """What settlement has been told. subsidies: what was paid or ordered for each person's training (fen)."""

    people: Mapping[str, Person]
    employment: Sequence[EmploymentFact]
    subsidies: Mapping[str, int]


@dataclass(frozen=True)
class UpliftFacts(Facts):
    """The class whose training was paid for, and its people. project_id: what the class belongs to."""

    training: ClassTrainingFacts
    people: tuple[UpliftPerson, ...]
    project_id: str = ""

    def computed(self, rules: RuleSet) -> Calculation:
        """Return the uplift of each person employed in time."""
        return policy.employment_uplift(self.training, self.people, self.day, rules=rules)

    def wanted(self, calculation: Calculation, rules: RuleSet) -> list[Wanted]:
        """Return the payment row of each person with an amount: one uplift for a training."""
        return [self._wanted(ref) for ref in evidence.paid_for(calculation)]

    def _wanted(self, person_ref: str) -> Wanted:
        staged = self.training.organisation == PROJECT_TYPE and self.project_id
        row = payment_row(staged or self.training.class_ref, person_ref, self.jurisdiction)
        return Wanted(person_ref, f"{self.training.class_ref}-{person_ref}", (), ((PAYMENT, row),))


def payment_row(paid_for: str, person_ref: str, jurisdiction: str) -> str:
    """Return the id of the row of a person's one uplift. paid_for: the class whose training was paid for, or
    the project where its stages are paid for all its classes.
    """
    training = f"{paid_for}-{person_ref}"
    return policy.payment_key(training, EMPLOYMENT_UPLIFT, "any", "whole", jurisdiction)


def still_paid(
    claim: Claim, calculation: Calculation, stopped: Collection[str], demanded: Iterable[Recovery]
) -> Mapping[str, int]:
    """Return what a claim for a training pays each person, in fen: nothing to a payee whose line was stopped,
    nor what is demanded back. stopped: payees.
    """
    if claim.payee != PERSON and claim.claimant_ref in stopped:
        return {}
    sums = evidence.sums_by_person([calculation])
    return recovery.less_demanded({ref: fen for ref, fen in sums.items() if ref not in stopped}, demanded)


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
    return UpliftFacts(EMPLOYMENT_UPLIFT, day, training.region, training, people, each.project_id)
