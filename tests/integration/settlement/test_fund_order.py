"""The special account is used first where a text orders it [600 §4]; elsewhere any fund that a text names."""

import pytest

from contracts.events import intake
from contracts.vocabularies.errors import Refusal
from services.chassis.actor import Actor
from tests.integration.settlement.world import Town, officer

TAIYUAN = "140100"
OTHER, FIRST_USED = "employment_subsidy", "special_account"
# 1,400 yuan × 110 % for consumables: 太原's table, illustrative
TOTAL = 2 * 1540_00


def flexible_workers(town: Town, count: int) -> list[str]:
    refs = [town.name("person") for _ in range(count)]
    for ref in refs:
        town.tell(intake.PERSON_REGISTERED, ref, {"region": TAIYUAN, "groups": ["flexible_worker"]})
        town.tell(intake.PERSON_VERIFIED, ref, {"draws_pension": False, "checked_at": town.now})
    town.await_copies("people", refs, {"verified": True})
    return refs


def budget(town: Town, fen: int) -> None:
    wanted = {"fund": FIRST_USED, "region": TAIYUAN, "year": town.year, "budget_fen": fen}
    town.call("set_budget", officer("finance_officer", "-shanxi", "140000"), **wanted)


def refused(town: Town, by: Actor, **body: object) -> Refusal:
    with pytest.raises(Refusal) as raised:
        town.call("submit_claim", by, **body)
    return raised.value


def test_shanxi_pays_out_of_the_special_account_while_it_covers_the_sum(town: Town) -> None:
    by, people = town.body("provider", TAIYUAN), flexible_workers(town, 2)
    project, id = town.training(by, people, organisation="ordinary", region=TAIYUAN)
    town.finish(project, id, people)
    body = {"kind": "class_training", "project_id": project, "class_id": id}
    budget(town, TOTAL - 1)
    early = town.call("submit_claim", by, **body, fund=OTHER)
    assert (early["total_fen"], early["fund"]) == (TOTAL, OTHER)
    town.step("withdraw_claim", by, early["id"])
    budget(town, TOTAL)
    wrong = refused(town, by, **body, fund=OTHER)
    assert (wrong.code, wrong.field, wrong.facts["clause"]) == ("settlement.fund_order", "fund", "600 §4")
    assert town.call("submit_claim", by, **body, fund=FIRST_USED)["total_fen"] == TOTAL


def test_a_fund_that_no_rate_allows_is_refused_before_any_order(town: Town) -> None:
    by, people = town.body("provider", TAIYUAN), flexible_workers(town, 1)
    project, id = town.training(by, people, organisation="ordinary", region=TAIYUAN)
    town.finish(project, id, people)
    body = {"kind": "class_training", "project_id": project, "class_id": id, "fund": "startup_support"}
    assert refused(town, by, **body).code == "settlement.fund_not_allowed"
