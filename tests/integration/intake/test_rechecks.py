"""What settlement may ask of intake: checks again, and who shares a phone or an account. Nobody else may."""

import time
import uuid
from datetime import timedelta
from typing import Any

import pytest

from contracts.vocabularies.errors import Refusal
from services.chassis.actor import Actor, SigningKey, sign
from services.chassis.calls import Reader
from services.chassis.commits import Committer, Work
from services.chassis.mongo import database
from services.chassis.rpc_client import RpcClients
from services.chassis.settings import Settings
from services.chassis.unit import Unit
from services.intake import freshness
from tests.integration.intake.conftest import OFFICER, SETTLEMENT, World
from tests.support.services import wait_for

PURPOSE = "补贴申请核查"


def ask(world: World, method: str, **body: Any) -> dict[str, Any]:
    """Ask as settlement does, under its own signature."""
    settings = Settings.from_env(world.running.sandbox.env("settlement"))
    envelope = {
        "body": {"purpose": PURPOSE, **body},
        "actor": sign(SETTLEMENT, SigningKey(*settings.actor_signing_key())),
        "key": uuid.uuid4().hex,
        "deadline": int((time.time() + 30) * 1000),
    }
    clients = RpcClients(settings.amqp_url(), "settlement")
    try:
        return dict(clients.call(f"intake.{method}", envelope))
    finally:
        clients.forget()


def registered(world: World, **changes: Any) -> tuple[Actor, str, dict[str, Any]]:
    """Return a verified person's account, reference and details."""
    actor, details = world.worker(), world.details(**changes)
    ref = world.call("register_person", actor, **details)["id"]
    world.await_status("persons", ref, "verified")
    return actor, ref, details


def recheck(world: World, *refs: str, before: Any = None) -> int:
    due = before or world.running.clock.now() + timedelta(hours=1)
    return int(ask(world, "recheck", not_before=due.isoformat(), person_refs=list(refs))["waiting"])


def test_only_settlement_asks(world: World) -> None:
    _, ref, _ = registered(world)
    questions = (
        ("recheck", {"not_before": world.running.clock.now().isoformat(), "person_refs": [ref]}),
        ("shared_contacts", {"person_refs": [ref], "people": 2}),
    )
    for method, body in questions:
        with pytest.raises(Refusal) as raised:
            world.call(method, OFFICER, purpose=PURPOSE, **body)
        assert raised.value.code == "role.forbidden"
        with pytest.raises(Refusal):
            world.call(method, SETTLEMENT, purpose=PURPOSE, **body)


def test_what_is_fresh_is_not_asked_again_and_what_is_old_is(world: World) -> None:
    _, ref, _ = registered(world)
    assert recheck(world, ref, before=world.running.clock.now() - timedelta(days=1)) == 0
    assert recheck(world, ref, "nobody") == 1
    wait_for(lambda: world.told(ref)[-1] == "rechecked", 30, "the answer")
    fact = world.fact(ref, "rechecked")
    assert (fact["passed"], fact["alive"], fact["draws_pension"], fact["source"]) == (
        True,
        True,
        False,
        "registry",
    )
    assert world.db.rechecks.count_documents({}) == 0


def test_who_has_died_is_refused_and_told(world: World) -> None:
    _, ref, details = registered(world)
    row = {"id_number": details["id_number"], "name": details["name"], "alive": False}
    world.standin.load("people", row)
    recheck(world, ref)
    wait_for(lambda: world.told(ref)[-2:] == ["rechecked", "refused"], 30, "the death")
    assert world.fact(ref, "rechecked")["alive"] is False
    assert world.db.persons.find_one({"_id": ref})["status"] == "refused"
    assert recheck(world, ref) == 0


def test_a_pension_drawn_since_is_told(world: World) -> None:
    _, ref, details = registered(world)
    row = {"id_number": details["id_number"], "name": details["name"], "pension_since": "2026-01-01"}
    world.standin.load("people", row)
    recheck(world, ref)
    wait_for(lambda: world.told(ref)[-1] == "rechecked", 30, "the answer")
    assert world.fact(ref, "rechecked")["draws_pension"] is True
    assert world.db.persons.find_one({"_id": ref})["draws_pension"] is True


@pytest.mark.parametrize("fault", ["down", "wrong"])
def test_a_question_stays_while_the_registry_gives_no_answer(world: World, fault: str) -> None:
    _, ref, _ = registered(world)
    world.standin.fault("registry", fault)
    before = world.standin.asked("registry")
    try:
        recheck(world, ref)
        wait_for(lambda: world.standin.asked("registry") > before + 2, 60, "it is asked")
        assert world.told(ref)[-1] != "rechecked"
        assert world.db.rechecks.count_documents({"ref": ref}) == 1
    finally:
        world.standin.fault("registry", "ok")
    wait_for(lambda: world.told(ref)[-1] == "rechecked", 60, "the answer")


