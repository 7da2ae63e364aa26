"""Sealed bids on the real thing: dump and one key read nothing, a swap is found out, the deadline holds."""

import base64
from datetime import UTC, datetime

import bson
import pytest

from contracts.vocabularies.bid_files import PART_BYTES
from contracts.vocabularies.errors import Refusal
from infra.sealing import (
    OfficerKey,
    answer_challenge,
    open_layer,
    published_as_received,
    receipt_hash,
    seal,
)
from infra.sealing.auditing import compare
from tests.integration.acceptance.dump import everything, readable, values
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
from tests.support.sample_files import PDF
from tests.support.services import wait_for

SECRET, IN_FILE = "绝密方案", "绝密附件"
ATTACHED = PDF + IN_FILE.encode()
LONG = ATTACHED + bytes(PART_BYTES)


def is_bytes(value):
    return isinstance(value, bytes)


def test_the_whole_dump_and_one_officers_key_read_no_bid(world: World):
    ref = world.a_body()
    sourcing = world.publish(world.a_project())
    bid = world.sealed(sourcing, ref, 123_457, SECRET, {"附件.pdf": ATTACHED, "长附件.pdf": LONG})
    assert world.bid(sourcing, ref, bid)["receipt"] == bid.receipt
    dump = list(everything(world))
    assert bid.ciphertext in dump
    assert {part for each in bid.attachments for part in each.parts} <= {*filter(is_bytes, dump)}
    for keys in ([], world.keys[:1], world.keys[1:]):
        assert SECRET not in readable(dump, keys)
        assert "123457" not in readable(dump, keys)
        assert IN_FILE not in readable(dump, keys)
    # the attack itself works: with both keys it reads the bid
    read = readable(dump, world.keys)
    assert SECRET in read
    assert IN_FILE in read


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
    *before, told = world.facts(sourcing["id"])
    assert told["type"] == "acceptance.sourcing.opened"
    # whoever keeps the facts (oversight does) sees which receipt was not given before the deadline
    found = compare([*before, told])
    assert (set(found.borne_out), found.never_given) == ({thin, honest}, (thorough,))
    assert found.missing == (receipt_hash(bids[thorough].receipt),)
    assert {each["receipt"] for each in told["data"]["bids"]} == {
        bids[thin].receipt, forged[thorough].receipt, bids[honest].receipt,
    }  # fmt: skip


def test_a_swapped_attachment_is_found_out(world: World):
    refs = [world.a_body() for _ in range(3)]
    sourcing = world.publish(world.a_project())
    bids = {ref: world.sealed(sourcing, ref, 170_000, files={"方案.pdf": LONG}) for ref in refs}
    forged = {ref: world.sealed(sourcing, ref, 170_000, files={"方案.pdf": LONG + b"x"}) for ref in refs}
    for ref, bid in bids.items():
        world.bid(sourcing, ref, bid)
    thin, thorough, honest = refs
    for ref in (thin, thorough):
        upload = bids[ref].attachments[0].upload_id
        for number, part in enumerate(forged[ref].attachments[0].parts):
            row = {"_id": f"{upload}:{number:04d}"}
            world.db["bid_parts"].update_one(row, {"$set": {"data": part}})
    told = forged[thorough].attachments[0].told
    changed = {"attachments.0.sha256": told["sha256"], "attachments.0.size": told["size"]}
    world.db["bids"].update_one({"_id": f"{sourcing['id']}:{thorough}"}, {"$set": changed})
    world.wait_until(world.now + 2 * DAY)
    after = world.open(sourcing["id"])
    lines = {each["provider_ref"]: each["excluded"] for each in after["bids"]}
    assert lines == {thin: "swapped", thorough: "attachments_differ", honest: None}
    assert not published_as_received(bids[thorough], after, thorough)
    assert published_as_received(bids[honest], after, honest)


