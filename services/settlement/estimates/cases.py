"""From rows to amounts: rows that the rules cannot tell apart are one case, reckoned once by services.policy.

What a case leaves out of a row is what the claims' functions do not ask for: the region becomes the nearest
one that has rules of its own, a day the first day on which the same rules hold, a person's work the answer to
whether it began in time. tests/unit/settlement compare case by case with the claims' functions.
"""

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Final, NamedTuple

from contracts.vocabularies import regions
from services import policy
from services.policy import (
    ClassFacts,
    GroupFact,
    NoRule,
    PersonFacts,
    ProjectFacts,
    RuleSet,
)
from services.policy.dates import add_months
from services.settlement.domain.claims import PERSON
from services.settlement.domain.kinds.oriented_training import term_months
from services.settlement.estimates.columns import (
    CERTIFICATE_BATCH,
    CLASS_TRAINING,
    ORIENTED_TRAINING,
    PERSON_TRAINING,
    PROJECT,
    Row,
)

Case = tuple[Any, ...]
BEFORE: Final = "before"
WITHIN: Final = "within"
LATE: Final = "late"
_BY_CLASS: Final = (CLASS_TRAINING, PERSON_TRAINING)


class Training(NamedTuple):
    """A project or a class as far as the rules see it. met: enough of its people have found work."""

    kind: str
    region: str
    occupation: str
    level: str
    training_kind: str
    day: date
    price_fen: int | None
    payee: str
    organiser: str
    hours: int | None
    met: bool


class Trainee(NamedTuple):
    """A person of a training as far as the rules see it. work: before, within or late of the window."""

    real_name: bool
    pension: bool | None
    eligible: policy.facts.Outcome
    attended: bool
    completed: bool
    certificate: str
    advance: bool
    work: str


@dataclass
class Project:
    """One project of a population: what all its rows have to agree in, and how many found work in time."""

    shared: tuple[Any, ...]
    row: int
    follow_up: date
    window: date
    completed: int = 0
    working: int = 0


