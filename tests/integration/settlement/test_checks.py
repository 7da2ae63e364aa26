"""Registry checks of a claim, with registries that can be down and that change their mind."""

import itertools
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from contracts.events import acceptance
from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from contracts.vocabularies.sample_ids import make_citizen_id
from services.chassis.actor import Actor
from services.settlement.store.checks import assessments_of_old_claims
from tests.integration.settlement.world import COUNTY, FINANCE, FIRST, PAYMENT, SECOND, PayingTown
from tests.support.services import wait_for

BUDGET = 10_000_000_00
BORN = date(1991, 5, 6)
_serials = itertools.count(1)


class Someone:
    """A registered person whose numbers the test knows."""

    def __init__(self, town: PayingTown, **given: Any) -> None:
        serial = next(_serials)
        self.id_number = make_citizen_id(serial=serial, birth=BORN)
        self.name = f"演示{serial}"
        self.account = Actor(f"someone-{serial}", frozenset({"worker"}))
        body = {
            "id_number": self.id_number,
            "name": self.name,
            "phone": f"150{serial:08d}",
            "region": COUNTY,
            "groups": ["rural_transfer"],
            "bank_account": f"62290000{serial:06d}",
            **given,
        }
        self.ref = str(town.running.call("intake.register_person", body, self.account)["id"])
        town.await_copies("people", [self.ref], {"verified": True})


@pytest.fixture
def town(paying_town: PayingTown) -> Iterator[PayingTown]:
    """The paying town, its registries well before and after."""
    paying_town.budget(BUDGET)
    paying_town.standin.fault("registry", "ok")
    yield paying_town
    paying_town.standin.fault("registry", "ok")


def claim_of(town: PayingTown, *people: Someone) -> tuple[Actor, dict[str, Any]]:
    by = town.provider()
    project, id = town.training(by, [each.ref for each in people])
    return by, town.call("submit_claim", by, kind="living_cost", project_id=project, class_id=id)


def checks_of(town: PayingTown, claim: dict[str, Any], **only: Any) -> dict[str, Any]:
    return town.call("list_checks", FIRST, claim_id=claim["id"], **only)


def later(town: PayingTown, days: int = 31) -> None:
    """Let so many days pass; another year has a budget too."""
    town.running.clock.advance_to(town.now + timedelta(days=days))
    town.budget(BUDGET)


def code_of(town: PayingTown, method: str, actor: Actor, claim: dict[str, Any]) -> str:
    with pytest.raises(Refusal) as raised:
        town.call_once(method, actor, claim_id=claim["id"], reason="理由")
    return raised.value.code


def test_fresh_answers_are_clear_at_once_with_source_and_time(town: PayingTown) -> None:
    _, claim = claim_of(town, Someone(town), Someone(town))
    found = checks_of(town, claim)
    assert (found["waiting"], found["clear"], found["failed"], found["fresh_days"]) == (0, 7, 0, 30)
    assert {each["kind"] for each in found["items"]} == {"real_name", "death", "pension", "body"}
    assert {each["source"] for each in found["items"]} == {"registry"}
    assert all(each["checked_at"] for each in found["items"])
    assert town.call_once("accept_claim", FIRST, claim_id=claim["id"], reason="理由")["status"] == "accepted"


@pytest.mark.parametrize("fault", ["down", "garbage", "wrong"])
def test_an_outage_delays_and_never_passes(town: PayingTown, fault: str) -> None:
    _, claim = claim_of(town, Someone(town))
    town.standin.fault("registry", fault)
    later(town)
    before = town.standin.asked("registry")
    wait_for(lambda: town.standin.asked("registry") > before + 3, 60, "the registries are asked")
    found = checks_of(town, claim)
    assert (found["waiting"], found["failed"]) == (4, 0)
    assert code_of(town, "accept_claim", FIRST, claim) == "settlement.checks_waiting"
    assert town.status(claim["id"]) == "computed"
    town.standin.fault("registry", "ok")
    assert town.step("accept_claim", FIRST, claim["id"])["status"] == "accepted"
    after = checks_of(town, claim)
    assert (after["waiting"], after["clear"]) == (0, 4)
    assert min(each["checked_at"] for each in after["items"]) > max(
        each["checked_at"] for each in found["items"]
    )


