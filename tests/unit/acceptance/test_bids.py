"""Sealed bids: unreadable before the opening, receipts, two layers by two officers, ranking."""

import base64
import json
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from contracts.vocabularies.errors import Refusal
from infra.sealing import OfficerKey, SealingError, open_layer, published_as_received, receipt_hash, seal
from services.acceptance import views
from services.acceptance.domain import bids as bidding
from services.acceptance.domain.bids import Bid, Opened, Seal
from tests.unit.acceptance.samples import (
    BIDS_UNTIL,
    HOUR,
    INNER,
    NOW,
    OUTER,
    brought,
    opened,
    provider,
    published,
    sealed,
    submitted,
    with_bids,
)
from tests.unit.acceptance.test_sourcing import refused

JUST_BEFORE = BIDS_UNTIL - timedelta(milliseconds=1)


def test_the_receipt_is_the_hash_of_the_ciphertext_and_a_second_bid_replaces_the_first():
    sourcing = published()
    first, second = sealed(sourcing), sealed(sourcing, price_fen=140_000)
    sourcing, one = submitted(sourcing, "provider-a", first, NOW)
    assert one.receipt == first.receipt == sha256(first.ciphertext).hexdigest()
    told = second.body["seal"]
    envelope = Seal(told["scheme"], tuple(told["key_ids"]), told["commitment"])
    sourcing, two, facts = bidding.submit(sourcing, one, provider(), second.ciphertext, envelope, NOW + HOUR)
    told = {
        "sealed_bids": 1,
        "receipt_hash": receipt_hash(second.receipt),
        "replaces": receipt_hash(first.receipt),
    }
    assert facts == [("acceptance.sourcing.bid_received", told)]
    assert [each.receipt for each in two.earlier] == [first.receipt]
    assert two.id == one.id


def test_a_bid_is_refused_at_the_deadline_and_taken_a_millisecond_before():
    sourcing = published()
    bid = sealed(sourcing)
    assert submitted(sourcing, "provider-a", bid, JUST_BEFORE)
    refused("acceptance.bids_closed", submitted, sourcing, "provider-a", bid, BIDS_UNTIL)


def test_a_bid_withdrawn_in_time_counts_no_more_and_can_be_handed_in_again():
    sourcing, (bid,) = with_bids(a=1)
    sourcing, gone, _ = bidding.withdraw(sourcing, bid, JUST_BEFORE)
    assert sourcing.sealed_bids == 0
    refused("out_of_order", bidding.withdraw, sourcing, gone, JUST_BEFORE)
    refused("acceptance.bids_closed", bidding.withdraw, sourcing, bid, BIDS_UNTIL)
    again, _, _ = bidding.submit(sourcing, gone, provider("a"), bid.ciphertext, bid.seal, JUST_BEFORE)
    assert again.sealed_bids == 1


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"status": "submitted"}, "acceptance.body_unverified"),
        ({"status": "refused"}, "acceptance.body_unverified"),
        ({"kind": "assessor"}, "acceptance.body_unverified"),
    ],
)
def test_only_a_verified_provider_bids(changed, code):
    sourcing, (bid,) = with_bids(a=1)
    body = replace(provider("a"), **changed)
    refused(code, bidding.submit, sourcing, None, body, bid.ciphertext, bid.seal, NOW)


def test_an_enterprise_bids_for_the_training_of_its_own_staff():
    sourcing, (bid,) = with_bids(a=1)
    body = replace(provider("b"), kind="enterprise")
    taken, _, _ = bidding.submit(sourcing, None, body, bid.ciphertext, bid.seal, NOW)
    assert taken.sealed_bids == 2


def test_a_seal_for_other_keys_another_scheme_or_size_is_refused():
    sourcing, (bid,) = with_bids(a=1)
    turned = replace(bid.seal, key_ids=bid.seal.key_ids[::-1])
    for seal_ in (turned, replace(bid.seal, scheme="plain/1")):
        refused("acceptance.seal", bidding.submit, sourcing, None, provider("a"), bid.ciphertext, seal_, NOW)
    for size in (96, 65_537):
        refused(
            "acceptance.bid_size", bidding.submit, sourcing, None, provider("a"), b"x" * size, bid.seal, NOW
        )


def test_nothing_is_handed_out_before_the_deadline_and_then_only_to_the_officer_whose_layer_it_is():
    sourcing, bids = with_bids(a=1, b=2)
    for officer in ("opening-1", "opening-2"):
        refused("acceptance.bids_sealed", bidding.contents_for, sourcing, bids, officer, JUST_BEFORE)
    refused("acceptance.not_opening_officer", bidding.contents_for, sourcing, bids, "publisher", BIDS_UNTIL)
    refused("acceptance.outer_first", bidding.contents_for, sourcing, bids, "opening-2", BIDS_UNTIL)
    assert len(bidding.contents_for(sourcing, bids, "opening-1", BIDS_UNTIL)) == 2


