"""The four ways of finding a provider, through the service: what goes well, and what goes wrong on each."""

import base64
from datetime import timedelta
from hashlib import sha256

import pytest

from contracts.vocabularies.errors import Refusal
from services.acceptance.domain import panel
from tests.integration.acceptance.ways import (
    PLAIN,
    PLAN,
    SUSPENDED,
    awarded,
    awarded_alone,
    closed,
    contracted,
    moment,
    paper,
    tender,
)
from tests.integration.acceptance.world import (
    DAY,
    HOUR,
    OFFICER,
    POOL,
    REGION,
    SUPERVISOR,
    World,
    body,
    officer,
    together,
    unique,
)

# open challenge


def test_a_challenge_with_questions_a_postponed_deadline_and_a_contract(world: World):
    a, b = world.a_body(), world.a_body()
    sourcing = world.publish(world.a_project())
    id = sourcing["id"]
    asked = world.call("ask_question", body(a), sourcing_id=id, question="能否在两个县开班？")
    question = asked["questions"][0]["id"]
    answer = {"sourcing_id": id, "question_id": question, "answer": "可以"}
    with pytest.raises(Refusal, match=r"region\.forbidden"):
        world.call("answer_question", officer("catalogue_officer", region="370100"), **answer)
    world.call("answer_question", OFFICER, **answer)
    shown = world.call("get_sourcing", None, sourcing_id=id)["questions"]
    assert [(each["question"], each["answer"]) for each in shown] == [("能否在两个县开班？", "可以")]
    assert a not in str(world.facts(id)) + str(shown)
    until = moment(sourcing["bids_until"]) + DAY
    world.call("postpone_deadline", OFFICER, sourcing_id=id, bids_until=until, reason="答疑后顺延")
    world.bid(sourcing, a, world.sealed(sourcing, a, 170_000))
    world.wait_until(moment(sourcing["bids_until"]))
    # past the first deadline, before the second
    world.bid(sourcing, b, world.sealed(sourcing, b, 160_000))
    world.wait_until(until)
    world.open(id)
    scored = world.score(id, {a: 85, b: 80})
    assert [each["points"] for each in scored["bids"] if each["provider_ref"] == a] == [8500]
    sheet = world.call("score_sheet", None, sourcing_id=id)["items"]
    assert [each["points"] for each in sheet] == [8500, 8000]
    line = "60%×85 + 40%×85 = 85.00"
    assert sheet[0]["arithmetic"] == f"[{line}; {line}; {line}] ÷ 3 = 85.00"
    assert {score["reason"] for each in sheet[0]["members"] for score in each["scores"]} == {"见评审表"}
    assert not any(account in str(sheet) for account in POOL)
    world.call("name_candidate", OFFICER, sourcing_id=id)
    assert awarded(world, id)["candidate"]["provider_ref"] == a
    done = contracted(world, id, a)
    assert done["contract"]["value_fen"] == 170_000 * 40
    assert world.facts(id)[-1]["type"] == "acceptance.sourcing.contract_concluded"
    with pytest.raises(Refusal, match="contract_concluded"):
        world.call("withdraw_winner", body(a), sourcing_id=id, reason="退出")


