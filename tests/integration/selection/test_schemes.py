"""Voucher schemes: by rule, within a budget; reminders, reasons, officers' hands; tokens shown offline."""

import base64
from datetime import timedelta
from typing import Any

import pytest
from nacl.signing import SigningKey

from contracts.events import acceptance, catalogue, intake
from contracts.vocabularies.errors import Refusal
from infra import vouchers
from infra.devices import Device
from infra.vouchers import NotGood
from services.chassis.actor import Actor
from tests.integration.selection.conftest import COUNTY, DAY, OFFICER, World
from tests.support.services import wait_for

ELSEWHERE = Actor("officer-2", frozenset({"catalogue_officer"}), region="370200")
PROVIDER = Actor("school", frozenset({"provider"}), body_ref="provider-1")
RIVAL = Actor("rival", frozenset({"provider"}), body_ref="provider-2")


def issue(world: World, **target: Any) -> dict[str, Any]:
    until = (world.starts + 60 * DAY).isoformat()
    return world.call("issue_vouchers", OFFICER, region="370600", valid_until=until, **target)


def batch(world: World, id: str) -> dict[str, Any]:
    return world.call("get_batch", OFFICER, batch_id=id)


def veterans(world: World, count: int) -> list[Actor]:
    """Persons of one target group; the first holds a voucher already."""
    people = world.people(count)
    refs = [person.person_ref or "" for person in people]
    for ref in refs:
        world.tell(intake.PERSON_REGISTERED, ref, {"region": COUNTY, "groups": ["veteran"]})
    regrouped = {"_id": {"$in": refs}, "groups": "veteran"}
    wait_for(lambda: world.db.people.count_documents(regrouped) == count, 60)
    return people


def test_a_target_group_gets_vouchers_by_rule_until_the_budget_ends(world: World) -> None:
    people = veterans(world, 8)
    held = world.voucher(people[0])
    made = issue(world, groups=["veteran"], name="退役军人券", budget_fen=1_000_000, voucher_fen=180_000)
    assert (made["status"], made["figures"]) == ("issuing", {})
    wait_for(lambda: batch(world, made["id"])["status"] == "issued", 60, "the batch given out")
    found = batch(world, made["id"])
    assert found["figures"] == {"issued": 5}
    assert found["short"]
    assert found["progress"]["open_fen"] == 900_000
    assert found["progress"]["free_fen"] == 100_000
    rows = list(world.db.vouchers.find({"batch_id": made["id"]}))
    assert len({row["person_ref"] for row in rows}) == 5
    assert held not in {row["_id"] for row in rows}
    assert people[0].person_ref not in {row["person_ref"] for row in rows}
    listed = world.call("list_batch_vouchers", OFFICER, batch_id=made["id"], limit=3)
    rest = world.call("list_batch_vouchers", OFFICER, batch_id=made["id"], limit=3, cursor=listed["next"])
    assert {each["id"] for each in listed["items"] + rest["items"]} == {row["_id"] for row in rows}
    again = issue(world, groups=["veteran"])
    wait_for(lambda: batch(world, again["id"])["status"] == "issued", 60, "the second batch")
    found = batch(world, again["id"])
    assert (found["figures"], found["passed_over"], found["short"]) == ({"issued": 2}, 6, False)
    mine = world.call("list_batches", OFFICER, region="370600")
    assert {made["id"], again["id"]} <= {each["id"] for each in mine["items"]}
    for method, body in [
        ("list_batches", {"region": "370600"}),
        ("get_batch", {"batch_id": made["id"]}),
        ("list_batch_vouchers", {"batch_id": made["id"]}),
    ]:
        with pytest.raises(Refusal, match=r"region\.forbidden"):
            world.call(method, ELSEWHERE, **body)


def test_a_list_beyond_the_budget_is_refused_whole(world: World) -> None:
    refs = [person.person_ref for person in world.people(3)]
    with pytest.raises(Refusal, match=r"selection\.over_budget") as refused:
        issue(world, person_refs=refs, budget_fen=400_000, voucher_fen=180_000)
    assert refused.value.facts == {"people": 3, "vouchers": 2}
    with pytest.raises(Refusal, match=r"selection\.over_budget"):
        issue(world, groups=["veteran"], budget_fen=1, voucher_fen=180_000)
    assert world.db.vouchers.count_documents({"person_ref": {"$in": refs}}) == 0


