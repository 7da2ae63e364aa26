"""The suspense account: by two hands, never more than is left, and its chain adds up."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from contracts.vocabularies.errors import Refusal
from services.settlement.domain import audit, suspense
from services.settlement.domain.ledger import Cause, Unbalanced
from services.settlement.domain.suspense import BOOKED, REFUSED, SETTLED, Hand, Item

NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
CHAIN = "suspense:370600:2026"


def hand(by: str = "first") -> Hand:
    return Hand(by, NOW, "复核")


def item(kind: str = "receipt", fen: int = 100_00) -> Item:
    return Item("i1", kind, "370600", "E1", fen, date(2026, 3, 9), hand())


def booked(kind: str = "receipt") -> Item:
    return suspense.decided(item(kind), hand("second"), True, CHAIN)


def code(call: object, *args: object) -> str:
    with pytest.raises(Refusal) as refusal:
        call(*args)  # type: ignore[operator]
    return refusal.value.code


def test_another_hand_books_and_settles() -> None:
    assert code(suspense.decided, item(), hand(), True, CHAIN) == "settlement.suspense_same_hand"
    assert (booked().status, booked().account_id) == (BOOKED, CHAIN)
    asked = suspense.settling(booked(), "given_back", "G1", 100_00, hand("third"))
    assert code(suspense.decided, asked, hand("third"), True, CHAIN) == "settlement.suspense_same_hand"
    done = suspense.decided(asked, hand("first"), True, CHAIN)
    assert (done.status, done.left_fen, done.pending) == (SETTLED, 0, None)
    back = suspense.decided(asked, hand("first"), False, CHAIN)
    assert (back.status, back.left_fen, back.settlements) == (BOOKED, 100_00, ())


def test_what_is_refused_or_settled_is_at_its_end() -> None:
    refused = suspense.decided(item(), hand("second"), False, CHAIN)
    assert (refused.status, refused.account_id) == (REFUSED, None)
    assert code(suspense.decided, refused, hand("third"), True, CHAIN) == "out_of_order"
    assert code(suspense.settling, refused, "given_back", "G1", 1, hand()) == "out_of_order"
    assert code(suspense.settling, item(), "given_back", "G1", 1, hand()) == "out_of_order"


@pytest.mark.parametrize(
    ("kind", "way"), [("receipt", "made_good"), ("fee", "given_back"), ("fee", "recovered")]
)
def test_each_kind_has_its_ways(kind: str, way: str) -> None:
    assert code(suspense.settling, booked(kind), way, "X", 1, hand()) == "settlement.suspense_way"


@pytest.mark.parametrize("fen", [0, -100_00, 100_01])
def test_no_more_is_settled_than_is_left(fen: int) -> None:
    found = code(suspense.settling, booked(), "given_back", "G1", fen, hand())
    assert found == "settlement.suspense_too_much"


def test_a_part_leaves_the_rest() -> None:
    asked = suspense.settling(booked(), "recovered", "r1", 33_00, hand())
    after = suspense.decided(asked, hand("second"), True, CHAIN)
    assert (after.status, after.left_fen) == (BOOKED, 67_00)
    rest = suspense.settling(after, "given_back", "G1", 67_00, hand())
    assert suspense.decided(rest, hand("second"), True, CHAIN).status == SETTLED


def test_the_chain_is_sound_and_its_sums_are_the_accounts() -> None:
    account, entries = suspense.opened("370600", 2026), []
    cause = Cause("hold", "second", "复核", about="i1")
    for change in (
        lambda on: suspense.book(on, item(), NOW, cause),
        lambda on: suspense.book(on, item("fee", 3_50), NOW, cause),
        lambda on: suspense.clear(on, "receipt", 33_00, NOW, cause),
        lambda on: suspense.clear(on, "fee", 3_50, NOW, cause),
    ):
        account, entry = change(account)
        entries.append(entry)
    assert (account.id, account.held_fen, account.fees_fen) == (CHAIN, 67_00, 0)
    walked = audit.walk(CHAIN, entries, audit.Told(account.head, account.sums()))
    assert walked.faults == []
    wrong = replace(account, held_fen=66_00)
    told = audit.walk(CHAIN, entries, audit.Told(wrong.head, wrong.sums()))
    assert {each.kind for each in told.faults} == {"sums"}
    with pytest.raises(Unbalanced):
        suspense.clear(account, "fee", 1, NOW, cause)
    with pytest.raises(Unbalanced):
        suspense.clear(account, "receipt", 67_01, NOW, cause)
