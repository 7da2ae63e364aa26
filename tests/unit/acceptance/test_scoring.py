"""Panel, scores, ties: drawn again by anyone, conflicts excluded, arithmetic that can be followed."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.acceptance.domain import awarding, panel, scoring
from services.acceptance.domain.panel import Expert
from services.acceptance.domain.sourcing import Criterion, Mark
from tests.unit.acceptance.samples import (
    BIDS_UNTIL,
    HOUR,
    NOW,
    POOL,
    experts,
    opened,
    published,
    scored,
    sealed,
    submitted,
    with_bids,
    with_panel,
)
from tests.unit.acceptance.test_sourcing import refused

FULL = {"plan": 80, "teachers": 90}


def two_opened():
    return opened(*with_bids(a=150_000, b=160_000))


def test_a_draw_can_be_done_again_by_anyone_who_has_its_parts():
    sourcing, bids = two_opened()
    drawn, facts = panel.draw(sourcing, bids, experts(), "publisher", BIDS_UNTIL)
    seed = panel.seed_of("nonce", [bid.receipt for bid in reversed(bids)])
    assert drawn.draw.seed == seed
    assert tuple(each.account for each in drawn.draw.members) == panel.order_of(seed, POOL)[:3]
    assert facts[0] == ("acceptance.sourcing.panel_drawn", {"seed": seed, "pool": 6, "seats": 3})
    # the notice told the hash of the nonce before any receipt was there
    assert panel.commitment("nonce") != panel.commitment("another")
    refused("acceptance.already_drawn", panel.draw, drawn, bids, experts(), "publisher", BIDS_UNTIL)


@given(st.lists(st.sampled_from("abcdef"), unique=True, min_size=2), st.text(min_size=1, max_size=20))
def test_the_order_depends_on_seed_and_accounts_alone(accounts, seed):
    assert panel.order_of(seed, accounts) == panel.order_of(seed, sorted(accounts))


def test_another_bid_makes_another_draw():
    orders = set()
    for _ in range(20):
        sourcing, bids = opened(*with_bids(a=150_000))
        drawn, _ = panel.draw(sourcing, bids, experts(), "publisher", BIDS_UNTIL)
        orders.add(drawn.draw.order)
    assert len(orders) > 1


def test_who_published_opened_or_belongs_to_a_bidder_is_not_drawn():
    sourcing, bids = two_opened()
    tied = [
        Expert("publisher", "370600", (), "supervisor", NOW),
        Expert("opening-1", "370600", (), "supervisor", NOW),
        Expert("employee", "370600", ("b",), "supervisor", NOW),
        Expert("elsewhere", "370100", (), "supervisor", NOW),
        panel.remove(Expert("gone", "370600", (), "supervisor", NOW), "退休", NOW),
    ]
    drawn, _ = panel.draw(sourcing, bids, [*experts(), *tied], "another", BIDS_UNTIL)
    found = {each.account: each.why for each in drawn.draw.excluded}
    assert found == {"publisher": "own_work", "opening-1": "own_work", "employee": "body_bids"}
    assert set(drawn.draw.order) == set(POOL)
    refused("out_of_order", panel.remove, tied[-1], "再次", NOW)


def test_a_pool_that_leaves_no_choice_is_refused():
    sourcing, bids = two_opened()
    refusal = refused("acceptance.pool_short", panel.draw, sourcing, bids, experts()[:5], "by", BIDS_UNTIL)
    assert refusal.facts == {"found": 5, "least": 6}


def test_a_declared_conflict_brings_the_next_of_the_order():
    sourcing, bids = two_opened()
    drawn, _ = panel.draw(sourcing, bids, experts(), "publisher", BIDS_UNTIL)
    order = drawn.draw.order
    refused("acceptance.not_on_panel", panel.declare, drawn, order[3], None, BIDS_UNTIL)
    excused, facts = panel.declare(drawn, order[0], "配偶任职于应榜机构", BIDS_UNTIL)
    assert facts == [("acceptance.sourcing.member_excused", {"sitting": 3, "seats": 3})]
    assert [each.account for each in excused.draw.sitting()] == list(order[1:4])
    refused("acceptance.not_on_panel", panel.declare, excused, order[0], None, BIDS_UNTIL)
    one, facts = panel.declare(excused, order[1], None, BIDS_UNTIL)
    assert (facts, one.panel) == ([], (order[1],))
    refused("acceptance.already_declared", panel.declare, one, order[1], None, BIDS_UNTIL)
    # found out later, before scoring
    late, _ = panel.declare(one, order[1], "后来发现", BIDS_UNTIL)
    assert late.panel == ()


def test_a_member_who_stands_still_is_followed_by_the_next_of_the_order():
    sourcing, bids = two_opened()
    sourcing = with_panel(sourcing, bids)
    first, second, third = sourcing.panel
    for bid, member in ((bids[0], first), (bids[0], second), (bids[1], second)):
        sourcing, _ = scoring.score(sourcing, bids, bid.id, member, FULL, BIDS_UNTIL)
    why = ("失联", "supervisor", BIDS_UNTIL)
    refused("acceptance.own_work", panel.excuse, sourcing, bids, first, "失联", "publisher", BIDS_UNTIL)
    refused("acceptance.member_unknown", panel.excuse, sourcing, bids, "nobody", *why)
    # whoever has judged all bids is not put off for the marks
    refused("acceptance.member_judged", panel.excuse, sourcing, bids, second, *why)
    after, facts = panel.excuse(sourcing, bids, first, *why)
    assert facts == [("acceptance.sourcing.member_excused", {"sitting": 3, "seats": 3})]
    assert {mark.account for mark in after.marks} == {second}
    assert [each.account for each in after.draw.sitting()] == [second, third, after.draw.order[3]]
    gone = after.draw.members[0]
    assert (gone.excused_by, gone.excused_for) == ("supervisor", "失联")
    refused("acceptance.not_on_panel", scoring.score, after, bids, bids[1].id, first, FULL, BIDS_UNTIL)
    after, _ = panel.declare(after, after.draw.order[3], None, BIDS_UNTIL)
    for bid, member in ((bids[0], third), (bids[1], third), (bids[0], after.panel[2])):
        after, _ = scoring.score(after, bids, bid.id, member, FULL, BIDS_UNTIL)
    assert after.scored_at is None
    done, _ = scoring.score(after, bids, bids[1].id, after.panel[2], FULL, BIDS_UNTIL)
    assert [each.points for each in done.ranking] == [8400, 8400]
    refused("out_of_order", panel.excuse, done, bids, third, *why)


def test_nobody_scores_before_every_seat_is_free_of_conflicts():
    sourcing, bids = two_opened()
    drawn, _ = panel.draw(sourcing, bids, experts(), "publisher", BIDS_UNTIL)
    first = drawn.draw.members[0].account
    drawn, _ = panel.declare(drawn, first, None, BIDS_UNTIL)
    refused("acceptance.panel_short", scoring.score, drawn, bids, bids[0].id, first, FULL, BIDS_UNTIL)
    ready = with_panel(sourcing, bids)
    once, _ = scoring.score(ready, bids, bids[0].id, ready.panel[0], FULL, BIDS_UNTIL)
    refused("acceptance.already_scored", panel.declare, once, ready.panel[0], "太晚", BIDS_UNTIL)


def test_when_the_pool_runs_out_it_can_be_filled_up_and_drawn_on():
    sourcing, bids = two_opened()
    drawn, _ = panel.draw(sourcing, bids, experts(), "publisher", BIDS_UNTIL)
    for account in drawn.draw.order[:4]:
        drawn, _ = panel.declare(drawn, account, "回避", BIDS_UNTIL)
    assert len(drawn.draw.sitting()) == 2
    refused("acceptance.pool_short", panel.draw, drawn, bids, experts(), "publisher", BIDS_UNTIL)
    more = [*experts(), Expert("panel-7", "370600", (), "supervisor", NOW)]
    again, _ = panel.draw(drawn, bids, more, "publisher", BIDS_UNTIL)
    assert again.draw.seed == drawn.draw.seed
    assert again.draw.sitting()[-1].account == "panel-7"
    assert panel.is_short(drawn, bids, experts(), "publisher", BIDS_UNTIL)
    assert not panel.is_short(drawn, bids, more, "publisher", BIDS_UNTIL)
    assert awarding.ground_of(drawn, awarding.Findings(2, pool_short=True), BIDS_UNTIL) == "no_panel"


def test_the_panel_scores_once_each_and_the_order_of_merit_follows():
    sourcing, bids = two_opened()
    sourcing = with_panel(sourcing, bids)
    member = sourcing.panel[0]
    refused(
        "acceptance.not_on_panel", scoring.score, sourcing, bids, bids[0].id, "publisher", FULL, BIDS_UNTIL
    )
    refused("acceptance.bid_unknown", scoring.score, sourcing, bids, "x", member, FULL, BIDS_UNTIL)
    for partial in ({"plan": 80}, {**FULL, "more": 1}):
        refused(
            "acceptance.scores_incomplete",
            scoring.score, sourcing, bids, bids[0].id, member, partial, BIDS_UNTIL,
        )  # fmt: skip
    once, facts = scoring.score(sourcing, bids, bids[0].id, member, FULL, BIDS_UNTIL)
    assert (facts, once.marks[0].hundredths) == ([], 60 * 80 + 40 * 90)
    refused("acceptance.already_scored", scoring.score, once, bids, bids[0].id, member, FULL, BIDS_UNTIL)
    done = scored(sourcing, bids, {"a": 70, "b": 75})
    assert [(each.provider_ref, each.points) for each in done.ranking] == [("b", 7500), ("a", 7000)]


def test_a_tie_goes_to_the_lower_price_then_to_the_earlier_receipt():
    sourcing, bids = opened(*with_bids(a=170_000, b=160_000, c=160_000))
    ranking = scored(sourcing, bids, {"a": 80, "b": 80, "c": 80}).ranking
    assert [(each.provider_ref, each.tie) for each in ranking] == [
        ("b", "receipt"),
        ("c", "price"),
        ("a", None),
    ]


def test_at_a_fixed_price_a_tie_goes_to_the_heaviest_criterion():
    sourcing, bids = published(fixed_price=True), []
    for place, (ref, price) in enumerate({"a": 180_000, "b": 180_000, "c": 170_000}.items()):
        sourcing, bid = submitted(sourcing, ref, sealed(sourcing, ref, price), NOW + place * HOUR)
        bids.append(bid)
    sourcing, bids = opened(sourcing, bids)
    assert [bid.excluded for bid in bids] == [None, None, "not_fixed_price"]
    sourcing = with_panel(sourcing, bids)
    for member in sourcing.panel:
        # 60×70 + 40×90 = 60×80 + 40×75 = 7800
        for bid, points in zip(
            bids, ({"plan": 70, "teachers": 90}, {"plan": 80, "teachers": 75}), strict=False
        ):
            sourcing, _ = scoring.score(sourcing, bids, bid.id, member, points, BIDS_UNTIL)
    assert [(each.provider_ref, each.points, each.tie) for each in sourcing.ranking] == [
        ("b", 7800, "criterion"), ("a", 7800, None),
    ]  # fmt: skip


def test_rounding_shows_points_but_decides_nothing():
    sourcing, bids = opened(*with_bids(a=100, b=200))
    sourcing = with_panel(sourcing, bids)
    for bid, last in zip(bids, (80, 81), strict=True):
        for member, points in zip(sourcing.panel, (80, 80, last), strict=True):
            given_points = {"plan": 80, "teachers": points}
            sourcing, _ = scoring.score(sourcing, bids, bid.id, member, given_points, BIDS_UNTIL)
    assert [(each.provider_ref, each.points) for each in sourcing.ranking] == [("b", 8013), ("a", 8000)]
    assert {each.tie for each in sourcing.ranking} == {None}


def test_the_pass_mark_is_compared_with_what_is_not_rounded():
    sourcing, bids = opened(*with_bids(a=100))
    sourcing = replace(with_panel(sourcing, bids), rules=replace(sourcing.rules, pass_points=60))
    marks = [Mark(bids[0].id, member, 6000) for member in sourcing.panel]
    for last, passes in ((5999, False), (6000, True)):
        given_marks = (*marks[:-1], replace(marks[-1], hundredths=last))
        judged = replace(sourcing, marks=given_marks)
        done = replace(judged, ranking=scoring.rank(judged, bids), scored_at=BIDS_UNTIL)
        assert done.ranking[0].points == 6000
        assert bool(awarding.still_in(done)) is passes


@pytest.mark.parametrize(("least", "passes"), [(66, True), (67, False)])
def test_the_price_counts_exactly_for_the_pass_mark(least, passes):
    # 0.8 × 75 + 20 × 1/3 = 66.67
    sourcing, bids = opened(*with_bids(a=1, b=3))
    sourcing = replace(sourcing, notice=replace(sourcing.notice, criteria=PRICED))
    done = scored(sourcing, bids, {"a": 75, "b": 75})
    assert [each.points for each in done.ranking] == [8000, 6667]
    assert scoring.reaches(done, done.ranking[1], least) is passes


PRICED = (
    Criterion("plan", "方案", 60),
    Criterion("teachers", "师资", 20),
    Criterion("p", "报价", 20, "price"),
)


@pytest.mark.parametrize(
    ("price", "lowest", "due"),
    [(150_000, 150_000, 2000), (160_000, 150_000, 1875), (3, 1, 667), (0, 0, 2000)],
)
def test_the_price_is_reckoned_against_the_lowest(price, lowest, due):
    sourcing = published()
    sourcing = replace(sourcing, notice=replace(sourcing.notice, criteria=PRICED))
    assert scoring.price_hundredths(sourcing, price, lowest) == due


def test_the_arithmetic_is_written_out():
    sourcing, bids = two_opened()
    sourcing = replace(sourcing, notice=replace(sourcing.notice, criteria=PRICED))
    done = scored(sourcing, bids, {"a": 70, "b": 75})
    assert [(each.provider_ref, each.points) for each in done.ranking] == [("b", 7875), ("a", 7600)]
    line = "60%×75 + 20%×75 = 60.00"
    assert scoring.arithmetic(done, done.ranking[0], 150_000) == (
        f"[{line}; {line}; {line}] ÷ 3 + 20%×100×150000/160000 (= 18.75) = 78.75"
    )
