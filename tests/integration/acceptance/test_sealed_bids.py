"""Sealed bids on the real thing: dump and one key read nothing, a swap is found out, the deadline holds."""

import base64
from datetime import datetime

import bson
import pytest
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox

from contracts.vocabularies.errors import Refusal
from infra.sealing import OfficerKey, answer_challenge, open_layer, published_as_received
from tests.integration.acceptance.world import (
    DAY,
    OFFICER,
    OPENING,
    REGION,
    SUPERVISOR,
    World,
    body,
    officer,
    together,
    unique,
)

SECRET = "绝密方案"


def everything(world: World):
    """Yield every value of the system's databases, and of the server's log of their changes."""
    client = world.db.client
    system = world.db.name.removesuffix("acceptance")
    for database in client.list_database_names():
        if database.startswith(system):
            for collection in client[database].list_collection_names():
                for doc in client[database][collection].find():
                    yield from values(doc)
    ours = {"$regex": f"^{system}"}
    for doc in client["local"]["oplog.rs"].find({"$or": [{"ns": ours}, {"o.applyOps.ns": ours}]}):
        yield from values(doc)


def values(value):
    if isinstance(value, dict):
        for key, each in value.items():
            yield key
            yield from values(each)
    elif isinstance(value, list):
        for each in value:
            yield from values(each)
    else:
        yield value


def readable(found, keys):
    """Return everything that can be read with the keys: bytes as they are, and each layer that opens."""
    texts, bytes_left = [], []
    for value in found:
        (bytes_left if isinstance(value, bytes) else texts).append(value)
    opened = list(bytes_left)
    while bytes_left:
        content = bytes_left.pop()
        for key in keys:
            try:
                within = SealedBox(PrivateKey(key.private)).decrypt(content)
            except (CryptoError, ValueError):
                continue
            opened.append(within)
            bytes_left.append(within)
    return "\n".join([*map(str, texts), *(each.decode(errors="replace") for each in opened)])


def test_the_whole_dump_and_one_officers_key_read_no_bid(world: World):
    ref = world.a_body()
    sourcing = world.publish(world.a_project())
    bid = world.sealed(sourcing, ref, 123_457, SECRET)
    assert world.bid(sourcing, ref, bid)["receipt"] == bid.receipt
    dump = list(everything(world))
    assert bid.ciphertext in dump
    for keys in ([], world.keys[:1], world.keys[1:]):
        assert SECRET not in readable(dump, keys)
        assert "123457" not in readable(dump, keys)
    # the attack itself works: with both keys it reads the bid
    assert SECRET in readable(dump, world.keys)


def test_before_the_opening_the_facts_do_not_tell_who_bid(world: World):
    ref = world.a_body()
    sourcing = world.publish(world.a_project())
    world.bid(sourcing, ref, world.sealed(sourcing, ref))
    world.bid(sourcing, ref, world.sealed(sourcing, ref))
    world.call("withdraw_bid", body(ref), sourcing_id=sourcing["id"])
    facts = world.facts(sourcing["id"])
    assert [each["type"].rpartition(".")[2] for each in facts] == [
        "notice_published", "bid_received", "bid_received", "bid_withdrawn",
    ]  # fmt: skip
    assert ref not in str(facts)
    shown = world.call("get_sourcing", None, sourcing_id=sourcing["id"])
    assert (shown["sealed_bids"], shown["bids"]) == (0, [])
    assert ref not in str(shown)


def test_a_swapped_bid_is_found_out(world: World):
    refs = [world.a_body() for _ in range(3)]
    sourcing = world.publish(world.a_project())
    bids = {ref: world.sealed(sourcing, ref, 170_000) for ref in refs}
    for ref, bid in bids.items():
        world.bid(sourcing, ref, bid)
    forged = {ref: world.sealed(sourcing, ref, 1) for ref in refs}
    thin, thorough, honest = refs
    id = {ref: f"{sourcing['id']}:{ref}" for ref in refs}
    world.db["bids"].update_one({"_id": id[thin]}, {"$set": {"ciphertext": forged[thin].ciphertext}})
    whole = {
        "ciphertext": forged[thorough].ciphertext,
        "receipt": forged[thorough].receipt,
        "seal.commitment": forged[thorough].body["seal"]["commitment"],
    }
    world.db["bids"].update_one({"_id": id[thorough]}, {"$set": whole})
    world.wait_until(world.now + 2 * DAY)
    after = world.open(sourcing["id"])
    lines = {each["provider_ref"]: each for each in after["bids"]}
    assert lines[thin]["excluded"] == "swapped"
    assert not published_as_received(bids[thorough], after, thorough)
    assert published_as_received(bids[honest], after, honest)
    assert (lines[honest]["price_fen"], lines[honest]["excluded"]) == (170_000, None)
    told = world.facts(sourcing["id"])[-1]
    assert told["type"] == "acceptance.sourcing.opened"
    assert {each["receipt"] for each in told["data"]["bids"]} == {
        bids[thin].receipt, forged[thorough].receipt, bids[honest].receipt,
    }  # fmt: skip


