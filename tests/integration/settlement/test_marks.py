"""Risk marks from what other services told, and the first review that has to answer them."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from contracts.events import acceptance, intake
from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from contracts.vocabularies.sample_ids import make_credit_code
from services.chassis.actor import Actor
from tests.integration.settlement.world import COUNTY, FIRST, SECOND, Town, class_fact, officer
from tests.support.services import wait_for

BUDGET = 10_000_000_00
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def calm(town: Town) -> Iterator[None]:
    """A budget, and an intake that answers, before and after."""
    town.budget(BUDGET)
    yield
    town.intake.down = False
    town.intake.clusters.clear()


def held(
    town: Town, by: Actor, refs: list[str], place: str = "示例教室", begins: int = 0, **sign_ins: int
) -> tuple[str, str]:
    """Return a project and its class of one session, begun so many hours after three days ago."""
    project, id = town.project(by), town.name("class")
    starts = town.now.replace(minute=0, second=0, microsecond=0) - timedelta(days=3) + begins * HOUR
    about = class_fact(project, by, "4", town.now)
    session = {**about["sessions"][0], "session_id": f"{id}-s1", "starts": starts, "ends": starts + 2 * HOUR}
    told = {**about, "sessions": [session], "place": {**about["place"], "name": place}}
    town.tell(acceptance.CLASS_CONFIRMED, id, told)
    town.tell(acceptance.ROSTER_FILED, id, {"project_id": project, "person_refs": refs})
    days, there = [today_in_shanghai(starts)], [f"{id}-s1"]
    lines = [{"person_ref": ref, "days": days, "hours": 8, "sessions": there} for ref in refs]
    density = {"session_id": f"{id}-s1", "people": len(refs), "busiest_minute": 2, **sign_ins}
    ended = {"project_id": project, "last_session_ended": starts + 2 * HOUR}
    town.tell(acceptance.CLASS_CARRIED_OUT, id, {**ended, "attendance": lines, "sign_ins": [density]})
    town.await_copies("classes", [id], {"last_session_ended": {"$exists": True}})
    town.await_copies("projects", [project], {"region": COUNTY, "provider_ref": by.body_ref})
    return project, id


def marks_of(town: Town, claim: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Wait for the comparison and return the marks by code."""

    def found() -> dict[str, Any] | None:
        shown = town.call("list_marks", FIRST, claim_id=claim["id"])
        return None if shown["waiting"] else shown

    items = wait_for(found, 30, "the marks")["items"]
    return {each["code"]: each for each in items}


def refused(town: Town, method: str, actor: Actor, claim: dict[str, Any], **body: Any) -> Refusal:
    with pytest.raises(Refusal) as raised:
        town.call_once(method, actor, claim_id=claim["id"], **{"reason": "理由", **body})
    return raised.value


def test_nothing_unusual_is_no_mark_and_the_review_goes_on(town: Town) -> None:
    by = town.provider()
    claim = town.advance(by, held(town, by, town.people(2))[0])
    assert marks_of(town, claim) == {}
    town.step("accept_claim", FIRST, claim["id"])
    assert (
        town.call_once("first_review", FIRST, claim_id=claim["id"], reason="理由")["status"]
        == "first_reviewed"
    )


def test_sign_ins_too_fast_and_too_dense_name_session_and_seats(town: Town) -> None:
    by = town.provider()
    project, id = held(town, by, town.people(2), people=21, busiest_minute=61)
    marks = marks_of(town, town.advance(by, project))
    assert set(marks) == {"sign_ins_too_fast", "sign_ins_too_dense"}
    assert marks["sign_ins_too_fast"]["figures"] == {
        "session_id": f"{id}-s1",
        "busiest_minute": 61,
        "seats": 20,
    }
    assert marks["sign_ins_too_dense"]["figures"]["people"] == 21


def test_one_person_in_two_places_is_found_over_bodies(town: Town) -> None:
    one, other = town.provider(), town.provider()
    everywhere, here = town.people(1), town.people(1)
    mine = held(town, one, everywhere + here, "甲教室", 0)
    held(town, other, everywhere, "乙教室", 1)
    (mark,) = marks_of(town, town.advance(one, mine[0])).values()
    assert (mark["code"], mark["people"]) == ("two_places", everywhere)


