"""What a calculation rests on: gathered from facts that other services told, kept with the claim, computed
again.

The facts of one calculation are plain data: with the rules of their day they give the same fen for ever.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final, Literal

from contracts.vocabularies import regions
from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from services import policy
from services.policy import (
    Calculation,
    Certificate,
    ClassFacts,
    EmploymentFact,
    GroupFact,
    LivingCostFacts,
    NoRule,
    PersonFacts,
    ProjectFacts,
    RuleSet,
    TraineeFacts,
)
from services.settlement.domain.claims import LIVING_COST, PROJECT_ADVANCE
from services.settlement.domain.limits import PAIR, PAYMENT, Clash, Wanted, without

_STAGES: Final[Mapping[str, Literal["advance", "balance"]]] = {
    "project_advance": "advance",
    "project_balance": "balance",
}


@dataclass(frozen=True)
class Person:
    """A person as intake told: verified by the registries, and not forgotten since."""

    ref: str
    verified: bool
    draws_pension: bool | None
    groups: tuple[str, ...]


@dataclass(frozen=True)
class Project:
    """A project as the catalogue and the award told. price_fen: for one person; None before the award."""

    id: str
    region: str
    occupation: str
    level: str
    provider_ref: str | None
    provider_name: str | None
    price_fen: int | None


@dataclass(frozen=True)
class Attendance:
    """What one person attended: the days (Asia/Shanghai) with a confirmed sign-in."""

    person_ref: str
    days: tuple[date, ...]


@dataclass(frozen=True)
class TrainingClass:
    """A class with a filed roster. last_session_ended is None until carried out, completed until assessed."""

    id: str
    project_id: str
    provider_ref: str
    roster: tuple[str, ...]
    roster_day: date
    last_session_ended: datetime | None
    attendance: tuple[Attendance, ...]
    completed: tuple[str, ...] | None

    def days_of(self, person_ref: str) -> tuple[date, ...]:
        """Return the days that a person attended."""
        return next((row.days for row in self.attendance if row.person_ref == person_ref), ())


@dataclass(frozen=True)
class Trainee:
    """One person of a living-cost claim and the days attended."""

    facts: LivingCostFacts
    days: tuple[date, ...]


@dataclass(frozen=True)
class Facts:
    """Everything one calculation rests on. left_out: people whose limit rows were taken when it was
    submitted.
    """

    kind: str
    day: date
    region: str
    project: ProjectFacts
    class_id: str | None = None
    people: tuple[TraineeFacts, ...] = ()
    employment: tuple[EmploymentFact, ...] = ()
    trainees: tuple[Trainee, ...] = ()
    left_out: tuple[Clash, ...] = ()


@dataclass(frozen=True)
class Known:
    """What settlement has been told, for the people of one claim.

    certificates by person; advanced: what the paid advance gave each person, in fen.
    """

    people: Mapping[str, Person]
    certificates: Mapping[str, Certificate]
    employment: Sequence[EmploymentFact]
    advanced: Mapping[str, int]


def check_ready(kind: str, classes: Sequence[TrainingClass], to_come: Sequence[str] = ()) -> None:
    """Check that what is claimed has happened, for every class with a roster.

    to_come: classes of a claimed project that were confirmed and not carried out. A project is claimed as a
    whole; a class without learners is stopped first.
    Raises Refusal `settlement.not_carried_out` or, for the balance, `settlement.not_completed`.
    """
    late = sorted({each.id for each in classes if each.last_session_ended is None}.union(to_come))
    if late or not classes:
        raise Refusal("settlement.not_carried_out", classes=", ".join(late) or "-")
    unfinished = [each.id for each in classes if each.completed is None]
    if kind == "project_balance" and unfinished:
        raise Refusal("settlement.not_completed", classes=", ".join(unfinished))


def gather(
    kind: str, project: Project, classes: Sequence[TrainingClass], known: Known, day: date, rules: RuleSet
) -> Facts:
    """Return the facts of a claim as they stand. Classes were checked by check_ready."""
    ended = max(each.last_session_ended for each in classes if each.last_session_ended is not None)
    about = ProjectFacts(
        project_ref=project.id,
        region=project.region,
        occupation=project.occupation,
        level=project.level,
        last_session=today_in_shanghai(ended),
        price_fen=project.price_fen,
    )
    facts = Facts(kind, day, project.region, about)
    if kind == LIVING_COST:
        trainees = tuple(_trainee(ref, each, known) for each in classes for ref in each.roster)
        return replace(facts, class_id=classes[0].id, trainees=trainees)
    placed = {ref: each for each in sorted(classes, key=_finished) for ref in each.roster}
    people = tuple(_person(ref, each, about, known, rules) for ref, each in sorted(placed.items()))
    if kind == PROJECT_ADVANCE:
        return replace(facts, people=people)
    return replace(facts, people=people, employment=tuple(known.employment))


def compute(facts: Facts, rules: RuleSet) -> Calculation:
    """Return the calculation of the facts: the same for the same facts and rules.

    Raises Refusal `settlement.no_rules` where the region has none for the day.
    """
    try:
        return without(_computed(facts, rules), facts.left_out, _limit_rules(facts, rules))
    except NoRule as none:
        raise Refusal(
            "settlement.no_rules", region=none.region, day=none.day.isoformat(), topic=none.topic
        ) from none


def wanted_rows(facts: Facts, calculation: Calculation, rules: RuleSet) -> list[Wanted]:
    """Return the rows that each person with an amount needs (three a year, a pair once, one payment)."""
    certificates = {person.person_ref: person.certificate for person in facts.people}
    return [
        _wanted(line.person_ref, facts, certificates.get(line.person_ref), rules)
        for line in calculation.lines
        if line.amount_fen > 0
    ]


def _computed(facts: Facts, rules: RuleSet) -> Calculation:
    if facts.kind == LIVING_COST:
        return policy.merged(
            policy.living_cost(each.facts, each.days, facts.day, facts.region, rules=rules)
            for each in facts.trainees
        )
    if facts.kind == PROJECT_ADVANCE:
        return policy.advance(facts.project, facts.people, facts.day, rules=rules)
    return policy.balance(facts.project, facts.people, facts.employment, facts.day, rules=rules)


def _limit_rules(facts: Facts, rules: RuleSet) -> dict[str, policy.Rule]:
    if not facts.left_out:
        return {}
    day = facts.project.last_session or facts.day
    found = {
        "slot": rules.find("subsidies_per_year", day),
        "pair": rules.find("once_per_occupation_level", day),
    }
    return {kind: rule for kind, rule in found.items() if rule is not None}


def _wanted(person_ref: str, facts: Facts, certificate: Certificate | None, rules: RuleSet) -> Wanted:
    jurisdiction = regions.province_of(facts.region)
    project = facts.project
    training = f"{project.project_ref}-{person_ref}"
    if facts.kind == LIVING_COST:
        attendance = f"{facts.class_id}-{person_ref}"
        row = policy.payment_key(attendance, LIVING_COST, "person", "whole", jurisdiction)
        return Wanted(person_ref, attendance, (), ((PAYMENT, row),))
    stage = _STAGES[facts.kind]
    # the advance comes before the certificate: the training stands for it, and the last session's year
    # for its
    # year
    day = project.last_session or facts.day
    proof = training
    if stage == "balance" and certificate is not None:
        day, proof = certificate.day, certificate.number.replace(":", "_")
    keys = policy.limit_keys(person_ref, project.occupation, project.level, day, jurisdiction, rules=rules)
    fixed = [(PAYMENT, policy.payment_key(proof, "training", "provider", stage, jurisdiction))]
    if keys.pair is not None:
        fixed.append((PAIR, keys.pair))
    return Wanted(person_ref, training, keys.slots, tuple(fixed))


def _finished(each: TrainingClass) -> bool:
    # a person on two rosters of a project counts where there is a result
    return each.completed is not None


def _trainee(ref: str, each: TrainingClass, known: Known) -> Trainee:
    person = known.people.get(ref)
    verified = person is not None and person.verified
    groups = tuple(GroupFact(group, verified) for group in (person.groups if person else ()))
    return Trainee(LivingCostFacts(ref, True, verified, groups), each.days_of(ref))


def _person(
    ref: str, each: TrainingClass, project: ProjectFacts, known: Known, rules: RuleSet
) -> TraineeFacts:
    person = known.people.get(ref)
    verified = person is not None and person.verified
    return TraineeFacts(
        person_ref=ref,
        on_roster=True,
        real_name_complete=verified,
        pension_entitled=person.draws_pension if person else None,
        eligible=_eligible(person, each, project, rules) if person else "needs_proof",
        attended_days=len(each.days_of(ref)),
        completed=ref in (each.completed or ()),
        certificate=known.certificates.get(ref),
        advance_fen=known.advanced.get(ref, 0),
    )


def _eligible(
    person: Person, each: TrainingClass, project: ProjectFacts, rules: RuleSet
) -> policy.facts.Outcome:
    who = PersonFacts(
        person.ref, tuple(GroupFact(group, person.verified) for group in person.groups), person.draws_pension
    )
    what = ClassFacts(project.region, project.occupation, project.level)
    return policy.eligibility(who, what, each.roster_day, rules.jurisdiction, rules=rules).outcome


def sums_by_person(calculations: Iterable[Calculation]) -> dict[str, int]:
    """Return what calculations gave each person, in fen."""
    sums: dict[str, int] = {}
    for calculation in calculations:
        for line in calculation.lines:
            sums[line.person_ref] = sums.get(line.person_ref, 0) + line.amount_fen
    return sums