def test_the_panel_reads_the_attachments_of_opened_bids_and_nobody_does_before(world: World):
    ref = world.a_body()
    sourcing = world.publish(world.a_project())
    bid = world.sealed(sourcing, ref, files={"方案.pdf": LONG, "名不副实.pdf": b"MZ" + bytes(300)})
    world.bid(sourcing, ref, bid)
    first, second = (each.inside["sha256"] for each in bid.attachments)
    which = {"sourcing_id": sourcing["id"], "bid_id": f"{sourcing['id']}:{ref}", "sha256": first}
    for call, more in (("open_bid_file", {}), ("read_bid_file_part", {"part": 0})):
        with pytest.raises(Refusal, match="not_found"):
            world.call(call, OFFICER, **which, **more)
    world.wait_until(world.now + 2 * DAY)
    world.open(sourcing["id"])
    member = officer("panel_member", world.draw(sourcing["id"])[0])
    (shown,) = world.call("opened_bids", member, sourcing_id=sourcing["id"])["items"]
    assert [each["problem"] for each in shown["files"]] == [None, "type"]
    parts = [
        base64.b64decode(world.call("read_bid_file_part", member, **which, part=part)["content"])
        for part in range(2)
    ]
    assert b"".join(parts) == LONG
    with pytest.raises(Refusal, match="attachment_unreadable"):
        world.call("read_bid_file_part", member, **{**which, "sha256": second}, part=0)
    with pytest.raises(Refusal, match=r"region\.forbidden"):
        world.call("open_bid_file", officer("supervisor", region="370100"), **which)
    lying = {"_id": f"{bid.attachments[0].upload_id}:0000"}
    world.db["bid_parts"].update_one(lying, {"$set": {"data": bytes(PART_BYTES + 40)}})
    with pytest.raises(Refusal, match="attachment_unreadable"):
        world.call("read_bid_file_part", member, **which, part=0)


def test_a_bid_is_taken_with_all_its_attachments_or_not_at_all(world: World):
    ref, thief = world.a_body(), world.a_body()
    sourcing = world.publish(world.a_project())
    bid = world.sealed(sourcing, ref, files={"方案.pdf": LONG, "二.pdf": PDF})
    *most, last = bid.parts()
    for part in most:
        world.call("put_bid_part", body(ref), sourcing_id=sourcing["id"], **part)
    with pytest.raises(Refusal, match="attachment_missing"):
        world.call("submit_bid", body(ref), sourcing_id=sourcing["id"], **bid.body)
    other = {**last, "content": base64.b64encode(bytes(100)).decode()}
    with pytest.raises(Refusal, match="attachment_missing"):
        world.call("put_bid_part", body(thief), sourcing_id=sourcing["id"], **most[0])
    world.call("put_bid_part", body(ref), sourcing_id=sourcing["id"], **last)
    with pytest.raises(Refusal, match="attachment_missing"):
        world.call("put_bid_part", body(ref), sourcing_id=sourcing["id"], **other)
    with pytest.raises(Refusal, match="attachment_missing"):
        world.call("submit_bid", body(thief), sourcing_id=sourcing["id"], **bid.body)
    mine = world.call("submit_bid", body(ref), sourcing_id=sourcing["id"], **bid.body)
    assert mine["attachments"] == [each.told for each in bid.attachments]
    # another bid in its place keeps one of them and lets the other go
    kept = seal(
        {"price_fen": 1, "plan": "改", "teachers": ["甲"], "places": ["乙"]},
        sourcing,
        ref,
        bid.attachments[:1],
    )
    world.call("submit_bid", body(ref), sourcing_id=sourcing["id"], **kept.body)
    free = [row["_id"] for row in world.db["bid_uploads"].find({"bid_id": mine["id"]})]
    assert free == [bid.attachments[1].upload_id]


def test_the_deadline_in_the_middle_of_an_upload_leaves_the_bid_that_was_there(world: World):
    ref, late = world.a_body(), world.a_body()
    sourcing = world.publish(world.a_project())
    first = world.sealed(sourcing, ref, 150_000)
    world.bid(sourcing, ref, first)
    better = world.sealed(sourcing, ref, 140_000, files={"方案.pdf": LONG})
    only = world.sealed(sourcing, late, 130_000, files={"方案.pdf": LONG})
    begun = {ref: list(better.parts()), late: list(only.parts())}
    for who, parts in begun.items():
        world.call("put_bid_part", body(who), sourcing_id=sourcing["id"], **parts[0])
    world.wait_until(datetime.fromisoformat(sourcing["bids_until"]))
    for who, parts in begun.items():
        with pytest.raises(Refusal, match="bids_closed"):
            world.call("put_bid_part", body(who), sourcing_id=sourcing["id"], **parts[1])
    for who, bid in ((ref, better), (late, only)):
        with pytest.raises(Refusal, match="bids_closed"):
            world.call("submit_bid", body(who), sourcing_id=sourcing["id"], **bid.body)
    after = world.open(sourcing["id"])
    assert [(each["provider_ref"], each["price_fen"]) for each in after["bids"]] == [(ref, 150_000)]
    assert published_as_received(first, after, ref)


