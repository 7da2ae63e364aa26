"""Objections, second rounds, prepared reviews and the decision below the rate, on the real stack."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from contracts.events import intake
from contracts.vocabularies.errors import Refusal
from contracts.vocabularies.sample_ids import make_credit_code
from services.chassis.actor import Actor
from tests.integration.settlement.world import (
    COUNTY,
    CREDIT_CODE,
    FINANCE,
    FIRST,
    PAYMENT,
    PRICE_FEN,
    SECOND,
    SHARE_FEN,
    SUPERVISOR,
    Town,
    at_once,
    codes,
    officer,
)

BUDGET = 10_000_000_00
FIRST2, SECOND2 = officer("first_reviewer", "2"), officer("second_reviewer", "2")
SUPERVISOR2, SUPERVISOR3 = officer("supervisor", "2"), officer("supervisor", "3")
FAR = officer("supervisor", "far", "370200")


def worker(name: str) -> Actor:
    return Actor(f"worker-{name}", frozenset({"worker"}), person_ref=f"person-{name}")


def noticed(town: Town) -> tuple[Actor, dict[str, Any]]:
    """Return a claimant and its claim on public notice."""
    town.budget(BUDGET)
    by = town.provider()
    project, _id = town.training(by, town.people(2))
    claim = town.advance(by, project)
    town.to_notice(claim["id"])
    return by, town.call("get_claim", FIRST, claim_id=claim["id"])


def refused(town: Town, method: str, actor: Actor | None, **body: Any) -> Refusal:
    with pytest.raises(Refusal) as raised:
        town.call(method, actor, **body)
    return raised.value


def object_to(town: Town, claim: dict[str, Any], by: Actor) -> dict[str, Any]:
    return town.call("object_to_claim", by, claim_id=claim["id"], grounds="名单中有人未参加培训")


def after_notice(town: Town, claim: dict[str, Any]) -> None:
    until = town.call("get_claim", FIRST, claim_id=claim["id"])["notice_until"]
    town.running.clock.advance_to(max(datetime.fromisoformat(until), town.now))


def test_an_open_objection_holds_the_funds_until_somebody_uninvolved_rejects_it(town: Town) -> None:
    by, claim = noticed(town)
    step = {"claim_id": claim["id"], "reason": "理由"}
    # who has a part in the claim does not object to it
    for involved in (by, FIRST, SECOND):
        refusal = refused(town, "object_to_claim", involved, claim_id=claim["id"], grounds="理由")
        assert refusal.code == "settlement.same_person"
    objector = worker("o1")
    filed = object_to(town, claim, objector)
    assert (filed["status"], filed["filed_by"]) == ("open", None)
    twice = refused(town, "object_to_claim", objector, claim_id=claim["id"], grounds="再次")
    assert (twice.code, twice.facts["objection_id"]) == ("settlement.objection_twice", filed["id"])
    town.step("suspend_claim", SUPERVISOR, claim["id"])
    town.step("resume_claim", SUPERVISOR, claim["id"])
    after_notice(town, claim)
    assert refused(town, "request_funds", SECOND, **step).code == "settlement.objection_open"
    assert refused(town, "send_back_claim", SECOND, **step).code == "settlement.objection_open"
    late = refused(town, "object_to_claim", worker("o2"), claim_id=claim["id"], grounds="晚了")
    assert late.code == "settlement.notice_over"
    answer = {"objection_id": filed["id"], "outcome": "rejected", "reason": "签到、影像齐全，查无此事"}
    # the one who suspended it has a part in it, the one of another city has no say
    assert refused(town, "answer_objection", SUPERVISOR, **answer).code == "settlement.same_person"
    assert refused(town, "answer_objection", FAR, **answer).code == "region.forbidden"
    assert refused(town, "answer_objection", FIRST2, **answer).code == "role.forbidden"
    assert town.call("answer_objection", SUPERVISOR2, **answer)["status"] == "rejected"
    assert refused(town, "answer_objection", SUPERVISOR2, **answer).code == "out_of_order"
    assert town.step("request_funds", SECOND, claim["id"])["status"] == "funds_requested"
    # the objector sees the answer, other people nothing
    seen = town.call("get_objection", objector, objection_id=filed["id"])
    assert (seen["answer"], seen["filed_by"]) == (answer["reason"], None)
    assert refused(town, "get_objection", worker("o2"), objection_id=filed["id"]).code == "not_found"
    listed = town.call("list_objections", SUPERVISOR2, claim_id=claim["id"])["items"]
    assert [(each["id"], each["filed_by"]) for each in listed] == [(filed["id"], objector.account)]
    assert town.call("list_objections", FAR, claim_id=claim["id"])["items"] == []
    town.sound()


def test_an_upheld_objection_goes_back_to_review_by_other_people(town: Town) -> None:
    _by, claim = noticed(town)
    before = town.account()["encumbered_fen"]
    filed, other = object_to(town, claim, worker("u1")), object_to(town, claim, worker("u2"))
    answer = {"objection_id": filed["id"], "outcome": "upheld", "reason": "属实，须重新核对名册"}
    town.call("answer_objection", SUPERVISOR2, **answer)
    back = town.call("get_claim", FIRST, claim_id=claim["id"])
    assert (back["status"], back["round"], back["notice_until"]) == ("accepted", 2, None)
    assert back["open_objections"] == []
    assert town.account()["encumbered_fen"] == before
    assert town.call("get_objection", SUPERVISOR2, objection_id=other["id"])["status"] == "lapsed"
    step = {"claim_id": claim["id"], "reason": "理由"}
    assert refused(town, "first_review", FIRST, **step).code == "settlement.earlier_round"
    assert refused(town, "first_review", SUPERVISOR2, **step).code == "role.forbidden"
    town.step("first_review", FIRST2, claim["id"])
    assert refused(town, "second_review", SECOND, **step).code == "settlement.earlier_round"
    town.step("second_review", SECOND2, claim["id"])
    town.step("publish_notice", SECOND2, claim["id"])
    after_notice(town, claim)
    assert refused(town, "request_funds", SECOND, **step).code == "settlement.earlier_round"
    town.step("request_funds", SECOND2, claim["id"])
    town.step("finance_review", FINANCE, claim["id"])
    assert town.step("order_payment", PAYMENT, claim["id"])["status"] == "ordered"
    told = [
        doc["type"]
        for doc in town.db.outbox.find({"subject": {"$in": [claim["id"], filed["id"], other["id"]]}})
    ]
    for fact in ("claim.objection_upheld", "objection.filed", "objection.upheld", "objection.lapsed"):
        assert f"settlement.{fact}" in told
    town.sound()


def test_two_reviewers_and_two_answers_at_once_count_once(town: Town) -> None:
    town.budget(BUDGET)
    by = town.provider()
    project, _id = town.training(by, town.people(2))
    claim = town.advance(by, project)
    town.step("accept_claim", FIRST, claim["id"])
    both = [lambda who=who: town.step("first_review", who, claim["id"]) for who in (FIRST, FIRST2)]
    assert codes(at_once(both)) == ["out_of_order"]
    town.step("second_review", SECOND, claim["id"])
    town.step("publish_notice", SECOND, claim["id"])
    filed = object_to(town, claim, worker("t1"))
    answers = [
        lambda who=who, outcome=outcome: town.call(
            "answer_objection", who, objection_id=filed["id"], outcome=outcome, reason="理由"
        )
        for who, outcome in ((SUPERVISOR2, "upheld"), (SUPERVISOR3, "rejected"))
    ]
    assert codes(at_once(answers)) == ["out_of_order"]
    status = town.call("get_objection", SUPERVISOR, objection_id=filed["id"])["status"]
    assert town.status(claim["id"]) == ("accepted" if status == "upheld" else "public_notice")
    hands = {doc["_id"] for doc in town.db.claim_hands.find({"_id": {"$regex": f"^{claim['id']}:"}})}
    # of the two of each, the refused one has no part
    assert len(hands & {f"{claim['id']}:{who.account}" for who in (SUPERVISOR2, SUPERVISOR3)}) == 1


def test_objections_end_with_the_claim(town: Town) -> None:
    by, claim = noticed(town)
    filed = object_to(town, claim, worker("w1"))
    town.step("withdraw_claim", by, claim["id"])
    assert town.call("get_objection", SUPERVISOR, objection_id=filed["id"])["status"] == "lapsed"
    answer = {"objection_id": filed["id"], "outcome": "upheld", "reason": "理由"}
    assert refused(town, "answer_objection", SUPERVISOR2, **answer).code == "out_of_order"
    assert (
        refused(town, "object_to_claim", worker("w2"), claim_id=claim["id"], grounds="理由").code
        == "out_of_order"
    )
    town.sound()


def agency(town: Town, code: str) -> Actor:
    body = town.name("agency")
    about = {"kind": "agency", "name": f"演示第三方 {body}", "credit_code": code, "region": COUNTY}
    town.tell(intake.BODY_REGISTERED, body, about)
    town.tell(intake.BODY_VERIFIED, body, {"scope": "代办", "checked_at": town.now})
    town.await_copies("bodies", [body], {"verified": True})
    return Actor(f"account-{body}", frozenset({"agency"}), body_ref=body)


def finding(claim_id: str, person: str) -> dict[str, Any]:
    """Return what a third party hands in: one person's attendance has a gap."""
    return {
        "claim_id": claim_id,
        "findings": [{"about": "person", "person_ref": person, "sound": False, "text": "缺一次签到"}],
        "advice": "return",
        "unrelated": True,
    }


