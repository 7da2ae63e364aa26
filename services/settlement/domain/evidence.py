"""What a calculation rests on: gathered from facts that other services told, kept with the claim, computed
again. What each kind of claim needs stands in kinds/.

The facts of one calculation are plain data: with the rules of their day they give the same fen for ever.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from contracts.vocabularies import regions
from contracts.vocabularies.errors import Refusal
from contracts.vocabularies.modes import EMPLOYMENT_SKILLS, PROJECT_TYPE
from services import policy
from services.policy import Calculation, ClassFacts, GroupFact, NoRule, PersonFacts, Rule, RuleSet
from services.settlement.domain.limits import Clash, Wanted, without


@dataclass(frozen=True)
class Person:
    """A person as intake told: verified by the registries, and not forgotten since."""

    ref: str
    verified: bool
    draws_pension: bool | None
    groups: tuple[str, ...]


@dataclass(frozen=True)
class Project:
    """A project as the catalogue and the award told. price_fen: for one person; None before the award.

    organisation and training_kind: how it is paid and what it is for (contracts.vocabularies.modes).
    """

    id: str
    region: str
    occupation: str
    level: str
    provider_ref: str | None
    provider_name: str | None
    price_fen: int | None
    organisation: str = PROJECT_TYPE
    training_kind: str = EMPLOYMENT_SKILLS


@dataclass(frozen=True)
class Attendance:
    """What one person attended: the days (Asia/Shanghai) with a confirmed sign-in."""

    person_ref: str
    days: tuple[date, ...]


@dataclass(frozen=True)
class TrainingClass:
    """A class with a filed roster. last_session_ended is None until carried out, completed until assessed.

    hours: class hours (学时) of its sessions, first_day: that of the first; None where they were not told.
    """

    id: str
    project_id: str
    provider_ref: str
    roster: tuple[str, ...]
    roster_day: date
    last_session_ended: datetime | None
    attendance: tuple[Attendance, ...]
    completed: tuple[str, ...] | None
    hours: int | None = None
    first_day: date | None = None

    @cached_property
    def roster_set(self) -> frozenset[str]:
        """Who is on the roster."""
        return frozenset(self.roster)

    @cached_property
    def completed_set(self) -> frozenset[str]:
        """Who completed, empty until assessed."""
        return frozenset(self.completed or ())

    @cached_property
    def _days(self) -> dict[str, tuple[date, ...]]:
        return {row.person_ref: row.days for row in self.attendance}

    def days_of(self, person_ref: str) -> tuple[date, ...]:
        """Return the days that a person attended."""
        return self._days.get(person_ref, ())


@dataclass(frozen=True)
class Facts(ABC):
    """Everything one calculation rests on; each kind of claim adds its own. region: whose rules hold.

    left_out: people whose limit rows were taken when it was submitted.
    """

    kind: str
    day: date
    region: str
    left_out: tuple[Clash, ...] = field(default=(), kw_only=True)

    @property
    def jurisdiction(self) -> str:
        """The province whose rules hold."""
        return regions.province_of(self.region)

    @abstractmethod
    def computed(self, rules: RuleSet) -> Calculation:
        """Return the calculation before anybody is left out. Raises NoRule."""

    @abstractmethod
    def wanted(self, calculation: Calculation, rules: RuleSet) -> list[Wanted]:
        """Return the rows that each person with an amount needs."""

    def grounds(self) -> dict[str, tuple[str, ...]]:
        """Return the rules on groups that each person stands under; they may bind the fund [600 §4]."""
        return {}

    def row_rules(self, rules: RuleSet) -> dict[str, Rule]:
        """Return the rule behind each kind of limit row; a payment row is refused under the line's own."""
        return {}


def compute(facts: Facts, rules: RuleSet) -> Calculation:
    """Return the calculation of the facts: the same for the same facts and rules.

    Raises Refusal `settlement.no_rules` where the region has none for the day.
    """
    try:
        row_rules = facts.row_rules(rules) if facts.left_out else {}
        return without(facts.computed(rules), facts.left_out, row_rules)
    except NoRule as none:
        raise Refusal(
            "settlement.no_rules", region=none.region, day=none.day.isoformat(), topic=none.topic
        ) from none


def wanted_rows(facts: Facts, calculation: Calculation, rules: RuleSet) -> list[Wanted]:
    """Return the rows that each person with an amount needs (three a year, a pair once, one payment)."""
    return facts.wanted(calculation, rules)


def yearly_rules(rules: RuleSet, day: date) -> dict[str, Rule]:
    """Return the rules behind the rows of training: three a year, an occupation and level once [AP]."""
    found = {
        "slot": rules.find("subsidies_per_year", day),
        "pair": rules.find("once_per_occupation_level", day),
    }
    return {kind: rule for kind, rule in found.items() if rule is not None}


def check_ready(
    classes: Sequence[TrainingClass], to_come: Sequence[str] = (), completed: bool = False
) -> None:
    """Check that what is claimed has happened, for every class with a roster.

    to_come: classes of a claimed project that were confirmed and not carried out. A project is claimed as a
    whole; a class without learners is stopped first. completed: whether results are needed too.
    Raises Refusal `settlement.not_carried_out` or `settlement.not_completed`.
    """
    late = sorted({each.id for each in classes if each.last_session_ended is None}.union(to_come))
    if late or not classes:
        raise Refusal("settlement.not_carried_out", classes=", ".join(late) or "-")
    unfinished = [each.id for each in classes if each.completed is None]
    if completed and unfinished:
        raise Refusal("settlement.not_completed", classes=", ".join(unfinished))


def last_session(classes: Iterable[TrainingClass]) -> datetime:
    """Return when the last session of classes that were carried out ended."""
    return max(each.last_session_ended for each in classes if each.last_session_ended is not None)


def known_groups(person: Person | None) -> tuple[GroupFact, ...]:
    """Return a person's groups, proven when the registries have verified the person."""
    return tuple(GroupFact(group, person.verified) for group in person.groups) if person else ()


def eligible(
    person: Person | None, about: policy.ProjectFacts | policy.ClassTrainingFacts, day: date, rules: RuleSet
) -> tuple[policy.facts.Outcome, tuple[str, ...]]:
    """Return whether a person could be trained with a subsidy on the roster's day, and under which rules.

    Raises NoRule.
    """
    if person is None:
        return "needs_proof", ()
    who = PersonFacts(person.ref, known_groups(person), person.draws_pension)
    what = ClassFacts(about.region, about.occupation, about.level, kind=about.kind)
    decided = policy.eligibility(who, what, day, rules.jurisdiction, rules=rules)
    return decided.outcome, policy.grounds_of(decided)


def sums_by_person(calculations: Iterable[Calculation]) -> dict[str, int]:
    """Return what calculations gave each person, in fen."""
    sums: dict[str, int] = {}
    for calculation in calculations:
        for line in calculation.lines:
            sums[line.person_ref] = sums.get(line.person_ref, 0) + line.amount_fen
    return sums


def paid_for(calculation: Calculation) -> list[str]:
    """Return the people with an amount above zero, in the order of the lines."""
    return [line.person_ref for line in calculation.lines if line.amount_fen > 0]
