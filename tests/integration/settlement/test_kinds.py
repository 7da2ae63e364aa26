"""Claims of each kind against the running service: who may claim, what is owed, and what is refused."""

import base64
import hashlib
from datetime import date
from typing import Any

import pytest

from contracts.commands.settlement_claims import SUBJECTS
from contracts.events import acceptance
from contracts.vocabularies.errors import Refusal
from contracts.vocabularies.sample_ids import make_credit_code
from services.chassis.actor import Actor
from tests.integration.settlement.world import FIRST, Town, at_once, codes
from tests.support.services import wait_for

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"\x00" * 64
SHANXI, TAIYUAN = "140000", "140100"
ORDINARY = {"organisation": "ordinary"}
# 1,500 yuan × 120 % for consumables: Yantai's table, illustrative
CLASS_FEN = 1800_00
TRANSPORT_FEN = 5 * 10_00


def refused(town: Town, method: str, actor: Actor | None, **body: Any) -> Refusal:
    with pytest.raises(Refusal) as raised:
        town.call(method, actor, **body)
    return raised.value


def worker(ref: str) -> Actor:
    return Actor(f"account-{ref}", frozenset({"worker"}), person_ref=ref)


def finished(town: Town, by: Actor, people: list[str], level: str = "4", **listing: Any) -> dict[str, str]:
    """Return project and class of an ordinary training that everybody completed."""
    project, id = town.training(by, people, level, **(ORDINARY | listing))
    town.finish(project, id, people, level)
    return {"project_id": project, "class_id": id}


