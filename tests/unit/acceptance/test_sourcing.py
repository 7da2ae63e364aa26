"""Notice, candidate, objection, award: status by facts and time, order, refusals."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from contracts.vocabularies.errors import Refusal
from services.acceptance.domain import awarding
from services.acceptance.domain import sourcing as rules
from services.acceptance.domain.sourcing import Answer, Criterion
from tests.unit.acceptance.samples import (
    BIDS_UNTIL,
    DAY,
    NOW,
    OUTER,
    PROJECT,
    notice,
    opened,
    published,
    scored,
    with_bids,
)


def refused(code, call, *args, **kwargs):
    with pytest.raises(Refusal) as caught:
        call(*args, **kwargs)
    assert caught.value.code == code
    return caught.value


def test_a_published_notice_tells_its_fact_and_moves_on_with_time():
    sourcing, facts = rules.publish("s", PROJECT, notice(), "publisher", NOW)
    assert [type for type, _ in facts] == ["acceptance.sourcing.notice_published"]
    moments = (NOW, NOW + 5 * DAY, BIDS_UNTIL - timedelta(milliseconds=1), BIDS_UNTIL)
    assert [sourcing.status(each) for each in moments] == ["questions", "bidding", "bidding", "sealed"]


SAME_KEY = (notice().keys[0], replace(notice().keys[1], public_key=OUTER.public_key))
SAME_OFFICER = (notice().keys[0], replace(notice().keys[1], officer="opening-1"))


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"questions_until": NOW}, "acceptance.notice_dates", "questions_until"),
        ({"bids_until": NOW + DAY}, "acceptance.notice_dates", "questions_until"),
        ({"criteria": (Criterion("a", "方案", 99),)}, "acceptance.weights", "criteria"),
        (
            {"criteria": (Criterion("a", "甲", 50), Criterion("a", "乙", 50))},
            "acceptance.weights",
            "criteria",
        ),
        ({"keys": SAME_KEY}, "acceptance.opening_officers", "opening_officers"),
        ({"keys": SAME_OFFICER}, "acceptance.opening_officers", "opening_officers"),
        ({"panel_seats": 1}, "acceptance.panel", "panel_seats"),
        ({"panel_seats": 4}, "acceptance.panel", "panel_seats"),
        ({"criteria": (Criterion("a", "价", 100, "price"),)}, "acceptance.price_criterion", "criteria"),
        ({"ceiling_fen": 200_001}, "acceptance.ceiling", "ceiling_fen"),
    ],
)
def test_a_notice_that_does_not_hold_is_refused_at_its_field(changed, code, field):
    assert refused(code, published, **changed).field == field


@pytest.mark.parametrize("changed", [{"status": "draft"}, {"status": "awarded"}, {"sourcing_way": "tender"}])
def test_only_a_project_listed_for_a_challenge_is_published(changed):
    project = replace(PROJECT, **changed)
    refused("acceptance.project_not_open", rules.publish, "s", project, notice(), "publisher", NOW)


def with_candidate(now=BIDS_UNTIL, **points):
    sourcing, bids = opened(*with_bids(a=150_000, b=160_000))
    sourcing = scored(sourcing, bids, points or {"a": 80, "b": 90})
    return awarding.name_candidate(sourcing, "publisher", now, estimates=False)[0]


def test_the_first_of_the_ranking_goes_to_notice_until_the_fifth_working_day_is_over():
    # Thursday 2026-09-24: Friday to Sunday off, three days of work, 1 to 7 October off, then the 8th and 9th
    candidate = with_candidate(datetime(2026, 9, 24, 2, tzinfo=UTC)).candidate
    assert candidate.provider_ref == "b"
    assert candidate.notice_until == datetime(2026, 10, 9, 16, tzinfo=UTC)


def test_a_notice_past_the_published_calendar_is_refused_unless_estimates_are_allowed():
    sourcing, bids = opened(*with_bids(a=1))
    sourcing = scored(sourcing, bids, {"a": 50})
    late = datetime(2026, 12, 30, tzinfo=UTC)
    refusal = refused(
        "acceptance.calendar_ends", awarding.name_candidate, sourcing, "publisher", late, estimates=False
    )
    assert refusal.facts == {"year": 2027}
    assert awarding.name_candidate(sourcing, "publisher", late, estimates=True)[0].candidate


def test_an_award_waits_for_the_end_of_the_notice():
    sourcing = with_candidate()
    until = sourcing.candidate.notice_until
    refused(
        "acceptance.notice_running", awarding.award, sourcing, "publisher", until - timedelta(milliseconds=1)
    )
    awarded, facts = awarding.award(sourcing, "publisher", until)
    assert awarded.status(until) == "awarded"
    assert facts[0][1]["provider_ref"] == "b"
    assert facts[0][1]["price_fen"] == 160_000
    refused("out_of_order", awarding.award, awarded, "publisher", until)
    refused("out_of_order", awarding.fail, awarded, awarding.Findings(), "late", until)


def test_an_objection_holds_the_award_until_it_is_answered():
    sourcing, facts = awarding.raise_objection(with_candidate(), "o", "a", "资质不符", BIDS_UNTIL)
    assert facts[0][0] == "acceptance.sourcing.objection_raised"
    until = sourcing.candidate.notice_until
    refused("acceptance.objection_open", awarding.award, sourcing, "publisher", until)
    answered, _ = awarding.answer_objection(sourcing, "o", Answer(False, "资质相符", "supervisor", until))
    assert awarding.award(answered, "publisher", until)[0].awarded_at == until


def test_an_upheld_objection_strikes_the_candidate_and_the_next_one_follows():
    sourcing, _ = awarding.raise_objection(with_candidate(), "o", "a", "资质不符", BIDS_UNTIL)
    sourcing, _ = awarding.raise_objection(sourcing, "p", "c", "另一异议", BIDS_UNTIL)
    sourcing, _ = awarding.answer_objection(sourcing, "o", Answer(True, "属实", "supervisor", BIDS_UNTIL))
    assert sourcing.status(BIDS_UNTIL) == "scored"
    assert not sourcing.open_objections()
    sourcing, _ = awarding.name_candidate(sourcing, "publisher", BIDS_UNTIL, estimates=False)
    assert sourcing.candidate.provider_ref == "a"
    sourcing, _ = awarding.raise_objection(sourcing, "q", "b", "不服", BIDS_UNTIL)
    sourcing, _ = awarding.answer_objection(sourcing, "q", Answer(True, "属实", "supervisor", BIDS_UNTIL))
    refused(
        "acceptance.nobody_left", awarding.name_candidate, sourcing, "publisher", BIDS_UNTIL, estimates=False
    )


def test_objections_come_in_time_and_are_answered_by_another_hand():
    sourcing = with_candidate()
    until = sourcing.candidate.notice_until
    refused("acceptance.objection_late", awarding.raise_objection, sourcing, "o", "a", "晚", until)
    objected, _ = awarding.raise_objection(sourcing, "o", "a", "资质不符", BIDS_UNTIL)
    refused("acceptance.objection_open", awarding.raise_objection, objected, "p", "a", "再提", BIDS_UNTIL)
    own = Answer(False, "我看没事", "publisher", until)
    refused("acceptance.own_work", awarding.answer_objection, objected, "o", own)
    refused("not_found", awarding.answer_objection, objected, "x", replace(own, by="supervisor"))


def test_steps_out_of_order_are_refused():
    fresh = published()
    refused("out_of_order", awarding.name_candidate, fresh, "publisher", NOW, estimates=False)
    refused("out_of_order", awarding.award, fresh, "publisher", NOW)
    refused("out_of_order", awarding.raise_objection, fresh, "o", "a", "早", NOW)
    refused("out_of_order", awarding.fail, fresh, awarding.Findings(), "太早", NOW)
    failed, facts = awarding.fail(fresh, awarding.Findings(), "无人应榜", BIDS_UNTIL)
    assert failed.status(BIDS_UNTIL) == "failed"
    data = {"project_id": "project", "reason": "无人应榜", "ground": "no_bids"}
    assert facts == [("acceptance.sourcing.failed", data)]
