"""Intake, catalogue and oversight together: one demand, told and followed by the real services."""

from collections.abc import Callable
from datetime import timedelta

from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.sample_ids import make_citizen_id
from services.chassis.actor import Actor
from tests.support.services import Running, wait_for
from tests.support.standin import TOKEN, StandIn

WELDER = "6-18-02-04"
OFFICER = Actor("officer", frozenset({"catalogue_officer"}), region="370600")
AUDITOR = Actor("auditor", frozenset({"auditor"}))


def test_a_demand_is_posted_checked_listed_and_followed(running: Callable[..., Running], tmp_path):
    standin = StandIn(tmp_path)
    standin.start()
    outside = {"WUDAN_REGISTRY_URL": f"{standin.url}/registry", "WUDAN_REGISTRY_TOKEN": TOKEN}
    try:
        follow_one(running("intake", "catalogue", "oversight", extra={"intake": outside}))
    finally:
        standin.kill()


def follow_one(system: Running) -> None:
    wanted = today_in_shanghai(system.clock.now()) + timedelta(days=30)
    person = {
        "id_number": make_citizen_id(serial=1),
        "name": "示例甲",
        "phone": "13900000001",
        "region": "370611",
    }
    worker = Actor("worker", frozenset({"worker"}))
    demand = {"kind": "worker", "region": "370611", "occupation": WELDER, "level": "4"}
    posted = system.call(
        "intake.post_demand", {**demand, "wanted_from": wanted.isoformat(), "person": person}, worker
    )
    wait_for(lambda: system.call("catalogue.open_demands", {}, OFFICER)["items"], 30, "the demand is open")

    plan = {"name": "福山焊工班", "region": "370600", "occupation": WELDER, "level": "4", "mode": "on_site"}
    project = system.call(
        "catalogue.draft_project", {**plan, "seats": 1, "hours": 120, "demand_ids": [posted["id"]]}, OFFICER
    )
    terms = {
        "sourcing_way": "open_challenge",
        "standard_fen": 180_000,
        "standard_rule": "示例标准",
        "illustrative": True,
    }
    system.call("catalogue.list_project", {"project_id": project["id"], **terms}, OFFICER)

    def status() -> str:
        return str(system.call("intake.get_demand", {"demand_id": posted["id"]}, worker)["status"])

    wait_for(lambda: status() == "listed", 30, "intake hears of the project")
    system.call("catalogue.withdraw_project", {"project_id": project["id"], "reason": "另行立项"}, OFFICER)
    wait_for(lambda: status() == "verified", 30, "intake hears of the withdrawal")

    def verbs() -> dict[str, list[str]]:
        trail = system.call("oversight.trail", {"thing_id": posted["id"]}, AUDITOR)
        things = [thing for stage in trail["stages"] for thing in stage["things"]]
        return {
            thing["aggregate"]: [fact["type"].rpartition(".")[2] for fact in thing["facts"]]
            for thing in things
        }

    expected = {
        "intake.person": ["registered", "verified"],
        "intake.demand": ["posted", "verified", "listed", "verified"],
        "catalogue.project": ["drafted", "listed", "withdrawn"],
    }
    wait_for(lambda: verbs() == expected, 30, f"the trail shows {expected}")
    for name in ("intake", "catalogue", "oversight"):
        assert system.dead(name) == 0