def attach(town: Town, by: Actor, claim_id: str, kind: str) -> None:
    content, name = (MP4, "课堂.mp4") if kind == "video" else (PDF + kind.encode(), "材料.pdf")
    upload = town.name("upload")
    part = {"claim_id": claim_id, "upload_id": upload}
    town.call("put_file_part", by, **part, number=0, content=base64.b64encode(content).decode())
    about = {"kind": kind, "name": name, "sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
    town.call("attach_file", by, **part, **about)


def reasons(town: Town, by: Actor, claim: dict[str, Any]) -> dict[str, str]:
    """Return why each person of a claim gets nothing."""
    found = town.call("get_calculation", by, claim_id=claim["id"])
    assert found["computes_again"] is True
    return {each["person_ref"]: each["fact"] for each in found["refusals"]}


def rows(town: Town, claim: dict[str, Any]) -> int:
    return int(town.db.limit_rows.count_documents({"claims": claim["id"]}))


def test_a_class_is_paid_after_the_certificate(town: Town) -> None:
    by, people = town.provider(), town.people(3)
    project, id = town.training(by, people, **ORDINARY)
    body = {"kind": "class_training", "project_id": project, "class_id": id}
    early = refused(town, "submit_claim", by, **body)
    assert (early.code, early.facts) == ("settlement.not_completed", {"classes": id})
    town.finish(project, id, people[:2])
    claim = town.call("submit_claim", by, **body)
    assert (claim["payee"], claim["people"], claim["total_fen"]) == ("provider", 3, 2 * CLASS_FEN)
    assert reasons(town, by, claim) == {people[2]: "not_completed"}
    # a slot, the pair, the training and the payment for each, and the stage
    assert rows(town, claim) == 2 * 4 + 1
    again = refused(town, "submit_claim", by, **body)
    assert (again.code, again.facts["claim_id"]) == ("settlement.claim_exists", claim["id"])
    town.step("withdraw_claim", by, claim["id"])
    assert rows(town, claim) == 0
    assert town.call("submit_claim", by, **body)["total_fen"] == 2 * CLASS_FEN


def test_a_project_paid_in_stages_is_not_claimed_by_class(town: Town) -> None:
    by, people = town.provider(), town.people(2)
    about = finished(town, by, people, organisation="project_type")
    claim = town.call("submit_claim", by, kind="class_training", **about)
    assert (claim["payable"], claim["outcome"]) == (False, "refused")
    assert reasons(town, by, claim) == {"": "project_type_is_staged"}
    step = {"claim_id": claim["id"], "reason": "理由"}
    assert refused(town, "accept_claim", FIRST, **step).code == "settlement.nothing_payable"


def test_an_ordinary_class_is_not_paid_in_stages(town: Town) -> None:
    by, people = town.provider(), town.people(2)
    about = finished(town, by, people)
    claim = town.advance(by, about["project_id"])
    assert (claim["payable"], reasons(town, by, claim)) == (False, {"": "not_project_type"})


def test_an_enterprise_is_paid_itself_for_its_own_class(town: Town) -> None:
    by, people = town.body("enterprise"), town.people(2)
    claim = town.call("submit_claim", by, kind="class_training", **finished(town, by, people))
    assert (claim["payee"], claim["payable"], claim["total_fen"]) == ("enterprise", True, 2 * CLASS_FEN)


def test_a_school_shows_plan_sign_in_sheets_and_videos(town: Town) -> None:
    by, people = town.provider(), town.people(2)
    about = finished(town, by, people)
    claim = town.call("submit_claim", by, kind="class_training", as_school=True, **about)
    assert (claim["payee"], claim["payable"]) == ("school", False)
    assert reasons(town, by, claim) == {"": "evidence_missing"}
    attach(town, by, claim["id"], "training_plan")
    attach(town, by, claim["id"], "sign_in_sheet")
    town.call("resubmit_claim", by, claim_id=claim["id"], reason="补材料")
    (lacking,) = town.call("get_calculation", by, claim_id=claim["id"])["refusals"]
    assert "video" in lacking["zh"]
    assert lacking["document"] == "107"
    attach(town, by, claim["id"], "video")
    whole = town.call("resubmit_claim", by, claim_id=claim["id"], reason="材料已齐")
    assert (whole["payable"], whole["total_fen"], whole["attempt"]) == (True, 2 * CLASS_FEN, 3)


def test_a_training_is_paid_once_to_the_body_or_the_person(town: Town) -> None:
    by, people = town.provider(), town.people(2)
    about = finished(town, by, people)
    own = town.call("submit_claim", worker(people[0]), kind="person_training", **about)
    assert (own["payee"], own["claimant_kind"], own["total_fen"]) == ("person", "person", CLASS_FEN)
    claim = town.call("submit_claim", by, kind="class_training", **about)
    assert (claim["total_fen"], reasons(town, by, claim)) == (CLASS_FEN, {people[0]: "training_taken"})
    late = town.call("submit_claim", worker(people[1]), kind="person_training", **about)
    assert (late["payable"], reasons(town, worker(people[1]), late)) == (False, {people[1]: "training_taken"})
    assert refused(town, "get_claim", worker(people[1]), claim_id=own["id"]).code == "not_found"
    assert [each["id"] for each in town.call("list_claims", worker(people[0]))["items"]] == [own["id"]]
    stranger = worker(town.people(1)[0])
    elsewhere = refused(town, "submit_claim", stranger, kind="person_training", **about)
    assert (elsewhere.code, elsewhere.field) == ("settlement.class_elsewhere", "class_id")


def test_a_person_and_the_body_at_once_leave_one_payment(town: Town) -> None:
    by, people = town.provider(), town.people(4)
    about = finished(town, by, people)
    steps = [lambda: town.call("submit_claim", by, kind="class_training", **about)] + [
        lambda ref=ref: town.call("submit_claim", worker(ref), kind="person_training", **about)
        for ref in people
    ]
    answers = at_once(steps)
    assert codes(answers) == []
    assert sum(answer["total_fen"] for answer in answers) == 4 * CLASS_FEN
    found = town.db.limit_rows.find({"kind": "training", "_id": {"$regex": about["class_id"]}})
    assert len(list(found)) == 4


def test_transport_by_day_for_all_or_for_oneself(town: Town) -> None:
    by, people = town.provider(), town.people(3)
    project, id = town.training(by, people)
    about = {"kind": "transport", "project_id": project, "class_id": id}
    own = town.call("submit_claim", worker(people[0]), **about)
    assert (own["total_fen"], own["people"], own["payee"]) == (TRANSPORT_FEN, 1, "person")
    claim = town.call("submit_claim", by, **about)
    assert (claim["total_fen"], reasons(town, by, claim)) == (2 * TRANSPORT_FEN, {people[0]: "payment_taken"})
    living = town.call("submit_claim", by, **(about | {"kind": "living_cost"}))
    assert living["total_fen"] == 3 * 5 * 30_00


def test_the_uplift_follows_the_training_that_was_paid(town: Town) -> None:
    town.budget(10_000_000_00)
    by, people = town.provider(), town.people(3)
    about = finished(town, by, people)
    town.employ(about["project_id"], about["class_id"], people[:2])
    early = town.call("submit_claim", by, kind="employment_uplift", **about)
    assert set(reasons(town, by, early).values()) == {"no_training_subsidy"}
    claim = town.call("submit_claim", by, kind="class_training", **about)
    town.db.claims.update_one({"_id": claim["id"]}, {"$set": {"status": "ordered"}})
    uplift = town.call("resubmit_claim", by, claim_id=early["id"], reason="培训补贴已支付")
    assert (uplift["payable"], uplift["total_fen"]) == (True, 2 * CLASS_FEN // 10)
    assert reasons(town, by, uplift) == {people[2]: "not_employed"}


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


def payroll(people: list[str], month: str = "2021-11", **differs: Any) -> list[dict[str, Any]]:
    line = {"wage_fen": 4500_00, "paid_on": f"{month}-28"} | differs
    return [{"person_ref": ref, **line} for ref in people]


def wages(people: list[str], month: str = "2021-11", **differs: Any) -> dict[str, Any]:
    return {
        "kind": "wage_month",
        "month": month,
        "fund": "special_account",
        "payroll": payroll(people, month, **differs),
    }


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


def test_who_may_claim_what(town: Town) -> None:
    about = {
        "project_id": "p",
        "class_id": "c",
        "certificates": ["n"],
        "month": "2021-11",
        "payroll": payroll(["x"]),
    }
    allowed = {
        "provider": set(SUBJECTS) - {"person_training", "wage_month"},
        "enterprise": set(SUBJECTS) - {"person_training"},
        "assessor": {"certificate_batch"},
        "worker": {"person_training", "living_cost", "transport"},
        "agency": set(),
        "first_reviewer": set(),
    }
    for role, kinds in allowed.items():
        actor = Actor(f"account-{role}", frozenset({role}), body_ref="body-nowhere", person_ref="nobody")
        for kind, names in SUBJECTS.items():
            wrong = refused(town, "submit_claim", actor, kind=kind, **{name: about[name] for name in names})
            assert (wrong.code == "role.forbidden") == (kind not in kinds), (role, kind, wrong.code)


def test_a_claim_is_about_what_its_kind_is_about(town: Town) -> None:
    by = town.provider()
    cases = [
        ({"kind": "certificate_batch"}, "certificates"),
        ({"kind": "certificate_batch", "certificates": ["a"], "month": "2021-11"}, "month"),
        ({"kind": "wage_month", "month": "2021-11"}, "payroll"),
        ({"kind": "class_training", "project_id": "p"}, "class_id"),
        ({"kind": "transport", "project_id": "p", "class_id": "c", "as_school": True}, "as_school"),
    ]
    for body, field in cases:
        wrong = refused(town, "submit_claim", by, **body)
        assert (wrong.code, wrong.field) == ("invalid", field)
    unknown = Actor("account-new", frozenset({"enterprise"}), body_ref="body-new")
    assert refused(town, "submit_claim", unknown, **wages(["x"])).code == "settlement.claimant_unverified"
    person = worker("person-new")
    body = {"kind": "transport", "project_id": "p", "class_id": "c"}
    assert refused(town, "submit_claim", person, **body).code == "settlement.claimant_unverified"
