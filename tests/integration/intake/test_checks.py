"""联网核查: nothing passes unchecked, an outage only delays, a kill loses and doubles nothing."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest

from contracts.events import acceptance
from contracts.vocabularies.errors import Refusal
from contracts.vocabularies.sample_ids import make_citizen_id, make_credit_code
from services.chassis.actor import Actor
from services.chassis.calls import Reader
from services.chassis.mongo import database
from services.chassis.settings import Settings
from services.intake.store.fairness import waiting_docs
from tests.integration.intake.conftest import OFFICER, World
from tests.support.services import wait_for

NOT_FOUND, DRAWS_PENSION = 996, 999


def test_an_outage_delays_and_never_passes(world: World):
    for mode in ("down", "garbage", "wrong"):
        world.standin.fault("registry", mode)
        demand = world.post(world.worker(), person=world.details())
        asked = world.standin.asked("registry")
        wait_for(lambda before=asked: world.standin.asked("registry") > before, 60, "the registry is asked")
        assert world.db.persons.find_one({"_id": demand["poster_ref"]})["status"] == "submitted"
        # the demand says that it waits for a registry, and since when
        said = wait_for(lambda id=demand["id"]: check(world, id, "outage"), 60, "the demand says so")
        assert said["since"] is not None
        assert "无需重新提交" in said["said"]
        (listed,) = [each for each in world.call("list_demands", OFFICER, limit=100)["items"]
                     if each["id"] == demand["id"]]  # fmt: skip
        assert listed["check"] == said
        world.standin.fault("registry", "ok")
        wait_for(lambda id=demand["id"]: world.told(id) == ["posted", "verified"], 60)
        assert check(world, demand["id"], "passed")["source"] == "registry"
        assert world.db.registry_waits.count_documents({"_id": demand["poster_ref"]}) == 0


def check(world: World, demand_id: str, state: str) -> dict[str, Any] | None:
    """Return how the check of a demand stands, None while it is in another state."""
    found = world.call("get_demand", OFFICER, demand_id=demand_id)["check"]
    return found if found["state"] == state else None


def test_answers_are_kept_with_their_time_and_source(world: World):
    worker = world.worker()
    demand = world.post(worker, person=world.details())
    world.await_status("demands", demand["id"], "verified")
    (kept,) = world.call("demand_checks", worker, demand_id=demand["id"])["items"]
    assert (kept["kind"], kept["passed"], kept["source"]) == ("person", True, "registry")
    assert kept["checked_at"] is not None
    assert world.call("demand_checks", OFFICER, demand_id=demand["id"])["items"] == [kept]
    with pytest.raises(Refusal, match=r"owner\.forbidden"):
        world.call("demand_checks", world.verified_worker(), demand_id=demand["id"])
    elsewhere = Actor("officer-2", frozenset({"supervisor"}), region="370100")
    with pytest.raises(Refusal, match=r"region\.forbidden"):
        world.call("demand_checks", elsewhere, demand_id=demand["id"])
    with pytest.raises(Refusal, match="not_found"):
        world.call("demand_checks", OFFICER, demand_id="nothing")


def test_an_unknown_person_is_refused_and_may_correct(world: World):
    worker, details = world.worker(), world.details(serial=NOT_FOUND)
    demand = world.post(worker, person=details)
    returned = world.await_status("demands", demand["id"], "returned")
    assert "姓名与身份证号码不符" in returned["reason"]
    assert world.told(demand["id"]) == ["posted", "returned"]
    with pytest.raises(Refusal, match=r"intake\.check_refused"):
        world.post(worker)
    again = world.post(worker, person=world.details())
    assert again["poster_ref"] == demand["poster_ref"]
    world.await_status("demands", again["id"], "verified")
    # the number that was given up is free for whom it belongs to
    number_hash = world.vault().number_hash(details["id_number"])
    assert world.db.numbers.find_one({"_id": number_hash}) is None


def test_a_pension_is_found_out_and_told(world: World):
    demand = world.post(world.worker(), person=world.details(serial=DRAWS_PENSION))
    world.await_status("demands", demand["id"], "verified")
    assert world.fact(demand["poster_ref"], "verified")["draws_pension"] is True


def test_a_body_under_another_name_is_refused_and_may_correct(world: World):
    actor, given = world.firm("provider")
    body = world.call("register_body", actor, **{**given, "name": "示例别名"})
    world.await_status("bodies", body["id"], "refused")
    assert "名称与统一社会信用代码不符" in world.call("get_body", actor)["reason"]
    assert world.call("register_body", actor, **given)["id"] == body["id"]
    world.await_status("bodies", body["id"], "verified")
    assert world.told(body["id"]) == ["registered", "refused", "registered", "verified"]
    with pytest.raises(Refusal, match=r"intake\.account_has_body"):
        world.call("register_body", actor, **given)
    stranger, _ = world.firm("provider")
    with pytest.raises(Refusal, match=r"intake\.body_known at credit_code"):
        world.call("register_body", stranger, **given)


def test_a_body_registers_under_its_accounts_kind(world: World):
    actor, given = world.firm("provider")
    with pytest.raises(Refusal, match=r"intake\.body_kind at kind"):
        world.call("register_body", actor, **{**given, "kind": "assessor"})


def test_reports_of_employment_are_checked_with_the_number_that_only_intake_knows(world: World):
    details, employer = world.details(), make_credit_code(900)
    person = world.call("register_person", world.worker(), **details)["id"]
    since = date(2027, 6, 1)
    row = {
        "id_number": details["id_number"],
        "credit_code": employer,
        "from_day": since.isoformat(),
        "to_day": None,
    }
    world.standin.load("employments", row)
    reports = {
        "e1": ({"employer_code": employer, "since": since}, True),
        "e2": ({"employer_code": make_credit_code(901), "since": since}, False),
        "e3": ({"employer_code": employer, "since": since - timedelta(days=1)}, False),
        "e4": ({"employer_code": employer, "since": since, "person_ref": "nobody"}, False),
    }
    for id, (changes, _) in reports.items():
        report = {"project_id": "q", "class_id": "c", "person_ref": person, "proof": "0" * 64, **changes}
        world.running.tell(acceptance.EMPLOYMENT_REPORTED, id, 1, report)
    for id, (_, found) in reports.items():
        wait_for(lambda id=id: world.told(id) == ["checked"], 30)
        assert world.fact(id, "checked")["found"] is found


def test_a_kill_in_the_middle_loses_and_doubles_nothing(world: World):
    world.standin.fault("registry", "slow", seconds=0.2)
    demands = [world.post(world.worker(), person=world.details()) for _ in range(12)]
    asked = world.standin.asked("registry")
    for _ in range(3):
        wait_for(
            lambda before=asked: world.standin.asked("registry") > before + 2, 30, "checks are under way"
        )
        world.running.kill("intake")
        asked = world.standin.asked("registry")
    world.standin.fault("registry", "ok")
    for demand in demands:
        world.await_status("demands", demand["id"], "verified")
        assert world.told(demand["id"]) == ["posted", "verified"]
        assert world.told(demand["poster_ref"]) == ["registered", "payee_changed", "verified"]


def test_two_instances_check_each_person_once(world: World):
    second = world.running.start_second("intake")
    try:
        demands = [world.post(world.worker(), person=world.details()) for _ in range(15)]
        for demand in demands:
            world.await_status("demands", demand["id"], "verified")
            assert world.told(demand["poster_ref"]).count("verified") == 1
    finally:
        second.terminate()
        second.wait(30)


def test_the_numbers_made_for_tests_are_nobodys():
    assert make_citizen_id(serial=1).startswith("379999")


def test_the_service_reads_its_own_database_only(world: World):
    settings = Settings.from_env(world.running.sandbox.env("settlement"))
    intake = Settings.from_env(world.running.sandbox.env("intake"))
    strangers = database(settings.mongo_uri(), intake.mongo_db())
    with pytest.raises(Exception, match="not authorized"):
        strangers["persons"].find_one({})


def test_what_waits_is_taken_in_turns(world: World):
    settings = Settings.from_env(world.running.sandbox.env("intake"))
    own = database(settings.mongo_uri(), settings.mongo_db())
    ids = {uuid.uuid4().hex for _ in range(12)}
    own["turns"].insert_many([{"_id": id, "waits": True} for id in ids])
    reader = Reader(own, OFFICER, world.running.clock)
    taken = [[doc["_id"] for doc in waiting_docs(reader, "turns", {"waits": True}, 3)] for _ in range(200)]
    assert {len(set(each)) for each in taken} == {3}
    assert {id for each in taken for id in each} == ids, "nobody waits for ever behind the same three"
    assert len(waiting_docs(reader, "turns", {"waits": True}, 50)) == 12