def test_certificates_in_bulk_by_a_new_body(town: Town) -> None:
    # in Shanghai the day after has begun: a certificate of this one is from before the admission
    evening = town.now.replace(hour=16, minute=30)
    town.running.clock.advance_to(evening if evening > town.now else evening + timedelta(days=1))
    before = town.now.date().isoformat()
    town.budget(BUDGET)
    by = town.provider()
    people = town.people(1)
    project, id = held(town, by, people)
    assessor = {
        "kind": "assessor",
        "name": "示例评价机构",
        "credit_code": make_credit_code(9),
        "region": COUNTY,
    }
    town.tell(intake.BODY_REGISTERED, "assessor1", assessor)
    town.tell(intake.BODY_VERIFIED, "assessor1", {"scope": "评价", "checked_at": town.now})
    town.await_copies("bodies", ["assessor1"], {"verified": True})
    town.finish(project, id, people)
    others = [{"_id": f"bulk-{number}", "assessor_ref": "assessor1"} for number in range(98)]
    today = today_in_shanghai(town.now).isoformat()
    town.db.certificates.insert_many([{**each, "issued_on": today} for each in others])
    town.employ(project, id, people)
    town.db.certificates.insert_one({"_id": "bulk-98", "assessor_ref": "assessor1", "issued_on": before})
    claim = town.call("submit_claim", by, kind="project_balance", project_id=project)
    assert marks_of(town, claim) == {}
    town.db.certificates.insert_one({"_id": "bulk-99", "assessor_ref": "assessor1", "issued_on": today})
    claim = town.call("resubmit_claim", by, claim_id=claim["id"], reason="再次核算")
    (mark,) = marks_of(town, claim).values()
    assert (mark["code"], mark["figures"]["certificates"]) == ("bulk_certificates", 100)


def test_a_pension_told_later_is_marked_when_it_is_told(town: Town) -> None:
    by = town.provider()
    people = town.people(2)
    _, id = town.training(by, people)
    project = town.db.classes.find_one({"_id": id})["project_id"]
    claim = town.call("submit_claim", by, kind="living_cost", project_id=project, class_id=id)
    assert marks_of(town, claim) == {}
    known = {"passed": True, "known": True, "alive": True, "draws_pension": True, "reason": None}
    told = {**known, "source": "registry", "checked_at": town.now}
    town.tell(intake.PERSON_RECHECKED, people[0], told)
    wait_for(lambda: set(marks_of(town, claim)) == {"draws_pension"}, 30, "the mark")
    assert marks_of(town, claim)["draws_pension"]["people"] == people[:1]


def test_while_intake_is_away_the_first_review_waits(town: Town) -> None:
    town.intake.down = True
    by = town.provider()
    claim = town.advance(by, held(town, by, town.people(3))[0])
    town.step("accept_claim", FIRST, claim["id"])
    asked = len(town.intake.asked)
    wait_for(lambda: len(town.intake.asked) > asked + 1, 30, "asked again")
    assert refused(town, "first_review", FIRST, claim).code == "settlement.marks_waiting"
    town.intake.down = False
    assert town.step("first_review", FIRST, claim["id"])["status"] == "first_reviewed"


def test_each_mark_is_answered_by_the_first_reviewer_and_the_answer_stays_with_it(town: Town) -> None:
    by = town.provider()
    people = town.people(3)
    town.intake.clusters.append({"kind": "bank_account", "person_refs": people, "people": 7})
    claim = town.advance(by, held(town, by, people)[0])
    mark = marks_of(town, claim)["same_account"]
    assert mark["answer"] is None
    town.step("accept_claim", FIRST, claim["id"])
    left = refused(town, "first_review", FIRST, claim)
    assert (left.code, left.facts) == ("settlement.marks_unanswered", {"count": 1, "codes": "same_account"})
    assert refused(town, "answer_mark", FIRST, claim, mark="no-such-mark").code == "settlement.mark_gone"
    assert refused(town, "answer_mark", SECOND, claim, mark=mark["id"]).code == "role.forbidden"
    assert refused(town, "answer_mark", by, claim, mark=mark["id"]).code == "role.forbidden"
    elsewhere = officer("first_reviewer", "3", "370200")
    assert refused(town, "answer_mark", elsewhere, claim, mark=mark["id"]).code == "region.forbidden"
    assert refused(town, "answer_mark", FIRST, claim, mark=mark["id"], reason=" ").code == "invalid"
    town.call("answer_mark", FIRST, claim_id=claim["id"], mark=mark["id"], reason="同村共用，已核实")
    told = town.db.outbox.find_one({"subject": claim["id"], "type": "settlement.claim.mark_answered"})
    assert told["event"]["data"]["code"] == "same_account"
    town.step("send_back_claim", FIRST, claim["id"])
    claim = town.call("resubmit_claim", by, claim_id=claim["id"], reason="再次核算")
    assert marks_of(town, claim)["same_account"]["answer"]["reason"] == "同村共用，已核实"
    town.step("accept_claim", FIRST, claim["id"])
    town.step("first_review", FIRST, claim["id"])
    assert refused(town, "answer_mark", FIRST, claim, mark=mark["id"]).code == "out_of_order"


def test_marks_are_not_shown_to_the_claimant_nor_elsewhere(town: Town) -> None:
    by = town.provider()
    claim = town.advance(by, held(town, by, town.people(1))[0])
    for actor, code in ((by, "role.forbidden"), (officer("first_reviewer", "3", "370200"), "not_found")):
        with pytest.raises(Refusal) as raised:
            town.call("list_marks", actor, claim_id=claim["id"])
        assert raised.value.code == code
    assert town.call("list_checks", by, claim_id=claim["id"])["failed"] == 0
