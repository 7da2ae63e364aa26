"""What is recorded of a sourcing beside its notice: rules, questions, panel, papers, contract [S10]."""

from dataclasses import dataclass
from datetime import date, datetime

SEALED_WAYS = frozenset({"open_challenge", "selection"})
NOTICED_WAYS = SEALED_WAYS | {"filing"}


@dataclass(frozen=True)
class Rules:
    """The platform's parameters of a way, as they were at the notice (policy: sourcing_rules).

    bids: how many are needed at the first notice; bids_again: at a later one of the same project;
    pass_points: the mean a candidate needs; panel: its least size; working_days: of the public notice;
    pool_percent: how large the pool must be for a draw, in percent of the seats.
    """

    bids: int = 1
    bids_again: int = 1
    pass_points: int = 0
    panel: int = 3
    working_days: int = 5
    pool_percent: int = 100

    def least_bids(self, attempt: int) -> int:
        """Return how many bids are needed at the first notice of a project, or at a later one."""
        return self.bids if attempt == 1 else self.bids_again


@dataclass(frozen=True)
class Question:
    """A provider's question; the answer goes to all, and nobody is told who asked before the opening."""

    id: str
    provider_ref: str
    text: str
    asked_at: datetime
    answer: str | None = None
    answered_by: str | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True)
class Postponement:
    """A deadline that was moved back, with the reason."""

    before: datetime
    after: datetime
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Excluded:
    """An expert of the pool who may not judge here, and why (words of statuses.PANEL_EXCLUDED)."""

    account: str
    why: str


@dataclass(frozen=True)
class Member:
    """A drawn panel member. declared_at: said to be free of conflicts; conflict: what stood in the way.

    excused_by: the supervisor who gave the seat of a member who stood still to the next, and excused_for why.
    """

    account: str
    drawn_at: datetime
    declared_at: datetime | None = None
    conflict: str | None = None
    excused_at: datetime | None = None
    excused_by: str | None = None
    excused_for: str | None = None


@dataclass(frozen=True)
class Draw:
    """A panel drawn at random: order is what the seed makes of the pool, members are taken from its front."""

    seed: str
    order: tuple[str, ...]
    excluded: tuple[Excluded, ...]
    seats: int
    members: tuple[Member, ...]
    by: str
    at: datetime

    def sitting(self) -> tuple[Member, ...]:
        """Return the members who are not excused."""
        return tuple(each for each in self.members if each.excused_at is None)

    def ready(self) -> bool:
        """Return whether every seat has a member who declared to be free of conflicts."""
        return sum(each.declared_at is not None for each in self.sitting()) >= self.seats


@dataclass(frozen=True)
class Past:
    """A candidate who is none any more. why: of statuses.CANDIDACY_ENDED; awarded_at: if it had won."""

    bid_id: str
    provider_ref: str
    provider_name: str
    price_fen: int
    named_at: datetime
    ended_at: datetime
    why: str
    reason: str
    awarded_at: datetime | None = None


@dataclass(frozen=True)
class Paper:
    """A paper of the process (its bytes lie in the store). kind: of statuses.PAPER_KINDS."""

    id: str
    kind: str
    name: str
    sha256: str
    size: int
    by: str
    at: datetime


@dataclass(frozen=True)
class Bidder:
    """One who bid in a tender on the statutory platform; provider_ref: when registered here."""

    name: str
    price_fen: int
    provider_ref: str | None = None


@dataclass(frozen=True)
class Tender:
    """The result of a tender (招投标) on the statutory platform, as an officer recorded it."""

    platform: str
    number: str
    method: str
    published_at: datetime
    opened_at: datetime
    notice_until: datetime
    bidders: tuple[Bidder, ...]
    winner: str
    recorded_by: str
    recorded_at: datetime
    confirmed_by: str | None = None


@dataclass(frozen=True)
class SourcingContract:
    """The contract (培训服务合同) with the winner. value_fen: price for one person times seats."""

    number: str
    signed_on: date
    begins_on: date
    ends_on: date
    value_fen: int
    paper_id: str
    recorded_by: str
    recorded_at: datetime
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None
