"""Suspense account (暂收暂付): what the bank booked on the payer's account that is no fund's.

Money in that nobody owes us (暂收款), until it is given back or is of a recovery, and the bank's fees
(手续费), until they are made good. Each booking at the bank is one item: proposed by one officer, booked by
another, settled by two hands as well. A chain of entries of its own for each region and year. Ours: no
document speaks of it, the bank reconciliation asks for it (S21).
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from contracts.vocabularies.errors import Refusal
from services.settlement.domain import ledger
from services.settlement.domain.funds import account_id
from services.settlement.domain.ledger import FEES, HELD, SUSPENSE_BANK, Cause, Entry, Head, Move

SUSPENSE: Final = "suspense"
RECEIPT: Final = "receipt"
FEE: Final = "fee"
PROPOSED: Final = "proposed"
BOOKED: Final = "booked"
SETTLING: Final = "settling"
SETTLED: Final = "settled"
REFUSED: Final = "refused"
# how an item is settled: given back or made good by another booking at the bank, or received of a recovery
GIVEN_BACK: Final = "given_back"
MADE_GOOD: Final = "made_good"
RECOVERED: Final = "recovered"
WAYS: Final = {RECEIPT: (GIVEN_BACK, RECOVERED), FEE: (MADE_GOOD,)}


@dataclass(frozen=True)
class Suspense:
    """The sums of a region and year in fen: held for others, fees not made good; the head of its chain."""

    region: str
    year: int
    held_fen: int
    fees_fen: int
    head: Head

    @property
    def id(self) -> str:
        """The account's id, which is its chain's name too."""
        return account_id(SUSPENSE, self.region, self.year)

    def sums(self) -> dict[str, int]:
        """The balance that the ledger must show for each of its accounts."""
        return {HELD: -self.held_fen, FEES: self.fees_fen, SUSPENSE_BANK: self.held_fen - self.fees_fen}


@dataclass(frozen=True)
class Hand:
    """Who did a step, when (UTC) and why."""

    by: str
    at: datetime
    reason: str


@dataclass(frozen=True)
class Settlement:
    """How so much of an item is to be settled. about: the bank's booking, or the recovery."""

    way: str
    about: str
    amount_fen: int
    proposed: Hand
    decided: Hand | None = None


@dataclass(frozen=True)
class Item:
    """A booking at the bank, or the part of it that is no recovery's. entry: the bank's id of it.

    recovery_id: of whose payment it came back more than was owed; account_id: the chain it is booked in.
    """

    id: str
    kind: str
    region: str
    entry: str
    amount_fen: int
    booked_on: date
    proposed: Hand
    status: str = PROPOSED
    recovery_id: str | None = None
    account_id: str | None = None
    decided: Hand | None = None
    pending: Settlement | None = None
    settlements: tuple[Settlement, ...] = ()

    @property
    def left_fen(self) -> int:
        """What is not settled yet."""
        return self.amount_fen - sum(each.amount_fen for each in self.settlements)


Change = tuple[Suspense, Entry]


def opened(region: str, year: int) -> Suspense:
    """Return an account of which nothing is booked."""
    return Suspense(region, year, 0, 0, ledger.new_chain(account_id(SUSPENSE, region, year)))


def decided(item: Item, hand: Hand, agreed: bool, account: str) -> Item:
    """Return an item after another hand's word on what was proposed: booked, settled, or back where it was.

    account: the chain that a first booking goes to. Raises Refusal
    `out_of_order` or `settlement.suspense_same_hand`.
    """
    if item.status == PROPOSED:
        _other_hand(item.proposed, hand)
        if agreed:
            return replace(item, status=BOOKED, decided=hand, account_id=account)
        return replace(item, status=REFUSED, decided=hand)
    if item.status != SETTLING or item.pending is None:
        raise Refusal("out_of_order", status=item.status, step="decide_suspense")
    _other_hand(item.pending.proposed, hand)
    back = replace(item, status=BOOKED, pending=None)
    if not agreed:
        return back
    after = replace(back, settlements=(*item.settlements, replace(item.pending, decided=hand)))
    return after if after.left_fen else replace(after, status=SETTLED)


def settling(item: Item, way: str, about: str, amount_fen: int, hand: Hand) -> Item:
    """Return an item of which so much is proposed to be settled.

    Raises Refusal `out_of_order`, `settlement.suspense_way` or `settlement.suspense_too_much`.
    """
    if item.status != BOOKED:
        raise Refusal("out_of_order", status=item.status, step="settle_suspense")
    if way not in WAYS[item.kind]:
        raise Refusal("settlement.suspense_way", field="way", way=way, ways=", ".join(WAYS[item.kind]))
    if not 0 < amount_fen <= item.left_fen:
        facts = {"amount_fen": amount_fen, "left_fen": item.left_fen}
        raise Refusal("settlement.suspense_too_much", field="about", **facts)
    return replace(item, status=SETTLING, pending=Settlement(way, about, amount_fen, hand))


def book(account: Suspense, item: Item, at: datetime, cause: Cause) -> Change:
    """Book an item: money held for others, or a fee."""
    if item.kind == FEE:
        after = replace(account, fees_fen=account.fees_fen + item.amount_fen)
        return _post(after, at, cause, ((FEES, item.amount_fen), (SUSPENSE_BANK, -item.amount_fen)))
    after = replace(account, held_fen=account.held_fen + item.amount_fen)
    return _post(after, at, cause, ((SUSPENSE_BANK, item.amount_fen), (HELD, -item.amount_fen)))


def clear(account: Suspense, kind: str, fen: int, at: datetime, cause: Cause) -> Change:
    """Book that so much of an item of a kind is settled."""
    if kind == FEE:
        after = replace(account, fees_fen=_less(account.fees_fen, fen))
        return _post(after, at, cause, ((SUSPENSE_BANK, fen), (FEES, -fen)))
    after = replace(account, held_fen=_less(account.held_fen, fen))
    return _post(after, at, cause, ((HELD, fen), (SUSPENSE_BANK, -fen)))


def _other_hand(first: Hand, second: Hand) -> None:
    if first.by == second.by:
        raise Refusal("settlement.suspense_same_hand")


def _less(held: int, amount_fen: int) -> int:
    if not 0 < amount_fen <= held:
        raise ledger.Unbalanced(f"{amount_fen} fen asked of {held}")
    return held - amount_fen


def _post(account: Suspense, at: datetime, cause: Cause, moves: tuple[Move, ...]) -> Change:
    head, entry = ledger.post(account.head, at, cause, moves)
    return replace(account, head=head), entry
