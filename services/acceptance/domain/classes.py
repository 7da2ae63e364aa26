"""Classes (班次): filing, confirmation, return, stop, roster, carried out [S12; 37 §7; 7 §6].

The status follows from recorded facts and from business time.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from contracts.vocabularies.errors import Refusal
from services.acceptance.domain import bookings, parameters
from services.acceptance.domain.bookings import Interval
from services.acceptance.domain.copies import (
    CONFIRMED_ENROLMENTS,
    USABLE_VOUCHERS,
    Enrolment,
    Project,
    Voucher,
)
from services.acceptance.domain.facts import Fact, distinct, require


@dataclass(frozen=True)
class Place:
    """A training place; coordinates in degrees (WGS 84)."""

    name: str
    address: str
    longitude: float
    latitude: float


@dataclass(frozen=True)
class Session:
    """One session. hours: class hours (学时) of 45 minutes."""

    session_id: str
    starts: datetime
    ends: datetime
    kind: str
    hours: int
    topic: str
    teacher: str


@dataclass(frozen=True)
class Plan:
    """What a provider files for one class."""

    name: str
    place: Place
    capacity: int
    enrol_until: datetime
    sessions: tuple[Session, ...]


@dataclass(frozen=True)
class Result:
    """A person's result at the assessment."""

    person_ref: str
    passed: bool


@dataclass(frozen=True)
class Training:
    """A class from its filing to its end."""

    id: str
    project_id: str
    sourcing_id: str
    provider_ref: str
    provider_name: str
    occupation: str
    level: str
    mode: str
    region: str
    plan: Plan
    filed_by: str
    filed_at: datetime
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None
    returned_at: datetime | None = None
    stopped_at: datetime | None = None
    reason: str | None = None
    roster: tuple[str, ...] = ()
    roster_filed_at: datetime | None = None
    carried_out_at: datetime | None = None
    assessor_ref: str | None = None
    results: tuple[Result, ...] = ()
    completed: tuple[str, ...] = ()
    assessed_at: datetime | None = None

    @property
    def begins(self) -> datetime:
        """When the first session begins."""
        return min(each.starts for each in self.plan.sessions)

    @property
    def ends(self) -> datetime:
        """When the last session is over."""
        return max(each.ends for each in self.plan.sessions)

    def session(self, session_id: str) -> Session:
        """Return a session of this class; raises Refusal `acceptance.session_unknown`."""
        for each in self.plan.sessions:
            if each.session_id == session_id:
                return each
        raise Refusal("acceptance.session_unknown", field="session_id")

    def status(self, now: datetime) -> str:
        """Return the status at a moment of business time (words of contracts.vocabularies.statuses.CLASS)."""
        reached = (
            (self.stopped_at, "stopped"),
            (self.returned_at, "returned"),
            (self.assessed_at, "completed"),
            (self.carried_out_at, "carried_out"),
        )
        for fact, status in reached:
            if fact is not None:
                return status
        if self.confirmed_at is None:
            return "filed"
        if self.roster_filed_at is not None:
            return "running" if now >= self.begins else "roster_filed"
        return "enrolling" if now < self.plan.enrol_until else "confirmed"


def numbered(class_id: str, sessions: list[dict[str, Any]]) -> tuple[Session, ...]:
    """Return the sessions in order of time, each with its id in the class."""
    in_order = sorted(sessions, key=lambda each: each["starts"])
    return tuple(Session(session_id=f"{class_id}-{n:03d}", **each) for n, each in enumerate(in_order, 1))


def file(
    id: str, award: tuple[str, str, str], project: Project, plan: Plan, by: str, now: datetime
) -> tuple[Training, list[Fact]]:
    """An awarded provider files a class: → filed. award: sourcing, provider, its name.

    Raises Refusal `out_of_order` (project), or one of check_plan's.
    """
    require(project.status, ("awarded", "running", "listed", "sourcing"), "file_class")
    check_plan(plan, project.hours, now)
    sourcing_id, provider_ref, provider_name = award
    new = Training(
        id, project.id, sourcing_id, provider_ref, provider_name, project.occupation, project.level,
        project.mode, project.region, plan, by, now,
    )  # fmt: skip
    return new, [("acceptance.class.filed", as_filed(new))]


