"""The bank reconciliation: each side's items on the right side, and nothing left over."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from services.settlement.domain.bank_balance import WORDS, Stated, compare

DAY = date(2026, 3, 31)
amounts = st.integers(-(10**9), 10**9).filter(bool)
named = st.dictionaries(st.text("abc", min_size=1, max_size=3), amounts, max_size=5)


def test_without_items_both_balances_are_one() -> None:
    found = compare("acc", Stated(1000_00, DAY, 850_00), -150_00, -150_00, [], [], [])
    assert (found.bank_fen, found.book_fen, found.items, found.unexplained_fen) == (850_00, 850_00, (), 0)


def test_each_item_moves_the_side_that_lacks_it() -> None:
    """Bank: 1,000 − 150 paid − 3.50 fee + 20 paid in; books: − 150 − 80 on its way + 60 received."""
    found = compare(
        "acc", Stated(1000_00, DAY, 866_50), -133_50, -170_00,
        [("on-its-way", 80_00)], [("typed", 60_00)], [("fee", -3_50), ("credit", 20_00)],
    )  # fmt: skip
    assert (found.bank_fen, found.book_fen) == (866_50, 830_00)
    assert {each.kind: each.amount_fen for each in found.items} == {
        "bank_debit": -3_50,
        "bank_credit": 20_00,
        "book_payment": -80_00,
        "book_receipt": 60_00,
    }
    assert (found.adjusted_bank_fen, found.adjusted_book_fen, found.unexplained_fen) == (846_50, 846_50, 0)


def test_a_debit_that_no_entry_has_yet_is_the_banks_item() -> None:
    found = compare("acc", Stated(0, DAY, -150_00), -150_00, 0, [("line", -150_00)], [], [])
    assert [(each.kind, each.amount_fen) for each in found.items] == [("bank_debit", -150_00)]
    assert found.unexplained_fen == 0


def test_bookings_that_were_not_read_and_entries_that_are_gone_are_told_apart() -> None:
    unread = compare("acc", Stated(1000_00, DAY, 840_00), -150_00, -150_00, [], [], [])
    assert [(each.kind, each.amount_fen) for each in unread.items] == [("missing_bookings", -10_00)]
    assert unread.unexplained_fen == 0
    gone = compare("acc", Stated(1000_00, DAY, 850_00), -150_00, -149_99, [], [], [])
    assert (gone.items, gone.unexplained_fen) == ((), -1)
    assert all(zh and en for zh, en in WORDS.values())


@given(named, named, named, st.integers(0, 10**9))
def test_whatever_stands_between_them_is_explained(
    lines: dict[str, int], receipts: dict[str, int], strangers: dict[str, int], base: int
) -> None:
    both = -1000
    bank = both + sum(strangers.values()) + sum(fen for fen in lines.values() if fen < 0)
    books = both + sum(receipts.values()) - sum(fen for fen in lines.values() if fen > 0)
    stated = Stated(base, DAY, base + bank)
    found = compare("a", stated, bank, books, lines.items(), receipts.items(), strangers.items())
    assert found.unexplained_fen == 0
    assert found.book_fen - base == books
