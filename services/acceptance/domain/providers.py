"""The register of training bodies (机构名录): admission, measures, exit and re-entry [S11; 37 §2; 7 §9, §23].

Whether a body is public or private is kept for the reports; no rule below looks at it.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from services.acceptance.domain.classes import Place
from services.acceptance.domain.copies import TRAINERS, Body
from services.acceptance.domain.employment import months_later
from services.acceptance.domain.facts import Fact, require

WARNING, SUSPENSION, EXIT = "warning", "suspension", "exit"
# what a registered line of business must speak of, for a body whose business is training
_TRAINS = ("培训", "教育", "教学")


@dataclass(frozen=True)
class Terms:
    """What the dated parameters ask for. fresh_days: how old a registry's answer may be."""

    teachers: int
    places: int
    fresh_days: int
    reentry_months: int


@dataclass(frozen=True)
class Licence:
    """A training licence (办学许可), the charter of a public body, or a firm's own training centre.

    occupations: what it may train for; valid_until: its last day, None without one.
    """

    number: str
    issued_by: str
    valid_until: date | None
    occupations: tuple[str, ...]


@dataclass(frozen=True)
class Teacher:
    """A teacher of the body; certificate: number of the qualification."""

    name: str
    occupation: str
    certificate: str


@dataclass(frozen=True)
class Room:
    """A place where it trains, with its seats."""

    place: Place
    seats: int


@dataclass(frozen=True)
class Particulars:
    """What a body files about itself. ownership: public or private."""

    ownership: str
    licence: Licence
    teachers: tuple[Teacher, ...]
    rooms: tuple[Room, ...]


@dataclass(frozen=True)
class Check:
    """What the enterprise registry said; passed None: it has not answered, and nothing goes on."""

    asked_at: datetime
    answered_at: datetime | None = None
    passed: bool | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Application:
    """A filing to be decided."""

    particulars: Particulars
    filed_by: str
    filed_at: datetime
    check: Check
    returned_at: datetime | None = None
    reason: str | None = None

    @property
    def state(self) -> str:
        """Return the state (words of contracts.vocabularies.statuses.APPLICATION)."""
        if self.returned_at is not None:
            return "returned"
        if self.check.passed is None:
            return "checking"
        return "to_decide" if self.check.passed else "check_failed"


@dataclass(frozen=True)
class Measure:
    """A warning, a suspension (until: its last day, None until lifted) or an exit. clause: on what ground."""

    id: str
    kind: str
    reason: str
    clause: str
    day: date
    until: date | None
    by: str
    lifted_on: date | None = None
    lifted_by: str | None = None
    lifted_reason: str | None = None

    def holds(self, today: date) -> bool:
        """Return whether it holds on a day."""
        if self.lifted_on is not None and self.lifted_on <= today:
            return False
        return self.day <= today and (self.until is None or today <= self.until)


@dataclass(frozen=True)
class Provider:
    """A body on the register, by the id of the body.

    admitted: what it was admitted with; since: the day of the last admission; exited_on: until re-entry.
    """

    id: str
    kind: str
    name: str
    region: str
    application: Application | None = None
    admitted: Particulars | None = None
    admitted_by: str | None = None
    since: date | None = None
    exited_on: date | None = None
    own_exit: bool = False
    entries: int = 0
    measures: tuple[Measure, ...] = ()
    grade: str | None = None
    preferred: bool = False

    def status(self, today: date) -> str:
        """Return the status on a day (words of contracts.vocabularies.statuses.PROVIDER)."""
        if self.exited_on is not None:
            return "exited"
        if self.admitted is None:
            return "applied"
        held = {each.kind for each in self.measures if each.holds(today)}
        return "suspended" if SUSPENSION in held else "warned" if WARNING in held else "admitted"

    def suspended_until(self, today: date) -> date | None:
        """Return the last day of the suspensions that hold, None when one has no end."""
        days = [each.until for each in self.measures if each.kind == SUSPENSION and each.holds(today)]
        return None if None in days else max((day for day in days if day is not None), default=None)