def test_nobody_gets_a_bid_before_the_deadline_and_nobody_bids_after_it(world: World):
    ref, late = world.a_body(), world.a_body()
    sourcing = world.publish(world.a_project())
    world.bid(sourcing, ref, world.sealed(sourcing, ref))
    for actor in OPENING:
        with pytest.raises(Refusal, match="bids_sealed"):
            world.call("sealed_bids", actor, sourcing_id=sourcing["id"])
    for actor in (OFFICER, body(ref), officer("administrator"), officer("auditor"), None):
        with pytest.raises(Refusal, match=r"role\.forbidden"):
            world.call("sealed_bids", actor, sourcing_id=sourcing["id"])
    world.wait_until(datetime.fromisoformat(sourcing["bids_until"]))
    for refused in (
        lambda: world.bid(sourcing, late, world.sealed(sourcing, late)),
        lambda: world.bid(sourcing, ref, world.sealed(sourcing, ref)),
        lambda: world.call("withdraw_bid", body(ref), sourcing_id=sourcing["id"]),
    ):
        with pytest.raises(Refusal, match="bids_closed"):
            refused()
    with pytest.raises(Refusal, match="not_opening_officer"):
        world.call("sealed_bids", officer("opening_officer", "another"), sourcing_id=sourcing["id"])
    with pytest.raises(Refusal, match="outer_first"):
        world.call("sealed_bids", OPENING[1], sourcing_id=sourcing["id"])


def test_an_officer_registers_and_proves_a_key_of_the_own(world: World):
    owner, other = (
        officer("opening_officer", unique("opening")),
        officer("opening_officer", unique("opening")),
    )
    key = OfficerKey.generate()
    told = world.call("register_opening_key", owner, public_key=key.public_key)
    assert (told["id"], told["status"]) == (key.key_id, "registered")
    with pytest.raises(Refusal, match="key_known"):
        world.call("register_opening_key", other, public_key=key.public_key)
    for weak in (bytes(32), bytes([1, *bytes(31)])):
        with pytest.raises(Refusal, match="key_unusable"):
            world.call("register_opening_key", owner, public_key=base64.b64encode(weak).decode())
    guess = {"key_id": key.key_id, "proof": base64.b64encode(bytes(32)).decode()}
    with pytest.raises(Refusal, match="key_proof"):
        world.call("confirm_opening_key", owner, **guess)
    with pytest.raises(Refusal, match="no_opening_key"):
        world.publish(world.a_project(), opening_officers=[OPENING[0].account, owner.account])
    confirmed = world.call("confirm_opening_key", owner, key_id=key.key_id, **answer_challenge(told, key))
    assert (confirmed["status"], confirmed["challenge"]) == ("confirmed", None)
    listed = world.call("list_opening_keys", OFFICER, region=REGION, limit=100)["items"]
    assert {each["id"]: each["status"] for each in listed}[key.key_id] == "confirmed"
    row = world.db["opening_keys"].find_one({"_id": key.key_id})
    assert key.private not in bson.encode(row)
    lost = {"key_id": key.key_id, "reason": "设备遗失"}
    for stranger in (other, officer("supervisor", region="370100")):
        with pytest.raises(Refusal, match=r"owner\.forbidden|region\.forbidden"):
            world.call("retire_opening_key", stranger, **lost)
    assert world.call("retire_opening_key", SUPERVISOR, **lost)["status"] == "retired"
    with pytest.raises(Refusal, match="no_opening_key"):
        world.publish(world.a_project(), opening_officers=[OPENING[0].account, owner.account])
    told_of = [each["type"].rpartition(".")[2] for each in world.facts(key.key_id)]
    assert told_of == ["confirmed", "retired"]


def test_bids_at_once_are_all_counted_and_the_same_provider_has_one(two: World):
    refs = [two.a_body() for _ in range(6)]
    sourcing = two.publish(two.a_project())
    calls = [
        lambda ref=ref: two.bid(sourcing, ref, two.sealed(sourcing, ref)) for _ in range(3) for ref in refs
    ]
    answers = together(calls)
    assert all(isinstance(each, dict) for each in answers), answers
    assert two.call("get_sourcing", None, sourcing_id=sourcing["id"])["sealed_bids"] == 6
    for ref in refs:
        mine = two.call("my_bid", body(ref), sourcing_id=sourcing["id"])
        given = {each["receipt"] for each in answers if each["provider_ref"] == ref}
        assert {mine["receipt"], *(each["receipt"] for each in mine["earlier"])} == given


def test_both_halves_of_a_layer_brought_at_once_complete_it(two: World):
    refs = [two.a_body() for _ in range(8)]
    sourcing = two.publish(two.a_project())
    for ref in refs:
        two.bid(sourcing, ref, two.sealed(sourcing, ref))
    two.wait_until(two.now + 2 * DAY)
    for actor, key in zip(OPENING, two.keys, strict=True):
        sealed = two.call("sealed_bids", actor, sourcing_id=sourcing["id"])
        parts = [[each] for each in open_layer(sealed, key)["bids"]]
        together(
            [
                lambda part=part, actor=actor: two.call(
                    "open_layer", actor, sourcing_id=sourcing["id"], bids=part
                )
                for part in parts
            ]
        )
    after = two.call("get_sourcing", None, sourcing_id=sourcing["id"])
    assert (after["status"], len(after["bids"])) == ("opened", 8)
