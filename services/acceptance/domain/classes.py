"""Classes (班次): filing, confirmation, return, stop, roster, carried out [S12; 37 §7; 7 §6].

The status follows from recorded facts and from business time.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from contracts.vocabularies.errors import Refusal
from contracts.vocabularies.modes import ON_SITE
from services.acceptance.domain import bookings, parameters
from services.acceptance.domain.bookings import Interval
from services.acceptance.domain.copies import Project
from services.acceptance.domain.facts import Fact, require


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
    place: Place | None = None
    platform: str | None = None
    units: tuple[str, ...] = ()


@dataclass(frozen=True)
class Material:
    """A book or other material of a class."""

    title: str
    publisher: str | None = None


@dataclass(frozen=True)
class Plan:
    """What a provider files for one class."""

    name: str
    place: Place
    capacity: int
    enrol_until: datetime
    sessions: tuple[Session, ...]
    materials: tuple[Material, ...] = ()


@dataclass(frozen=True)
class Change:
    """A change to a filed plan that waits for the supervisor; it holds nothing until then."""

    plan: Plan
    reason: str
    filed_by: str
    filed_at: datetime


@dataclass(frozen=True)
class Result:
    """A person's result at the assessment; of two, the later is the makeup's. Scores: 0 to 100."""

    person_ref: str
    passed: bool
    theory: int | None = None
    practice: int | None = None


@dataclass(frozen=True)
class LeftOut:
    """Somebody with a confirmed seat who is not on the roster, and why."""

    person_ref: str
    finding: str
    reason: str


@dataclass(frozen=True)
class Appointment:
    """The assessor of a class with its people. question_bank: which one the questions are drawn from."""

    assessor_ref: str
    assessor_name: str
    kind: str
    examiners: tuple[str, ...]
    quality_supervisor: str
    question_bank: str
    held_on: date
    appointed_by: str
    appointed_at: datetime


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
    change: Change | None = None
    changed_at: datetime | None = None
    change_answer: str | None = None
    left_out: tuple[LeftOut, ...] = ()
    appointment: Appointment | None = None
    results_at: datetime | None = None
    # the highest number that a session has ever had; 0: before any change
    last_session: int = 0
    closed_by: str | None = None

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

    def place_of(self, session: Session) -> Place | None:
        """Return where a session is held, None when it is online."""
        return None if session.platform else session.place or self.plan.place

    def appointed(self, assessor_ref: str) -> bool:
        """Return whether this assessor was appointed to the class."""
        return self.appointment is not None and self.appointment.assessor_ref == assessor_ref

    def result_of(self, person_ref: str) -> Result | None:
        """Return a person's last result, if there is one."""
        return next((each for each in reversed(self.results) if each.person_ref == person_ref), None)

    def status(self, now: datetime) -> str:
        """Return the status at a moment of business time (words of contracts.vocabularies.statuses.CLASS)."""
        reached = (
            (self.stopped_at, "stopped"),
            (self.returned_at, "returned"),
            (self.assessed_at, "completed"),
            (self.results_at, "assessed"),
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
    return tuple(session_of(f"{class_id}-{n:03d}", each) for n, each in enumerate(in_order, 1))


def session_of(session_id: str, given: dict[str, Any]) -> Session:
    """Return a session as it was given in a filing."""
    place, units = given.get("place"), given.get("units") or ()
    nested = {"place": Place(**place) if place else None, "units": tuple(units)}
    return Session(session_id=session_id, **{**given, **nested})


def file(
    id: str, award: tuple[str, str, str], project: Project, plan: Plan, by: str, now: datetime
) -> tuple[Training, list[Fact]]:
    """An awarded provider files a class: → filed. award: sourcing, provider, its name.

    Raises Refusal `out_of_order` (project), or one of check_plan's.
    """
    require(project.status, ("awarded", "running", "listed", "sourcing"), "file_class")
    check_plan(plan, project.hours, project.mode, now)
    sourcing_id, provider_ref, provider_name = award
    new = Training(
        id, project.id, sourcing_id, provider_ref, provider_name, project.occupation, project.level,
        project.mode, project.region, plan, by, now,
    )  # fmt: skip
    return new, [("acceptance.class.filed", as_filed(new))]


def refile(
    training: Training, project: Project, plan: Plan, by: str, now: datetime
) -> tuple[Training, list[Fact]]:
    """The provider files it again with another plan: filed | returned → filed.

    Raises Refusal `out_of_order`, or one of check_plan's.
    """
    require(training.status(now), ("filed", "returned"), "refile_class")
    check_plan(plan, project.hours, project.mode, now)
    new = replace(training, plan=plan, filed_by=by, filed_at=now, returned_at=None, reason=None)
    return new, [("acceptance.class.filed", as_filed(new))]


def check_plan(plan: Plan, hours_needed: int, mode: str, now: datetime) -> None:
    """Raise Refusal naming the field unless dates, hours and contents of the plan hold [37 §7; 7 §6]."""
    if not now < plan.enrol_until <= min(each.starts for each in plan.sessions):
        raise Refusal("acceptance.class_dates", field="enrol_until")
    check_timetable(plan.sessions, hours_needed, mode)


def check_timetable(sessions: tuple[Session, ...], hours_needed: int, mode: str) -> None:
    """Raise Refusal naming the field unless times, hours and contents hold [37 §7; 7 §6]."""
    for place, each in enumerate(sessions):
        if each.platform and (mode == ON_SITE or each.place):
            raise Refusal("acceptance.online_session", field=f"sessions.{place}.platform")
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
        "materials": [asdict(each) for each in plan.materials],
    }  # fmt: skip


def occupied(training: Training) -> Iterator[tuple[str, str, Interval]]:
    """Yield what the class takes: key of the thing, field to name when it is taken, and the time."""
    for n, each in enumerate(training.plan.sessions):
        interval = Interval(each.session_id, training.id, each.starts, each.ends)
        yield bookings.teacher_key(training.provider_ref, each.teacher), f"sessions.{n}.teacher", interval
        place = training.place_of(each)
        if place is not None:
            field = f"sessions.{n}.place" if each.place else "place"
            yield bookings.place_key(place.name, place.address), field, interval


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