def test_an_officer_revokes_and_replaces_with_a_reason(world: World) -> None:
    lost, wrong = world.people(2)
    class_id = world.open_class("replaced", 2)
    world.confirmed(lost, class_id)
    old = world.voucher(lost)
    world.call("bind_voucher", lost, voucher_id=old, class_id=class_id)
    with pytest.raises(Refusal, match=r"region\.forbidden"):
        world.call("replace_voucher", ELSEWHERE, voucher_id=old, reason="手机丢失")
    new = world.call("replace_voucher", OFFICER, voucher_id=old, reason="手机丢失")
    assert (new["status"], new["replaces"], new["person_ref"]) == ("issued", old, lost.person_ref)
    seen = world.call("get_voucher", lost, voucher_id=old)
    assert (seen["status"], seen["reason"], seen["replaced_by"]) == ("revoked", "手机丢失", new["id"])
    world.call("claim_voucher", lost, voucher_id=new["id"])
    world.call("bind_voucher", lost, voucher_id=new["id"], class_id=class_id)
    batch_id = new["batch_id"]
    assert batch(world, batch_id)["progress"]["replaced"] == 1
    other = world.voucher(wrong)
    ended = world.call("revoke_voucher", OFFICER, voucher_id=other, reason="发错人")
    assert (ended["status"], ended["reason"]) == ("revoked", "发错人")
    assert world.db.people.find_one({"_id": wrong.person_ref})["open_voucher"] is None
    with pytest.raises(Refusal, match="out_of_order"):
        world.call("revoke_voucher", OFFICER, voucher_id=other, reason="发错人")
    world.tell(acceptance.ROSTER_FILED, class_id, {"project_id": "p", "person_refs": [lost.person_ref]})
    wait_for(lambda: world.call("get_seating", None, class_id=class_id)["status"] == "closed")
    with pytest.raises(Refusal, match=r"selection\.voucher_on_roster"):
        world.call("revoke_voucher", OFFICER, voucher_id=new["id"], reason="r")
    enrolment = world.db.enrolments.find_one({"class_id": class_id})["_id"]
    with pytest.raises(Refusal, match=r"owner\.forbidden"):
        world.call("drop_seat", RIVAL, enrolment_id=enrolment, reason="退学")
    gone = world.call("drop_seat", PROVIDER, enrolment_id=enrolment, reason="退学")
    assert (gone["status"], gone["reason"]) == ("dropped", "退学")
    assert world.status(new["id"], "vouchers") == "claimed", "unused, so it can be bound again"
    world.sound(class_id)


def test_a_token_is_checked_where_there_is_no_network(world: World) -> None:
    person, other = world.people(2)
    class_id = world.open_class("offline", 2)
    world.confirmed(person, class_id)
    voucher, device = world.voucher(person), Device()
    world.call("bind_device", person, voucher_id=voucher, device_key=device.public_key)
    with pytest.raises(Refusal, match=r"selection\.voucher_not_bound"):
        world.call("voucher_token", person, voucher_id=voucher)
    world.call("bind_voucher", person, voucher_id=voucher, class_id=class_id)
    with pytest.raises(Refusal, match=r"owner\.forbidden"):
        world.call("voucher_token", other, voucher_id=voucher)
    shown = world.call("voucher_token", person, voucher_id=voucher)
    assert voucher not in shown["token"]
    listed = world.call("class_holders", PROVIDER, class_id=class_id)
    assert listed["items"] == [{"holder": shown["holder"], "status": "bound"}]
    with pytest.raises(Refusal, match=r"owner\.forbidden"):
        world.call("class_holders", RIVAL, class_id=class_id)
    keys, now = [published(world)], world.running.clock.now()
    names = {each["holder"] for each in listed["items"]}
    showing = device.show(shown["token"], now)
    assert vouchers.check(showing, keys, class_id, now, names) == shown["holder"]
    world.call("revoke_voucher", OFFICER, voucher_id=voucher, reason="发错人")
    names = {each["holder"] for each in world.call("class_holders", PROVIDER, class_id=class_id)["items"]}
    with pytest.raises(NotGood, match="no longer bound"):
        vouchers.check(showing, keys, class_id, now, names)


