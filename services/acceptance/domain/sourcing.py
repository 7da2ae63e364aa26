"""Sourcing of a provider by open challenge (揭榜挂帅): notice, candidate, objection, award [S10; 37 §6].

The status follows from recorded facts and from business time, so it cannot disagree with them.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from contracts.vocabularies.calendar import CalendarEnds, add_working_days
from contracts.vocabularies.dates import day_ends, today_in_shanghai
from contracts.vocabularies.errors import Refusal
from services.acceptance.domain import parameters
from services.acceptance.domain.copies import Project
from services.acceptance.domain.facts import Fact, distinct, require

OPEN = ("questions", "bidding")


@dataclass(frozen=True)
class Criterion:
    """What bids are judged by; weights of a notice sum to 100."""

    id: str
    name: str
    weight: int


@dataclass(frozen=True)
class OpeningKey:
    """The public half (base64 X25519) of an opening officer's key; the private half never comes here."""

    key_id: str
    officer: str
    public_key: str


@dataclass(frozen=True)
class Mark:
    """One panel member's judgement of one bid, in hundredths of a point (0 to 10,000)."""

    bid_id: str
    account: str
    hundredths: int


@dataclass(frozen=True)
class Ranked:
    """A bid in the order of merit. points: mean of the panel in hundredths; price_fen: for one person."""

    bid_id: str
    provider_ref: str
    provider_name: str
    price_fen: int
    points: int


@dataclass(frozen=True)
class Answer:
    """A supervisor's answer to an objection."""

    upheld: bool
    text: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Objection:
    """A provider's objection (异议) to the candidate."""

    id: str
    provider_ref: str
    reason: str
    at: datetime
    answer: Answer | None = None


@dataclass(frozen=True)
class Candidate:
    """Who is shown to the public before the award, and until when."""

    bid_id: str
    provider_ref: str
    provider_name: str
    price_fen: int
    named_by: str
    named_at: datetime
    notice_until: datetime


@dataclass(frozen=True)
class Reinvitation:
    """Bids were asked for anew after a key was lost. bids_until: the one before; set_aside: bids then."""

    reason: str
    by: str
    at: datetime
    bids_until: datetime
    set_aside: int


@dataclass(frozen=True)
class Notice:
    """What an officer publishes (榜). ceiling_fen: highest price for one person."""

    goal: str
    ceiling_fen: int
    criteria: tuple[Criterion, ...]
    questions_until: datetime
    bids_until: datetime
    keys: tuple[OpeningKey, ...]
    panel: tuple[str, ...]


@dataclass(frozen=True)
class Sourcing:
    """One challenge from its notice to its end. struck: bids put aside by an upheld objection."""

    id: str
    project_id: str
    name: str
    region: str
    seats: int
    hours: int
    notice: Notice
    published_by: str
    published_at: datetime
    sealed_bids: int = 0
    outer_opened_at: datetime | None = None
    opened_at: datetime | None = None
    marks: tuple[Mark, ...] = ()
    ranking: tuple[Ranked, ...] = ()
    scored_at: datetime | None = None
    candidate: Candidate | None = None
    objections: tuple[Objection, ...] = ()
    struck: tuple[str, ...] = ()
    awarded_by: str | None = None
    awarded_at: datetime | None = None
    failed_at: datetime | None = None
    failure: str | None = None
    reinvitations: tuple[Reinvitation, ...] = ()

    def status(self, now: datetime) -> str:
        """Return the status at a moment of business time (words of vocabularies.statuses.SOURCING)."""
        reached = (
            (self.failed_at, "failed"),
            (self.awarded_at, "awarded"),
            (self.candidate, "public_notice"),
            (self.scored_at, "scored"),
            (self.opened_at, "opened"),
        )
        for fact, status in reached:
            if fact is not None:
                return status
        if now >= self.notice.bids_until:
            return "sealed"
        return "bidding" if now >= self.notice.questions_until else "questions"

    def open_objections(self) -> tuple[Objection, ...]:
        """Return the objections without an answer."""
        return tuple(each for each in self.objections if each.answer is None)

    def layer_of(self, account: str) -> int:
        """Return 1 or 2, the seal this officer opens; raises Refusal `acceptance.not_opening_officer`."""
        for layer, key in enumerate(self.notice.keys, 1):
            if key.officer == account:
                return layer
        raise Refusal("acceptance.not_opening_officer")


def publish(id: str, project: Project, notice: Notice, by: str, now: datetime) -> tuple[Sourcing, list[Fact]]:
    """A listed project's challenge is published: → questions; raises Refusal as check_notice."""
    # one challenge at a time is held by a row; after a failed one the project may still say sourcing
    if project.status not in ("listed", "sourcing") or project.sourcing_way != "open_challenge":
        raise Refusal("acceptance.project_not_open", status=project.status)
    check_notice(notice, project, by, now)
    new = Sourcing(
        id, project.id, project.name, project.region, project.seats, project.hours, notice, by, now
    )
    data = {
        "project_id": project.id, "name": project.name, "region": project.region, "goal": notice.goal,
        "seats": project.seats, "hours": project.hours, "ceiling_fen": notice.ceiling_fen,
        "bids_until": notice.bids_until,
    }  # fmt: skip
    return new, [("acceptance.sourcing.notice_published", data)]