def test_uploads_that_belong_to_no_bid_are_swept(world: World):
    ref = world.a_body()
    sourcing = world.publish(world.a_project())
    taken, left = (world.sealed(sourcing, ref, files={"方案.pdf": PDF}) for _ in range(2))
    world.bid(sourcing, ref, taken)
    for part in left.parts():
        world.call("put_bid_part", body(ref), sourcing_id=sourcing["id"], **part)
    id = left.attachments[0].upload_id
    world.db["bid_uploads"].update_one({"_id": id}, {"$set": {"at": datetime(2020, 1, 1, tzinfo=UTC)}})
    wait_for(lambda: not world.db["bid_parts"].count_documents({"upload_id": id}), what="the sweep")
    assert world.db["bid_parts"].count_documents({"upload_id": taken.attachments[0].upload_id}) == 1


def test_a_lost_key_opens_nothing_and_bids_are_taken_anew(world: World):
    ref = world.a_body()
    old, lost = officer("opening_officer", unique("opening")), OfficerKey.generate()
    world.register(old, lost)
    sourcing = world.publish(world.a_project(), opening_officers=[old.account, OPENING[1].account])
    bid = world.sealed(sourcing, ref, 150_000, SECRET, {"方案.pdf": ATTACHED})
    world.bid(sourcing, ref, bid)
    deadline = datetime.fromisoformat(sourcing["bids_until"])
    world.wait_until(deadline)
    again = {
        "sourcing_id": sourcing["id"], "reason": "密钥遗失", "bids_until": world.now + 3 * DAY,
        "opening_officers": [each.account for each in OPENING],
    }  # fmt: skip
    with pytest.raises(Refusal, match="keys_in_force"):
        world.call("reinvite", OFFICER, **again)
    world.call("retire_opening_key", old, key_id=lost.key_id, reason="设备遗失")
    with pytest.raises(Refusal, match=r"region\.forbidden"):
        world.call("reinvite", officer("catalogue_officer", region="370100"), **again)
    asked = world.call("reinvite", OFFICER, **again)
    assert (asked["status"], asked["sealed_bids"], len(asked["reinvitations"])) == ("bidding", 0, 1)
    assert world.call("my_bid", body(ref), sourcing_id=sourcing["id"])["status"] == "set_aside"
    # even both keys together find nothing any more in what acceptance keeps
    row = world.db["bids"].find_one({"_id": f"{sourcing['id']}:{ref}"})
    assert bid.ciphertext not in list(values(row))
    with pytest.raises(Refusal, match=r"acceptance\.seal"):
        world.call("submit_bid", body(ref), sourcing_id=sourcing["id"], **{**bid.body, "attachments": []})
    world.bid(asked, ref, world.sealed(asked, ref, 145_000))
    world.wait_until(datetime.fromisoformat(asked["bids_until"]))
    with pytest.raises(Refusal, match="not_opening_officer"):
        world.call("sealed_bids", old, sourcing_id=sourcing["id"])
    after = world.open(sourcing["id"])
    assert [(each["provider_ref"], each["price_fen"]) for each in after["bids"]] == [(ref, 145_000)]
    told = [each["type"].rpartition(".")[2] for each in world.facts(sourcing["id"])]
    assert told == ["notice_published", "bid_received", "reinvited", "bid_received", "opened"]


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
    elsewhere = officer("catalogue_officer", region="370100")
    assert world.call("list_opening_keys", elsewhere)["items"] == []
    with pytest.raises(Refusal, match=r"region\.forbidden"):
        world.call("list_opening_keys", elsewhere, region=REGION)
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
