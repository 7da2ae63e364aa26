"""Sourcing that somebody holds up: a winner, an expert, an opening officer, an officer who gives up."""

import pytest

from contracts.vocabularies.errors import Refusal
from tests.integration.acceptance.ways import PLAIN, PLAN, SUSPENDED, awarded, closed, paper, tender
from tests.integration.acceptance.world import DAY, OFFICER, SUPERVISOR, World, body, officer


def test_a_winner_who_stands_still_loses_the_award_and_the_project_goes_on(world: World):
    a, project = world.a_body(), world.a_project()
    id = world.awarded(project, a)["id"]
    why = {"sourcing_id": id, "reason": "逾期不签合同"}
    for actor, code in (
        (OFFICER, r"role\.forbidden"),
        (officer("supervisor", region="370100"), r"region\.forbidden"),
    ):
        with pytest.raises(Refusal, match=code):
            world.call("revoke_award", actor, **why)
    made = world.call("file_class", body(a), **world.filing(project, world.now + 10 * DAY))
    with pytest.raises(Refusal, match="classes_filed"):
        world.call("revoke_award", SUPERVISOR, **why)
    world.call("return_class", SUPERVISOR, class_id=made["id"], reason="机构失联")
    gone = world.call("revoke_award", SUPERVISOR, **why)
    assert (gone["status"], gone["past_candidates"][0]["why"]) == ("scored", "revoked")
    assert world.facts(id)[-1]["data"]["provider_ref"] == a
    world.call("fail_sourcing", OFFICER, sourcing_id=id, reason="无其他候选")
    assert world.publish(project)["attempt"] == 2


def test_an_award_of_a_tender_that_is_revoked_is_no_attempt(world: World):
    a, project = world.a_body(), world.a_project(way="tender")
    id = world.call("record_tender", OFFICER, **tender(world, project, a))["id"]
    for kind in ("tender_notice", "award_notice"):
        paper(world, id, kind)
    world.call("confirm_tender", SUPERVISOR, sourcing_id=id)
    with pytest.raises(Refusal, match="own_work"):
        world.call("revoke_award", SUPERVISOR, sourcing_id=id, reason="无法履约")
    gone = world.call("revoke_award", officer("supervisor", "another"), sourcing_id=id, reason="无法履约")
    assert (gone["status"], gone["ground"]) == ("failed", "award_revoked")
    assert world.facts(id)[-1]["data"]["ground"] == "award_revoked"
    assert world.call("record_tender", OFFICER, **tender(world, project, a))["attempt"] == 1


def test_an_expert_who_stands_still_is_replaced_and_the_sheet_shows_who_judged(world: World):
    a = world.a_body()
    sourcing = world.publish(world.a_project())
    id, bid = sourcing["id"], f"{sourcing['id']}:{a}"
    world.bid(sourcing, a, world.sealed(sourcing, a))
    closed(world, sourcing)
    world.open(id)
    world.call("draw_panel", OFFICER, sourcing_id=id)
    silent, *others = [
        officer("panel_member", each["account"])
        for each in world.call("get_panel", OFFICER, sourcing_id=id)["members"]
    ]
    call = {"sourcing_id": id, "account": silent.account, "reason": "多次通知不到"}
    with pytest.raises(Refusal, match=r"region\.forbidden"):
        world.call("excuse_member", officer("supervisor", region="370100"), **call)
    world.call("excuse_member", SUPERVISOR, **call)
    members = world.call("get_panel", OFFICER, sourcing_id=id)["members"]
    assert (members[0]["excused_for"], len(members)) == ("多次通知不到", 4)
    others.append(officer("panel_member", members[3]["account"]))
    scores = [{"criterion": each, "points": 80, "reason": "好"} for each in ("plan", "staff")]
    for member in others:
        world.call("declare_conflict", member, sourcing_id=id, conflict=None)
    for member in others:
        shown = world.call("score_bid", member, sourcing_id=id, bid_id=bid, scores=scores)
    assert shown["status"] == "scored"
    sheet = world.call("score_sheet", None, sourcing_id=id)["items"]
    assert [each["member"] for each in sheet[0]["members"]] == [2, 3, 4]


