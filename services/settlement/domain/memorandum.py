"""Memorandum accounts (备查账): what firms and persons pay beside the subsidy (S22; 37 §18; 7 §26).

Their money is not the government's: it is noted, never budgeted, encumbered or paid from here.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from contracts.vocabularies.errors import Refusal
from services.settlement.domain import ledger
from services.settlement.domain.funds import account_id
from services.settlement.domain.ledger import NOTED, NOTED_FROM, Cause, Entry, Head


@dataclass(frozen=True)
class Memorandum:
    """One kind of others' money in a region and year: what was noted in fen, and the head of its chain."""

    fund: str
    region: str
    year: int
    noted_fen: int
    head: Head

    @property
    def id(self) -> str:
        """The account's id, which is its chain's name too."""
        return account_id(self.fund, self.region, self.year)

    def sums(self) -> dict[str, int]:
        """The balance that the ledger must show for each of its accounts."""
        return {NOTED: self.noted_fen, NOTED_FROM: -self.noted_fen}


def opened(fund: str, region: str, year: int) -> Memorandum:
    """Return a memorandum account with nothing noted."""
    return Memorandum(fund, region, year, 0, ledger.new_chain(account_id(fund, region, year)))


def note(account: Memorandum, amount_fen: int, at: datetime, cause: Cause) -> tuple[Memorandum, Entry]:
    """Note an amount; below zero it corrects what was noted.

    Raises Refusal `settlement.memorandum_below_zero` when more is taken back than was noted.
    """
    if account.noted_fen + amount_fen < 0:
        raise Refusal("settlement.memorandum_below_zero", field="amount_fen", noted_fen=account.noted_fen)
    head, entry = ledger.post(account.head, at, cause, ((NOTED, amount_fen), (NOTED_FROM, -amount_fen)))
    return replace(account, noted_fen=account.noted_fen + amount_fen, head=head), entry