def test_who_shares_is_told_by_reference_and_forgotten_people_are_not(world: World) -> None:
    phone = "15800000222"
    three = [registered(world, phone=phone) for _ in range(3)]
    alone = registered(world)
    refs = [ref for _, ref, _ in three]
    found = ask(world, "shared_contacts", person_refs=[*refs, alone[1]], people=3)
    assert found == {
        "clusters": [{"kind": "phone", "person_refs": sorted(refs), "people": 3}],
        "unread": 0,
    }
    assert ask(world, "shared_contacts", person_refs=refs, people=4)["clusters"] == []
    one = ask(world, "shared_contacts", person_refs=refs[:1], people=3)["clusters"]
    assert one == [{"kind": "phone", "person_refs": refs[:1], "people": 3}]
    doc = world.db.persons.find_one({"_id": refs[0]})
    assert phone not in str(doc)
    assert doc["phone_hash"] == world.db.persons.find_one({"_id": refs[1]})["phone_hash"]
    kept = world.db.disclosures.find_one({"payee_ref": "shared-contacts:4"})
    assert (kept["by"], kept["purpose"]) == ("service:settlement", PURPOSE)
    world.call("forget_person", three[0][0])
    gone = world.db.persons.find_one({"_id": refs[0]})
    assert (gone["phone_hash"], gone["account_hash"]) == ("", "")
    assert ask(world, "shared_contacts", person_refs=refs, people=3)["clusters"] == []


def test_a_changed_account_is_compared_as_it_is_now(world: World) -> None:
    account = "6222000099990000"
    one, other = registered(world), registered(world)
    for actor, _, _ in (one, other):
        world.call("change_payee", actor, bank_account=account)
    refs = sorted((one[1], other[1]))
    found = ask(world, "shared_contacts", person_refs=refs, people=2)["clusters"]
    assert found == [{"kind": "bank_account", "person_refs": refs, "people": 2}]
    world.call("change_payee", one[0], bank_account="6222000099990001")
    assert ask(world, "shared_contacts", person_refs=refs, people=2)["clusters"] == []


def test_people_registered_before_there_were_hashes_are_not_taken_for_compared(world: World) -> None:
    _, ref, _ = registered(world)
    world.db.persons.update_one({"_id": ref}, {"$unset": {"phone_hash": "", "account_hash": ""}})

    def unread() -> int:
        return int(ask(world, "shared_contacts", person_refs=[ref], people=2)["unread"])

    assert unread() == 1
    wait_for(lambda: unread() == 0, 60, "the hashes")


def test_a_demand_on_an_answer_that_is_too_old_waits_for_a_new_one(world: World) -> None:
    actor, ref, _ = registered(world)
    first = world.post(actor)
    assert first["status"] == "verified"
    world.running.clock.advance_to(world.running.clock.now() + timedelta(days=31))
    world.standin.fault("registry", "down")
    second = world.post(actor, level="3")
    assert second["status"] == "submitted"
    assert world.db.rechecks.find_one({"_id": f"person:{ref}"}) is not None
    world.standin.fault("registry", "ok")
    world.await_status("demands", second["id"], "verified")
    kept = world.call("demand_checks", actor, demand_id=second["id"])["items"]
    assert [each["passed"] for each in kept] == [True, True]
    assert kept[0]["checked_at"] > kept[1]["checked_at"]


def test_who_is_confirmed_no_more_gets_the_demands_back(world: World) -> None:
    actor, ref, details = registered(world)
    demand = world.post(actor)
    gone = {"id_number": details["id_number"], "name": details["name"], "alive": False}
    world.standin.load("people", gone)
    world.running.clock.advance_to(world.running.clock.now() + timedelta(days=31))
    in_service(world, freshness.ask_about_old)
    returned = world.await_status("demands", demand["id"], "returned")
    assert "死亡" in returned["reason"]
    assert world.told(ref)[-2:] == ["rechecked", "refused"]
    (latest, _) = world.call("demand_checks", OFFICER, demand_id=demand["id"])["items"]
    assert (latest["passed"], latest["purpose"][:3]) == (False, "需求单")


def in_service(world: World, job: Any) -> None:
    """Run a job of the service in this process, now."""
    settings = Settings.from_env(world.running.sandbox.env("intake"))
    own = database(settings.mongo_uri(), settings.mongo_db())
    committer, who = Committer("intake", own, world.running.clock), Actor("service:intake", frozenset())
    try:
        job(
            Reader(own, who, world.running.clock),
            lambda run: committer.run(Work(lambda group: Unit(group, who), run)),
        )
    finally:
        committer.stop()
