"""Who bears what of a training, asked by who learns and who pays; the report of what is watched."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from contracts.events import intake
from contracts.vocabularies.dates import today_in_shanghai
from services.chassis.actor import Actor
from tests.integration.settlement.books import AUDITOR, OTHER_CITY, answering, refused  # noqa: F401
from tests.integration.settlement.test_bank_files import BUDGET, PAID, bring, lines_of, receipt
from tests.integration.settlement.test_fund_books import PROVINCE_FINANCE
from tests.integration.settlement.world import COUNTY, FINANCE, PRICE_FEN, SHARE_FEN, Town, officer, provider

TAIYUAN = "140100"


def sums(lines: Iterable[dict[str, Any]]) -> dict[str, int]:
    return {line["what"]: line["amount_fen"] for line in lines}


def test_who_bears_what_of_a_class_and_of_a_claim(town: Town) -> None:
    town.budget(BUDGET)
    by, people = town.provider(), town.people(2)
    project, id = town.training(by, people)
    town.tell(intake.PERSON_REGISTERED, people[1], {"region": COUNTY, "groups": ["disabled"]})
    town.await_copies("people", [people[1]], {"groups": ["disabled"]})
    for_all = town.call("class_shares", FINANCE, class_id=id)
    assert (for_all["cost_fen"], for_all["with_firm"]) == (PRICE_FEN, False)
    assert sums(for_all["lines"]) == {"government_share": 1440_00, "person_share": 360_00}
    assert {(line["document"], line["clause"], line["status"]) for line in for_all["lines"]} == {
        ("37", "§18", "illustrative")
    }
    with_firm = town.call("class_shares", by, class_id=id, with_firm=True, groups=["veteran"])
    assert sums(with_firm["lines"]) == {
        "government_share": 1080_00,
        "firm_share": 540_00,
        "person_share": 180_00,
    }
    # a worker is told of the own groups, whatever is asked
    learner = Actor("w", frozenset({"worker"}), person_ref=people[1])
    own = town.call("class_shares", learner, class_id=id, groups=["veteran"])
    assert (own["groups"], sums(own["lines"])) == (["disabled"], {"government_share": PRICE_FEN})
    free = town.call("free_training", learner, class_id=id)
    assert [each["group"] for each in free["items"]] == ["difficulty", "disabled", "poverty_relief"]
    assert {(each["document"], each["status"]) for each in free["items"]} == {("AP", "illustrative")}
    assert (free["mine"], free["proven"]) == (True, True)
    other = town.call("free_training", Actor("v", frozenset({"worker"}), person_ref=people[0]), class_id=id)
    assert (other["mine"], other["proven"]) == (False, False)
    for_all = town.call("free_training", FINANCE, class_id=id)
    assert (for_all["mine"], for_all["items"]) == (None, free["items"])
    assert refused(town, "free_training", FINANCE, class_id="nothing").field == "class_id"
    claim = town.advance(by, project)
    shown = town.call("claim_shares", by, claim_id=claim["id"])
    assert (shown["people"], shown["cost_fen"], shown["total_fen"]) == (2, 2 * PRICE_FEN, 2 * SHARE_FEN)
    assert sums(shown["shares"]) == {
        "government_share": 1440_00 + PRICE_FEN,
        "firm_share": 0,
        "person_share": 360_00,
    }
    assert town.call("claim_shares", FINANCE, claim_id=claim["id"]) == shown
    for actor in (provider("other"), OTHER_CITY):
        assert refused(town, "claim_shares", actor, claim_id=claim["id"]).code == "not_found"
    assert refused(town, "class_shares", FINANCE, class_id="nothing").field == "class_id"


def test_where_a_place_shares_no_costs_the_refusal_names_it(town: Town) -> None:
    by = town.provider()
    _project, id = town.training(by, town.people(1), region="370202")
    assert town.call("free_training", FINANCE, class_id=id)["items"] == []
    refusal = refused(town, "class_shares", FINANCE, class_id=id)
    assert (refusal.code, refusal.facts["region"]) == ("settlement.costs_not_shared", "370202")


def paid_general_training(town: Town, people: int) -> None:
    """Pay for a class of general training in Taiyuan."""
    by, refs = town.provider(), town.people(people)
    for ref in refs:
        town.tell(intake.PERSON_REGISTERED, ref, {"region": TAIYUAN, "groups": ["flexible_worker"]})
    town.await_copies("people", refs, {"groups": ["flexible_worker"]})
    about = {"organisation": "ordinary", "training_kind": "general", "region": TAIYUAN}
    project, id = town.training(by, refs, **about)
    town.finish(project, id, refs)
    wanted = {"project_id": project, "class_id": id, "fund": "special_account"}
    claim = town.call("submit_claim", by, kind="class_training", **wanted)["id"]
    acting = {role: officer(role, region=TAIYUAN) for role in ("first_reviewer", "second_reviewer")}
    finance, payer = officer("finance_officer", region="140000"), officer("payment_officer", region="140000")
    budget = {"fund": "special_account", "region": TAIYUAN, "year": town.year, "budget_fen": 10_000_00}
    town.call("set_budget", finance, **budget)
    town.step("accept_claim", acting["first_reviewer"], claim)
    town.step("first_review", acting["first_reviewer"], claim)
    town.step("second_review", acting["second_reviewer"], claim)
    until = town.step("publish_notice", acting["second_reviewer"], claim)["notice_until"]
    town.running.clock.advance_to(max(datetime.fromisoformat(until), town.now))
    town.step("request_funds", acting["second_reviewer"], claim)
    town.step("finance_review", finance, claim)
    town.step("order_payment", payer, claim)
    lines = lines_of(town, claim)
    bring(town, receipt(lines, today_in_shanghai(town.now), PAID), who=payer)


def test_caps_and_the_front_line_are_reported_and_refuse_nothing(town: Town) -> None:
    paid_general_training(town, 2)
    shanxi = officer("auditor", region="140000")
    period = f"{town.year}"
    (use,) = town.call("watched_report", shanxi, period=period)["caps"]
    # eight hours at the rate of level 4: far below the cap
    assert (use["city"], use["lines"], use["at_cap"], use["all_at_cap"]) == (TAIYUAN, 2, 0, False)
    assert f"{use['document']} {use['clause']}" == "600 §1"
    assert town.call("watched_report", shanxi, period=f"{town.year - 1}")["caps"] == []

    firm = town.body("enterprise")
    for fund, fen in (("staff_education", 100_00), ("front_line_education", 59_00)):
        note = {
            "fund": fund,
            "region": COUNTY,
            "amount_fen": fen,
            "about": firm.body_ref,
            "reason": "企业年报",
        }
        town.call("note_memorandum", FINANCE, **note)
    report = town.call("watched_report", AUDITOR, period=period)
    assert report["caps"] == []
    (spent,) = [each for each in report["front_line"] if each["body_ref"] == firm.body_ref]
    assert (spent["region"], spent["spent_fen"], spent["front_line_fen"]) == (COUNTY, 100_00, 59_00)
    # the plan of that text ended with 2025
    assert (spent["watched"]["fact"], spent["watched"]["clause"]) == ("no_text_in_force", "§26")
    assert town.call("watched_report", OTHER_CITY, period=period)["front_line"] == []
    assert (
        refused(town, "watched_report", OTHER_CITY, period=period, region=COUNTY).code == "region.forbidden"
    )
    assert refused(town, "watched_report", PROVINCE_FINANCE, period="2026Q9").field == "period"
    assert refused(town, "watched_report", firm, period=period).code == "role.forbidden"
