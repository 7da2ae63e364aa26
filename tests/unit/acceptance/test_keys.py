"""The opening officers' keys: registered by their owners, proven, retired; and the client's side of them."""

import base64
from dataclasses import replace
from hashlib import sha256

import pytest
from nacl.public import PublicKey, SealedBox

from infra.sealing import OfficerKey, SealingError, answer_challenge
from services.acceptance.domain import keys
from services.acceptance.domain.keys import RegisteredKey
from tests.unit.acceptance.samples import DAY, INNER, NOW, OUTER
from tests.unit.acceptance.test_sourcing import refused

PROOF = b"p" * 32


def registered(key: OfficerKey, officer: str, proof: bytes = PROOF, region: str = "370600") -> RegisteredKey:
    challenge = base64.b64encode(SealedBox(PublicKey(key.public)).encrypt(proof)).decode()
    hash = sha256(proof).hexdigest()
    return RegisteredKey(key.key_id, officer, region, key.public_key, challenge, hash, NOW)


def confirmed(key: OfficerKey, officer: str, **changed) -> RegisteredKey:
    return replace(registered(key, officer), confirmed_at=NOW, **changed)


def test_keys_are_named_alike_on_both_sides():
    assert keys.key_id(INNER.public) == INNER.key_id
    assert len(INNER.key_id) == 32


def test_the_owner_proves_that_the_private_half_opens():
    key = registered(OUTER, "opening-1")
    shown = {"id": key.id, "challenge": key.challenge}
    proof = base64.b64decode(answer_challenge(shown, OUTER)["proof"])
    proven, facts = keys.confirm(key, "opening-1", proof, NOW)
    assert (key.status, proven.status) == ("registered", "confirmed")
    assert [type for type, _ in facts] == ["acceptance.opening_key.confirmed"]
    refused("acceptance.key_proof", keys.confirm, key, "opening-1", b"q" * 32, NOW)
    refused("owner.forbidden", keys.confirm, key, "opening-2", proof, NOW)
    refused("out_of_order", keys.confirm, proven, "opening-1", proof, NOW)


def test_the_client_answers_for_its_own_key_only():
    key = registered(OUTER, "opening-1")
    for shown in (
        {"id": INNER.key_id, "challenge": key.challenge},
        {"id": OUTER.key_id, "challenge": None},
        {"id": OUTER.key_id, "challenge": registered(INNER, "opening-1").challenge},
    ):
        with pytest.raises(SealingError):
            answer_challenge(shown, OUTER)


def test_a_retired_key_is_retired_for_good():
    key = confirmed(OUTER, "opening-1")
    gone, _ = keys.retire(key, "supervisor", "设备遗失", NOW)
    assert (gone.status, gone.retired_by, gone.retired_for) == ("retired", "supervisor", "设备遗失")
    refused("out_of_order", keys.retire, gone, "opening-1", "再次", NOW)
    refused("out_of_order", keys.confirm, gone, "opening-1", PROOF, NOW)


def test_a_notice_takes_the_newest_confirmed_key_of_each_officer_for_its_region():
    newer = confirmed(OfficerKey.generate(), "opening-1", registered_at=NOW + DAY)
    unproven = replace(registered(OfficerKey.generate(), "opening-1"), registered_at=NOW + 2 * DAY)
    mine = [confirmed(OUTER, "opening-1"), newer, unproven]
    theirs = [confirmed(INNER, "opening-2")]
    found = keys.for_notice(["opening-1", "opening-2"], [mine, theirs], "370611")
    assert [each.key_id for each in found] == [newer.id, INNER.key_id]
    assert [each.officer for each in found] == ["opening-1", "opening-2"]


@pytest.mark.parametrize(
    "theirs",
    [
        [],
        [registered(INNER, "opening-2")],
        [confirmed(INNER, "opening-2", retired_at=NOW)],
        [confirmed(INNER, "somebody")],
        [confirmed(INNER, "opening-2", region="370100")],
    ],
    ids=["none", "not proven", "retired", "another's", "another region"],
)
def test_an_officer_without_a_usable_key_opens_nothing(theirs):
    officers, mine = ["opening-1", "opening-2"], [confirmed(OUTER, "opening-1")]
    refused("acceptance.no_opening_key", keys.for_notice, officers, [mine, theirs], "370600")
