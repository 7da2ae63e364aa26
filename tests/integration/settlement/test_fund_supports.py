"""Support from the province on the real stack: asked by one officer, decided by another, transferred once."""

from typing import Any

from tests.integration.settlement.books import AUDITOR, OTHER_CITY, account_id, answering, refused  # noqa: F401
from tests.integration.settlement.world import CITY, COUNTY, FINANCE, PAYMENT, Town, at_once, codes, officer

PROVINCE = "370000"
GIVER, GIVER2 = (officer("finance_officer", f"-province{n}", PROVINCE) for n in (1, 2))


def budget(town: Town, fen: int, fund: str = "employment_subsidy") -> None:
    wanted = {"fund": fund, "region": PROVINCE, "year": town.year, "budget_fen": fen}
    town.call("set_budget", GIVER, **wanted)


def wanted(town: Town, fen: int, taker: str = COUNTY, fund: str = "employment_subsidy") -> dict[str, Any]:
    return {
        "from_account": account_id(town, PROVINCE, fund),
        "to_account": account_id(town, taker, fund),
        "amount_fen": fen,
        "document": "演财社〔2026〕9号",
        "reason": "本市资金不足",
    }


def left(town: Town, region: str, fund: str = "employment_subsidy") -> int:
    shown = town.call("fund_account", GIVER, account_id=account_id(town, region, fund))
    return int(shown["available_fen"])


def test_support_is_asked_by_one_and_granted_by_another(town: Town) -> None:
    budget(town, 500_00)
    asked = town.call("ask_support", FINANCE, **wanted(town, 300_00))
    assert (asked["status"], asked["asked_by"], asked["watched"]) == ("asked", FINANCE.account, None)
    assert left(town, PROVINCE) == 500_00
    grant = {"support_id": asked["id"], "outcome": "granted", "reason": "同意"}
    assert refused(town, "decide_support", FINANCE, **grant).code == "region.forbidden"
    assert refused(town, "decide_support", PAYMENT, **grant).code == "role.forbidden"
    assert refused(town, "decide_support", GIVER, **grant | {"outcome": "asked"}).field == "outcome"
    both = [lambda who=who: town.call("decide_support", who, **grant) for who in (GIVER, GIVER2)]
    answers = at_once(both)
    assert codes(answers) == ["out_of_order"]
    (made,) = [each for each in answers if isinstance(each, dict)]
    assert (made["status"], made["decision_reason"]) == ("granted", "同意")
    assert (left(town, PROVINCE), left(town, COUNTY)) == (200_00, 300_00)
    (moved,) = town.call("list_transfers", FINANCE)["items"]
    assert (moved["id"], moved["kind"], moved["amount_fen"], moved["by"]) == (
        made["transfer_id"],
        "provincial_support",
        300_00,
        made["decided_by"],
    )
    types = [row["type"] for row in town.db.outbox.find({"subject": made["id"]}, sort=[("_id", 1)])]
    assert types == ["settlement.support.asked", "settlement.support.granted"]
    sides = town.db.entries.distinct("chain", {"about": moved["id"]})
    assert sides == [account_id(town, PROVINCE), account_id(town, COUNTY)]
    assert town.call("check_books", officer("auditor", region=PROVINCE))["sound"]
    assert [each["id"] for each in town.call("list_supports", AUDITOR)["items"]] == [made["id"]]
    assert town.call("list_supports", OTHER_CITY)["items"] == []
    assert town.call("list_supports", AUDITOR, status="asked")["items"] == []


def test_nobody_grants_what_they_asked_and_nothing_is_overdrawn(town: Town) -> None:
    budget(town, 500_00)
    before = left(town, PROVINCE)
    own = town.call("ask_support", GIVER, **wanted(town, before + 1, CITY))
    grant = {"support_id": own["id"], "outcome": "granted", "reason": "同意"}
    assert refused(town, "decide_support", GIVER, **grant).code == "settlement.other_hand"
    assert refused(town, "decide_support", GIVER2, **grant).code == "settlement.transfer_overdraft"
    (still,) = town.call("list_supports", AUDITOR, status="asked")["items"]
    assert (still["id"], still["decided_by"]) == (own["id"], None)
    town.call("decide_support", GIVER2, **grant | {"outcome": "refused", "reason": "省级资金不足"})
    assert refused(town, "decide_support", GIVER2, **grant).code == "out_of_order"
    assert left(town, PROVINCE) == before
    assert town.db.outbox.count_documents({"type": "settlement.support.refused", "subject": own["id"]}) == 1


def test_what_cannot_be_asked_for(town: Town) -> None:
    good = wanted(town, 5)
    cases: list[tuple[Any, dict[str, Any], str]] = [
        (OTHER_CITY, good, "region.forbidden"),
        (AUDITOR, good, "role.forbidden"),
        (FINANCE, good | {"from_account": account_id(town, "370612")}, "settlement.support_from_province"),
        (FINANCE, good | {"from_account": account_id(town, "140000")}, "settlement.transfer_region"),
        (
            FINANCE,
            good | {"from_account": f"special_account:{PROVINCE}:{town.year}"},
            "settlement.transfer_fund",
        ),
        (
            FINANCE,
            good | {"from_account": f"employment_subsidy:{PROVINCE}:{town.year - 1}"},
            "settlement.transfer_year",
        ),
        (FINANCE, good | {"amount_fen": -1}, "invalid"),
        (FINANCE, good | {"document": ""}, "invalid"),
    ]
    for actor, body, code in cases:
        assert refused(town, "ask_support", actor, **body).code == code


def test_what_a_text_says_of_the_months_is_shown_and_refuses_nothing(town: Town) -> None:
    fund = "unemployment_insurance"
    budget(town, 10_00, fund)
    asked = town.call("ask_support", FINANCE, **wanted(town, 5_00, fund=fund), months_of_benefits=23)
    # that text ended with 2021
    assert (asked["watched"]["outcome"], asked["watched"]["fact"]) == ("no", "no_text_in_force")
    assert asked["watched"]["document"] == "AP"
    grant = {"support_id": asked["id"], "outcome": "granted", "reason": "同意"}
    assert town.call("decide_support", GIVER2, **grant)["status"] == "granted"
    assert left(town, COUNTY, fund) == 5_00