def test_a_review_is_commissioned_from_a_body_that_is_not_related(town: Town) -> None:
    town.budget(BUDGET)
    by, people = town.provider(), town.people(2)
    claim = town.advance(by, town.training(by, people)[0])
    step = {"claim_id": claim["id"], "reason": "理由"}
    other, related = agency(town, make_credit_code(77)), agency(town, CREDIT_CODE)
    for body in (related.body_ref, by.body_ref, "nobody"):
        refusal = refused(town, "commission_review", FIRST, **step, body_ref=body)
        assert refusal.code == "settlement.third_party_unfit"
    found = finding(claim["id"], people[0])
    assert refused(town, "prepare_review", other, **found).code == "not_found"
    assert refused(town, "review_material", other, claim_id=claim["id"]).code == "not_found"
    made = town.call("commission_review", FIRST, **step, body_ref=other.body_ref)
    assert made["status"] == "commissioned"
    again = refused(town, "commission_review", FIRST, **step, body_ref=other.body_ref)
    assert again.code == "settlement.commission_open"
    assert refused(town, "accept_claim", FIRST, **step).code == "settlement.commission_open"
    assert refused(town, "prepare_review", related, **found).code == "not_found"
    assert refused(town, "prepare_review", other, **{**found, "unrelated": False}).field == "unrelated"
    assert town.call("list_reviews", related)["items"] == []


