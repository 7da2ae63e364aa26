"""Claims by a list against the running service: certificates by number, wages by payroll."""

from datetime import date
from typing import Any

from contracts.events import acceptance
from contracts.vocabularies.sample_ids import make_credit_code
from services.chassis.actor import Actor
from tests.integration.settlement.claiming import TAIYUAN, attach, payroll, reasons, refused, rows, wages
from tests.integration.settlement.world import Town
from tests.support.services import wait_for


def certify(town: Town, assessor: Actor, people: list[str], levels: str, day: date) -> list[str]:
    """Return the numbers of certificates that an assessment body issued."""
    numbers = []
    for ref, level in zip(people, levels, strict=True):
        number = town.name("cert")
        certificate = {
            "project_id": "none",
            "class_id": f"class-{assessor.body_ref}",
            "person_ref": ref,
            "assessor_ref": assessor.body_ref,
            "occupation": "6-18-02-04",
            "level": level,
            "issued_on": day,
        }
        town.tell(acceptance.CERTIFICATE_REGISTERED, number, certificate)
        numbers.append(number)
    town.await_copies("certificates", numbers, {})
    return numbers


SPECIAL = {"kind": "certificate_batch", "fund": "special_account"}


def test_an_assessment_body_claims_certificates_by_number(town: Town) -> None:
    by, people = town.body("assessor", TAIYUAN), town.people(4)
    numbers = certify(town, by, people, "5432", date(2024, 5, 6))
    claim = town.call("submit_claim", by, **SPECIAL, certificates=numbers)
    assert (claim["payee"], claim["total_fen"], claim["project_id"]) == ("assessor", 1800_00, None)
    assert reasons(town, by, claim) == {people[3]: "no_rate"}
    lines = town.call("get_calculation", by, claim_id=claim["id"])["lines"]
    assert [(line["amount_fen"], line["clause"]) for line in lines] == [
        (400_00, "§9(2), §10(1)"),
        (600_00, "§9(2), §10(1)"),
        (800_00, "§9(2), §10(1)"),
    ]
    more = certify(town, by, town.people(1), "5", date(2024, 5, 7))
    second = town.call("submit_claim", by, **SPECIAL, certificates=numbers[:2] + more)
    assert second["total_fen"] == 400_00
    assert reasons(town, by, second) == dict.fromkeys(people[:2], "payment_taken")
    town.step("withdraw_claim", by, claim["id"])
    short = town.call("submit_claim", by, **SPECIAL, certificates=numbers[:1])
    body = {"claim_id": short["id"], "reason": "更正清单"}
    again = town.call("resubmit_claim", by, **body, certificates=numbers[:2])
    assert (again["total_fen"], again["attempt"]) == (1000_00, 2)
    other = refused(town, "resubmit_claim", by, **body, payroll=payroll(people[:1]))
    assert (other.code, other.field) == ("settlement.other_list", "certificates")


def test_a_list_of_certificates_names_the_line_that_is_wrong(town: Town) -> None:
    by, other, people = town.body("assessor", TAIYUAN), town.body("assessor", TAIYUAN), town.people(3)
    good = certify(town, by, people[:2], "54", date(2024, 5, 6))
    theirs = certify(town, other, people[2:], "5", date(2024, 5, 6))
    twice = certify(town, by, people[:1], "3", date(2024, 6, 6))
    cases = [
        ([*good, good[0]], "settlement.line_twice", 3),
        ([good[0], "unheard-of"], "settlement.line_wrong", 2),
        ([*good, *theirs], "settlement.line_wrong", 3),
        ([*good, *twice], "settlement.line_wrong", 3),
    ]
    for numbers, code, line in cases:
        wrong = refused(town, "submit_claim", by, **SPECIAL, certificates=numbers)
        assert (wrong.code, wrong.field, wrong.facts["line"]) == (code, f"certificates.{line - 1}", line)
    assert town.db.claims.count_documents({"claimant_ref": by.body_ref}) == 0
    fund = refused(town, "submit_claim", by, kind="certificate_batch", certificates=good)
    assert (fund.code, fund.field) == ("settlement.fund_not_allowed", "fund")


def test_a_training_body_claims_certificates_by_agreement(town: Town) -> None:
    assessor, by, people = town.body("assessor", TAIYUAN), town.body("provider", TAIYUAN), town.people(1)
    numbers = certify(town, assessor, people, "4", date(2024, 5, 6))
    project = town.project(by, region=TAIYUAN)
    town.tell(acceptance.ROSTER_FILED, f"class-{assessor.body_ref}", {
        "project_id": project, "person_refs": people,
    })  # fmt: skip
    town.db.classes.update_one(
        {"_id": f"class-{assessor.body_ref}"}, {"$set": {"provider_ref": by.body_ref}}, upsert=True
    )
    claim = town.call("submit_claim", by, **SPECIAL, certificates=numbers)
    assert (claim["payable"], reasons(town, by, claim)) == (False, {"": "no_agreement"})
    attach(town, by, claim["id"], "contract")
    again = town.call("resubmit_claim", by, claim_id=claim["id"], reason="补协议")
    assert (again["payable"], again["total_fen"], again["payee"]) == (True, 600_00, "provider")


def test_no_certificate_rate_in_shandong(town: Town) -> None:
    by, people = town.body("assessor"), town.people(1)
    numbers = certify(town, by, people, "4", date(2024, 5, 6))
    wrong = refused(town, "submit_claim", by, **SPECIAL, certificates=numbers)
    assert wrong.code == "settlement.no_rules"


