"""Oriented training (产业定向培训): a level-3 certificate after 3 to 6 months, 30,000 places [600 §9(1)].

Claimed by the body that ran the class: provider, enterprise, or a school on its learners' behalf.
"""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from contracts.vocabularies.dates import today_in_shanghai
from services import policy
from services.policy import Calculation, Certificate, OrientedClass, OrientedTrainee, Rule, RuleSet
from services.settlement.domain import evidence
from services.settlement.domain.claims import ORIENTED_TRAINING
from services.settlement.domain.evidence import Facts, Person, Project, TrainingClass
from services.settlement.domain.limits import PAYMENT, PLACE, TRAINING, Wanted


@dataclass(frozen=True)
class Known:
    """What settlement has been told. certificates: of a skill, of this class; places: rows that are free."""

    people: Mapping[str, Person]
    certificates: Mapping[str, Certificate]
    places: Sequence[str]


@dataclass(frozen=True)
class OrientedFacts(Facts):
    """A class and its people. standard_fen: a person; places: rows that this claim can take."""

    project_id: str
    class_id: str
    occupation: str
    standard_fen: int
    first_day: date
    last_day: date
    people: tuple[OrientedTrainee, ...]
    places: tuple[str, ...] = ()

    def computed(self, rules: RuleSet) -> Calculation:
        """Return the standard, up to the cap, for each certified person who completed and has a place."""
        cap = rules.one("oriented_cap", self.day, self.region).values
        months = term_months(self.first_day, self.last_day, cap["min_months"])
        # places beyond those that this claim can take count as taken
        taken = cap["places"] - len(self.places) if "places" in cap else 0
        term = OrientedClass(self.standard_fen, months, self.occupation, taken)
        return policy.oriented_training(term, self.people, self.day, rules=rules)

    def wanted(self, calculation: Calculation, rules: RuleSet) -> list[Wanted]:
        """Return a place, the training's row and the payment row for each person with an amount."""
        paid = evidence.paid_for(calculation)
        places = self.places or ("",) * len(paid)
        return [self._wanted(ref, place) for ref, place in zip(paid, places, strict=False)]

    def row_rules(self, rules: RuleSet) -> dict[str, Rule]:
        """Return the rule of the places."""
        cap = rules.find("oriented_cap", self.day, self.region)
        return {PLACE: cap} if cap else {}

    def _wanted(self, person_ref: str, place: str) -> Wanted:
        attended = f"{self.class_id}-{person_ref}"
        fixed = [
            (PAYMENT, policy.payment_key(attended, self.kind, "any", "whole", self.jurisdiction)),
            # nobody is paid for the same class as for an ordinary one
            (TRAINING, policy.payment_key(attended, "training", "any", "whole", self.jurisdiction)),
        ]
        if place:
            fixed.append((PLACE, place))
        return Wanted(person_ref, attended, (), tuple(fixed))


def term_months(first: date, last: date, least: int) -> int:
    """Return how many months a term has, from its first to its last day.

    Below `least` whole months only whole ones count, from there on a begun one counts as well: neither a day
    too few nor a day too many is within the months of the rule.
    """
    after = last + timedelta(days=1)
    months = (after.year - first.year) * 12 + after.month - first.month
    # from 31 August a month ends with 30 September
    begun = after.day - min(first.day, monthrange(after.year, after.month)[1])
    whole = months if begun >= 0 else months - 1
    return whole + (1 if begun and whole >= least else 0)


def gather(project: Project, each: TrainingClass, known: Known, day: date) -> OrientedFacts:
    """Return the facts of a class that was completed. The standard is the price of the award."""
    last = today_in_shanghai(evidence.last_session([each]))
    attended = [when for row in each.attendance for when in row.days]
    return OrientedFacts(
        ORIENTED_TRAINING,
        day,
        project.region,
        project_id=project.id,
        class_id=each.id,
        occupation=project.occupation,
        standard_fen=project.price_fen or 0,
        # a class that was confirmed before its first session was told
        first_day=each.first_day or min(attended, default=last),
        last_day=last,
        people=tuple(_trainee(ref, each, known) for ref in each.roster),
        places=tuple(known.places),
    )


def _trainee(ref: str, each: TrainingClass, known: Known) -> OrientedTrainee:
    person = known.people.get(ref)
    return OrientedTrainee(
        person_ref=ref,
        on_roster=ref in each.roster_set,
        real_name_complete=person is not None and person.verified,
        certificate=known.certificates.get(ref),
        completed=ref in each.completed_set,
    )
