"""Living costs (生活费补贴) and transport (交通费) during a class, by the day, paid to the person (S36)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from services import policy
from services.policy import Calculation, LivingCostFacts, RuleSet
from services.settlement.domain import evidence
from services.settlement.domain.claims import LIVING_COST
from services.settlement.domain.evidence import Facts, Person, TrainingClass
from services.settlement.domain.limits import PAYMENT, Wanted


@dataclass(frozen=True)
class Trainee:
    """One person of a class and the days attended."""

    facts: LivingCostFacts
    days: tuple[date, ...]


@dataclass(frozen=True)
class ClassFacts(Facts):
    """The people of one class and their days."""

    class_id: str
    trainees: tuple[Trainee, ...]

    def computed(self, rules: RuleSet) -> Calculation:
        """Return the daily rate × days of each person."""
        daily = policy.living_cost if self.kind == LIVING_COST else policy.transport
        return policy.merged(
            daily(each.facts, each.days, self.day, self.region, rules=rules) for each in self.trainees
        )

    def wanted(self, calculation: Calculation, rules: RuleSet) -> list[Wanted]:
        """Return the payment row of each person with an amount: once for the attendance of a class."""
        return [
            payment_row(self.class_id, ref, self.kind, self.jurisdiction)
            for ref in evidence.paid_for(calculation)
        ]


def payment_row(class_id: str, person_ref: str, kind: str, jurisdiction: str) -> Wanted:
    """Return the row of the one payment to a person for attending a class."""
    attendance = f"{class_id}-{person_ref}"
    row = policy.payment_key(attendance, kind, "person", "whole", jurisdiction)
    return Wanted(person_ref, attendance, (), ((PAYMENT, row),))


def gather(
    region: str, each: TrainingClass, people: Mapping[str, Person], day: date, kind: str = LIVING_COST
) -> ClassFacts:
    """Return the facts of a class that was carried out, for everybody on its roster."""
    trainees = tuple(_trainee(ref, each, people.get(ref)) for ref in each.roster)
    return ClassFacts(kind, day, region, each.id, trainees)


def _trainee(ref: str, each: TrainingClass, person: Person | None) -> Trainee:
    verified = person is not None and person.verified
    return Trainee(LivingCostFacts(ref, True, verified, evidence.known_groups(person)), each.days_of(ref))
