"""Claims under many hands at once: one review, one submission, one budget, one set of people."""

from tests.integration.settlement.test_claims import BUDGET, advance, refused
from tests.integration.settlement.world import (
    FIRST,
    SHARE_FEN,
    Town,
    at_once,
    codes,
    officer,
)


def test_two_reviewers_at_once_give_one_review(town: Town) -> None:
    town.budget(BUDGET)
    by, _, claim = advance(town)
    town.step("accept_claim", FIRST, claim["id"])
    reviewers = [officer("first_reviewer", str(number)) for number in range(8)]
    answers = at_once([lambda who=who: town.step("first_review", who, claim["id"]) for who in reviewers])
    assert codes(answers) == ["out_of_order"] * 7
    steps = town.call("get_claim", by, claim_id=claim["id"])["steps"]
    assert [step["step"] for step in steps] == ["submit", "accept", "first_review"]


def test_one_key_fifty_times_at_once_submits_once(town: Town) -> None:
    by = town.provider()
    project, _ = town.training(by, town.people(2))
    body = {"kind": "project_advance", "project_id": project}
    answers = at_once([lambda: town.call("submit_claim", by, key="one-key", **body)] * 50)
    assert codes(answers) == []
    assert len({answer["id"] for answer in answers}) == 1
    assert town.db.claims.count_documents({"project_id": project}) == 1


def test_fifty_claims_race_for_a_budget_of_twenty(town: Town) -> None:
    by = town.provider()
    claims = [town.advance(by, town.training(by, town.people(1))[0]) for _ in range(50)]
    account = town.budget(BUDGET)
    used = account["budget_fen"] - account["available_fen"]
    town.budget(used + 20 * SHARE_FEN + SHARE_FEN // 2)
    answers = at_once([lambda id=claim["id"]: town.step("accept_claim", FIRST, id) for claim in claims])
    assert codes(answers) == ["settlement.budget_exhausted"] * 30
    after = town.account()
    assert after["available_fen"] == SHARE_FEN // 2
    town.sound()
    statuses = [town.status(claim["id"]) for claim in claims]
    assert (statuses.count("accepted"), statuses.count("computed")) == (20, 30)


def test_the_same_people_claimed_at_once_are_paid_for_once(town: Town) -> None:
    people = town.people(5)
    givers = [town.provider() for _ in range(8)]
    projects = [town.training(by, people)[0] for by in givers]
    answers = at_once(
        [
            lambda by=by, project=project: town.advance(by, project)
            for by, project in zip(givers, projects, strict=True)
        ]
    )
    assert sorted(answer["total_fen"] for answer in answers) == [0] * 7 + [5 * SHARE_FEN]
    loser = next(answer for answer in answers if not answer["total_fen"])
    by = next(who for who in givers if who.body_ref == loser["claimant_ref"])
    refusals = town.call("get_calculation", by, claim_id=loser["id"])["refusals"]
    assert {(each["fact"], each["document"]) for each in refusals} == {("pair_taken", "AP")}
    assert refused(town, "accept_claim", FIRST, claim_id=loser["id"], reason="理由").code == (
        "settlement.nothing_payable"
    )


def test_the_same_certificates_claimed_at_once_are_one_claim(town: Town) -> None:
    by = town.provider()
    people = town.people(3)
    project, id = town.training(by, people)
    town.finish(project, id, people)
    town.employ(project, id, people)
    body = {"kind": "project_balance", "project_id": project}
    answers = at_once([lambda: town.call("submit_claim", by, **body)] * 12)
    assert codes(answers) == ["settlement.claim_exists"] * 11
    payments = town.db.limit_rows.find({"kind": "payment", "subject": {"$regex": f"^{project}-"}})
    assert sorted(row["_id"].split(":")[1] for row in payments) == sorted(
        f"cert-{id}-{ref}" for ref in people
    )


def test_acceptance_and_withdrawal_at_once_leave_nothing_set_aside(town: Town) -> None:
    town.budget(BUDGET)
    for _ in range(5):
        by, _, claim = advance(town)
        answers = at_once(
            [
                lambda by=by, id=claim["id"]: town.step("withdraw_claim", by, id),
                lambda id=claim["id"]: town.step("accept_claim", FIRST, id),
            ]
        )
        assert codes(answers) in ([], ["out_of_order"])
        assert town.status(claim["id"]) == "withdrawn"
        assert town.db.limit_rows.count_documents({"claims": claim["id"]}) == 0
    town.sound()
