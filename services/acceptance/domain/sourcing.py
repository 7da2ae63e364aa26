"""Sourcing of a provider (接单): notice, candidate, objection, award, whatever the way [S10; 37 §6].

The status follows from recorded facts and from business time, so it cannot disagree with them.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contracts.vocabularies.errors import Refusal
from services.acceptance.domain.copies import Project
from services.acceptance.domain.facts import Fact, distinct
from services.acceptance.domain.records import (
    NOTICED_WAYS,
    SEALED_WAYS,
    Draw,
    Paper,
    Past,
    Postponement,
    Question,
    Rules,
    SourcingContract,
    Tender,
)

OPEN = ("questions", "bidding")
_PLAIN = Rules()


@dataclass(frozen=True)
class Criterion:
    """What bids are judged by; weights of a notice sum to 100. subject: of statuses.CRITERION_SUBJECTS."""

    id: str
    name: str
    weight: int
    subject: str = "plan"


@dataclass(frozen=True)
class OpeningKey:
    """The public half (base64 X25519) of an opening officer's key; the private half never comes here."""

    key_id: str
    officer: str
    public_key: str


@dataclass(frozen=True)
class Point:
    """What one member gave for one criterion, 0 to 100."""

    criterion: str
    points: int


@dataclass(frozen=True)
class Mark:
    """One panel member's judgement of one bid, in hundredths of a point (0 to 10,000)."""

    bid_id: str
    account: str
    hundredths: int
    points: tuple[Point, ...] = ()


@dataclass(frozen=True)
class Ranked:
    """A bid in the order of merit. points: mean of the panel in hundredths; price_fen: for one person.

    tie: what puts it before the next one, when their points are equal (words of statuses.TIE_RULES).
    """

    bid_id: str
    provider_ref: str
    provider_name: str
    price_fen: int
    points: int
    tie: str | None = None


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
    """What an officer publishes (榜). ceiling_fen: highest price a person, the only one if fixed_price."""

    goal: str
    ceiling_fen: int
    criteria: tuple[Criterion, ...]
    questions_until: datetime
    bids_until: datetime
    keys: tuple[OpeningKey, ...]
    panel_seats: int = 0
    fixed_price: bool = False


@dataclass(frozen=True)
class Sourcing:
    """One process from its notice to its end. sealed_bids: bids that count, sealed or (filing) not.

    struck: bids put aside by an upheld objection or a withdrawal; attempt: 1 at a project's first notice;
    nonce: what the panel's seed is made of, kept back until the draw.
    """

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
    ground: str | None = None
    cancelled_at: datetime | None = None
    way: str = "open_challenge"
    attempt: int = 1
    rules: Rules = _PLAIN
    nonce: str = ""
    questions: tuple[Question, ...] = ()
    postponements: tuple[Postponement, ...] = ()
    draw: Draw | None = None
    past: tuple[Past, ...] = ()
    papers: tuple[Paper, ...] = ()
    tender: Tender | None = None
    contract: SourcingContract | None = None
    reinvitations: tuple[Reinvitation, ...] = ()

    def status(self, now: datetime) -> str:
        """Return the status at a moment of business time (words of vocabularies.statuses.SOURCING)."""
        reached = (
            (self.cancelled_at, "cancelled"),
            (self.failed_at, "failed"),
            (self.awarded_at, "awarded"),
            (self.candidate, "public_notice"),
            (self.scored_at, "scored"),
            (self.opened_at, "opened"),
        )
        for fact, status in reached:
            if fact is not None:
                return status
        if self.tender is not None:
            return "candidate"
        if now >= self.notice.bids_until:
            return "sealed" if self.sealed else "opened"
        return "bidding" if now >= self.notice.questions_until else "questions"

    @property
    def sealed(self) -> bool:
        """Whether bids of this way lie sealed until they are opened."""
        return self.way in SEALED_WAYS

    @property
    def panel(self) -> tuple[str, ...]:
        """The panel members who declared to be free of conflicts."""
        sitting = self.draw.sitting() if self.draw else ()
        return tuple(each.account for each in sitting if each.declared_at is not None)

    def require_enough(self) -> None:
        """Raise Refusal `acceptance.too_few_bids` when there are bids, but fewer than the way asks for."""
        least = self.rules.least_bids(self.attempt)
        if 0 < self.sealed_bids < least:
            raise Refusal("acceptance.too_few_bids", found=self.sealed_bids, least=least)

    def open_objections(self) -> tuple[Objection, ...]:
        """Return the objections without an answer."""
        return tuple(each for each in self.objections if each.answer is None)

    def layer_of(self, account: str) -> int:
        """Return 1 or 2, the seal this officer opens; raises Refusal `acceptance.not_opening_officer`."""
        for layer, key in enumerate(self.notice.keys, 1):
            if key.officer == account:
                return layer
        raise Refusal("acceptance.not_opening_officer")


