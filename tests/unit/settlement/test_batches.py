"""A payment batch: each line counts once, and splitting one changes nothing that is owed or booked."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.vocabularies.errors import Refusal
from services.settlement.domain import batches, funds, ledger
from services.settlement.domain.batches import Batch
from services.settlement.domain.funds import FundAccount
from services.settlement.domain.ledger import ORDERED, PAID, Cause, Entry

NOW = datetime(2026, 3, 20, 2, 0, tzinfo=UTC)
WHY = Cause("pay", "service:settlement", "补贴 B1", "claim1")
Lines = list[tuple[str, int]]


def batch(count: int = 3) -> Batch:
    return batches.built("B1", "fund", "370611", [(f"c-{n:04d}:1", 100 + n) for n in range(count)], NOW)


def test_built_sent_settled() -> None:
    one = batch()
    assert (one.status, one.lines, one.total_fen, one.tries) == ("built", 3, 303, 0)
    one = batches.tried(one, "a" * 64, {}, NOW)
    sent = batches.sent(one, NOW)
    assert sent is not None
    assert (sent.status, sent.tries, sent.sha256) == ("sent", 1, "a" * 64)
    assert batches.sent(sent, NOW) is None
    part = batches.settled(sent, [100], 1, NOW)
    assert (part.status, part.paid_fen, part.returned_lines) == ("sent", 100, 1)
    whole = batches.settled(part, [102], 0, NOW)
    assert (whole.status, whole.paid_fen, whole.paid_lines, whole.settled_at) == ("settled", 202, 2, NOW)
    with pytest.raises(ValueError, match="4 of 3"):
        batches.settled(whole, [1], 0, NOW)
    assert batches.settled(whole, [], 0, datetime(2026, 3, 21, 2, 0, tzinfo=UTC)) == whole, "nothing new"


def test_each_refusal_makes_the_next_try_wait_longer_until_the_bank_answers() -> None:
    one = batches.tried(batch(), "a" * 64, {}, NOW)
    waits = []
    for _ in range(7):
        one = batches.refused(one, "insufficient_funds", NOW)
        assert one.retry_at is not None
        waits.append((one.retry_at - NOW) // timedelta(minutes=1))
    assert waits == [2, 4, 8, 16, 32, 60, 60]
    assert (one.refused, one.refused_at, one.refusals) == ("insufficient_funds", NOW, 7)
    sent = batches.sent(one, NOW)
    assert sent is not None
    assert (sent.refused, sent.refused_at, sent.refusals, sent.retry_at) == (None, None, 0, None)


def test_only_a_batch_that_the_bank_refused_is_released() -> None:
    one = batches.tried(batch(), "a" * 64, {}, NOW)
    with pytest.raises(Refusal, match="out_of_order"):
        batches.release_asked(one, "officer", "余额不足")
    asked = batches.release_asked(batches.refused(one, "insufficient_funds", NOW), "officer", "余额不足")
    assert (asked.release_by, asked.release_reason, asked.retry_at) == ("officer", "余额不足", None)
    taken = batches.sent(asked, NOW)
    assert taken is not None
    assert (taken.status, taken.release_by) == ("sent", None), "the bank had it after all"
    with pytest.raises(Refusal, match="out_of_order"):
        batches.release_asked(taken, "officer", "余额不足")
    assert batches.released(asked).status == "released"


def test_what_was_left_out_is_given_back_once_the_bank_has_a_file_without_it() -> None:
    first, second, third = batch().instructions
    one = batches.tried(batch(), "a" * 64, {}, NOW)
    assert batches.not_sent(one, [first, second], [third]) == {}, "nothing was left out"
    one = batches.tried(one, "b" * 64, {first: "no_account"}, NOW)
    assert batches.not_sent(one, [first], [second, third]) == {first: "no_account"}
    assert batches.not_sent(one, [], [first, second, third]) == {}, "it was the first file that arrived"
    assert batches.not_sent(one, [first, second], [third]) == {}, "the receipt does not name all"
    assert batches.may_still_arrive(one, NOW)
    assert not batches.may_still_arrive(one, NOW + batches.LATE)
    assert not batches.may_still_arrive(batch(), NOW)


@pytest.mark.parametrize("lines", [[], [("a:1", 1), ("a:1", 1)], [(f"a{n}:1", 1) for n in range(1001)]])
def test_what_is_no_batch(lines: Lines) -> None:
    with pytest.raises(ValueError, match="do not make a batch"):
        batches.built("B1", "fund", "370611", lines, NOW)


def ordered(fen: int) -> tuple[FundAccount, list[Entry]]:
    change = funds.set_budget(funds.opened("employment_subsidy", "370611", 2026), fen, NOW, WHY)
    assert change is not None
    account, entries = change[0], [change[1]]
    for step in (funds.encumber, funds.order):
        account, entry = step(account, fen, NOW, WHY)
        entries.append(entry)
    return account, entries


amounts = st.lists(st.integers(1, 10**9), min_size=1, max_size=30)


@given(amounts, st.data())
def test_splitting_a_batch_changes_nothing(fens: list[int], data: st.DataObject) -> None:
    lines = [(f"c-{number:04d}", fen) for number, fen in enumerate(fens)]
    whole, entries = ordered(sum(fens))
    account = whole
    whole, entry = funds.pay_lines(whole, lines, NOW, WHY)
    cut = data.draw(st.integers(0, len(lines)))
    parts = list(entries)
    for part in (lines[:cut], lines[cut:]):
        if part:
            account, one = funds.pay_lines(account, part, NOW, WHY)
            parts.append(one)
    assert account.sums() == whole.sums() == ledger.balances([*entries, entry]) == ledger.balances(parts)
    assert (whole.ordered_fen, whole.paid_fen) == (0, sum(fens))
    assert ledger.faults(whole.id, parts) == ledger.faults(whole.id, [*entries, entry]) == []


def test_one_entry_names_each_line_and_any_change_of_it_is_seen() -> None:
    account, entries = ordered(300)
    account, entry = funds.pay_lines(account, [("c-1", 100), ("c-2", 200)], NOW, WHY)
    assert [(row.account, row.amount_fen, row.payment_id) for row in entry.postings] == [
        (ORDERED, -300, None),
        (PAID, 100, "c-1"),
        (PAID, 200, "c-2"),
    ]
    swapped = (
        entry.postings[0],
        *(ledger.Posting(PAID, fen, id) for id, fen in (("c-2", 100), ("c-1", 200))),
    )
    forged = Entry(**{**vars(entry), "postings": swapped})
    assert ledger.faults(account.id, [*entries, entry]) == []
    assert any("changed" in fault for fault in ledger.faults(account.id, [*entries, forged]))


@given(amounts, st.data())
def test_what_comes_back_after_it_was_paid_is_ordered_again(fens: list[int], data: st.DataObject) -> None:
    lines = [(f"c-{number:04d}", fen) for number, fen in enumerate(fens)]
    account, entries = ordered(sum(fens))
    account, entry = funds.pay_lines(account, lines, NOW, WHY)
    back = lines[: data.draw(st.integers(1, len(lines)))]
    after, undone = funds.unpay_lines(account, back, NOW, WHY)
    sum_back = sum(fen for _, fen in back)
    assert (after.ordered_fen, after.paid_fen) == (sum_back, sum(fens) - sum_back)
    assert after.available_fen == account.available_fen
    assert after.sums() == ledger.balances([*entries, entry, undone])
    assert ledger.faults(after.id, [*entries, entry, undone]) == []
    again, _ = funds.pay_lines(after, back, NOW, WHY)
    assert again.sums() == account.sums()
    with pytest.raises(ledger.Unbalanced):
        funds.unpay_lines(after, lines, NOW, WHY)


def test_what_is_demanded_back_does_not_come_back_by_the_bank() -> None:
    account, _ = funds.pay_lines(ordered(300)[0], [("c-1", 300)], NOW, WHY)
    account, _ = funds.demand(account, 1, NOW, WHY)
    with pytest.raises(ledger.Unbalanced):
        funds.unpay_lines(account, [("c-1", 300)], NOW, WHY)


def test_a_settled_batch_says_what_came_back() -> None:
    settled = batches.settled(batches.tried(batch(), "a" * 64, {}, NOW), [100, 101, 102], 0, NOW)
    after = batches.sent_back(settled, [101])
    assert (after.paid_lines, after.paid_fen, after.returned_lines) == (2, 202, 1)
    assert (after.status, after.settled_at) == ("settled", NOW)


def test_a_line_is_not_booked_twice_in_one_entry() -> None:
    account, _ = ordered(300)
    with pytest.raises(ledger.Unbalanced):
        funds.pay_lines(account, [("c-1", 100), ("c-1", 100)], NOW, WHY)
