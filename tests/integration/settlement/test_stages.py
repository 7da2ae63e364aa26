"""The two stages of a project: the advance comes first, also when two processes are asked at once."""

import pytest

from contracts.vocabularies.errors import Refusal
from tests.integration.settlement.world import FIRST, SHARE_FEN, Town, at_once, codes

ROUNDS = 6


def held_by(town: Town, project: str) -> list[str]:
    row = town.db.limit_rows.find_one({"_id": f"stage:project:{project}"})
    return row["claims"] if row else []


def test_after_a_balance_no_advance_until_it_is_withdrawn(town: Town) -> None:
    town.budget(10_000_000_00)
    by, people = town.provider(), town.people(2)
    project, id = town.training(by, people)
    town.finish(project, id, people)
    town.employ(project, id, people)
    body = {"kind": "project_balance", "project_id": project}
    whole = town.call("submit_claim", by, **body)
    with pytest.raises(Refusal) as refused:
        town.advance(by, project)
    assert (refused.value.code, refused.value.facts) == (
        "settlement.balance_claimed",
        {"claim_id": whole["id"]},
    )
    assert held_by(town, project) == [whole["id"]]
    town.step("withdraw_claim", by, whole["id"])
    assert held_by(town, project) == []

    advance = town.advance(by, project)
    town.step("send_back_claim", FIRST, advance["id"])
    town.call("resubmit_claim", by, claim_id=advance["id"], reason="已补")
    assert held_by(town, project) == [advance["id"]]
    town.db.claims.update_one({"_id": advance["id"]}, {"$set": {"status": "paid"}})
    rest = town.call("submit_claim", by, **body)
    assert rest["total_fen"] == whole["total_fen"] - advance["total_fen"]
    assert held_by(town, project) == [advance["id"], rest["id"]]
    town.step("refuse_claim", FIRST, rest["id"])
    assert held_by(town, project) == [advance["id"]]


def test_where_no_text_orders_stages_the_refusal_names_the_clause(town: Town) -> None:
    by, people = town.provider(), town.people(1)
    project, id = town.training(by, people, region="140100")
    town.finish(project, id, people)
    for kind in ("project_advance", "project_balance"):
        claim = town.call("submit_claim", by, kind=kind, project_id=project, fund="special_account")
        assert (claim["outcome"], claim["payable"]) == ("refused", False)
        shown = town.call("get_calculation", by, claim_id=claim["id"])
        (refusal,) = shown["refusals"]
        assert (refusal["fact"], f"{refusal['document']} {refusal['clause']}") == ("not_staged", "600 §10(2)")
        assert "以班级申领" in refusal["zh"]
        assert "claim the class" in refusal["en"]
        assert shown["computes_again"] is True
        town.step("withdraw_claim", by, claim["id"])


def test_a_class_of_more_than_five_hundred_is_claimed_whole(town: Town) -> None:
    by, people = town.provider(), town.people(501)
    project, _id = town.training(by, people)
    claim = town.advance(by, project)
    assert (claim["people"], claim["total_fen"]) == (501, 501 * SHARE_FEN)
    lines = town.call("get_calculation", by, claim_id=claim["id"])["lines"]
    assert sorted(line["person_ref"] for line in lines) == sorted(people)


def test_both_stages_at_once_leave_one(town: Town) -> None:
    second = town.running.start_second("settlement")
    try:
        by, people = town.provider(), town.people(1)
        projects = []
        for _ in range(ROUNDS):
            project, id = town.training(by, people)
            town.finish(project, id, [])
            projects.append(project)
        # nobody works yet: such a balance is held and takes no limit row of a person
        for project in projects:
            answers = at_once(
                [
                    lambda kind=kind, project=project: town.call(
                        "submit_claim", by, kind=kind, project_id=project
                    )
                    for kind in ("project_advance", "project_balance") * 4
                ]
            )
            live = list(town.db.claims.find({"project_id": project}))
            assert [each["_id"] for each in live] == held_by(town, project)
            assert len(codes(answers)) == 7
    finally:
        second.terminate()
        second.wait(60)