def test_a_third_party_prepares_and_an_officer_decides(town: Town) -> None:
    town.budget(BUDGET)
    by, people = town.provider(), town.people(2)
    claim = town.advance(by, town.training(by, people)[0])
    step = {"claim_id": claim["id"], "reason": "理由"}
    other, found = agency(town, make_credit_code(76)), finding(claim["id"], people[0])
    town.call("commission_review", FIRST, **step, body_ref=other.body_ref)
    assert len(town.call("review_material", other, claim_id=claim["id"])["lines"]) == 2
    # it sees this claim and advises; nothing of the claim is its to do
    assert refused(town, "get_claim", other, claim_id=claim["id"]).code in ("role.forbidden", "not_found")
    for method in ("accept_claim", "first_review", "refuse_claim"):
        assert refused(town, method, other, **step).code == "role.forbidden"
    assert town.call("prepare_review", other, **found)["status"] == "prepared"
    assert refused(town, "prepare_review", other, **found).code == "out_of_order"
    assert refused(town, "accept_claim", FIRST, **step).code == "settlement.commission_open"
    read = town.call("read_review", FIRST, **step)
    assert (read["status"], read["read_by"], read["findings"][0]["text"]) == (
        "read",
        FIRST.account,
        "缺一次签到",
    )
    assert refused(town, "review_material", other, claim_id=claim["id"]).code == "not_found"
    # whoever reviews has read it; its advice binds nobody
    town.step("accept_claim", FIRST, claim["id"])
    assert refused(town, "first_review", FIRST2, **step).code == "settlement.commission_open"
    shown = town.step("first_review", FIRST, claim["id"])
    assert [each["step"] for each in shown["steps"]] == [
        "submit", "commission_review", "read_review", "accept", "first_review",
    ]  # fmt: skip
    assert len(town.call("list_reviews", other)["items"]) == 1
    assert refused(town, "call_off_review", FIRST, **step).code == "out_of_order"


def test_after_an_upheld_objection_the_new_reviewer_reads_what_was_prepared(town: Town) -> None:
    town.budget(BUDGET)
    by = town.provider()
    project, _id = town.training(by, town.people(1))
    claim = town.advance(by, project)
    step = {"claim_id": claim["id"], "reason": "理由"}
    other = agency(town, make_credit_code(79))
    town.call("commission_review", FIRST, **step, body_ref=other.body_ref)
    findings = [{"about": "person", "person_ref": None, "sound": True, "text": "材料齐全"}]
    found = {"claim_id": claim["id"], "findings": findings, "advice": "pass", "unrelated": True}
    town.call("prepare_review", other, **found)
    town.call("read_review", FIRST, **step)
    town.to_notice(claim["id"])
    filed = object_to(town, claim, worker("u9"))
    town.call("answer_objection", SUPERVISOR2, objection_id=filed["id"], outcome="upheld", reason="属实")
    assert refused(town, "first_review", FIRST2, **step).code == "settlement.commission_open"
    assert town.call("read_review", FIRST2, **step)["read_by"] == FIRST2.account
    shown = town.step("first_review", FIRST2, claim["id"])
    read = [each["by"] for each in shown["steps"] if each["step"] == "read_review"]
    assert read == [FIRST.account, FIRST2.account]


