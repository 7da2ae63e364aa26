"""Bank reconciliation (银行存款余额调节表): the bank's balance beside the books', each item named.

帐实相符 (AP; 600 §7; 37 §18): the balance that the bank states, less what it booked and the books have not,
is what the books say, less what they booked and the bank has not.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "bank_credit": ("银行已收，账上未收", "credited at the bank, not booked yet"),
    "bank_debit": ("银行已付，账上未付", "debited at the bank, not booked yet"),
    "book_payment": ("账上已付，银行未付", "booked as paid, not on the statement yet"),
    "book_receipt": ("账上已收，银行未收", "booked as received, not on the statement"),
    "missing_bookings": (
        "银行所报余额与已读流水合计不符：有流水尚未读入",
        "the balance that the bank states is not that of its bookings: some were not read",
    ),
}
# what the bank has and the books have not; the others are the other way round
_OF_BANK: Final = frozenset({"bank_credit", "bank_debit", "missing_bookings"})


@dataclass(frozen=True)
class Item:
    """What stands between the two balances. amount_fen: by how much it moves the side that has it."""

    kind: str
    about: str
    amount_fen: int

    @property
    def words(self) -> tuple[str, str]:
        """The item in Chinese and English."""
        return WORDS[self.kind]


@dataclass(frozen=True)
class Stated:
    """What the bank states. base_fen: before the first booking that was read; day, closing_fen: the last
    balance that was read, and of which day.
    """

    base_fen: int
    day: date
    closing_fen: int


@dataclass(frozen=True)
class Balance:
    """Both balances in fen, and both after the other side's items: unexplained_fen is between those."""

    account: str
    day: date
    bank_fen: int
    book_fen: int
    items: tuple[Item, ...]

    @property
    def adjusted_bank_fen(self) -> int:
        """The bank's balance after what only the books have."""
        return self.bank_fen + sum(each.amount_fen for each in self.items if each.kind not in _OF_BANK)

    @property
    def adjusted_book_fen(self) -> int:
        """The books' balance after what only the bank has."""
        return self.book_fen + sum(each.amount_fen for each in self.items if each.kind in _OF_BANK)

    @property
    def unexplained_fen(self) -> int:
        """What no item explains."""
        return self.adjusted_bank_fen - self.adjusted_book_fen


def compare(
    account: str,
    stated: Stated,
    booked_fen: int,
    moved_fen: int,
    lines: Iterable[tuple[str, int]],
    receipts: Iterable[tuple[str, int]],
    strangers: Iterable[tuple[str, int]],
) -> Balance:
    """Return the reconciliation of a payer's account.

    booked_fen: the sum of the bank's bookings that were read; moved_fen: what the ledger says came and went;
    lines: payment lines of which bank and ledger differ, by what the bank has more; receipts: recorded ones
    that the bank has not; strangers: bookings that are in no books.
    """
    items = [Item("bank_credit" if fen > 0 else "bank_debit", id, fen) for id, fen in strangers]
    for id, more in lines:
        # the bank has a debit more, or the ledger a payment more
        items.append(Item("bank_debit", id, more) if more < 0 else Item("book_payment", id, -more))
    items += [Item("book_receipt", id, fen) for id, fen in receipts]
    missing = stated.closing_fen - stated.base_fen - booked_fen
    if missing:
        items.append(Item("missing_bookings", stated.day.isoformat(), missing))
    return Balance(account, stated.day, stated.closing_fen, stated.base_fen + moved_fen, tuple(items))
