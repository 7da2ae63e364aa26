"""The panel (评审组): drawn with a seed that nobody chose alone, conflicts declared and excluded [S10].

When the notice is published the platform commits itself to a random nonce (its hash is in the notice). The
seed is the hash of that nonce and of all receipts: neither an officer nor a bidder can steer the draw, and
whoever has nonce, receipts and pool can do it again.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from contracts.vocabularies import regions
from contracts.vocabularies.errors import Refusal
from services.acceptance.domain.bids import Bid
from services.acceptance.domain.facts import Fact, require
from services.acceptance.domain.records import Draw, Excluded, Member
from services.acceptance.domain.scoring import judged
from services.acceptance.domain.sourcing import Sourcing


@dataclass(frozen=True)
class Expert:
    """One of the pool (专家库). body_refs: bodies that the expert belongs to or had to do with of late."""

    id: str
    region: str
    body_refs: tuple[str, ...]
    registered_by: str
    registered_at: datetime
    removed_at: datetime | None = None
    removed_for: str = ""


def commitment(nonce: str) -> str:
    """Return what a notice shows of the nonce of its draw."""
    return sha256(nonce.encode()).hexdigest()


def seed_of(nonce: str, receipts: Iterable[str]) -> str:
    """Return the seed: SHA-256 of the nonce and all receipts in their order, joined by line ends."""
    return sha256("\n".join([nonce, *sorted(receipts)]).encode()).hexdigest()


def order_of(seed: str, accounts: Collection[str]) -> tuple[str, ...]:
    """Return the accounts in the order of SHA-256(seed:account)."""
    return tuple(sorted(accounts, key=lambda account: sha256(f"{seed}:{account}".encode()).hexdigest()))


def remove(expert: Expert, reason: str, now: datetime) -> Expert:
    """Return the expert out of the pool; raises Refusal `out_of_order` when out already."""
    if expert.removed_at is not None:
        raise Refusal("out_of_order", status="removed", step="remove_expert")
    return replace(expert, removed_at=now, removed_for=reason)


def draw(
    sourcing: Sourcing, bids: list[Bid], pool: list[Expert], by: str, now: datetime
) -> tuple[Sourcing, list[Fact]]:
    """Draw the panel of opened bids, or fill the seats that excused members left when the pool ran out.

    Raises Refusal `out_of_order`, `acceptance.already_drawn`, `acceptance.pool_short`.
    """
    require(sourcing.status(now), ("opened",), "draw_panel")
    known = sourcing.draw
    if known is not None and len(known.sitting()) >= known.seats:
        raise Refusal("acceptance.already_drawn")
    bidders = {bid.provider_ref for bid in bids}
    within = [
        each for each in pool if each.removed_at is None and regions.covers(each.region, sourcing.region)
    ]
    excluded = tuple(
        Excluded(each.id, why) for each in within if (why := _stands_in_the_way(sourcing, each, bidders, by))
    )
    free = {each.id for each in within} - {each.account for each in excluded}
    seed = known.seed if known else seed_of(sourcing.nonce, (bid.receipt for bid in bids))
    seats, order = sourcing.notice.panel_seats, order_of(seed, free)
    least = max(seats, -(-seats * sourcing.rules.pool_percent // 100))
    if known is None and len(order) < least:
        raise Refusal("acceptance.pool_short", found=len(order), least=least)
    new = Draw(seed, order, excluded, seats, known.members if known else (), by, now)
    filled = _filled(new, now)
    if len(filled.sitting()) < seats:
        raise Refusal("acceptance.pool_short", found=len(filled.sitting()), least=seats)
    fact = ("acceptance.sourcing.panel_drawn", {"seed": seed, "pool": len(order), "seats": seats})
    return replace(sourcing, draw=filled), [fact]


def is_short(sourcing: Sourcing, bids: list[Bid], pool: list[Expert], by: str, now: datetime) -> bool:
    """Return whether a draw of the opened bids' panel would be refused now because the pool is too small."""
    try:
        draw(sourcing, bids, pool, by, now)
    except Refusal as refusal:
        return refusal.code == "acceptance.pool_short"
    return False


def _stands_in_the_way(sourcing: Sourcing, expert: Expert, bidders: set[str], by: str) -> str:
    if expert.id in (by, sourcing.published_by, *(key.officer for key in sourcing.notice.keys)):
        return "own_work"
    return "body_bids" if bidders & set(expert.body_refs) else ""


def _filled(drawn: Draw, now: datetime) -> Draw:
    """Return the draw with its empty seats given to the next of the order who were not drawn before."""
    members = list(drawn.members)
    been = {each.account for each in members}
    waiting = [account for account in drawn.order if account not in been]
    free = drawn.seats - len(drawn.sitting())
    members += [Member(account, now) for account in waiting[: max(0, free)]]
    return replace(drawn, members=tuple(members))


def declare(
    sourcing: Sourcing, account: str, conflict: str | None, now: datetime
) -> tuple[Sourcing, list[Fact]]:
    """A drawn member says to be free of conflicts, or names one and is replaced by the next of the order.

    Raises Refusal `out_of_order`, `acceptance.not_on_panel`, `acceptance.already_declared`.
    """
    require(sourcing.status(now), ("opened",), "declare_conflict")
    drawn = sourcing.draw
    mine = [each for each in drawn.sitting() if each.account == account] if drawn else []
    if drawn is None or not mine:
        raise Refusal("acceptance.not_on_panel")
    if conflict is None and mine[0].declared_at is not None:
        raise Refusal("acceptance.already_declared")
    if any(mark.account == account for mark in sourcing.marks):
        raise Refusal("acceptance.already_scored")
    said = (
        replace(mine[0], declared_at=now)
        if conflict is None
        else replace(mine[0], declared_at=None, conflict=conflict, excused_at=now)
    )
    new = _with(drawn, mine[0], said, now)
    return replace(sourcing, draw=new), [] if conflict is None else [_excused(new)]


def excuse(
    sourcing: Sourcing, bids: list[Bid], account: str, reason: str, by: str, now: datetime
) -> tuple[Sourcing, list[Fact]]:
    """A supervisor gives the seat of a member who does not declare or judge to the next of the order.

    The member's marks are dropped: the next one judges all bids. Raises Refusal `out_of_order`,
    `acceptance.own_work` (who published the notice), `acceptance.member_unknown`, and
    `acceptance.member_judged` when all bids are judged, so that nobody is put off for the marks given.
    """
    require(sourcing.status(now), ("opened",), "excuse_member")
    if by == sourcing.published_by:
        raise Refusal("acceptance.own_work")
    drawn = sourcing.draw
    seated = next((each for each in drawn.sitting() if each.account == account), None) if drawn else None
    if drawn is None or seated is None:
        raise Refusal("acceptance.member_unknown", field="account")
    given = {mark.bid_id for mark in sourcing.marks if mark.account == account}
    if given >= {bid.id for bid in judged(bids)}:
        raise Refusal("acceptance.member_judged", field="account")
    gone = replace(seated, excused_at=now, excused_by=by, excused_for=reason)
    new = _with(drawn, seated, gone, now)
    marks = tuple(mark for mark in sourcing.marks if mark.account != account)
    return replace(sourcing, draw=new, marks=marks), [_excused(new)]


def _with(drawn: Draw, old: Member, new: Member, now: datetime) -> Draw:
    return _filled(replace(drawn, members=tuple(new if each == old else each for each in drawn.members)), now)


def _excused(drawn: Draw) -> Fact:
    told = {"sitting": len(drawn.sitting()), "seats": drawn.seats}
    return "acceptance.sourcing.member_excused", told