def test_the_draw_is_done_again_from_what_was_told(world: World):
    a = world.a_body()
    tied = unique("expert")
    sourcing = world.publish(world.a_project())
    world.call("register_expert", SUPERVISOR, account=tied, region=REGION, body_refs=[a])
    with pytest.raises(Refusal, match="expert_known"):
        world.call("register_expert", SUPERVISOR, account=tied, region=REGION, body_refs=[])
    receipt = world.bid(sourcing, a, world.sealed(sourcing, a))["receipt"]
    assert sourcing["draw_nonce"] is None
    closed(world, sourcing)
    with pytest.raises(Refusal, match="out_of_order"):
        world.call("draw_panel", OFFICER, sourcing_id=sourcing["id"])
    world.open(sourcing["id"])
    shown = world.call("draw_panel", OFFICER, sourcing_id=sourcing["id"])
    assert sha256(shown["draw_nonce"].encode()).hexdigest() == sourcing["draw_commitment"]
    drawn = world.call("get_panel", OFFICER, sourcing_id=sourcing["id"])
    assert drawn["seed"] == panel.seed_of(shown["draw_nonce"], [receipt])
    order = panel.order_of(drawn["seed"], drawn["order"])
    assert tuple(drawn["order"]) == order
    assert tuple(each["account"] for each in drawn["members"]) == order[:3]
    assert {"account": tied, "why": "body_bids"} in drawn["excluded"]
    member = officer("panel_member", order[0])
    excused = world.call("declare_conflict", member, sourcing_id=sourcing["id"], conflict="近三年为其授课")
    assert excused["status"] == "opened"
    again = world.call("get_panel", SUPERVISOR, sourcing_id=sourcing["id"])
    assert [each["account"] for each in again["members"]] == list(order[:4])
    with pytest.raises(Refusal, match=r"region\.forbidden"):
        world.call("get_panel", officer("supervisor", region="370100"), sourcing_id=sourcing["id"])
    assert world.call("get_panel", officer("panel_member", order[1]), sourcing_id=sourcing["id"])["members"]
    # who was excused, who was not drawn, who has not declared yet: of the region, but none of the panel
    for account, calls in (
        (order[0], ("get_panel", "opened_bids")),
        (order[-1], ("get_panel", "opened_bids")),
        (order[1], ("opened_bids",)),
    ):
        for call in calls:
            with pytest.raises(Refusal, match="not_on_panel"):
                world.call(call, officer("panel_member", account), sourcing_id=sourcing["id"])
    assert world.call("opened_bids", officer("auditor"), sourcing_id=sourcing["id"])["items"]
    scores = [{"criterion": each, "points": 80, "reason": "好"} for each in ("plan", "staff")]
    bid = f"{sourcing['id']}:{a}"
    for account, code in ((order[0], "not_on_panel"), (order[1], "not_on_panel")):
        with pytest.raises(Refusal, match=code):
            world.call(
                "score_bid",
                officer("panel_member", account),
                sourcing_id=sourcing["id"],
                bid_id=bid,
                scores=scores,
            )
    world.call("remove_expert", SUPERVISOR, account=tied, reason="任期届满")
    pool = world.call("list_experts", SUPERVISOR, limit=100)["items"]
    assert {each["status"] for each in pool if each["account"] == tied} == {"removed"}


def test_a_replacement_at_the_deadline_leaves_the_bid_that_lay_there(world: World):
    a = world.a_body()
    sourcing = world.publish(world.a_project())
    kept = world.bid(sourcing, a, world.sealed(sourcing, a, 170_000))
    late = world.sealed(sourcing, a, 1)
    closed(world, sourcing)
    for call in (
        lambda: world.bid(sourcing, a, late),
        lambda: world.call("withdraw_bid", body(a), sourcing_id=sourcing["id"]),
    ):
        with pytest.raises(Refusal, match="bids_closed"):
            call()
    mine = world.call("my_bid", body(a), sourcing_id=sourcing["id"])
    assert (mine["receipt"], mine["earlier"]) == (kept["receipt"], [])
    assert world.open(sourcing["id"])["bids"][0]["price_fen"] == 170_000


def test_a_single_bidder_is_judged_and_needs_the_points(world: World):
    a, project = world.a_body(), world.a_project()
    sourcing = world.publish(project)
    world.bid(sourcing, a, world.sealed(sourcing, a))
    closed(world, sourcing)
    world.open(sourcing["id"])
    world.draw(sourcing["id"])
    with pytest.raises(Refusal, match="no_ground"):
        world.call("fail_sourcing", OFFICER, sourcing_id=sourcing["id"], reason="只有一家")
    world.score(sourcing["id"], {a: 59})
    with pytest.raises(Refusal, match="nobody_left") as caught:
        world.call("name_candidate", OFFICER, sourcing_id=sourcing["id"])
    assert caught.value.facts == {"least": 60}
    failed = world.call("fail_sourcing", OFFICER, sourcing_id=sourcing["id"], reason="未达合格线")
    assert failed["ground"] == "nobody_left"
    assert awarded_alone(world, project, a)["attempt"] == 2