def check_plan(plan: Plan, hours_needed: int, now: datetime) -> None:
    """Raise Refusal naming the field unless dates, hours and contents of the plan hold [37 §7; 7 §6]."""
    sessions = plan.sessions
    if not now < plan.enrol_until <= min(each.starts for each in sessions):
        raise Refusal("acceptance.class_dates", field="enrol_until")
    for place, each in enumerate(sessions):
        if (
            each.ends - each.starts < each.hours * parameters.CLASS_HOUR
            or each.ends - each.starts > timedelta(days=1)
        ):
            raise Refusal("acceptance.session_times", field=f"sessions.{place}", hours=each.hours)
    for place, (one, following) in enumerate(pairwise(sessions), 1):
        if following.starts < one.ends:
            raise Refusal("acceptance.sessions_overlap", field=f"sessions.{place}")
    total = sum(each.hours for each in sessions)
    if total < hours_needed:
        raise Refusal("acceptance.hours_short", field="sessions", planned=total, needed=hours_needed)
    missing = [kind for kind in parameters.KINDS_NEEDED if kind not in {each.kind for each in sessions}]
    if missing:
        raise Refusal("acceptance.kinds_missing", field="sessions", missing="、".join(missing))


def as_filed(training: Training) -> dict[str, Any]:
    """Return the whole class as the events tell it."""
    plan = training.plan
    return {
        "project_id": training.project_id, "provider_ref": training.provider_ref,
        "provider_name": training.provider_name, "name": plan.name, "occupation": training.occupation,
        "level": training.level, "mode": training.mode, "region": training.region,
        "place": asdict(plan.place), "capacity": plan.capacity, "enrol_until": plan.enrol_until,
        "sessions": [asdict(each) for each in plan.sessions],
    }  # fmt: skip


def occupied(training: Training) -> Iterator[tuple[str, str, Interval]]:
    """Yield what the class takes: key of the thing, field to name when it is taken, and the time."""
    place = bookings.place_key(training.plan.place.name, training.plan.place.address)
    for n, each in enumerate(training.plan.sessions):
        interval = Interval(each.session_id, training.id, each.starts, each.ends)
        yield bookings.teacher_key(training.provider_ref, each.teacher), f"sessions.{n}.teacher", interval
        yield place, "place", interval


def seats_after(taken: int, capacity: int, seats: int) -> int:
    """Return the seats of a project's classes with one more; raises Refusal `acceptance.seats_exceeded`."""
    if taken + capacity > seats:
        raise Refusal("acceptance.seats_exceeded", field="capacity", left=seats - taken, seats=seats)
    return taken + capacity


def confirm(training: Training, by: str, now: datetime) -> tuple[Training, list[Fact]]:
    """A supervisor confirms the filing (备案确认): filed → enrolling.

    Raises Refusal `out_of_order`, `acceptance.class_dates` when enrolling would be over.
    """
    require(training.status(now), ("filed",), "confirm_class")
    if now >= training.plan.enrol_until:
        raise Refusal("acceptance.class_dates", field="enrol_until")
    new = replace(training, confirmed_by=by, confirmed_at=now)
    return new, [("acceptance.class.confirmed", as_filed(new))]


def send_back(training: Training, reason: str, now: datetime) -> tuple[Training, list[Fact]]:
    """A supervisor sends it back (退回补正): filed → returned; raises Refusal `out_of_order`."""
    require(training.status(now), ("filed",), "return_class")
    return replace(training, returned_at=now, reason=reason), [
        ("acceptance.class.returned", {"reason": reason})
    ]


def stop(training: Training, reason: str, now: datetime) -> tuple[Training, list[Fact]]:
    """A supervisor stops a class before it was carried out: → stopped; raises Refusal `out_of_order`."""
    require(training.status(now), ("confirmed", "enrolling", "roster_filed", "running"), "stop_class")
    data = {"project_id": training.project_id, "reason": reason}
    return replace(training, stopped_at=now, reason=reason), [("acceptance.class.stopped", data)]


def file_roster(
    training: Training,
    person_refs: tuple[str, ...],
    enrolments: list[Enrolment],
    vouchers: list[Voucher],
    now: datetime,
) -> tuple[Training, list[Fact]]:
    """The provider files the roster (名册): exactly those with a confirmed seat and a bound voucher.

    confirmed → roster_filed, before the first session. Raises Refusal `out_of_order`,
    `acceptance.roster_late`, `acceptance.roster_differs` (counts, no names).
    """
    require(training.status(now), ("enrolling", "confirmed"), "file_roster")
    if now >= training.begins:
        raise Refusal("acceptance.roster_late")
    if not distinct(person_refs):
        raise Refusal("acceptance.roster_differs", field="person_refs", missing=0, extra=0)
    seated = {each.person_ref for each in enrolments if each.status in CONFIRMED_ENROLMENTS}
    bound = {each.person_ref for each in vouchers if each.status in USABLE_VOUCHERS}
    due, filed = seated & bound, set(person_refs)
    if due != filed:
        raise Refusal(
            "acceptance.roster_differs", field="person_refs", missing=len(due - filed), extra=len(filed - due)
        )
    new = replace(training, roster=tuple(sorted(filed)), roster_filed_at=now)
    data = {"project_id": training.project_id, "person_refs": list(new.roster)}
    return new, [("acceptance.class.roster_filed", data)]
