"""Fund accounts and their chains: never overdrawn, always balanced, every change seen."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import bson
import pytest

from contracts.vocabularies.errors import Refusal
from services.settlement.domain import funds, ledger
from services.settlement.domain.funds import FundAccount
from services.settlement.domain.ledger import Cause, Entry, Posting, Unbalanced

NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
WHY = Cause("test", "officer", "理由", "claim1")


def funded(fen: int) -> tuple[FundAccount, list[Entry]]:
    change = funds.set_budget(funds.opened("employment_subsidy", "370611", 2026), fen, NOW, WHY)
    assert change is not None
    return change[0], [change[1]]


def test_a_claim_from_budget_to_paid() -> None:
    account, entries = funded(1000)
    for step in (funds.encumber, funds.order, funds.pay):
        account, entry = step(account, 600, NOW, WHY)
        entries.append(entry)
    assert (account.available_fen, account.encumbered_fen, account.ordered_fen, account.paid_fen) == (
        400,
        0,
        0,
        600,
    )
    assert ledger.balances(entries) == account.sums()
    assert ledger.faults(account.id, entries) == []


def paid(fen: int) -> tuple[FundAccount, list[Entry]]:
    account, entries = funded(1000)
    for step in (funds.encumber, funds.order, funds.pay):
        account, entry = step(account, fen, NOW, WHY)
        entries.append(entry)
    return account, entries


def test_what_is_recovered_is_available_again_and_what_is_written_off_is_not() -> None:
    account, entries = paid(600)
    for step, fen in (
        (funds.demand, 500),
        (funds.recover, 200),
        (funds.recover, 100),
        (funds.write_off, 150),
    ):
        account, entry = step(account, fen, NOW, replace(WHY, about="recovery1"))
        entries.append(entry)
    assert (account.paid_fen, account.recovered_fen, account.due_fen, account.written_off_fen) == (
        600,
        300,
        50,
        150,
    )
    assert account.available_fen == 1000 - 600 + 300
    assert ledger.balances(entries) == account.sums()
    assert ledger.faults(account.id, entries) == []
    with pytest.raises(Unbalanced):
        funds.demand(account, 101, NOW, WHY)
    for step in (funds.recover, funds.write_off):
        with pytest.raises(Unbalanced):
            step(account, 51, NOW, WHY)


@pytest.mark.parametrize("step", [funds.encumber, funds.release, funds.order, funds.pay, funds.demand])
@pytest.mark.parametrize("fen", [0, -1])
def test_nothing_and_less_are_not_booked(step: object, fen: int) -> None:
    account, _ = paid(100)
    account, _ = funds.encumber(account, 10, NOW, WHY)
    with pytest.raises(Unbalanced):
        step(account, fen, NOW, WHY)  # type: ignore[operator]


def test_an_entry_dated_in_a_closed_month_is_refused() -> None:
    account, _ = funded(1000)
    closed = replace(account, closed_through="2026-03")
    with pytest.raises(Refusal, match="month_closed"):
        funds.encumber(closed, 1, NOW, WHY)
    # in Shanghai the month is over at 16:00 UTC
    with pytest.raises(Refusal, match="month_closed"):
        funds.encumber(closed, 1, datetime(2026, 3, 31, 15, 59, tzinfo=UTC), WHY)
    funds.encumber(closed, 1, datetime(2026, 3, 31, 16, 0, tzinfo=UTC), WHY)


def test_entries_from_before_there_was_more_to_name_keep_their_hash() -> None:
    fields = {name: value for name, value in vars(funded(5)[1][0]).items() if name != "about"}
    assert ledger.digest(fields) == ledger.digest({**fields, "about": None})
    assert ledger.digest(fields) != ledger.digest({**fields, "about": "transfer1"})


def test_budget_of_zero_change_posts_nothing() -> None:
    account, _ = funded(1000)
    assert funds.set_budget(account, 1000, NOW, WHY) is None


def test_what_is_beyond_the_budget_is_refused() -> None:
    account, _ = funded(1000)
    account, _ = funds.encumber(account, 700, NOW, WHY)
    with pytest.raises(Refusal) as refused:
        funds.encumber(account, 301, NOW, WHY)
    assert refused.value.facts["available_fen"] == 300
    with pytest.raises(Refusal, match="budget_below_use"):
        funds.set_budget(account, 699, NOW, WHY)
    assert funds.set_budget(account, 700, NOW, WHY) is not None


@pytest.mark.parametrize("step", [funds.release, funds.order, funds.pay])
def test_more_than_is_held_is_never_booked(step: object) -> None:
    account, _ = funded(1000)
    with pytest.raises(Unbalanced):
        step(account, 1, NOW, WHY)  # type: ignore[operator]


@pytest.mark.parametrize(
    "moves",
    [
        (),
        (("paid", 5),),
        (("paid", 5), ("ordered", -4)),
        (("paid", 0), ("ordered", 0)),
        (("paid", 5), ("paid", -5)),
        (("paid", 5), ("pocket", -5)),
        (("paid", 5.0), ("ordered", -5.0)),
        (("paid", True), ("ordered", -1)),
    ],
)
def test_an_entry_that_does_not_balance_is_a_fault(moves: tuple[tuple[str, int], ...]) -> None:
    with pytest.raises(Unbalanced):
        ledger.post(ledger.new_chain("c"), NOW, WHY, moves)


def chain(length: int) -> list[Entry]:
    head, entries = ledger.new_chain("c"), []
    for number in range(length):
        at = NOW + timedelta(seconds=number)
        head, entry = ledger.post(head, at, WHY, (("budget", -5), ("available", 5)))
        entries.append(entry)
    return entries


def test_large_amounts_read_back_are_whole_numbers_still() -> None:
    fen = bson.decode(bson.encode({"fen": 100_000_000_00}))["fen"]
    assert type(fen) is not int
    assert ledger.well_formed([Posting(ledger.BUDGET, -fen), Posting(ledger.AVAILABLE, fen)])
    assert not ledger.well_formed([Posting(ledger.BUDGET, -True), Posting(ledger.AVAILABLE, True)])


@pytest.mark.parametrize(
    "harm",
    [
        lambda entries: [entries[0], replace(entries[1], reason="另一理由"), entries[2]],
        lambda entries: [
            entries[0],
            replace(entries[1], postings=(Posting("budget", -6), Posting("available", 6))),
            entries[2],
        ],
        lambda entries: [entries[0], entries[2]],
        lambda entries: [entries[1], entries[0], entries[2]],
        lambda entries: entries[1:],
        lambda entries: [replace(entry, chain="other") for entry in entries],
        lambda entries: [*entries, entries[-1]],
        lambda entries: [entries[0], replace(entries[1], at=NOW + timedelta(milliseconds=1)), entries[2]],
    ],
)
def test_any_change_of_the_chain_is_seen(harm: object) -> None:
    entries = chain(3)
    assert ledger.faults("c", entries) == []
    assert ledger.faults("c", harm(entries)) != []  # type: ignore[operator]


def test_a_rewritten_chain_needs_every_later_hash() -> None:
    entries = chain(3)
    forged = replace(entries[1], reason="另一理由")
    forged = replace(forged, hash=ledger.digest(vars(forged)))
    found = ledger.faults("c", [entries[0], forged, entries[2]])
    assert found == ["c entry 3 does not continue the hash before it"]