def test_a_winner_who_steps_back_is_followed_by_the_next(world: World):
    a, b, project = world.a_body(), world.a_body(), world.a_project()
    sourcing = world.publish(project)
    id = sourcing["id"]
    for ref, price in ((a, 170_000), (b, 160_000)):
        world.bid(sourcing, ref, world.sealed(sourcing, ref, price))
    closed(world, sourcing)
    world.open(id)
    world.score(id, {a: 90, b: 80})
    world.call("name_candidate", OFFICER, sourcing_id=id)
    awarded(world, id)
    made = world.call("file_class", body(a), **world.filing(project, world.now + 10 * DAY))
    with pytest.raises(Refusal, match="classes_filed"):
        world.call("withdraw_winner", body(a), sourcing_id=id, reason="师资变动")
    world.call("return_class", SUPERVISOR, class_id=made["id"], reason="机构退出")
    with pytest.raises(Refusal, match="not_awarded"):
        world.call("withdraw_winner", body(b), sourcing_id=id, reason="误操作")
    gone = world.call("withdraw_winner", body(a), sourcing_id=id, reason="师资变动")
    assert (gone["status"], gone["past_candidates"][0]["why"]) == ("scored", "withdrawn")
    with pytest.raises(Refusal, match="not_awarded"):
        world.call("file_class", body(a), **world.filing(project, world.now + 10 * DAY))
    assert world.call("name_candidate", OFFICER, sourcing_id=id)["candidate"]["provider_ref"] == b
    assert awarded(world, id)["candidate"]["price_fen"] == 160_000
    assert (
        world.call("file_class", body(b), **world.filing(project, world.now + 10 * DAY))["status"] == "filed"
    )
    told = [each["type"].rpartition(".")[2] for each in world.facts(id)]
    assert told[-4:] == ["awarded", "award_withdrawn", "candidate_named", "awarded"]


def test_a_candidate_whom_the_register_bars_is_passed_over(world: World):
    a, b = world.a_body(), world.a_body()
    sourcing = world.publish(world.a_project())
    for ref in (a, b):
        world.bid(sourcing, ref, world.sealed(sourcing, ref))
    closed(world, sourcing)
    world.open(sourcing["id"])
    world.score(sourcing["id"], {a: 90, b: 80})
    world.call("take_measure", SUPERVISOR, provider_ref=a, **SUSPENDED)
    named = world.call("name_candidate", OFFICER, sourcing_id=sourcing["id"])
    assert named["candidate"]["provider_ref"] == b
    assert [(each["provider_ref"], each["why"]) for each in named["past_candidates"]] == [(a, "barred")]


# selection


def test_a_selection_asks_for_three_bids_at_first_and_judges_the_price(world: World):
    refs = [world.a_body() for _ in range(3)]
    project = world.a_project(way="selection")
    priced = {
        "criteria": [
            {"id": "plan", "name": "方案", "weight": 40}, {"id": "staff", "name": "师资", "weight": 40},
            {"id": "p", "name": "报价", "weight": 20, "subject": "price"},
        ]
    }  # fmt: skip
    with pytest.raises(Refusal, match="price_criterion"):
        world.publish(project, fixed_price=True, **priced)
    first = world.publish(project, **priced)
    for ref in refs[:2]:
        world.bid(first, ref, world.sealed(first, ref))
    closed(world, first)
    with pytest.raises(Refusal, match="too_few_bids") as caught:
        world.open(first["id"])
    assert caught.value.facts == {"found": 2, "least": 3}
    failed = world.call("fail_sourcing", OFFICER, sourcing_id=first["id"], reason="不足三家")
    assert (failed["status"], failed["ground"], failed["bids"]) == ("failed", "too_few_bids", [])
    second = world.publish(project, **priced)
    assert (second["attempt"], second["way"]) == (2, "selection")
    for ref, price in zip(refs, (150_000, 160_000, 200_000), strict=True):
        world.bid(second, ref, world.sealed(second, ref, price))
    closed(world, second)
    world.open(second["id"])
    scored = world.score(second["id"], {refs[0]: 80, refs[1]: 81})
    points = {each["provider_ref"]: each["points"] for each in scored["bids"]}
    # 0.8 × 80 + 20, and 0.8 × 81 + 20 × 15/16
    assert points == {refs[0]: 8400, refs[1]: 8355, refs[2]: None}
    assert (
        world.call("name_candidate", OFFICER, sourcing_id=second["id"])["candidate"]["provider_ref"]
        == refs[0]
    )


