"""The check of the books: whatever is done to stored entries is found, and the first break is named."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.settlement.domain import audit, funds, ledger, transfers
from services.settlement.domain.audit import Told, Walk
from services.settlement.domain.funds import FundAccount
from services.settlement.domain.ledger import Cause, Entry, Posting

NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)


def sound() -> tuple[FundAccount, list[Entry]]:
    """Nine entries: budget, a claim paid, part of it demanded, recovered and written off."""
    account = funds.opened("employment_subsidy", "370611", 2026)
    change = funds.set_budget(account, 1000, NOW, Cause("set_budget", "finance", "预算"))
    assert change is not None
    entries = [change[1]]
    account = change[0]
    steps = (
        (funds.encumber, 500),
        (funds.order, 500),
        (funds.pay, 300),
        (funds.pay, 200),
        (funds.demand, 100),
        (funds.recover, 40),
        (funds.recover, 30),
        (funds.write_off, 30),
    )
    for number, (step, fen) in enumerate(steps, 1):
        at = NOW + timedelta(minutes=number)
        account, entry = step(account, fen, at, Cause("step", "officer", "理由", "claim"))
        entries.append(entry)
    return account, entries


def checked(account: FundAccount | None, entries: list[Entry], told: dict[int, str] | None = None) -> Walk:
    known = Told(account.head, account.sums()) if account else None
    return audit.walk("employment_subsidy:370611:2026", entries, known, (told or {}).get)


def first(walk: Walk) -> tuple[int | None, str]:
    return walk.faults[0].number, walk.faults[0].kind


def changed(entries: list[Entry], number: int, **fields: object) -> list[Entry]:
    return [replace(entry, **fields) if entry.number == number else entry for entry in entries]  # type: ignore[arg-type]


def rehashed(entries: list[Entry], number: int, **fields: object) -> list[Entry]:
    """Change an entry and give it the hash that its new content has."""
    new = changed(entries, number, **fields)
    return [replace(each, hash=ledger.digest(vars(each))) if each.number == number else each for each in new]


def rewritten(entries: list[Entry], number: int, **fields: object) -> list[Entry]:
    """Change an entry and compute every later link again."""
    found: list[Entry] = []
    for entry in changed(entries, number, **fields):
        linked = replace(entry, previous=found[-1].hash if found else entry.previous)
        found.append(replace(linked, hash=ledger.digest(vars(linked))))
    return found


def test_sound_books_have_no_fault() -> None:
    account, entries = sound()
    walk = checked(account, entries, {entry.number: entry.hash for entry in entries})
    assert (walk.faults, walk.length, walk.sums) == ([], 9, account.sums())


MORE = (Posting("ordered", -301), Posting("paid", 301))
LOPSIDED = (Posting("ordered", -300), Posting("paid", 301))


@pytest.mark.parametrize(
    ("harm", "found"),
    [
        (lambda e: changed(e, 4, postings=MORE), (4, "changed")),
        (lambda e: changed(e, 4, reason="另一理由"), (4, "changed")),
        (lambda e: changed(e, 4, at=NOW), (4, "changed")),
        (lambda e: changed(e, 4, claim_id=None), (4, "changed")),
        (lambda e: changed(e, 4, about="recovery"), (4, "changed")),
        (lambda e: changed(e, 4, chain="other"), (4, "changed")),
        (lambda e: changed(e, 4, hash="0" * 64), (4, "changed")),
        (lambda e: rehashed(e, 4, postings=MORE), (5, "link")),
        (lambda e: rehashed(e, 4, postings=LOPSIDED), (4, "unbalanced")),
        (lambda e: rehashed(e, 4, postings=(Posting("pocket", 5), Posting("paid", -5))), (4, "malformed")),
        (lambda e: [e[0], e[2], e[1], *e[3:]], (3, "missing")),
        (lambda e: [e[0], replace(e[2], number=2), replace(e[1], number=3), *e[3:]], (2, "link")),
        (lambda e: [*e[:3], *e[4:]], (5, "missing")),
        (lambda e: e[1:], (2, "missing")),
        (lambda e: [*e[:4], e[3], *e[4:]], (4, "order")),
        (lambda e: [*e, replace(e[-1], number=10, previous=e[-1].hash)], (10, "changed")),
        (lambda e: rewritten([*e, replace(e[-1], number=10)], 10), (10, "overdrawn")),
        (lambda e: e[:-1], (8, "head")),
        (lambda e: [], (0, "head")),
        (lambda e: rewritten(e, 4, reason="另一理由"), (9, "head")),
    ],
)
def test_whatever_is_done_to_entries_is_found(
    harm: Callable[[list[Entry]], list[Entry]], found: tuple[int | None, str]
) -> None:
    account, entries = sound()
    walk = checked(account, harm(entries))
    assert first(walk) == found
    assert all(fault.words[0] and fault.words[1] for fault in walk.faults)


def test_a_chain_written_anew_with_its_head_is_found_by_what_was_told() -> None:
    account, entries = sound()
    told = {entry.number: entry.hash for entry in entries}
    forged = rewritten(entries, 4, postings=MORE)
    # the later payment takes what is left, so that every sum still fits
    forged = rewritten(forged, 5, postings=(Posting("ordered", -199), Posting("paid", 199)))
    last = replace(account, head=ledger.Head(account.id, 9, forged[-1].hash))
    assert checked(last, forged).faults == []
    assert first(checked(last, forged, told)) == (4, "told")


@pytest.mark.parametrize(
    ("harm", "found"),
    [
        (lambda a: replace(a, head=ledger.Head(a.id, 8, a.head.hash)), (9, "head")),
        (lambda a: replace(a, head=ledger.Head(a.id, 9, "0" * 64)), (9, "head")),
        (lambda a: replace(a, paid_fen=501), (None, "sums")),
        (lambda a: replace(a, transferred_fen=1), (None, "sums")),
        (lambda a: None, (None, "no_account")),
    ],
)
def test_an_account_that_says_something_else_is_found(
    harm: Callable[[FundAccount], FundAccount | None], found: tuple[int | None, str]
) -> None:
    account, entries = sound()
    assert first(checked(harm(account), entries)) == found


def test_a_transfer_of_one_side_is_found() -> None:
    cause = Cause("transfer", "finance", "市内调剂", about="transfer1")
    giver, _ = sound()
    taker = funds.opened("employment_subsidy", "370612", 2026)
    (_, out), (_, into) = transfers.transfer(giver, taker, 90, NOW, cause)
    sides = []
    for entry in (out, into):
        walk = Walk(entry.chain)
        walk.step(replace(entry, number=1))
        sides.append((walk.chain, walk.current))
    assert audit.one_sided(sides) == []
    (fault,) = audit.one_sided(sides[:1])
    assert (fault.chain, fault.kind, fault.detail) == (giver.id, "current", "transfer1 90")


def in_parts(entries: list[Entry], account: FundAccount, size: int) -> list[tuple[int | None, str]]:
    """Check a chain in parts of a size, as whoever pages through it; return all that is found."""
    found: list[tuple[int | None, str]] = []
    for start in range(0, len(entries) + 1, size):
        walk = Walk(account.id)
        if start:
            sums = ledger.balances(entries[:start])
            walk.resume(entries[start - 1], sums)
        for entry in entries[start : start + size]:
            walk.step(entry)
        if len(entries[start : start + size]) < size:
            walk.close(Told(account.head, account.sums()))
            return found + [(each.number, each.kind) for each in walk.faults]
        found += [(each.number, each.kind) for each in walk.faults]
    raise AssertionError("the last part never came")


@pytest.mark.parametrize("size", [1, 2, 3, 9, 10])
def test_a_chain_checked_in_parts_shows_what_the_whole_shows(size: int) -> None:
    account, entries = sound()
    assert in_parts(entries, account, size) == []
    harmed = changed(entries, 4, by="other")
    whole = [(each.number, each.kind) for each in checked(account, harmed).faults]
    assert whole == [(4, "changed")]
    assert in_parts(harmed, account, size) == whole
    cut = entries[:-1]
    assert in_parts(cut, account, size) == [(each.number, each.kind) for each in checked(account, cut).faults]