@dataclass
class Cases:
    """Sorts rows into cases under one rule set. Raises LookupError for a region of another province."""

    rules: RuleSet
    projects: dict[str, Project] = field(default_factory=dict)
    _places: dict[str, str] = field(default_factory=dict)
    _days: dict[date, date] = field(default_factory=dict)
    _eligible: dict[Case, policy.facts.Outcome] = field(default_factory=dict)
    _windows: dict[date, tuple[date, date]] = field(default_factory=dict)

    def of(self, row: Row, number: int) -> Case:
        """Return the case of a row; a project's rows are told apart by it until all have been read.

        Raises ValueError when the row is at odds with the one that named its project first.
        """
        if row.kind == PROJECT:
            project = self._project(row, number)
            self._count(project, row)
            return (PROJECT, row.project, self._trainee(row, project.window))
        place, day = self._place(row.region), self._day(row.day)
        if row.kind == CERTIFICATE_BATCH:
            return (row.kind, place, day, row.certificate, row.real_name)
        if row.kind == ORIENTED_TRAINING:
            months = self._months(row)
            proof = (row.certificate, row.real_name, row.completed)
            return (row.kind, place, day, row.occupation, row.price_fen, months, *proof)
        if row.kind not in _BY_CLASS:
            return (row.kind, place, *self._person(row, row.day, day), row.real_name, row.days)
        training = Training(
            row.kind, place, row.occupation, row.level, row.training_kind, day, row.price_fen,
            PERSON if row.kind == PERSON_TRAINING else row.payee, row.organiser, row.hours, False,
        )  # fmt: skip
        return (row.kind, training, self._trainee(row, self._windows_of(row.day)[1]))

    def _months(self, row: Row) -> int:
        """Return how many months an oriented class lasted, 0 where the province has no such training."""
        cap = self.rules.find("oriented_cap", row.day, row.region)
        if cap is None or row.first_day is None:
            return 0
        return term_months(row.first_day, row.day, cap.values["min_months"])

    def _trainee(self, row: Row, window: date) -> Trainee:
        return Trainee(
            row.real_name,
            row.pension,
            self._outcome(row),
            row.days > 0,
            row.completed,
            row.certificate,
            row.advance,
            _work(row, window),
        )

    def settled(self, case: Case) -> Case:
        """Return the case once every row is read: a project gives way to what the rules see of it."""
        if case[0] != PROJECT:
            return case
        project = self.projects[case[1]]
        region, occupation, level, training_kind, day, price = project.shared
        training = Training(
            PROJECT, self._place(region), occupation, level, training_kind, self._day(day), price, "", "",
            None, self._met(project, day),
        )  # fmt: skip
        return (PROJECT, training, case[2])

    def _project(self, row: Row, number: int) -> Project:
        shared = (row.region, row.occupation, row.level, row.training_kind, row.day, row.price_fen)
        project = self.projects.get(row.project)
        if project is None:
            self._place(row.region)
            project = self.projects[row.project] = Project(shared, number, *self._windows_of(row.day))
        elif project.shared != shared:
            raise ValueError(f"与第 {project.row} 行的同一项目不符 / differs from row {project.row}")
        return project

    def _count(self, project: Project, row: Row) -> None:
        if row.completed:
            project.completed += 1
            if row.employed_from is not None and row.employed_from <= project.follow_up:
                project.working += 1

    def _met(self, project: Project, day: date) -> bool:
        # as policy.balance has it: employed with proof, of those who completed
        percent = self.rules.one("employment_rate", day).values["percent"]
        return bool(project.completed) and project.working * 100 >= percent * project.completed

    def _windows_of(self, day: date) -> tuple[date, date]:
        """Return the last days of the follow-up and of the uplift's window after a day."""
        found = self._windows.get(day)
        if found is None:
            about = ProjectFacts("-", self.rules.jurisdiction, "-", "-", day)
            try:
                follow_up = policy.follow_up_ends(about, rules=self.rules)
            except NoRule:
                follow_up = day
            uplift = self.rules.find("uplift_window", day)
            until = add_months(day, uplift.values["months"]) if uplift else day
            found = self._windows[day] = (follow_up, until)
        return found

    def _outcome(self, row: Row) -> policy.facts.Outcome:
        enrolled = row.enrolled_on or row.day
        # written out, not by _place, _day and _person: asked by the million
        key = (
            self._places.get(row.region) or self._place(row.region),
            row.groups,
            row.groups_proven,
            row.graduated_on,
            (self._days.get(enrolled) or self._day(enrolled)) if row.graduated_on is None else enrolled,
            row.pension,
            row.training_kind,
        )
        found = self._eligible.get(key)
        if found is None:
            found = self._eligible[key] = self._eligibility(row, key[0], enrolled)
        return found

    def _eligibility(self, row: Row, place: str, enrolled: date) -> policy.facts.Outcome:
        who = PersonFacts("-", groups_of(row.groups, row.groups_proven, row.graduated_on), row.pension)
        # nothing was taken before, so that occupation and level cannot matter
        what = ClassFacts(place, row.occupation, row.level, kind=row.training_kind)
        try:
            return policy.eligibility(who, what, enrolled, self.rules.jurisdiction, rules=self.rules).outcome
        except NoRule:
            return "no"

    def _person(self, row: Row, exact: date, same: date) -> Case:
        """Return what the groups of a person rest on; a graduate's time is counted from the very day."""
        if row.graduated_on is None:
            return (row.groups, row.groups_proven, None, same)
        return (row.groups, row.groups_proven, row.graduated_on, exact)

    def _place(self, region: str) -> str:
        found = self._places.get(region)
        if found is None:
            above = (region, *regions.ancestors(region))
            if self.rules.jurisdiction not in above:
                raise LookupError(f"不在 {self.rules.jurisdiction} / not in {self.rules.jurisdiction}")
            found = next(each for each in above if each in self._with_rules)
            self._places[region] = found
        return found

    def _day(self, day: date) -> date:
        found = self._days.get(day)
        if found is None:
            begun = bisect_right(self._turns, day)
            turn = self._turns[begun - 1] if begun else date(day.year, 1, 1)
            found = self._days[day] = max(turn, date(day.year, 1, 1))
        return found

    @cached_property
    def _with_rules(self) -> set[str]:
        return {rule.jurisdiction for rule in self.rules.rules} | {self.rules.jurisdiction}

    @cached_property
    def _turns(self) -> list[date]:
        """The days on which a rule begins, or has just ended."""
        ends = {rule.valid_to + timedelta(days=1) for rule in self.rules.rules if rule.valid_to}
        return sorted(ends | {rule.valid_from for rule in self.rules.rules})


def groups_of(groups: tuple[str, ...], proven: bool, graduated: date | None) -> tuple[GroupFact, ...]:
    """Return the group facts of a person."""
    return tuple(GroupFact(group, proven, graduated) for group in groups)


def _work(row: Row, until: date) -> str:
    if row.employed_from is None:
        return ""
    if row.employed_from < row.day:
        return BEFORE
    return WITHIN if row.employed_from <= until else LATE
