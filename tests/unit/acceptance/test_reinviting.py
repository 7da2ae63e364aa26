"""A lost key: bids are asked for anew under other keys; what was sealed for the lost one opens never."""

from dataclasses import replace

import pytest

from infra.sealing import OfficerKey
from services.acceptance import views
from services.acceptance.domain import bids as bidding
from services.acceptance.domain.reinviting import reinvite
from services.acceptance.domain.sourcing import OpeningKey
from tests.unit.acceptance.samples import (
    BIDS_UNTIL,
    DAY,
    INNER,
    NOW,
    OUTER,
    brought,
    opened,
    provider,
    sealed,
    submitted,
    with_bids,
)
from tests.unit.acceptance.test_sourcing import refused

SPARE = OfficerKey.generate()
KEYS = (
    OpeningKey(SPARE.key_id, "opening-3", SPARE.public_key),
    OpeningKey(INNER.key_id, "opening-2", INNER.public_key),
)
UNTIL = BIDS_UNTIL + 5 * DAY
CALL = ("密钥遗失", UNTIL, "catalogue")


def asked_anew():
    return reinvite(*with_bids(a=150_000, b=160_000), [OUTER.key_id], KEYS, CALL, BIDS_UNTIL)[0]


def test_bids_are_set_aside_with_their_bytes_and_taken_anew_for_the_other_keys():
    sourcing, bids = with_bids(a=150_000, b=160_000)
    assert sourcing.status(BIDS_UNTIL) == "sealed"
    new, after, facts = reinvite(sourcing, bids, [OUTER.key_id], KEYS, CALL, BIDS_UNTIL)
    assert (new.status(BIDS_UNTIL), new.sealed_bids, new.notice.bids_until) == ("bidding", 0, UNTIL)
    assert [(bid.ciphertext, bid.inner) for bid in after] == [(b"", None)] * 2
    assert [bid.receipt for bid in after] == [bid.receipt for bid in bids]
    assert [views.bid(bid, 1, opened=False)["status"] for bid in after] == ["set_aside"] * 2
    assert (facts[0][0], facts[0][1]["set_aside"]) == ("acceptance.sourcing.reinvited", 2)
    old_seal = bids[0].seal
    refused(
        "acceptance.seal",
        bidding.submit, new, after[0], provider("a"), bids[0].ciphertext, old_seal, BIDS_UNTIL,
    )  # fmt: skip
    again = sealed(new, "a", 140_000)
    new, kept = submitted(new, "a", again, BIDS_UNTIL)
    assert new.sealed_bids == 1
    assert kept.set_aside_at is None
    refused("acceptance.bids_sealed", bidding.contents_for, new, [kept], "opening-3", BIDS_UNTIL)
    refused("acceptance.not_opening_officer", bidding.contents_for, new, [kept], "opening-1", UNTIL)


def test_nothing_is_re_invited_while_the_keys_are_in_force():
    sourcing, bids = with_bids(a=1)
    for retired in ([], [SPARE.key_id]):
        refused("acceptance.keys_in_force", reinvite, sourcing, bids, retired, KEYS, CALL, BIDS_UNTIL)


def test_a_half_opened_layer_may_be_given_up_but_no_bid_that_was_read():
    sourcing, bids = with_bids(a=1, b=2)
    half = bidding.open_layer(sourcing, bids, "opening-1", brought(sourcing, bids, "opening-1"), BIDS_UNTIL)[
        :2
    ]
    new, after, _ = reinvite(*half, [INNER.key_id], KEYS, CALL, BIDS_UNTIL)
    assert new.outer_opened_at is None
    assert all(bid.inner is None for bid in after)
    one = brought(*half, "opening-2")[:1]
    read = bidding.open_layer(*half, "opening-2", one, BIDS_UNTIL)[:2]
    refused("acceptance.bids_read", reinvite, *read, [INNER.key_id], KEYS, CALL, BIDS_UNTIL)
    done = opened(sourcing, bids)
    refused("out_of_order", reinvite, *done, [INNER.key_id], KEYS, CALL, BIDS_UNTIL)


def test_a_bid_that_was_withdrawn_stays_withdrawn_and_loses_its_bytes():
    sourcing, (bid,) = with_bids(a=1)
    sourcing, gone, _ = bidding.withdraw(sourcing, bid, NOW)
    _, (after,), _ = reinvite(sourcing, [gone], [OUTER.key_id], KEYS, CALL, NOW)
    assert (after.ciphertext, views.bid(after, 1, opened=False)["status"]) == (b"", "withdrawn")


@pytest.mark.parametrize(
    ("keys", "until", "code"),
    [
        ((KEYS[1], KEYS[1]), UNTIL, "acceptance.opening_officers"),
        ((replace(KEYS[0], officer="publisher"), KEYS[1]), UNTIL, "acceptance.opening_officers"),
        ((replace(KEYS[0], officer="catalogue"), KEYS[1]), UNTIL, "acceptance.opening_officers"),
        (KEYS, BIDS_UNTIL - DAY, "acceptance.reinvite_until"),
        (KEYS, BIDS_UNTIL, "acceptance.reinvite_until"),
    ],
)
def test_other_people_open_and_the_deadline_moves_on(keys, until, code):
    sourcing, bids = with_bids(a=1)
    call = ("密钥遗失", until, "catalogue")
    refused(code, reinvite, sourcing, bids, [OUTER.key_id], keys, call, BIDS_UNTIL)
