"""Claims against the running service: from submission to the order, and what is refused on the way."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from contracts.events import acceptance, intake
from contracts.vocabularies.calendar import working_days_between
from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from services.chassis.actor import Actor
from tests.integration.settlement.world import (
    FINANCE,
    FIRST,
    PAYMENT,
    PRICE_FEN,
    SECOND,
    SHARE_FEN,
    SUPERVISOR,
    Town,
    class_fact,
    officer,
    provider,
)

BUDGET = 10_000_000_00


def refused(town: Town, method: str, actor: Actor | None, **body: Any) -> Refusal:
    with pytest.raises(Refusal) as raised:
        town.call(method, actor, **body)
    return raised.value


def advance(town: Town, people: int = 2, level: str = "4") -> tuple[Actor, str, dict[str, Any]]:
    """Return a provider, its project and the submitted claim of the advance."""
    by = town.provider()
    project, _ = town.training(by, town.people(people), level)
    return by, project, town.advance(by, project)


def test_an_advance_from_submission_to_its_order(town: Town) -> None:
    town.budget(BUDGET)
    before = town.account()
    by, _project, claim = advance(town, 20)
    assert (claim["status"], claim["people"], claim["total_fen"]) == ("computed", 20, 20 * SHARE_FEN)
    shown = town.call("get_calculation", by, claim_id=claim["id"])
    assert shown["computes_again"] is True
    assert {line["amount_fen"] for line in shown["lines"]} == {SHARE_FEN}
    assert {line["clause"] for line in shown["lines"]} == {"落实职业技能培训补贴政策"}
    town.through_review(claim["id"])
    after = town.account()
    assert after["ordered_fen"] - before["ordered_fen"] == 20 * SHARE_FEN
    (line,) = town.call("list_payments", by, claim_id=claim["id"])["items"]
    assert (line["payee_kind"], line["payee_ref"], line["amount_fen"]) == (
        "body",
        by.body_ref,
        20 * SHARE_FEN,
    )
    duties = [step["duty"] for step in town.call("get_claim", by, claim_id=claim["id"])["steps"]]
    assert len({*duties}) == 5
    town.sound()


def test_a_project_is_claimed_when_none_of_its_classes_is_to_come(town: Town) -> None:
    by = town.provider()
    people = town.people(2)
    project, class_id = town.training(by, people)
    town.tell(acceptance.CLASS_CONFIRMED, "to-come", class_fact(project, by, "4", town.now))
    town.await_copies("classes", ["to-come"], {})
    early = refused(town, "submit_claim", by, kind="project_advance", project_id=project)
    assert (early.code, early.facts) == ("settlement.not_carried_out", {"classes": "to-come"})
    town.call("submit_claim", by, kind="living_cost", project_id=project, class_id=class_id)
    town.tell(acceptance.CLASS_STOPPED, "to-come", {"project_id": project, "reason": "无人报名"})
    town.await_copies("classes", ["to-come"], {"stopped": True})
    assert town.advance(by, project)["people"] == len(people)


def test_a_stage_is_claimed_once_until_it_is_withdrawn(town: Town) -> None:
    by, project, claim = advance(town)
    again = refused(town, "submit_claim", by, kind="project_advance", project_id=project)
    assert (again.code, again.facts["claim_id"]) == ("settlement.claim_exists", claim["id"])
    town.step("withdraw_claim", by, claim["id"])
    assert town.db.limit_rows.count_documents({"claims": claim["id"]}) == 0
    assert town.advance(by, project)["status"] == "computed"


def test_acceptance_encumbers_and_an_end_releases(town: Town) -> None:
    town.budget(BUDGET)
    for method, actor in (("refuse_claim", FIRST), ("withdraw_claim", None), ("send_back_claim", FIRST)):
        by, _, claim = advance(town)
        free = town.account()["available_fen"]
        town.step("accept_claim", FIRST, claim["id"])
        assert town.account()["available_fen"] == free - 2 * SHARE_FEN
        town.step(method, actor or by, claim["id"])
        assert town.account()["available_fen"] == free
        rows = town.db.limit_rows.count_documents({"claims": claim["id"]})
        assert rows == (8 if method == "send_back_claim" else 0)
    assert town.call("resubmit_claim", by, claim_id=claim["id"], reason="已补")["attempt"] == 2
    town.step("accept_claim", FIRST, claim["id"])
    town.sound()


def test_others_have_no_part_in_it(town: Town) -> None:
    town.budget(BUDGET)
    by, project, claim = advance(town)
    stranger, elsewhere = provider("body-other"), officer("first_reviewer", "2", "370200")
    body = {"kind": "project_advance", "project_id": project}
    assert refused(town, "submit_claim", stranger, **body).code == "owner.forbidden"
    assert refused(town, "submit_claim", None, **body).code == "role.forbidden"
    assert refused(town, "get_claim", stranger, claim_id=claim["id"]).code == "not_found"
    assert refused(town, "get_claim", elsewhere, claim_id=claim["id"]).code == "not_found"
    step = {"claim_id": claim["id"], "reason": "理由"}
    assert refused(town, "withdraw_claim", stranger, **step).code == "owner.forbidden"
    assert refused(town, "accept_claim", elsewhere, **step).code == "region.forbidden"
    assert refused(town, "accept_claim", SECOND, **step).code == "role.forbidden"
    assert refused(town, "accept_claim", by, **step).code == "role.forbidden"
    assert town.status(claim["id"]) == "computed"


def test_bad_input_is_named(town: Town) -> None:
    by, project, claim = advance(town)
    body = {"kind": "project_advance", "project_id": project}
    cases: list[tuple[dict[str, Any], str, str]] = [
        ({**body, "kind": "bonus"}, "invalid", "kind"),
        ({**body, "fund": "own_pocket"}, "invalid", "fund"),
        ({**body, "class_id": "class1"}, "invalid", "class_id"),
        ({**body, "kind": "living_cost"}, "invalid", "class_id"),
        ({**body, "amount_fen": 5}, "invalid", "amount_fen"),
        ({**body, "project_id": "nowhere"}, "not_found", "project_id"),
        (
            {**body, "kind": "living_cost", "class_id": "class-of-others"},
            "settlement.class_elsewhere",
            "class_id",
        ),
        ({"kind": "project_advance"}, "invalid", "project_id"),
    ]
    for wrong, code, field in cases:
        refusal = refused(town, "submit_claim", by, **wrong)
        assert (refusal.code, refusal.field) == (code, field)
    for amount in (-1, 1.5, True, "7", 10**14):
        wanted = {"fund": "employment_subsidy", "region": "370611", "year": town.year, "budget_fen": amount}
        refusal = refused(town, "set_budget", FINANCE, **wanted)
        assert (refusal.code, refusal.field) == ("invalid", "budget_fen")
    refusal = refused(town, "accept_claim", FIRST, claim_id=claim["id"], reason=" ")
    assert (refusal.code, refusal.field) == ("invalid", "reason")
    wanted = {"fund": "startup_support", "region": "370611", "year": town.year - 1, "budget_fen": 1}
    assert refused(town, "set_budget", FINANCE, **wanted).code == "settlement.year_mismatch"
    other = {**body, "project_id": town.training(by, town.people(1))[0], "fund": "startup_support"}
    assert refused(town, "submit_claim", by, **other).code == "settlement.fund_not_allowed"


def test_a_step_from_an_old_version_is_refused(town: Town) -> None:
    town.budget(BUDGET)
    _by, _, claim = advance(town)
    town.step("accept_claim", FIRST, claim["id"])
    body = {"claim_id": claim["id"], "reason": "理由"}
    with pytest.raises(Refusal) as raised:
        town.running.call("settlement.first_review", body, FIRST, expected_version=claim["version"])
    assert raised.value.code == "stale_version"


def test_nobody_takes_part_twice(town: Town) -> None:
    town.budget(BUDGET)
    _by, _, claim = advance(town)
    both = Actor("both", frozenset({"first_reviewer", "second_reviewer"}), region="370600")
    town.step("accept_claim", both, claim["id"])
    town.step("first_review", both, claim["id"])
    body = {"claim_id": claim["id"], "reason": "理由"}
    assert refused(town, "second_review", both, **body).code == "settlement.same_person"
    assert refused(town, "first_review", FIRST, **body).code == "out_of_order"
    town.step("second_review", SECOND, claim["id"])


def test_three_trainings_a_year_and_no_fourth(town: Town) -> None:
    people = town.people(1)
    by = town.provider()
    for level in ("5", "4", "3"):
        assert town.advance(by, town.training(by, people, level)[0])["total_fen"] > 0
    # a fourth is only possible in another occupation
    keys = {"_id": {"$regex": f":{people[0]}:.*slot"}}
    assert town.db.limit_rows.count_documents(keys) == 3
    fourth = town.training(by, people, "4")
    assert town.advance(by, fourth[0])["total_fen"] == 0


def test_the_balance_is_held_below_eighty_five_percent_and_follows_then(town: Town) -> None:
    town.budget(BUDGET)
    by = town.provider()
    people = town.people(20)
    project, id = town.training(by, people)
    body = {"kind": "project_balance", "project_id": project}
    assert refused(town, "submit_claim", by, **body).code == "settlement.not_completed"
    town.finish(project, id, people)
    town.employ(project, id, people[:16])
    claim = town.call("submit_claim", by, **body)
    assert (claim["outcome"], claim["payable"], claim["total_fen"]) == ("held", False, 0)
    accept = {"claim_id": claim["id"], "reason": "理由"}
    assert refused(town, "accept_claim", FIRST, **accept).code == "settlement.nothing_payable"
    town.employ(project, id, people[16:17])
    again = town.call("resubmit_claim", by, claim_id=claim["id"], reason="就业率已达 85%")
    assert (again["outcome"], again["total_fen"]) == ("payable", 20 * PRICE_FEN)
    assert town.call("get_calculation", by, claim_id=claim["id"], attempt=1)["outcome"] == "held"
    town.through_review(claim["id"])
    town.sound()


def test_an_open_advance_holds_the_balance(town: Town) -> None:
    by = town.provider()
    people = town.people(2)
    project, id = town.training(by, people)
    claim = town.advance(by, project)
    town.finish(project, id, people)
    town.employ(project, id, people)
    refusal = refused(town, "submit_claim", by, kind="project_balance", project_id=project)
    assert (refusal.code, refusal.facts["claim_id"]) == ("settlement.advance_open", claim["id"])


def test_who_is_no_longer_verified_is_not_paid(town: Town) -> None:
    town.budget(BUDGET)
    by = town.provider()
    people = town.people(2)
    _, id = town.training(by, people)
    project = town.db.classes.find_one({"_id": id})["project_id"]
    claim = town.call("submit_claim", by, kind="living_cost", project_id=project, class_id=id)
    assert claim["total_fen"] == 2 * 5 * 30_00
    for method, actor in (("accept_claim", FIRST), ("first_review", FIRST), ("second_review", SECOND)):
        town.step(method, actor, claim["id"])
    until = town.step("publish_notice", SECOND, claim["id"])["notice_until"]
    town.tell(intake.PERSON_FORGOTTEN, people[0], {"reason": "本人申请"})
    town.await_copies("people", people[:1], {"forgotten": True})
    found = town.call("claim_records", FIRST, claim_id=claim["id"])
    assert (found["people"], found["complete"], found["next"]) == (2, 1, None)
    gaps = {each["person_ref"]: [gap["code"] for gap in each["gaps"]] for each in found["items"]}
    assert gaps == {people[0]: ["forgotten"]}
    assert town.call("claim_records", FIRST, claim_id=claim["id"], cursor=people[0])["items"] == []
    assert town.call("person_record", FIRST, person_ref=people[0])["complete"] is False
    for actor, about in ((officer("auditor", region="370100"), people[0]), (FIRST, "nobody")):
        with pytest.raises(Refusal, match="not_found"):
            town.call("person_record", actor, person_ref=about)
    with pytest.raises(Refusal, match=r"role\.forbidden"):
        town.call("claim_records", by, claim_id=claim["id"])
    town.running.clock.advance_to(max(datetime.fromisoformat(until), town.now))
    town.step("request_funds", SECOND, claim["id"])
    town.step("finance_review", FINANCE, claim["id"])
    with pytest.raises(Refusal) as raised:
        town.step("order_payment", PAYMENT, claim["id"])
    assert (raised.value.code, raised.value.facts) == ("settlement.payee_unverified", {"count": 1})
    assert town.status(claim["id"]) == "finance_reviewed"
    assert town.db.payments.count_documents({"claim_id": claim["id"]}) == 0


def test_funds_are_not_requested_while_the_notice_runs(town: Town) -> None:
    town.budget(BUDGET)
    _by, _, claim = advance(town)
    for method, actor in (("accept_claim", FIRST), ("first_review", FIRST), ("second_review", SECOND)):
        town.step(method, actor, claim["id"])
    shown = town.step("publish_notice", SECOND, claim["id"])
    body = {"claim_id": claim["id"], "reason": "理由"}
    assert refused(town, "request_funds", SECOND, **body).code == "settlement.notice_running"
    suspended = town.step("suspend_claim", SUPERVISOR, claim["id"])
    assert suspended["status"] == "suspended"
    assert refused(town, "request_funds", SECOND, **body).code == "out_of_order"
    # nobody sees the notice meanwhile, so all five days are still to come
    first_end = datetime.fromisoformat(shown["notice_until"])
    town.running.clock.advance_to(max(first_end, town.now))
    again = town.step("resume_claim", SUPERVISOR, claim["id"])
    until = datetime.fromisoformat(again["notice_until"])
    days = working_days_between(
        today_in_shanghai(town.now), today_in_shanghai(until) - timedelta(days=1), estimates=True
    )
    assert (again["status"], days) == ("public_notice", 5)
    told = town.db.outbox.find_one({"type": "settlement.claim.resumed", "subject": claim["id"]})
    assert datetime.fromisoformat(told["event"]["data"]["notice_until"]) == until
    refusal = refused(town, "request_funds", SECOND, **body)
    assert (refusal.code, datetime.fromisoformat(refusal.facts["until"])) == (
        "settlement.notice_running", until,
    )  # fmt: skip
    assert town.call("list_notices", None, limit=100)["items"][0]["until"] == again["notice_until"]
    town.running.clock.advance_to(until)
    assert town.step("request_funds", SECOND, claim["id"])["status"] == "funds_requested"


def test_each_officer_sees_the_own_queue(town: Town) -> None:
    town.budget(BUDGET)
    by, project, claim = advance(town)

    def queue(actor: Actor) -> list[str]:
        found = town.call("list_claims", actor, queue=True, project_id=project)
        return [each["id"] for each in found["items"]]

    assert queue(FIRST) == [claim["id"]]
    assert queue(SECOND) == queue(PAYMENT) == queue(officer("first_reviewer", "2", "370200")) == []
    town.step("accept_claim", FIRST, claim["id"])
    town.step("first_review", FIRST, claim["id"])
    assert (queue(FIRST), queue(SECOND)) == ([], [claim["id"]])
    assert [each["id"] for each in town.call("list_claims", by, project_id=project)["items"]] == [claim["id"]]
    assert town.call("list_claims", provider("other"), project_id=project)["items"] == []


def test_the_ledger_is_read_page_by_page(town: Town) -> None:
    town.budget(BUDGET + 1)
    account = town.account()
    numbers: list[int] = []
    cursor = None
    while True:
        page = town.call("ledger", FINANCE, account_id=account["id"], limit=7, cursor=cursor)
        numbers += [entry["number"] for entry in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert numbers == list(range(1, account["entries"] + 1))
    assert account["id"] in [each["id"] for each in town.call("list_funds", FINANCE)["items"]]
    assert refused(town, "ledger", FINANCE, account_id=account["id"], cursor="abc").field == "cursor"
    found = town.call("reconcile", FINANCE, account_id=account["id"])
    assert found["agrees"] is True
    assert found["accounts"][0]["entries"] == account["entries"]


def test_a_posting_changed_in_the_database_is_found(town: Town) -> None:
    account = town.budget(BUDGET + 2)
    last = {"chain": account["id"], "number": account["entries"]}
    before = town.db.entries.find_one(last)
    town.db.entries.update_one(last, {"$set": {"reason": "改动"}})
    found = town.call("reconcile", FINANCE, account_id=account["id"])
    assert [each["kind"] for each in found["differences"]] == ["chain"]
    town.db.entries.replace_one(last, before)
    assert town.call("reconcile", FINANCE, account_id=account["id"])["agrees"] is True


def test_a_claim_needs_a_budget_of_its_own_year(town: Town) -> None:
    _by, _, claim = advance(town)
    town.running.clock.advance_to(town.now.replace(year=town.year + 1, month=1, day=5) + timedelta(hours=1))
    refusal = refused(town, "accept_claim", FIRST, claim_id=claim["id"], reason="理由")
    assert (refusal.code, refusal.facts["account"]) == (
        "settlement.no_budget",
        f"employment_subsidy:370611:{town.year}",
    )
