"""Project-type training in two stages: 60 % once carried out, the rest at 85 % employment (S18)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal

from contracts.vocabularies.dates import today_in_shanghai
from services import policy
from services.policy import (
    Calculation,
    Certificate,
    EmploymentFact,
    ProjectFacts,
    Rule,
    RuleSet,
    TraineeFacts,
)
from services.settlement.domain import evidence
from services.settlement.domain.claims import PROJECT_ADVANCE
from services.settlement.domain.evidence import Facts, Person, Project, TrainingClass
from services.settlement.domain.limits import PAIR, PAYMENT, Wanted

_STAGES: Final[Mapping[str, Literal["advance", "balance"]]] = {
    "project_advance": "advance",
    "project_balance": "balance",
}
_SET_OFF: Final = "advance_set_off"


@dataclass(frozen=True)
class Known:
    """What settlement has been told, for the people of one claim.

    certificates by person; advanced: what the paid advance gave each person, in fen.
    """

    people: Mapping[str, Person]
    certificates: Mapping[str, Certificate]
    employment: Sequence[EmploymentFact]
    advanced: Mapping[str, int]


@dataclass(frozen=True)
class StageFacts(Facts):
    """The facts of one stage of a project. employment: empty at the advance; decided: the per cent of the
    balance that an officer decided on below the employment rate.
    """

    project: ProjectFacts
    people: tuple[TraineeFacts, ...] = ()
    employment: tuple[EmploymentFact, ...] = ()
    decided: int | None = None

    def computed(self, rules: RuleSet) -> Calculation:
        """Return the calculation of the stage."""
        if self.kind == PROJECT_ADVANCE:
            return policy.advance(self.project, self.people, self.day, rules=rules)
        return policy.balance(
            self.project, self.people, self.employment, self.day, rules=rules, decided=self.decided
        )

    def wanted(self, calculation: Calculation, rules: RuleSet) -> list[Wanted]:
        """Return a slot, the pair and the payment row for each person with an amount."""
        certificates = {person.person_ref: person.certificate for person in self.people}
        return [self._wanted(ref, certificates.get(ref), rules) for ref in evidence.paid_for(calculation)]

    def grounds(self) -> dict[str, tuple[str, ...]]:
        """Return the rules on groups that each person stands under."""
        return {person.person_ref: person.grounds for person in self.people}

    def row_rules(self, rules: RuleSet) -> dict[str, Rule]:
        """Return the rules of the year's slots and of the pair."""
        return evidence.yearly_rules(rules, self.project.last_session or self.day)

    def _wanted(self, person_ref: str, certificate: Certificate | None, rules: RuleSet) -> Wanted:
        project, stage = self.project, _STAGES[self.kind]
        training = _training(project.project_ref, person_ref)
        # the advance comes before the certificate: the training stands for it, and the last session's year
        # for its year
        day = project.last_session or self.day
        proof = training
        if stage == "balance" and certificate is not None:
            day, proof = certificate.day, certificate.number.replace(":", "_")
        keys = policy.limit_keys(
            person_ref, project.occupation, project.level, day, self.jurisdiction, rules=rules
        )
        fixed = [(PAYMENT, policy.payment_key(proof, "training", "provider", stage, self.jurisdiction))]
        if keys.pair is not None:
            fixed.append((PAIR, keys.pair))
        return Wanted(person_ref, training, keys.slots, tuple(fixed))


def settled(project_id: str, balance: Calculation) -> set[str]:
    """Return the trainings that a balance settles: it pays the rest, or sets the advance off."""
    lines = (line for line in balance.lines if line.amount_fen > 0 or line.what == _SET_OFF)
    return {_training(project_id, line.person_ref) for line in lines}


def _training(project_ref: str, person_ref: str) -> str:
    return f"{project_ref}-{person_ref}"


def gather(
    kind: str, project: Project, classes: Sequence[TrainingClass], known: Known, day: date, rules: RuleSet
) -> StageFacts:
    """Return the facts of a stage as they stand. Classes were checked by check_ready."""
    about = ProjectFacts(
        project_ref=project.id,
        region=project.region,
        occupation=project.occupation,
        level=project.level,
        last_session=today_in_shanghai(evidence.last_session(classes)),
        price_fen=project.price_fen,
        organisation=project.organisation,
        kind=project.training_kind,
    )
    placed = {ref: each for each in sorted(classes, key=_finished) for ref in each.roster}
    people = tuple(_person(ref, each, about, known, rules) for ref, each in sorted(placed.items()))
    facts = StageFacts(kind, day, project.region, about, people)
    return facts if kind == PROJECT_ADVANCE else replace(facts, employment=tuple(known.employment))


def _finished(each: TrainingClass) -> bool:
    # a person on two rosters of a project counts where there is a result
    return each.completed is not None


def _person(
    ref: str, each: TrainingClass, project: ProjectFacts, known: Known, rules: RuleSet
) -> TraineeFacts:
    person = known.people.get(ref)
    eligible, grounds = evidence.eligible(person, project, each.roster_day, rules)
    return TraineeFacts(
        person_ref=ref,
        on_roster=True,
        real_name_complete=person is not None and person.verified,
        pension_entitled=person.draws_pension if person else None,
        eligible=eligible,
        attended_days=len(each.days_of(ref)),
        completed=ref in each.completed_set,
        certificate=known.certificates.get(ref),
        advance_fen=known.advanced.get(ref, 0),
        grounds=grounds,
    )