def test_a_commission_can_be_called_off(town: Town) -> None:
    town.budget(BUDGET)
    by = town.provider()
    project, _id = town.training(by, town.people(1))
    claim = town.advance(by, project)
    step = {"claim_id": claim["id"], "reason": "理由"}
    other = agency(town, make_credit_code(78))
    town.call("commission_review", FIRST, **step, body_ref=other.body_ref)
    town.call("call_off_review", FIRST, **step)
    assert refused(town, "review_material", other, claim_id=claim["id"]).code == "not_found"
    town.step("accept_claim", FIRST, claim["id"])
    assert town.step("first_review", FIRST, claim["id"])["status"] == "first_reviewed"


def test_notices_are_listed_for_anybody_by_region(town: Town) -> None:
    _by, claim = noticed(town)
    shown = town.call("list_notices", None, region="370600", limit=100)["items"]
    (mine,) = [each for each in shown if each["claim_id"] == claim["id"]]
    assert (mine["people"], mine["total_fen"], mine["until"]) == (2, 2 * SHARE_FEN, claim["notice_until"])
    assert town.call("list_notices", None, region="370200")["items"] == []
    # names are intake's, and intake is not there
    assert refused(town, "get_notice", None, claim_id=claim["id"]).code == "unavailable"
    town.step("send_back_claim", SECOND, claim["id"])
    assert refused(town, "get_notice", None, claim_id=claim["id"]).code == "not_found"
    shown = town.call("list_notices", None, region="370600", limit=100)["items"]
    assert claim["id"] not in [each["claim_id"] for each in shown]


def test_below_the_rate_an_officer_decides_once_the_window_is_closed(town: Town) -> None:
    town.budget(BUDGET)
    by = town.provider()
    people = town.people(4)
    project, id = town.training(by, people)
    town.finish(project, id, people)
    town.employ(project, id, people[:3])
    body = {"kind": "project_balance", "project_id": project}
    claim = town.call("submit_claim", by, **body)
    decide = {"claim_id": claim["id"], "percent": 50, "reason": "三人就业有据，第四人升学"}
    assert claim["outcome"] == "held"
    assert refused(town, "decide_balance", SECOND, **decide).code == "settlement.no_decision_due"
    town.running.clock.advance_to(town.now + timedelta(days=190))
    town.budget(BUDGET)
    again = town.call("resubmit_claim", by, claim_id=claim["id"], reason="跟踪期已满")
    assert (again["outcome"], again["payable"]) == ("decision_needed", False)
    queue = town.call("list_claims", SECOND, queue=True, project_id=project)["items"]
    assert [each["id"] for each in queue] == [claim["id"]]
    assert refused(town, "decide_balance", FIRST, **decide).code == "role.forbidden"
    made = town.call("decide_balance", SECOND, **decide)
    assert (made["outcome"], made["total_fen"], made["attempt"]) == ("payable", 4 * PRICE_FEN // 2, 3)
    assert made["steps"][-1]["reason"] == "50%：三人就业有据，第四人升学"
    shown = town.call("get_calculation", by, claim_id=claim["id"])
    assert shown["computes_again"] is True
    assert {line["what"] for line in shown["lines"]} == {"training_balance_decided"}
    assert town.db.limit_rows.count_documents({"claims": claim["id"], "kind": "payment"}) == 4
    assert refused(town, "decide_balance", SECOND, **decide).code == "settlement.no_decision_due"
    town.step("accept_claim", FIRST, claim["id"])
    # whom the decision pays is checked, though nothing was owed before it
    checks = town.call("list_checks", FIRST, claim_id=claim["id"])["items"]
    assert sum(each["kind"] == "real_name" for each in checks) == 4
    town.step("first_review", FIRST, claim["id"])
    step = {"claim_id": claim["id"], "reason": "理由"}
    assert refused(town, "second_review", SECOND, **step).code == "settlement.same_person"
    assert town.step("second_review", SECOND2, claim["id"])["status"] == "second_reviewed"
    town.sound()


def test_paying_nothing_is_decided_too_and_the_claim_is_refused_with_its_rows(town: Town) -> None:
    by = town.provider()
    people = town.people(2)
    project, id = town.training(by, people)
    town.finish(project, id, people)
    town.running.clock.advance_to(town.now + timedelta(days=190))
    claim = town.call("submit_claim", by, kind="project_balance", project_id=project)
    assert claim["outcome"] == "decision_needed"
    decide = {"claim_id": claim["id"], "percent": 0, "reason": "无人就业"}
    made = town.call("decide_balance", SECOND, **decide)
    assert (made["outcome"], made["total_fen"]) == ("refused", 0)
    step = {"claim_id": claim["id"], "reason": "理由"}
    assert refused(town, "accept_claim", FIRST, **step).code == "settlement.nothing_payable"
    assert town.step("refuse_claim", FIRST, claim["id"])["status"] == "refused"
    assert town.db.limit_rows.count_documents({"claims": claim["id"]}) == 0
    town.sound()