def test_a_selection_without_a_bidder_fails_and_a_cancelled_one_is_no_attempt(world: World):
    project = world.a_project(way="selection")
    gone = world.publish(project)
    with pytest.raises(Refusal, match="out_of_order"):
        world.call("fail_sourcing", OFFICER, sourcing_id=gone["id"], reason="太早")
    assert (
        world.call("cancel_sourcing", OFFICER, sourcing_id=gone["id"], reason="项目调整")["status"]
        == "cancelled"
    )
    empty = world.publish(project)
    assert empty["attempt"] == 1
    closed(world, empty)
    failed = world.call("fail_sourcing", OFFICER, sourcing_id=empty["id"], reason="无人应榜")
    assert failed["ground"] == "no_bids"


# filing


def test_filings_are_examined_in_the_order_of_receipt(world: World):
    a, b, c = (world.a_body() for _ in range(3))
    project = world.a_project(way="filing")
    with pytest.raises(Refusal, match="filing_plain"):
        world.publish(project)
    sourcing = world.publish(project, **PLAIN)
    id = sourcing["id"]
    plan = {"sourcing_id": id, "price_fen": 180_000, **PLAN}
    with pytest.raises(Refusal, match="above_ceiling"):
        world.call("file_plan", body(a), **{**plan, "price_fen": 180_001})
    filed = {}
    for ref in (a, b, c):
        filed[ref] = world.call("file_plan", body(ref), **plan)["id"]
        world.wait_until(world.now + HOUR)
    # who files anew stands behind those who came meanwhile
    world.call("file_plan", body(a), **{**plan, "plan": "改期后的方案"})
    waiting = world.call("list_filings", OFFICER, sourcing_id=id)["items"]
    assert [each["provider_ref"] for each in waiting] == [b, c, a]
    assert world.call("get_sourcing", None, sourcing_id=id)["sealed_bids"] == 3
    world.call("withdraw_filing", body(c), sourcing_id=id)
    yes = {"sourcing_id": id, "accepted": True, "reason": "符合公告条件"}
    with pytest.raises(Refusal, match="earlier_filing") as caught:
        world.call("decide_filing", OFFICER, filing_id=filed[a], **yes)
    assert caught.value.facts == {"filing_id": filed[b]}
    no = {**yes, "accepted": False, "reason": "实训设备不足"}
    world.call("decide_filing", OFFICER, filing_id=filed[b], **no)
    mine = world.call("my_filing", body(b), sourcing_id=id)
    assert (mine["status"], mine["reason"]) == ("refused", "实训设备不足")
    with pytest.raises(Refusal, match="filing_decided"):
        world.call("file_plan", body(b), **plan)
    with pytest.raises(Refusal, match=r"region\.forbidden"):
        world.call("decide_filing", officer("catalogue_officer", region="370100"), filing_id=filed[a], **yes)
    named = world.call("decide_filing", OFFICER, filing_id=filed[a], **yes)
    assert (named["status"], named["candidate"]["provider_ref"]) == ("public_notice", a)
    assert awarded(world, id)["status"] == "awarded"
    assert contracted(world, id, a)["contract"]["confirmed_at"]
    assert (
        world.call("file_class", body(a), **world.filing(project, world.now + 10 * DAY))["status"] == "filed"
    )


def test_an_objection_to_a_filing_brings_up_the_next_one(world: World):
    a, b = world.a_body(), world.a_body()
    sourcing = world.publish(world.a_project(way="filing"), **PLAIN)
    id, plan = sourcing["id"], {"sourcing_id": sourcing["id"], "price_fen": 170_000, **PLAN}
    filed = {ref: world.call("file_plan", body(ref), **plan)["id"] for ref in (a, b)}
    yes = {"sourcing_id": id, "accepted": True, "reason": "符合"}
    world.call("decide_filing", OFFICER, filing_id=filed[a], **yes)
    objected = world.call("object", body(b), sourcing_id=id, reason="场地系借用")
    answer = {"objection_id": objected["objections"][0]["id"], "upheld": True, "answer": "属实"}
    assert world.call("answer_objection", SUPERVISOR, sourcing_id=id, **answer)["status"] == "questions"
    closed(world, sourcing)
    assert world.call("get_sourcing", None, sourcing_id=id)["status"] == "opened"
    with pytest.raises(Refusal, match="no_ground"):
        world.call("fail_sourcing", OFFICER, sourcing_id=id, reason="流标")
    world.call("decide_filing", OFFICER, filing_id=filed[b], **{**yes, "accepted": False})
    failed = world.call("fail_sourcing", OFFICER, sourcing_id=id, reason="均不符合")
    assert (failed["status"], failed["ground"]) == ("failed", "none_valid")