def test_nobody_gets_a_later_attempt_by_leaving_bids_shut(world: World):
    refs, project = [world.a_body() for _ in range(3)], world.a_project(way="selection")
    first = world.publish(project)
    for ref in refs:
        world.bid(first, ref, world.sealed(first, ref))
    closed(world, first)
    with pytest.raises(Refusal, match="no_ground"):
        world.call("fail_sourcing", OFFICER, sourcing_id=first["id"], reason="未开标")
    world.wait_until(world.now + 5 * DAY)
    failed = world.call("fail_sourcing", OFFICER, sourcing_id=first["id"], reason="未开标")
    assert failed["ground"] == "not_opened"
    second = world.publish(project)
    assert second["attempt"] == 1
    for ref in refs:
        world.bid(second, ref, world.sealed(second, ref))
    closed(world, second)
    world.open(second["id"])
    # nobody has tried to draw a panel yet
    with pytest.raises(Refusal, match="no_ground"):
        world.call("fail_sourcing", OFFICER, sourcing_id=second["id"], reason="无评审组")


def test_a_candidate_barred_during_the_notice_is_struck_and_a_process_without_others_fails(world: World):
    a, b = world.a_body(), world.a_body()
    sourcing = world.publish(world.a_project())
    id = sourcing["id"]
    for ref in (a, b):
        world.bid(sourcing, ref, world.sealed(sourcing, ref))
    closed(world, sourcing)
    world.open(id)
    world.score(id, {a: 90, b: 80})
    assert world.call("name_candidate", OFFICER, sourcing_id=id)["candidate"]["provider_ref"] == a
    world.call("take_measure", SUPERVISOR, provider_ref=a, **SUSPENDED)
    struck = awarded(world, id)
    assert (struck["status"], struck["past_candidates"][0]["why"]) == ("scored", "barred")
    assert world.facts(id)[-1]["type"] == "acceptance.sourcing.candidate_withdrawn"
    # the other one is barred too: nobody can be named, and that is a ground
    world.call("take_measure", SUPERVISOR, provider_ref=b, **SUSPENDED)
    with pytest.raises(Refusal, match="nobody_left"):
        world.call("name_candidate", OFFICER, sourcing_id=id)
    failed = world.call("fail_sourcing", OFFICER, sourcing_id=id, reason="候选均被限制")
    assert (failed["ground"], [each["why"] for each in failed["past_candidates"]]) == (
        "nobody_left",
        ["barred", "barred"],
    )


def test_a_filing_or_a_tender_of_a_barred_body_is_not_accepted(world: World):
    a, b = world.a_body(), world.a_body()
    sourcing = world.publish(world.a_project(way="filing"), **PLAIN)
    filed = world.call("file_plan", body(a), sourcing_id=sourcing["id"], price_fen=170_000, **PLAN)["id"]
    held = world.call("record_tender", OFFICER, **tender(world, world.a_project(way="tender"), b))["id"]
    for kind in ("tender_notice", "award_notice"):
        paper(world, held, kind)
    for ref in (a, b):
        world.call("take_measure", SUPERVISOR, provider_ref=ref, **SUSPENDED)
    decision = {"sourcing_id": sourcing["id"], "filing_id": filed, "reason": "见记录"}
    with pytest.raises(Refusal, match="provider_suspended"):
        world.call("decide_filing", OFFICER, accepted=True, **decision)
    assert world.call("decide_filing", OFFICER, accepted=False, **decision)["status"] == "questions"
    with pytest.raises(Refusal, match="provider_suspended"):
        world.call("confirm_tender", SUPERVISOR, sourcing_id=held)
