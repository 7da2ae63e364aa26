"""Money of the newer kinds of claims, from the registries to the bank: to an enterprise, to a person."""

from datetime import datetime
from typing import Any

from contracts.vocabularies.sample_ids import make_credit_code
from services.chassis.actor import Actor
from tests.integration.settlement.world import CITY, PayingTown, officer
from tests.support.services import wait_for

TAIYUAN = "140100"
CODE = make_credit_code(77)


def step(town: PayingTown, method: str, role: str, claim_id: str, region: str) -> dict[str, Any]:
    return town.step(method, officer(role, region=region), claim_id)


def reviewed(town: PayingTown, claim_id: str, fund: str, region: str, account_region: str) -> None:
    """Take a claim through review, its registry checks and its notice, to the order."""
    finance = officer("finance_officer", region=region)
    about = {"fund": fund, "region": account_region, "year": town.year, "budget_fen": 10_000_000_00}
    town.call("set_budget", finance, **about)
    shown = town.db.assessments
    wait_for(lambda: (shown.find_one({"_id": claim_id}) or {}).get("compared", 0) >= 1, 60, "compared")
    wait_for(
        lambda: town.call("list_checks", finance, claim_id=claim_id)["waiting"] == 0, 60, "registry checks"
    )
    step(town, "accept_claim", "first_reviewer", claim_id, region)
    step(town, "first_review", "first_reviewer", claim_id, region)
    step(town, "second_review", "second_reviewer", claim_id, region)
    until = step(town, "publish_notice", "second_reviewer", claim_id, region)["notice_until"]
    town.running.clock.advance_to(max(datetime.fromisoformat(until), town.now))
    step(town, "request_funds", "second_reviewer", claim_id, region)
    step(town, "finance_review", "finance_officer", claim_id, region)
    step(town, "order_payment", "payment_officer", claim_id, region)


def paid_to(town: PayingTown, claim_id: str) -> dict[tuple[str, str], int]:
    lines = town.db.payments.find({"claim_id": claim_id})
    return {(line["payee_kind"], line["payee_ref"]): line["amount_fen"] for line in lines}


def test_a_wage_month_is_compared_reviewed_and_paid_to_the_enterprise(paying_town: PayingTown) -> None:
    town = paying_town
    by, people = town.body("enterprise", TAIYUAN, CODE), town.people(3)
    for ref in people[:2]:
        insured = {"id_number": town.numbers[ref], "credit_code": CODE, "from_day": "2021-10-01"}
        town.standin.load("employments", insured | {"to_day": "2021-11-15" if ref == people[0] else None})
    payroll = [{"person_ref": ref, "wage_fen": 4200_00, "paid_on": "2021-11-28"} for ref in people]
    claim = town.call(
        "submit_claim", by, kind="wage_month", fund="special_account", month="2021-11", payroll=payroll
    )
    assert claim["payable"] is False
    ids = [f"{CODE}:2021-11:{ref}" for ref in people]
    town.await_copies("wage_checks", ids, {})
    town.await_copies("wage_checks", ids[:2], {"insured": True})
    claim = town.call("resubmit_claim", by, claim_id=claim["id"], reason="数据比对完成")
    assert (claim["total_fen"], claim["refused_people"]) == (1000_00, 1)
    reviewed(town, claim["id"], "special_account", "140000", TAIYUAN)
    assert paid_to(town, claim["id"]) == {("body", by.body_ref): 1000_00}
    town.await_lines(claim["id"], paid=1)
    wait_for(lambda: town.status(claim["id"]) == "paid", 60, "paid")


def test_a_persons_own_training_is_paid_to_the_person(paying_town: PayingTown) -> None:
    town = paying_town
    by, people = town.body("provider"), town.people(2)
    project, id = town.training(by, people, organisation="ordinary")
    town.finish(project, id, people)
    own: Actor = town.workers[people[0]]
    about = {"kind": "person_training", "project_id": project, "class_id": id}
    claim = town.call("submit_claim", own, **about)
    assert (claim["payable"], claim["claimant_kind"]) == (True, "person")
    reviewed(town, claim["id"], "employment_subsidy", CITY, "370611")
    assert paid_to(town, claim["id"]) == {("person", people[0]): claim["total_fen"]}
    town.await_lines(claim["id"], paid=1)
    assert [each["claim_id"] for each in town.call("list_payments", own)["items"]] == [claim["id"]]