# tender


def test_a_tender_is_recorded_with_its_papers_and_confirmed_by_another(world: World):
    a, project = world.a_body(), world.a_project(way="tender")
    with pytest.raises(Refusal, match="project_not_open"):
        world.publish(project)
    good = tender(world, project, a)
    for changed, code in (
        ({"bidders": good["bidders"][:2]}, "tender_bidders"),
        ({"winner_ref": "nobody"}, "tender_winner"),
        ({"notice_until": world.now + DAY}, "tender_dates"),
        ({"opened_at": world.now - 21 * DAY}, "tender_dates"),
        ({"ceiling_fen": 200_001}, "ceiling"),
        ({"ceiling_fen": 169_999}, "above_ceiling"),
    ):
        with pytest.raises(Refusal, match=code):
            world.call("record_tender", OFFICER, **{**good, **changed})
    recorded = world.call("record_tender", OFFICER, **good)
    id = recorded["id"]
    assert (recorded["status"], recorded["tender"]["number"]) == ("candidate", "示招 2026-001")
    with pytest.raises(Refusal, match="project_sourced"):
        world.call("record_tender", OFFICER, **good)
    with pytest.raises(Refusal, match="papers_missing") as caught:
        world.call("confirm_tender", SUPERVISOR, sourcing_id=id)
    assert caught.value.facts == {"missing": "tender_notice, award_notice"}
    kept = [paper(world, id, kind) for kind in ("tender_notice", "award_notice")]
    read = world.call("get_paper", SUPERVISOR, sourcing_id=id, paper_id=kept[0]["id"])
    assert base64.b64decode(read["content"]).decode() == "tender_notice 示例"
    assert sha256(base64.b64decode(read["content"])).hexdigest() == read["sha256"] == kept[0]["sha256"]
    with pytest.raises(Refusal, match=r"region\.forbidden"):
        world.call("get_paper", body(world.a_body()), sourcing_id=id, paper_id=kept[0]["id"])
    done = world.call("confirm_tender", SUPERVISOR, sourcing_id=id)
    assert (done["status"], done["candidate"]["price_fen"]) == ("awarded", 170_000)
    assert world.facts(id)[-1]["data"]["provider_ref"] == a
    assert world.call("get_paper", body(a), sourcing_id=id, paper_id=kept[1]["id"])["kind"] == "award_notice"


def test_a_winner_of_a_tender_who_steps_back_ends_it(world: World):
    a, project = world.a_body(), world.a_project(way="tender")
    id = world.call("record_tender", OFFICER, **tender(world, project, a))["id"]
    for kind in ("tender_notice", "award_notice"):
        paper(world, id, kind)
    world.call("confirm_tender", SUPERVISOR, sourcing_id=id)
    gone = world.call("withdraw_winner", body(a), sourcing_id=id, reason="无法履约")
    assert (gone["status"], gone["ground"]) == ("failed", "winner_withdrew")
    # a later tender of the project needs one bidder only
    again = tender(world, project, a)
    again["bidders"] = again["bidders"][:1]
    assert world.call("record_tender", OFFICER, **again)["attempt"] == 2


def test_filings_at_once_are_all_counted(two: World):
    refs = [two.a_body() for _ in range(5)]
    sourcing = two.publish(two.a_project(way="filing"), **PLAIN)
    plan = {"sourcing_id": sourcing["id"], "price_fen": 170_000, **PLAN}
    answers = together(
        [lambda ref=ref: two.call("file_plan", body(ref), **plan) for _ in range(2) for ref in refs]
    )
    assert all(isinstance(each, dict) for each in answers), answers
    assert two.call("get_sourcing", None, sourcing_id=sourcing["id"])["sealed_bids"] == 5
    two.wait_until(two.now + timedelta(hours=1))
    assert len(two.call("list_filings", OFFICER, sourcing_id=sourcing["id"])["items"]) == 5
