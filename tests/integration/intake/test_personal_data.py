"""Personal data: unreadable in the database, gone when forgotten, shown in clear on record only."""

from datetime import timedelta

import bson
import pytest

from contracts.events import catalogue
from contracts.vocabularies.errors import Refusal
from services.chassis.actor import Actor
from services.chassis.clock import real_now
from services.intake.store.vault import Forgotten
from tests.integration.intake.conftest import OFFICER, World
from tests.integration.intake.test_posting import PROJECT

PERSONAL = ("id_number", "name", "phone", "bank_account")


def everything(world: World) -> bytes:
    """Return every document of every collection of intake's database, as it lies there."""
    documents = (
        doc for name in world.db.list_collection_names() for doc in world.db[name].find({}, batch_size=500)
    )
    return b"".join(bson.encode(doc) for doc in documents)


def test_the_raw_documents_hold_no_personal_data(world: World):
    worker, details = world.worker(), world.details()
    given = {**details, "name": "示例从未出现过", "phone": "13700000987"}
    new_account = "6225881234567890123"
    demand = world.post(worker, person=given)
    world.await_status("demands", demand["id"], "verified")
    world.call("change_payee", worker, bank_account=new_account)
    firm, body = world.firm("provider")
    world.call("register_body", firm, **body, bank_account="370600998877665544")
    assert world.as_settlement(demand["poster_ref"])["bank_account"] == new_account
    world.call("get_person", worker)

    raw = everything(world)
    assert demand["poster_ref"].encode() in raw, "the search would find what is there"
    for secret in (*(given[name] for name in PERSONAL), new_account, "370600998877665544"):
        assert secret.encode() not in raw


def test_equal_values_look_different(world: World):
    vault = world.vault()
    key = vault.new_key("test-equal")
    first, second = (vault.seal(key, {"name": "示例甲"})["name"] for _ in range(2))
    assert first != second
    assert vault.open({"name": first}, "name", "phone") == {"name": "示例甲"}
    assert vault.new_key("test-equal") == key


def test_a_persons_own_page_is_masked(world: World):
    worker, details = world.worker(), world.details()
    world.call("register_person", worker, **details)
    shown = world.call("get_person", worker)
    assert shown["id_number"] == f"{details['id_number'][:4]}{'*' * 10}{details['id_number'][-4:]}"
    assert shown["name"] == "示" + "*" * (len(details["name"]) - 1)
    assert not {details[name] for name in PERSONAL} & {str(value) for value in shown.values()}
    with pytest.raises(Refusal, match=r"intake\.not_registered"):
        world.call("get_person", world.worker())


def test_a_forgotten_person_cannot_be_read(world: World):
    worker, details = world.worker(), world.details()
    demand = world.post(worker, person=details)
    ref = demand["poster_ref"]
    world.await_status("demands", demand["id"], "verified")
    backup = world.db.persons.find_one({"_id": ref})
    assert world.vault().open(backup["sealed"], "name") == {"name": details["name"]}

    assert world.call("forget_person", worker)["status"] == "forgotten"
    # whoever kept a copy of the document and has the master key still cannot read it
    with pytest.raises(Forgotten):
        world.vault().open(backup["sealed"], *PERSONAL)
    kept = world.db.persons.find_one({"_id": ref})
    assert (kept["sealed"], kept["number_hash"], kept["groups"], kept["login"]) == ({}, "", [], None)
    assert world.db.numbers.find_one({"person_ref": ref}) is None
    assert world.db.person_keys.find_one({"keyAltNames": ref}) is None
    assert world.told(ref)[-1] == "forgotten"
    assert world.told(demand["id"])[-1] == "withdrawn"
    for refused in (lambda: world.as_settlement(ref), lambda: world.call("get_person", worker)):
        with pytest.raises(Refusal):
            refused()

    anew = world.call("register_person", worker, **details)
    assert (anew["status"], anew["id"] == ref) == ("submitted", False)


def test_a_person_in_a_project_is_not_forgotten(world: World):
    worker = world.verified_worker()
    demand = world.post(worker)
    world.running.tell(catalogue.PROJECT_DRAFTED, "kept", 1, {**PROJECT, "demand_ids": [demand["id"]]})
    world.await_status("demands", demand["id"], "listed")
    with pytest.raises(Refusal, match=r"intake\.demand_in_project"):
        world.call("forget_person", worker)
    assert world.call("get_person", worker)["status"] == "verified"
    world.call("withdraw_demand", worker, demand_id=demand["id"])
    assert world.call("forget_person", worker)["status"] == "forgotten"


def test_a_payees_details_are_for_settlement_and_on_record(world: World):
    worker, details = world.worker(), world.details()
    ref = world.call("register_person", worker, **details)["id"]
    shown = world.as_settlement(ref, "拨付 c1")
    assert shown == {"payee_ref": ref, "name": details["name"], "bank_account": details["bank_account"]}
    (row,) = world.db.disclosures.find({"payee_ref": ref})
    assert (row["by"], row["purpose"]) == ("service:settlement", "拨付 c1")

    body = {"payee_refs": [ref], "purpose": "好奇"}
    with pytest.raises(Refusal, match=r"role\.forbidden"):
        world.call("payee_details", OFFICER, **body)
    with pytest.raises(Refusal, match=r"actor\.invalid"):
        # the gateway's key does not speak for services
        world.call("payee_details", Actor("service:settlement", frozenset({"service:settlement"})), **body)
    assert world.db.disclosures.count_documents({"payee_ref": ref}) == 1


def test_a_payee_without_an_account_is_said_to_have_none(world: World):
    worker = world.worker()
    ref = world.call("register_person", worker, **world.details(bank_account=None))["id"]
    with pytest.raises(Refusal, match=r"intake\.no_account"):
        world.as_settlement(ref)
    assert world.call("change_payee", worker, bank_account="62220000123456")["account_given"] is True
    assert world.as_settlement(ref)["bank_account"] == "62220000123456"
    assert world.fact(ref, "payee_changed") == {"account_tail": "3456"}
    with pytest.raises(Refusal, match="not_found"):
        world.as_settlement("nobody")


def test_a_bodys_account_is_kept_likewise(world: World):
    actor, given = world.firm("provider")
    ref = world.call("register_body", actor, **given)["id"]
    world.call("change_payee", actor, bank_account="37060000012345")
    world.call("change_payee", actor, bank_account="37060000099999")
    assert world.as_settlement(ref) == {
        "payee_ref": ref,
        "name": given["name"],
        "bank_account": "37060000099999",
    }
    # the registry may answer in between
    assert world.told(ref).count("payee_changed") == 2


def test_keys_of_registrations_that_came_to_nothing_are_swept(world: World):
    vault = world.vault()
    used = world.call("register_person", world.worker(), **world.details())["id"]
    vault.new_key("abandoned")
    vault.new_key("young")
    old = real_now() - timedelta(hours=2)
    world.db.person_keys.update_many(
        {"keyAltNames": {"$in": [used, "abandoned"]}}, {"$set": {"creationDate": old}}
    )
    assert vault.sweep() == 1
    left = {key["keyAltNames"][0] for key in world.db.person_keys.find({})}
    assert {used, "young"} <= left
    assert "abandoned" not in left