def compared(town: Town, by: Actor, people: list[str], month: str = "2021-11") -> dict[str, Any]:
    """Return a wage month computed again once the employment registry has answered."""
    claim = town.call("submit_claim", by, **wages(people, month))
    assert set(reasons(town, by, claim).values()) == {"payroll_unverified"}
    code = town.db.bodies.find_one({"_id": by.body_ref})["credit_code"]
    town.await_copies("wage_checks", [f"{code}:{month}:{ref}" for ref in people], {})
    return town.call("resubmit_claim", by, claim_id=claim["id"], reason="数据比对完成")


def test_a_wage_month_is_compared_with_what_the_registry_knows(town: Town) -> None:
    by, people = town.body("enterprise", TAIYUAN, make_credit_code(41)), town.people(3)
    town.intake.insured |= set(people[:2])
    claim = compared(town, by, people)
    assert (claim["payee"], claim["month"], claim["total_fen"]) == ("enterprise", "2021-11", 2 * 500_00)
    assert reasons(town, by, claim) == {people[2]: "payroll_unverified"}
    taken = refused(town, "submit_claim", by, **wages(people))
    assert (taken.code, taken.facts["claim_id"]) == ("settlement.claim_exists", claim["id"])
    town.step("withdraw_claim", by, claim["id"])
    assert rows(town, claim) == 0


def test_a_comparison_waits_out_an_outage(town: Town) -> None:
    by, people = town.body("enterprise", TAIYUAN, make_credit_code(46)), town.people(1)
    town.intake.insured |= set(people)
    town.intake.down = True
    try:
        claim = town.call("submit_claim", by, **wages(people))
        wait_for(lambda: any(method == "compare_wages" for method, _ in town.intake.asked), 60, "asked")
        again = town.call("resubmit_claim", by, claim_id=claim["id"], reason="再核算")
        assert again["payable"] is False
    finally:
        town.intake.down = False
    town.await_copies("wage_checks", [f"{make_credit_code(46)}:2021-11:{people[0]}"], {"insured": True})
    after = town.call("resubmit_claim", by, claim_id=claim["id"], reason="数据比对完成")
    assert (after["payable"], after["total_fen"]) == (True, 500_00)


def test_documents_stand_where_the_comparison_finds_nothing(town: Town) -> None:
    by, people = town.body("enterprise", TAIYUAN, make_credit_code(42)), town.people(2)
    claim = town.call("submit_claim", by, **wages(people))
    assert (claim["payable"], set(reasons(town, by, claim).values())) == (False, {"payroll_unverified"})
    attach(town, by, claim["id"], "wage_roster")
    assert town.call("resubmit_claim", by, claim_id=claim["id"], reason="花名册")["payable"] is False
    attach(town, by, claim["id"], "wage_statement")
    whole = town.call("resubmit_claim", by, claim_id=claim["id"], reason="对账单")
    assert (whole["payable"], whole["total_fen"]) == (True, 2 * 500_00)


def test_a_wage_month_of_a_person_is_paid_once_and_six_months_at_most(town: Town) -> None:
    by = town.body("enterprise", TAIYUAN, make_credit_code(43))
    other = town.body("enterprise", TAIYUAN, make_credit_code(44))
    (ref,) = town.people(1)
    town.intake.insured.add(ref)
    months = [f"2021-{month:02}" for month in range(7, 13)]
    assert compared(town, by, [ref], months[0])["total_fen"] == 500_00
    twice = compared(town, other, [ref], months[0])
    assert (twice["payable"], reasons(town, other, twice)) == (False, {ref: "payment_taken"})
    for month in months[1:]:
        assert compared(town, by, [ref], month)["total_fen"] == 500_00
    over = town.call("resubmit_claim", other, claim_id=twice["id"], reason="再核算")
    assert reasons(town, other, over) == {ref: "months_used_up"}
    late = town.call("submit_claim", by, **wages([ref], "2022-01"))
    assert (late["payable"], reasons(town, by, late)) == (False, {"": "not_in_force"})


def test_a_payroll_names_the_line_that_is_wrong(town: Town) -> None:
    by, people = town.body("enterprise", TAIYUAN, make_credit_code(45)), town.people(2)
    good = payroll(people)
    cases = [
        ([*good, good[0]], "settlement.line_twice", "payroll.2.person_ref", 3),
        ([good[0], good[1] | {"wage_fen": 0}], "settlement.line_wrong", "payroll.1.wage_fen", 2),
        ([good[0] | {"paid_on": "2021-10-31"}], "settlement.line_wrong", "payroll.0.paid_on", 1),
        ([good[0] | {"paid_on": "2093-01-01"}], "settlement.line_wrong", "payroll.0.paid_on", 1),
    ]
    for lines, code, field, line in cases:
        wrong = refused(town, "submit_claim", by, **(wages(people) | {"payroll": lines}))
        assert (wrong.code, wrong.field, wrong.facts["line"]) == (code, field, line)
    invalid = [
        (good[0] | {"wage_fen": -1}, "payroll.0.wage_fen"),
        (good[0] | {"wage_fen": 10**14}, "payroll.0.wage_fen"),
        (good[0] | {"wage_fen": 4500.5}, "payroll.0.wage_fen"),
        (good[0] | {"paid_on": "2021-11-31"}, "payroll.0.paid_on"),
        (good[0] | {"bank_account": "1"}, "payroll.0.bank_account"),
    ]
    for bad, field in invalid:
        wrong = refused(town, "submit_claim", by, **(wages(people) | {"payroll": [bad]}))
        assert (wrong.code, wrong.field) == ("invalid", field)
    assert refused(town, "submit_claim", by, **(wages(people) | {"month": "2021-13"})).field == "month"
    assert town.db.claims.count_documents({"claimant_ref": by.body_ref}) == 0