def published(world: World) -> dict[str, str]:
    """Return the issuer's public key as a JWK."""
    entry = world.running.sandbox.env("selection")["WUDAN_CREDENTIAL_SIGNING_KEY"]
    kid, _, seed = entry.partition(":")
    public = bytes(SigningKey(base64.b64decode(seed)).verify_key)
    x = base64.urlsafe_b64encode(public).rstrip(b"=").decode()
    return {"kid": kid, "kty": "OKP", "crv": "Ed25519", "x": x}


def test_what_a_place_costs_comes_from_the_project(world: World) -> None:
    (person,) = world.people(1)
    class_id = world.open_class("cost", 2)
    assert world.call("eligibility", person, class_id=class_id)["cost"]["known"] == "project_unknown"
    listed = {
        "name": "焊工专项", "region": COUNTY, "occupation": "6-18-02-04", "level": "4", "mode": "on_site",
        "programme": None, "seats": 20, "hours": 80, "edition": 1, "sourcing_way": "open_challenge",
        "standard_fen": 180_000, "standard_rule": "r", "illustrative": True,
    }  # fmt: skip
    world.tell(catalogue.PROJECT_LISTED, "project", listed)
    told = wait_for(
        lambda: (
            (found := world.call("eligibility", person, class_id=class_id))["cost"]["known"] == "shared"
            and found
        )
    )
    assert told["cost"]["cost_fen"] == 180_000
    assert sum(line["amount_fen"] for line in told["cost"]["lines"]) == 180_000
    assert (told["outcome"], told["cost"]["expected_fen"]) == ("needs_proof", None)
    awarded = {"sourcing_id": "s", "provider_ref": "provider-1", "price_fen": 150_000}
    world.tell(catalogue.PROJECT_AWARDED, "project", awarded)
    cost = wait_for(
        lambda: (
            (found := world.call("eligibility", person, class_id=class_id)["cost"])["cost_fen"] == 150_000
            and found
        )
    )
    assert 0 < cost["person_fen"] < cost["unsubsidised_fen"] == 150_000


def test_who_does_not_use_a_voucher_is_reminded_asked_why_and_counted(world: World) -> None:
    people = world.people(6)
    made = issue(world, person_refs=[person.person_ref for person in people])
    ids = dict(zip([person.person_ref for person in people], made["voucher_ids"], strict=True))
    world.call("claim_voucher", people[0], voucher_id=ids[people[0].person_ref])
    end = world.db.vouchers.find_one({"_id": made["voucher_ids"][0]})["valid_until"]
    world.running.clock.advance_to(end - timedelta(days=6, hours=1))
    spoken = {"batch_id": made["id"], "reminded_days": 7}
    wait_for(lambda: world.db.vouchers.count_documents(spoken) == 6, 60, "the reminders")
    facts = world.db.outbox.find({"type": "selection.voucher.reminded", "subject": made["voucher_ids"][0]})
    assert [row["event"]["data"]["days"] for row in facts] == [7]
    for person in people[1:]:
        mine = ids[person.person_ref]
        world.call("tell_non_use", person, voucher_id=mine, cause="distance")
    world.call("tell_non_use", people[0], voucher_id=ids[people[0].person_ref], cause="time")
    with pytest.raises(Refusal, match=r"owner\.forbidden"):
        world.call("tell_non_use", people[1], voucher_id=ids[people[0].person_ref], cause="time")
    world.running.clock.advance_to(end + timedelta(minutes=1))
    ended = {"batch_id": made["id"], "status": "expired"}
    wait_for(lambda: world.db.vouchers.count_documents(ended) == 6, 60, "the end of all")
    found = batch(world, made["id"])["progress"]
    assert (found["issued"], found["claimed"], found["used"], found["expired"]) == (6, 1, 0, 6)
    assert found["reminded"] == 6
    assert found["causes"] == [{"cause": "distance", "people": 5}, {"cause": "time", "people": None}]
    assert world.running.dead("selection") == 0