@given(st.sampled_from([OUTER, INNER]), st.integers(0, 10**13))
def test_one_officers_key_reads_no_bid(key, price):
    ciphertext = sealed(published(), price_fen=price).ciphertext
    box = SealedBox(PrivateKey(key.private))
    if key is INNER:
        with pytest.raises(CryptoError):
            box.decrypt(ciphertext)
    else:
        within = box.decrypt(ciphertext)
        assert b"price_fen" not in within
        with pytest.raises(CryptoError):
            box.decrypt(within)


def test_ciphertexts_of_different_prices_are_of_one_length():
    sourcing = published()
    assert len({len(sealed(sourcing, price_fen=price).ciphertext) for price in (1, 99_999, 10**12)}) == 1


def test_two_officers_open_all_bids_and_the_receipts_are_published():
    sourcing, bids = with_bids(a=150_000, b=160_000)
    first, second = brought(sourcing, bids, "opening-1"), None
    refused("acceptance.outer_first", bidding.open_layer, sourcing, bids, "opening-2", first, BIDS_UNTIL)
    # in two calls: it is done when the last is there
    sourcing, bids, facts = bidding.open_layer(sourcing, bids, "opening-1", first[:1], BIDS_UNTIL)
    assert (sourcing.outer_opened_at, facts) == (None, [])
    sourcing, bids, _ = bidding.open_layer(sourcing, bids, "opening-1", first[1:], BIDS_UNTIL)
    second = brought(sourcing, bids, "opening-2")
    sourcing, bids, facts = bidding.open_layer(sourcing, bids, "opening-2", second, BIDS_UNTIL)
    assert sourcing.status(BIDS_UNTIL) == "opened"
    assert [each["receipt"] for each in facts[0][1]["bids"]] == [bid.receipt for bid in bids]
    assert [bid.offer.price_fen for bid in bids] == [150_000, 160_000]
    refused("out_of_order", bidding.open_layer, sourcing, bids, "opening-2", second, BIDS_UNTIL)


def test_opening_before_the_deadline_or_twice_is_refused():
    sourcing, bids = with_bids(a=1, b=1)
    ready = brought(sourcing, bids, "opening-1")
    refused("out_of_order", bidding.open_layer, sourcing, bids, "opening-1", ready, JUST_BEFORE)
    refused(
        "acceptance.not_opening_officer", bidding.open_layer, sourcing, bids, "panel-1", ready, BIDS_UNTIL
    )
    sourcing, bids, _ = bidding.open_layer(sourcing, bids, "opening-1", ready[:1], BIDS_UNTIL)
    refused("acceptance.bid_unknown", bidding.open_layer, sourcing, bids, "opening-1", ready[:1], BIDS_UNTIL)


def test_an_officer_cannot_bring_back_something_else():
    sourcing, bids = with_bids(a=150_000)
    wrong = [Opened(bids[0].id, b"short")]
    refused("acceptance.layer_length", bidding.open_layer, sourcing, bids, "opening-1", wrong, BIDS_UNTIL)
    sourcing, bids, _ = bidding.open_layer(
        sourcing, bids, "opening-1", brought(sourcing, bids, "opening-1"), BIDS_UNTIL
    )
    plain = bytearray(brought(sourcing, bids, "opening-2")[0].content)
    plain[plain.index(b"150000")] = ord("9")
    forged = [Opened(bids[0].id, bytes(plain))]
    refused("acceptance.commitment", bidding.open_layer, sourcing, bids, "opening-2", forged, BIDS_UNTIL)


def test_a_swapped_bid_is_found_out_by_the_stored_receipt_or_by_the_bidders_own():
    sourcing, bids = with_bids(a=150_000, b=150_000)
    mine = sealed(sourcing, "a", 150_000)
    sourcing, kept = submitted(sourcing, "a", mine, NOW)
    rival = sealed(sourcing, "a", 1)
    # the thief exchanges the bytes alone
    thin = replace(kept, ciphertext=rival.ciphertext)
    after, (found, _) = opened(sourcing, [thin, bids[1]])
    assert found.excluded == "swapped"
    # the thief exchanges bytes, receipt and commitment: the bid opens, but not with the bidder's receipt
    thorough = replace(
        thin, receipt=rival.receipt, seal=replace(kept.seal, commitment=rival.body["seal"]["commitment"])
    )
    after, shown = opened(sourcing, [thorough, bids[1]])
    notice = views.sourcing(after, 9, BIDS_UNTIL, shown)
    assert not published_as_received(mine, notice, "a")
    honest, shown = opened(sourcing, [kept, bids[1]])
    assert published_as_received(mine, views.sourcing(honest, 9, BIDS_UNTIL, shown), "a")