def test_a_death_since_the_calculation_fails_and_the_next_one_leaves_the_person_out(town: PayingTown) -> None:
    alive, dead = Someone(town), Someone(town)
    by, claim = claim_of(town, alive, dead)
    later(town)
    town.standin.load("people", {"id_number": dead.id_number, "name": dead.name, "alive": False})
    wait_for(lambda: checks_of(town, claim)["failed"] == 1, 60, "the death is told")
    (failed,) = checks_of(town, claim, state="failed")["items"]
    assert (failed["kind"], failed["person_ref"]) == ("death", dead.ref)
    assert "a death" in failed["reason"]
    assert code_of(town, "accept_claim", FIRST, claim) == "settlement.checks_failed"
    town.step("send_back_claim", FIRST, claim["id"])
    again = town.call("resubmit_claim", by, claim_id=claim["id"], reason="已去除")
    assert again["total_fen"] == claim["total_fen"] // 2
    town.step("accept_claim", FIRST, claim["id"])


def test_a_dormant_body_is_failed_and_marked(town: PayingTown) -> None:
    by, claim = claim_of(town, Someone(town))
    body = town.running.database("intake").bodies.find_one({"_id": by.body_ref})
    later(town)
    row = {"credit_code": body["credit_code"], "name": body["name"], "status": "dormant"}
    town.standin.load("enterprises", row)
    wait_for(lambda: checks_of(town, claim)["failed"] == 1, 60, "the dormancy is told")
    (failed,) = checks_of(town, claim, state="failed")["items"]
    assert (failed["kind"], failed["ref"]) == ("body", by.body_ref)

    def codes() -> list[str]:
        found = town.call("list_marks", FIRST, claim_id=claim["id"])
        return [each["code"] for each in found["items"]]

    wait_for(lambda: codes() == ["body_dormant"], 30, "the mark")
    assert code_of(town, "accept_claim", FIRST, claim) == "settlement.checks_failed"


def test_a_certificate_that_is_not_registered_fails_until_it_is(town: PayingTown) -> None:
    person = Someone(town)
    by = town.provider()
    project, id = town.training(by, [person.ref])
    number = f"SL{next(_serials):010d}"
    certificate = {
        "project_id": project,
        "class_id": id,
        "person_ref": person.ref,
        "assessor_ref": "assessor1",
        "occupation": "6-18-02-04",
        "level": "4",
        "issued_on": today_in_shanghai(town.now),
    }
    town.tell(acceptance.CERTIFICATE_REGISTERED, number, certificate)
    town.await_copies("certificates", [number], {})
    done = {"project_id": project, "completed": [person.ref], "failed": []}
    town.tell(acceptance.CLASS_COMPLETED, id, done)
    town.await_copies("classes", [id], {"completed": {"$exists": True}})
    town.employ(project, id, [person.ref])
    claim = town.call("submit_claim", by, kind="project_balance", project_id=project)
    assert claim["payable"]
    wait_for(lambda: checks_of(town, claim)["failed"] == 1, 60, "the registry's answer")
    kinds = {each["kind"]: each["state"] for each in checks_of(town, claim)["items"]}
    assert (kinds["certificate"], kinds["employment"]) == ("failed", "clear")
    assert code_of(town, "accept_claim", FIRST, claim) == "settlement.checks_failed"
    registered = {
        "number": number,
        "id_number": person.id_number,
        "occupation": "6-18-02-04",
        "level": "4",
        "issued_on": certificate["issued_on"].isoformat(),
        "issuer": "示例评价机构",
    }
    town.standin.load("certificates", registered)
    town.call("resubmit_claim", by, claim_id=claim["id"], reason="证书已上传")
    town.step("accept_claim", FIRST, claim["id"])
    assert checks_of(town, claim)["failed"] == 0