def may_act(provider: Provider | None, act: str, today: date, occupation: str | None = None) -> None:
    """Raise Refusal unless the register lets a body do something new on a day: the one gate for it.

    act: what is asked for (submit_bid, file_class …), named in the refusal; occupation: of the project, which
    the licence has to cover. A class that runs already is not stopped by this: a supervisor stops it.
    Raises `acceptance.provider_not_admitted`, `acceptance.provider_exited`, `acceptance.provider_suspended`,
    `acceptance.licence_expired`, `acceptance.provider_scope`.
    """
    status = "applied" if provider is None else provider.status(today)
    if provider is not None and status == "exited":
        day = (provider.exited_on or today).isoformat()
        raise Refusal("acceptance.provider_exited", step=act, day=day)
    if provider is None or provider.admitted is None:
        raise Refusal("acceptance.provider_not_admitted", step=act)
    if status == "suspended":
        until = provider.suspended_until(today)
        raise Refusal("acceptance.provider_suspended", step=act, until=until.isoformat() if until else "—")
    licence = provider.admitted.licence
    if licence.valid_until is not None and licence.valid_until < today:
        raise Refusal("acceptance.licence_expired", step=act, day=licence.valid_until.isoformat())
    if occupation is not None and occupation not in licence.occupations:
        raise Refusal("acceptance.provider_scope", step=act, occupation=occupation)


def apply(
    body: Body, old: Provider | None, told: Particulars, terms: Terms, by: str, now: datetime
) -> tuple[Provider, list[Fact]]:
    """A verified trainer files for the register, for changed particulars, or for re-entry: → checking.

    The registry's last answer serves while it is fresh; else it is asked again, and the filing waits.
    Raises Refusal `acceptance.body_unverified`, `acceptance.provider_short`, `acceptance.licence_expired`,
    `acceptance.application_pending`, `acceptance.reentry_early`.
    """
    body.require(TRAINERS)
    today = today_in_shanghai(now)
    _check_particulars(told, terms, today)
    known = old or Provider(body.id, body.kind, body.name, body.region)
    if known.application is not None and known.application.state in ("checking", "to_decide"):
        raise Refusal("acceptance.application_pending", status=known.application.state)
    if known.exited_on is not None and not known.own_exit:
        earliest = months_later(known.exited_on, terms.reentry_months)
        if today < earliest:
            raise Refusal("acceptance.reentry_early", day=earliest.isoformat())
    check = Check(now)
    if body.checked_at is not None and body.checked_at >= now - timedelta(days=terms.fresh_days):
        check = _answered(check, body.kind, body.checked_at, body.scope, None)
    new = replace(known, name=body.name, region=body.region, application=Application(told, by, now, check))
    facts: list[Fact] = [("acceptance.provider.applied", {**_of(new), "ownership": told.ownership})]
    if check.passed is None:
        facts.append(("acceptance.provider.check_asked", _of(new)))
    return new, facts


def take_answer(provider: Provider, answered_at: datetime, scope: str, fault: str | None) -> Provider:
    """The registry has answered on the body: checking → to_decide or check_failed; else nothing changes."""
    filed = provider.application
    if filed is None or filed.state != "checking":
        return provider
    check = _answered(filed.check, provider.kind, answered_at, scope, fault)
    return replace(provider, application=replace(filed, check=check))


def admit(provider: Provider, terms: Terms, by: str, now: datetime) -> tuple[Provider, list[Fact]]:
    """An officer admits what was filed: → admitted, for the first time, changed, or again after an exit.

    Raises Refusal `out_of_order`, `acceptance.registry_silent`, `acceptance.registry_old`.
    """
    filed = _to_decide(provider, "admit_provider")
    answered = filed.check.answered_at
    if answered is None or answered < now - timedelta(days=terms.fresh_days):
        raise Refusal("acceptance.registry_old", days=terms.fresh_days)
    today = today_in_shanghai(now)
    entered = provider.admitted is None or provider.exited_on is not None
    new = replace(
        provider, application=None, admitted=filed.particulars, admitted_by=by,
        since=today if entered else provider.since, exited_on=None, own_exit=False,
        entries=provider.entries + entered,
    )  # fmt: skip
    occupations = list(filed.particulars.licence.occupations)
    return new, [("acceptance.provider.admitted", {**_of(new), "occupations": occupations})]


def send_back(provider: Provider, reason: str, now: datetime) -> tuple[Provider, list[Fact]]:
    """An officer sends a filing back with the reason: → returned; what was admitted before stays so.

    Raises Refusal `out_of_order`.
    """
    if provider.application is None:
        raise Refusal("out_of_order", status="none", step="return_application")
    require(provider.application.state, ("to_decide", "check_failed", "checking"), "return_application")
    filed = replace(provider.application, returned_at=now, reason=reason)
    return replace(provider, application=filed), [("acceptance.provider.returned", {"reason": reason})]


