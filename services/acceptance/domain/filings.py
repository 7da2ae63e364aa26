"""Filing (备案): a provider files its plan, an officer examines in the order of receipt [S10; 37 §6].

Nothing is weighed against another's plan: the first filing that meets the notice becomes the candidate, and
no later one is taken up while an earlier one waits.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from contracts.vocabularies.errors import Refusal
from services.acceptance.domain.awarding import named
from services.acceptance.domain.bids import Offer
from services.acceptance.domain.copies import TRAINERS, Body
from services.acceptance.domain.facts import Fact, require
from services.acceptance.domain.sourcing import OPEN, Candidate, Sourcing


@dataclass(frozen=True)
class Filing:
    """One provider's filing. decided: accepted or refused, with the reason told to it."""

    id: str
    sourcing_id: str
    provider_ref: str
    provider_name: str
    offer: Offer
    received_at: datetime
    withdrawn_at: datetime | None = None
    accepted: bool | None = None
    reason: str = ""
    decided_by: str | None = None
    decided_at: datetime | None = None

    @property
    def status(self) -> str:
        """The status, a word of statuses.FILING."""
        if self.withdrawn_at is not None:
            return "withdrawn"
        return {None: "filed", True: "accepted", False: "refused"}[self.accepted]


def require_filing(sourcing: Sourcing) -> None:
    """Raise Refusal `acceptance.other_way` unless the process is a filing."""
    if sourcing.way != "filing":
        raise Refusal("acceptance.other_way", way=sourcing.way)


def file(
    sourcing: Sourcing, old: Filing | None, provider: Body, offer: Offer, now: datetime
) -> tuple[Sourcing, Filing, list[Fact]]:
    """A verified provider files, or files anew (then it stands behind those who came meanwhile).

    Raises Refusal `acceptance.other_way`, `acceptance.bids_closed`, `acceptance.body_unverified`,
    `acceptance.above_ceiling`, `acceptance.filing_decided`.
    """
    require_filing(sourcing)
    provider.require(TRAINERS)
    _require_open(sourcing, now)
    notice = sourcing.notice
    if offer.price_fen > notice.ceiling_fen or (notice.fixed_price and offer.price_fen < notice.ceiling_fen):
        raise Refusal("acceptance.above_ceiling", field="price_fen", ceiling_fen=notice.ceiling_fen)
    if old is not None and old.accepted is not None:
        raise Refusal("acceptance.filing_decided", status=old.status)
    id = f"{sourcing.id}:{provider.id}"
    new = Filing(id, sourcing.id, provider.id, provider.name, offer, now)
    count = sourcing.sealed_bids + (0 if old and old.withdrawn_at is None else 1)
    fact = ("acceptance.sourcing.bid_received", {"sealed_bids": count})
    return replace(sourcing, sealed_bids=count), new, [fact]


def withdraw(sourcing: Sourcing, filing: Filing, now: datetime) -> tuple[Sourcing, Filing, list[Fact]]:
    """A provider takes its filing back while it is not decided.

    Raises Refusal `acceptance.other_way`, `acceptance.bids_closed`, `acceptance.filing_decided`.
    """
    require_filing(sourcing)
    _require_open(sourcing, now)
    if filing.status != "filed":
        raise Refusal("acceptance.filing_decided", status=filing.status)
    count = sourcing.sealed_bids - 1
    fact = ("acceptance.sourcing.bid_withdrawn", {"sealed_bids": count})
    return replace(sourcing, sealed_bids=count), replace(filing, withdrawn_at=now), [fact]


def _require_open(sourcing: Sourcing, now: datetime) -> None:
    if sourcing.status(now) not in OPEN:
        raise Refusal("acceptance.bids_closed", until=sourcing.notice.bids_until.isoformat())


def decide(
    sourcing: Sourcing,
    filings: list[Filing],
    id: str,
    accepted: bool,
    reason: str,
    by: str,
    now: datetime,
    notice_until: datetime,
) -> tuple[Sourcing, Filing, list[Fact]]:
    """An officer accepts a filing (it becomes the candidate) or refuses it with the reason.

    Raises Refusal `acceptance.other_way`, `out_of_order`, `acceptance.bid_unknown`,
    `acceptance.earlier_filing`.
    """
    require_filing(sourcing)
    require(sourcing.status(now), (*OPEN, "opened"), "decide_filing")
    waiting = sorted((each for each in filings if each.status == "filed"), key=lambda each: each.received_at)
    mine = next((each for each in waiting if each.id == id), None)
    if mine is None:
        raise Refusal("acceptance.bid_unknown", field="filing_id")
    if waiting[0] != mine:
        raise Refusal("acceptance.earlier_filing", field="filing_id", filing_id=waiting[0].id)
    done = replace(mine, accepted=accepted, reason=reason, decided_by=by, decided_at=now)
    if not accepted:
        return sourcing, done, []
    candidate = Candidate(
        done.id, done.provider_ref, done.provider_name, done.offer.price_fen, by, now, notice_until
    )
    after, facts = named(sourcing, candidate)
    return after, done, facts


def valid(filings: list[Filing]) -> int:
    """Return how many filings wait, so that the process can still find a candidate."""
    return sum(each.status == "filed" for each in filings)