def test_claims_from_before_the_checks_are_checked(town: PayingTown) -> None:
    _, claim = claim_of(town, Someone(town))
    _, known = claim_of(town, Someone(town))
    row = {"_id": claim["id"]}
    town.db.assessments.delete_one(row)
    later(town)
    kept = town.db.assessments.find_one({"_id": known["id"]})["opened_at"]
    assert code_of(town, "accept_claim", FIRST, claim) == "settlement.checks_waiting"
    assessments_of_old_claims(town.db)
    # the job opens it, and only what has none gets one
    wait_for(lambda: town.db.assessments.find_one(row)["attempt"] == 1, 30, "opened")
    assert town.db.assessments.find_one({"_id": known["id"]})["opened_at"] == kept
    town.step("accept_claim", FIRST, claim["id"])
    town.step("first_review", FIRST, claim["id"])


def test_an_order_waits_for_fresh_answers(town: PayingTown) -> None:
    _, claim = claim_of(town, Someone(town))
    for method, actor in (("accept_claim", FIRST), ("first_review", FIRST), ("second_review", SECOND)):
        town.step(method, actor, claim["id"])
    town.step("publish_notice", SECOND, claim["id"])
    later(town, 40)
    town.standin.fault("registry", "down")
    town.step("request_funds", SECOND, claim["id"])
    town.step("finance_review", FINANCE, claim["id"])
    assert code_of(town, "order_payment", PAYMENT, claim) == "settlement.checks_waiting"
    assert town.status(claim["id"]) == "finance_reviewed"
    assert town.db.payments.count_documents({"claim_id": claim["id"]}) == 0
    town.standin.fault("registry", "ok")
    town.step("order_payment", PAYMENT, claim["id"])


def test_people_who_share_a_phone_or_an_account_are_marked_and_the_review_answers(town: PayingTown) -> None:
    phone, account = "15900000001", "6229999900001111"
    two = [Someone(town, phone=phone), Someone(town, phone=phone)]
    Someone(town, phone=phone)  # the third is in no claim
    three = [Someone(town, bank_account=account) for _ in range(3)]
    _, claim = claim_of(town, *two, *three)
    town.step("accept_claim", FIRST, claim["id"])
    found = wait_for(lambda: compared(town, claim), 60, "the comparison")
    marks = {each["code"]: each for each in found["items"]}
    assert set(marks) == {"same_phone", "same_account"}
    assert marks["same_phone"]["people"] == sorted(each.ref for each in two)
    assert (marks["same_phone"]["figures"]["people"], marks["same_phone"]["figures"]["here"]) == (3, 2)
    assert marks["same_account"]["people"] == sorted(each.ref for each in three)
    assert phone not in str(found)
    assert account not in str(found)
    kept = town.running.database("intake").disclosures.find_one({"payee_ref": "shared-contacts:5"})
    assert kept["by"] == "service:settlement"
    assert kept["purpose"]
    assert code_of(town, "first_review", FIRST, claim) == "settlement.marks_unanswered"
    for mark in marks.values():
        answer = {"claim_id": claim["id"], "mark": mark["id"], "reason": "同一家庭，已核实"}
        town.call("answer_mark", FIRST, **answer)
    shown = town.call("list_marks", FIRST, claim_id=claim["id"])
    assert {each["answer"]["by"] for each in shown["items"]} == {FIRST.account}
    assert town.step("first_review", FIRST, claim["id"])["status"] == "first_reviewed"


def compared(town: PayingTown, claim: dict[str, Any]) -> dict[str, Any] | None:
    found = town.call("list_marks", FIRST, claim_id=claim["id"])
    return None if found["waiting"] else found