def take_measure(provider: Provider, measure: Measure, today: date) -> tuple[Provider, list[Fact]]:
    """A supervisor warns, suspends or puts a body off the register; one that left by itself can still be put
    off, so that leaving is no way around the months before re-entry. What it has filed falls with the exit.

    Raises Refusal `out_of_order` unless it is on the register, `acceptance.measure_dates`.
    """
    if measure.kind != EXIT or not provider.own_exit:
        require(provider.status(today), ("admitted", "warned", "suspended"), "take_measure")
    if measure.until is not None and (measure.kind == EXIT or measure.until < today):
        raise Refusal("acceptance.measure_dates", field="until")
    new = replace(provider, measures=(*provider.measures, measure))
    data = {
        "region": provider.region, "reason": measure.reason, "clause": measure.clause, "until": measure.until
    }  # fmt: skip
    if measure.kind == EXIT:
        new = replace(
            new, exited_on=today, own_exit=False, application=None, grade=None, preferred=False
        )  # fmt: skip
    verb = {WARNING: "warned", SUSPENSION: "suspended", EXIT: "exited"}[measure.kind]
    return new, [(f"acceptance.provider.{verb}", data)]


def lift(
    provider: Provider, measure_id: str, by: str, reason: str, today: date
) -> tuple[Provider, list[Fact]]:
    """A supervisor ends a warning or a suspension before its time; from an exit only re-entry leads back.

    Raises Refusal `acceptance.measure_unknown`, `out_of_order` when it does not hold any more.
    """
    found = next((each for each in provider.measures if each.id == measure_id), None)
    if found is None or found.kind == EXIT:
        raise Refusal("acceptance.measure_unknown", field="measure_id")
    if not found.holds(today):
        raise Refusal("out_of_order", status="ended", step="lift_measure")
    ended = replace(found, lifted_on=today, lifted_by=by, lifted_reason=reason)
    measures = tuple(ended if each.id == measure_id else each for each in provider.measures)
    data = {"measure_id": measure_id, "kind": found.kind, "reason": reason}
    return replace(provider, measures=measures), [("acceptance.provider.measure_lifted", data)]


def leave(provider: Provider, reason: str, today: date) -> tuple[Provider, list[Fact]]:
    """A body leaves by itself: → exited, free to file again, but not out of a suspension.

    Raises Refusal `out_of_order`.
    """
    require(provider.status(today), ("admitted", "warned"), "leave_register")
    new = replace(provider, exited_on=today, own_exit=True, grade=None, preferred=False)
    data = {"region": provider.region, "reason": reason, "clause": None, "until": None}
    return new, [("acceptance.provider.exited", data)]


def _check_particulars(told: Particulars, terms: Terms, today: date) -> None:
    if len(told.teachers) < terms.teachers:
        raise Refusal("acceptance.provider_short", field="teachers", least=terms.teachers)
    if len(told.rooms) < terms.places:
        raise Refusal("acceptance.provider_short", field="rooms", least=terms.places)
    until = told.licence.valid_until
    if until is not None and until < today:
        raise Refusal(
            "acceptance.licence_expired", field="licence.valid_until", step="apply", day=until.isoformat()
        )
    for place, each in enumerate(told.teachers):
        if each.occupation not in told.licence.occupations:
            field = f"teachers.{place}.occupation"
            raise Refusal("acceptance.provider_scope", field=field, step="apply", occupation=each.occupation)


def _answered(check: Check, kind: str, at: datetime, scope: str, fault: str | None) -> Check:
    """Take in an answer; a body whose business is training must be registered for it."""
    if fault is None and kind == "provider" and not any(word in scope for word in _TRAINS):
        fault = "登记的经营范围不含培训 / no line of its registered business is training"
    return replace(check, answered_at=at, passed=fault is None, reason=fault)


def _to_decide(provider: Provider, step: str) -> Application:
    filed = provider.application
    if filed is None:
        raise Refusal("out_of_order", status="none", step=step)
    if filed.state == "checking":
        raise Refusal("acceptance.registry_silent", asked_at=filed.check.asked_at.isoformat())
    require(filed.state, ("to_decide",), step)
    return filed


def _of(provider: Provider) -> dict[str, object]:
    return {"kind": provider.kind, "name": provider.name, "region": provider.region}