def check_notice(notice: Notice, project: Project, by: str, now: datetime) -> None:
    """Raise Refusal naming the field unless dates, weights, keys, people and ceiling hold."""
    if not now < notice.questions_until <= notice.bids_until:
        raise Refusal("acceptance.notice_dates", field="questions_until")
    weights = sum(each.weight for each in notice.criteria)
    if weights != 100 or not distinct([each.id for each in notice.criteria]):
        raise Refusal("acceptance.weights", field="criteria", sum=weights)
    officers = [key.officer for key in notice.keys]
    if len(officers) != 2 or not distinct(officers) or not distinct([key.public_key for key in notice.keys]):
        raise Refusal("acceptance.opening_officers", field="opening_officers")
    if len(notice.panel) < parameters.PANEL_AT_LEAST or not distinct([by, *officers, *notice.panel]):
        raise Refusal("acceptance.panel", field="panel_accounts", least=parameters.PANEL_AT_LEAST)
    if notice.ceiling_fen > project.standard_fen:
        raise Refusal("acceptance.ceiling", field="ceiling_fen", standard_fen=project.standard_fen)


def name_candidate(
    sourcing: Sourcing, by: str, now: datetime, *, estimates: bool
) -> tuple[Sourcing, list[Fact]]:
    """The first of the ranking that is not struck goes to public notice: scored → public_notice.

    estimates: whether estimated calendars may be used (the demonstration only).
    Raises Refusal `out_of_order`, `acceptance.nobody_left`, `acceptance.calendar_ends`.
    """
    require(sourcing.status(now), ("scored",), "name_candidate")
    left = [each for each in sourcing.ranking if each.bid_id not in sourcing.struck]
    if not left:
        raise Refusal("acceptance.nobody_left")
    first = left[0]
    until = notice_end(now, estimates=estimates)
    candidate = Candidate(
        first.bid_id, first.provider_ref, first.provider_name, first.price_fen, by, now, until
    )
    data = {
        "provider_ref": first.provider_ref, "provider_name": first.provider_name, "notice_until": until,
    }  # fmt: skip
    return replace(sourcing, candidate=candidate), [("acceptance.sourcing.candidate_named", data)]


def notice_end(now: datetime, *, estimates: bool) -> datetime:
    """Return when a public notice that begins now is over: the end of the fifth working day after today.

    Raises Refusal `acceptance.calendar_ends` past the published calendars.
    """
    today = today_in_shanghai(now)
    try:
        return day_ends(add_working_days(today, parameters.NOTICE_WORKING_DAYS, estimates=estimates))
    except CalendarEnds as end:
        raise Refusal("acceptance.calendar_ends", year=end.year) from end


def raise_objection(
    sourcing: Sourcing, id: str, provider_ref: str, reason: str, now: datetime
) -> tuple[Sourcing, list[Fact]]:
    """A provider objects during the public notice; it holds the award until it is answered."""
    require(sourcing.status(now), ("public_notice",), "object")
    if sourcing.candidate is None or now >= sourcing.candidate.notice_until:
        raise Refusal("acceptance.objection_late")
    if any(each.provider_ref == provider_ref for each in sourcing.open_objections()):
        raise Refusal("acceptance.objection_open")
    new = Objection(id, provider_ref, reason, now)
    data = {"objection_id": id, "provider_ref": provider_ref, "reason": reason}
    return replace(sourcing, objections=(*sourcing.objections, new)), [
        ("acceptance.sourcing.objection_raised", data)
    ]


def answer_objection(sourcing: Sourcing, objection_id: str, answer: Answer) -> tuple[Sourcing, list[Fact]]:
    """A supervisor answers; when upheld the candidate is struck: public_notice → scored.

    Raises Refusal `not_found`, `out_of_order`, `acceptance.own_work` (the one who named the candidate).
    """
    if objection_id not in {each.id for each in sourcing.open_objections()}:
        raise Refusal("not_found", field="objection_id", what="objection")
    candidate = sourcing.candidate
    if candidate is None:
        raise Refusal("out_of_order", status=sourcing.status(answer.at), step="answer_objection")
    if answer.by in (candidate.named_by, sourcing.published_by):
        raise Refusal("acceptance.own_work")
    # an upheld objection ends this candidacy, and with it what else was said against it
    objections = tuple(
        replace(each, answer=answer)
        if each.id == objection_id or (answer.upheld and not each.answer)
        else each
        for each in sourcing.objections
    )
    new = replace(sourcing, objections=objections)
    if answer.upheld:
        new = replace(new, candidate=None, struck=(*sourcing.struck, candidate.bid_id))
    data = {"objection_id": objection_id, "upheld": answer.upheld, "answer": answer.text}
    return new, [("acceptance.sourcing.objection_answered", data)]


def award(sourcing: Sourcing, by: str, now: datetime) -> tuple[Sourcing, list[Fact]]:
    """After the notice, without open objection: public_notice → awarded.

    Raises Refusal `out_of_order`, `acceptance.notice_running`, `acceptance.objection_open`.
    """
    require(sourcing.status(now), ("public_notice",), "award")
    candidate = sourcing.candidate
    if candidate is None or now < candidate.notice_until:
        until = candidate.notice_until.isoformat() if candidate else "?"
        raise Refusal("acceptance.notice_running", until=until)
    if sourcing.open_objections():
        raise Refusal("acceptance.objection_open")
    data = {
        "project_id": sourcing.project_id, "provider_ref": candidate.provider_ref,
        "provider_name": candidate.provider_name, "price_fen": candidate.price_fen,
    }  # fmt: skip
    return replace(sourcing, awarded_by=by, awarded_at=now), [("acceptance.sourcing.awarded", data)]


def fail(sourcing: Sourcing, reason: str, now: datetime) -> tuple[Sourcing, list[Fact]]:
    """The challenge ends without an award (流标), with its reason; raises Refusal `out_of_order`."""
    require(sourcing.status(now), (*OPEN, "sealed", "opened", "scored", "public_notice"), "fail_sourcing")
    data = {"project_id": sourcing.project_id, "reason": reason}
    return replace(sourcing, failed_at=now, failure=reason), [("acceptance.sourcing.failed", data)]