def test_a_stolen_ciphertext_handed_in_as_ones_own_is_excluded():
    sourcing = published()
    stolen = sealed(sourcing, "a")
    sourcing, theirs = submitted(sourcing, "a", stolen, NOW)
    sourcing, copied = submitted(sourcing, "b", stolen, NOW)
    _, shown = opened(sourcing, [theirs, copied])
    assert [bid.excluded for bid in shown] == [None, "not_its_own"]


def test_a_bid_above_the_ceiling_is_excluded_with_the_reason():
    _, (over, at) = opened(*with_bids(a=180_001, b=180_000))
    assert (over.excluded, over.offer.price_fen) == ("above_ceiling", 180_001)
    assert at.excluded is None


def raw(sourcing, plaintext):
    """Seal any bytes as a bid."""
    inner = SealedBox(PublicKey(INNER.public)).encrypt(plaintext)
    ciphertext = SealedBox(PublicKey(OUTER.public)).encrypt(inner)
    envelope = Seal(bidding.SCHEME, (OUTER.key_id, INNER.key_id), sha256(plaintext).hexdigest())
    return bidding.submit(sourcing, None, provider("a"), ciphertext, envelope, NOW)[:2]


GOOD = {
    "sourcing_id": "sourcing", "provider_ref": "a", "price_fen": 1, "plan": "方案",
    "teachers": ["示例师"], "places": ["示例车间"], "salt": "ab" * 32,
}  # fmt: skip
BROKEN = [
    b"not json", b"[]", b"1", b"\xff\xfe", b"[" * 60_000, b'"text"',
    *(json.dumps({name: value for name, value in GOOD.items() if name != left}).encode() for left in
      ("price_fen", "plan", "teachers", "places", "salt")),
    *(json.dumps({**GOOD, name: value}).encode() for name, value in (
        ("price_fen", 1.5), ("price_fen", True), ("price_fen", -1), ("price_fen", 10**30), ("plan", " "),
        ("plan", "\ud800"), ("plan", 7), ("teachers", []), ("teachers", {"a": 1}), ("places", [1]),
        ("salt", "00"), ("salt", "zz" * 32), ("salt", 5),
    )),
]  # fmt: skip


@pytest.mark.parametrize("plaintext", BROKEN, ids=range(len(BROKEN)))
def test_a_bid_that_is_no_offer_is_excluded_and_stops_nobody(plaintext):
    sourcing, bid = raw(published(), plaintext)
    after, (shown,) = opened(sourcing, [bid])
    assert shown.excluded == "unreadable"
    assert after.status(BIDS_UNTIL) == "opened"


def test_a_well_formed_raw_bid_is_read():
    sourcing, bid = raw(published(), json.dumps(GOOD).encode())
    _, (shown,) = opened(sourcing, [bid])
    assert (shown.excluded, shown.offer.price_fen) == (None, 1)


def test_a_bid_sealed_for_nobody_is_put_aside_with_the_officers_word():
    sourcing = published()
    envelope = Seal(bidding.SCHEME, (OUTER.key_id, INNER.key_id), "0" * 64)
    sourcing, bid, _ = bidding.submit(sourcing, None, provider("a"), b"x" * 500, envelope, NOW)
    after, (shown,) = opened(sourcing, [bid])
    assert (shown.excluded, shown.excluded_note) == ("unopenable", "the key does not open it")
    assert after.status(BIDS_UNTIL) == "opened"


def test_an_officer_with_another_key_is_told_so():
    _, bids = with_bids(a=1)
    content = base64.b64encode(bids[0].ciphertext).decode()
    answer = {"key_id": OUTER.key_id, "layer": 1, "items": [{"content": content}]}
    with pytest.raises(SealingError):
        open_layer(answer, OfficerKey.generate())


def test_a_bidder_does_not_seal_for_keys_that_are_not_the_notices():
    shown = views.sourcing(published(), 1, NOW, [])
    shown["opening_keys"][0]["public_key"] = OfficerKey.generate().public_key
    with pytest.raises(SealingError):
        seal({}, shown, "a")


def test_a_private_key_and_a_bid_do_not_show_in_logs():
    assert repr(OUTER.private) not in repr(OUTER)
    bid = sealed(published())
    assert "price" not in repr(bid)


def test_swapped_bytes_are_seen_by_the_first_officer_too():
    sourcing, (bid,) = with_bids(a=1)
    other = Bid(**{**vars(bid), "ciphertext": bid.ciphertext[:-1] + bytes([bid.ciphertext[-1] ^ 1])})
    problem = brought(sourcing, [other], "opening-1")[0].problem
    assert "receipt" in problem
    with pytest.raises(Refusal):
        bidding.contents_for(sourcing, [other], "opening-1", JUST_BEFORE)
