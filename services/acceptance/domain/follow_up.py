"""Follow-up of graduates (就业跟踪): revisits by plan, guidance, rates by month [S15; 37 §3, §8]."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from services.acceptance.domain.classes import Training
from services.acceptance.domain.employment import Employment, months_later, rate_percent
from services.acceptance.domain.facts import Fact, require

UNREACHABLE = "unreachable"


@dataclass(frozen=True)
class Visit:
    """A revisit of a graduate, one for a time of the plan, by all three. month: months after the training."""

    id: str
    class_id: str
    person_ref: str
    month: int
    way: str
    outcome: str
    by: str
    at: datetime
    note: str | None = None


@dataclass(frozen=True)
class Guidance:
    """Career guidance given, or a job recommended (employer_code and post)."""

    id: str
    class_id: str
    person_ref: str
    kind: str
    words: str
    by: str
    at: datetime
    employer_code: str | None = None
    post: str | None = None


@dataclass(frozen=True)
class Time:
    """A time of the plan: due from that day; done: who was reached, of all who completed."""

    month: int
    due: date
    done: int
    people: int
    open: tuple[str, ...]


@dataclass(frozen=True)
class Rate:
    """Who had work, with proof, so many months after; not_due: graduates whose time is to come."""

    month: int
    completed: int
    employed: int
    percent: int
    not_due: int


def visit_id(class_id: str, person_ref: str, month: int) -> str:
    """Return the id of a revisit: one for each time of the plan."""
    return f"{class_id}:{person_ref}:{month}"


def due_on(training: Training, month: int) -> date:
    """Return the day from which a revisit is due."""
    return months_later(today_in_shanghai(training.ends), month)


def visit(training: Training, old: Visit | None, new: Visit, plan: Sequence[int]) -> tuple[Visit, list[Fact]]:
    """A graduate is revisited; who could not be reached is tried again.

    Raises Refusal `out_of_order`, `acceptance.not_completed`, `acceptance.visit_month`,
    `acceptance.visit_early`.
    """
    _require_graduate(training, new.person_ref, new.at, "record_visit")
    if new.month not in plan:
        raise Refusal("acceptance.visit_month", field="month", planned="、".join(map(str, plan)))
    due = due_on(training, new.month)
    if today_in_shanghai(new.at) < due:
        raise Refusal("acceptance.visit_early", field="month", day=due.isoformat())
    if old is not None:
        require(old.outcome, (UNREACHABLE,), "record_visit")
    data = {
        "project_id": training.project_id, "class_id": training.id, "person_ref": new.person_ref,
        "month": new.month, "outcome": new.outcome,
    }  # fmt: skip
    return new, [("acceptance.visit.recorded", data)]


def guide(training: Training, new: Guidance) -> tuple[Guidance, list[Fact]]:
    """Guidance is recorded; raises Refusal `out_of_order`, `acceptance.not_completed`."""
    _require_graduate(training, new.person_ref, new.at, "record_guidance")
    data = {
        "project_id": training.project_id, "class_id": training.id, "person_ref": new.person_ref,
        "kind": new.kind,
    }  # fmt: skip
    return new, [("acceptance.guidance.recorded", data)]


def plan_of(training: Training, visits: Iterable[Visit], plan: Sequence[int]) -> tuple[Time, ...]:
    """Return the times of the plan with who is still to be reached."""
    reached = {(each.person_ref, each.month) for each in visits if each.outcome != UNREACHABLE}
    times = []
    for month in plan:
        open = tuple(person for person in training.completed if (person, month) not in reached)
        people = len(training.completed)
        times.append(Time(month, due_on(training, month), people - len(open), people, open))
    return tuple(times)


def rates(
    trainings: Iterable[Training], employments: Iterable[Employment], plan: Sequence[int], today: date
) -> tuple[Rate, ...]:
    """Return the rates of these classes: each class counts at a time once that time has come."""
    held = [each for each in trainings if each.completed]
    began = {each.id: each.report.since for each in employments if each.status == "proven"}
    found = []
    for month in plan:
        due = [each for each in held if due_on(each, month) <= today]
        completed = sum(len(each.completed) for each in due)
        employed = sum(
            began[id] <= due_on(each, month)
            for each in due
            for person in each.completed
            if (id := f"{each.id}:{person}") in began
        )
        not_due = sum(len(each.completed) for each in held) - completed
        found.append(Rate(month, completed, employed, rate_percent(employed, completed), not_due))
    return tuple(found)


def _require_graduate(training: Training, person_ref: str, now: datetime, step: str) -> None:
    require(training.status(now), ("completed",), step)
    if person_ref not in training.completed:
        raise Refusal("acceptance.not_completed", field="person_ref")