def publish(
    id: str,
    project: Project,
    notice: Notice,
    by: str,
    now: datetime,
    rules: Rules = _PLAIN,
    attempt: int = 1,
    nonce: str = "",
) -> tuple[Sourcing, list[Fact]]:
    """A listed project's notice is published: → questions; raises Refusal as check_notice."""
    # one process at a time is held by a row; after a failed one the project may still say sourcing
    if project.status not in ("listed", "sourcing") or project.sourcing_way not in NOTICED_WAYS:
        raise Refusal("acceptance.project_not_open", status=project.status)
    check_notice(notice, project, by, now, rules)
    new = Sourcing(
        id, project.id, project.name, project.region, project.seats, project.hours, notice, by, now,
        way=project.sourcing_way, attempt=attempt, rules=rules, nonce=nonce,
    )  # fmt: skip
    return new, [("acceptance.sourcing.notice_published", told(new))]


def told(it: Sourcing) -> dict[str, Any]:
    """Return what the fact of a notice says."""
    return {
        "project_id": it.project_id, "name": it.name, "region": it.region, "goal": it.notice.goal,
        "seats": it.seats, "hours": it.hours, "ceiling_fen": it.notice.ceiling_fen,
        "bids_until": it.notice.bids_until, "way": it.way,
    }  # fmt: skip


def check_notice(notice: Notice, project: Project, by: str, now: datetime, rules: Rules) -> None:
    """Raise Refusal naming the field unless dates, ceiling, and what the way asks for hold."""
    if not now < notice.questions_until <= notice.bids_until:
        raise Refusal("acceptance.notice_dates", field="questions_until")
    if notice.ceiling_fen > project.standard_fen:
        raise Refusal("acceptance.ceiling", field="ceiling_fen", standard_fen=project.standard_fen)
    if project.sourcing_way in SEALED_WAYS:
        _check_judging(notice, project.sourcing_way, rules)
        _check_people(notice, by)
    elif notice.criteria or notice.keys or notice.panel_seats:
        # a filing is examined in the order of receipt: nothing is weighed against another's
        raise Refusal("acceptance.filing_plain", field="criteria")


def _check_judging(notice: Notice, way: str, rules: Rules) -> None:
    weights = sum(each.weight for each in notice.criteria)
    if weights != 100 or not distinct([each.id for each in notice.criteria]):
        raise Refusal("acceptance.weights", field="criteria", sum=weights)
    priced = [each for each in notice.criteria if each.subject == "price"]
    # a challenge is judged on goals and plan; a fixed price leaves nothing to compare
    if priced and (way == "open_challenge" or notice.fixed_price or len(priced) == len(notice.criteria)):
        raise Refusal("acceptance.price_criterion", field="criteria")
    if notice.panel_seats < rules.panel or notice.panel_seats % 2 == 0:
        raise Refusal("acceptance.panel", field="panel_seats", least=rules.panel)


def _check_people(notice: Notice, by: str) -> None:
    officers = [key.officer for key in notice.keys]
    if len(officers) != 2 or not distinct(officers) or not distinct([key.public_key for key in notice.keys]):
        raise Refusal("acceptance.opening_officers", field="opening_officers")
    if by in officers:
        raise Refusal("acceptance.own_work", field="opening_officers")
