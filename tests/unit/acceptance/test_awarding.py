"""Questions, deadlines, withdrawal, failure, contract: who may when; ends of months and years."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from contracts.vocabularies.statuses import FAILURE_GROUNDS
from services.acceptance.domain import awarding, panel, questions, tenders
from services.acceptance.domain.awarding import Findings
from services.acceptance.domain.bids import contents_for
from services.acceptance.domain.records import Bidder, Paper, Rules, Tender
from services.acceptance.domain.sourcing import Answer
from tests.unit.acceptance.samples import (
    BIDS_UNTIL,
    DAY,
    HOUR,
    NOW,
    PROJECT,
    experts,
    notice,
    opened,
    provider,
    published,
    scored,
    with_bids,
)
from tests.unit.acceptance.test_sourcing import refused, with_candidate

MOMENT = timedelta(milliseconds=1)
PAPER = Paper("paper", "contract", "合同", "ab" * 32, 9, "publisher", NOW)


def awarded():
    sourcing = with_candidate()
    return awarding.award(sourcing, "publisher", sourcing.candidate.notice_until)[0]


def with_contract(sourcing):
    day = date(2026, 3, 23)
    sourcing = replace(sourcing, papers=(PAPER,), awarded_at=datetime(2026, 3, 20, tzinfo=UTC))
    days = (day, day, date(2026, 12, 31))
    return awarding.record_contract(
        sourcing, "示-1", days, "paper", "publisher", datetime(2026, 3, 24, tzinfo=UTC)
    )[0]


def test_a_question_is_answered_to_all_and_nobody_is_told_who_asked():
    sourcing, facts = questions.ask(published(), "q", "provider-a", "能否分两期？", NOW)
    assert facts == [("acceptance.sourcing.question_asked", {"question_id": "q"})]
    answered, facts = questions.answer(sourcing, "q", "可以", "publisher", NOW + HOUR)
    assert facts[0][1] == {"question_id": "q", "question": "能否分两期？", "answer": "可以"}
    refused("acceptance.already_answered", questions.answer, answered, "q", "不可以", "publisher", NOW)
    refused("not_found", questions.answer, sourcing, "x", "可以", "publisher", NOW)
    until = sourcing.notice.questions_until
    assert questions.ask(sourcing, "r", "a", "问", until - MOMENT)
    refused("acceptance.questions_closed", questions.ask, sourcing, "r", "a", "问", until)
    refused("out_of_order", questions.answer, sourcing, "q", "可以", "publisher", BIDS_UNTIL)
    many = replace(sourcing, questions=sourcing.questions * questions.MOST_QUESTIONS)
    refused("acceptance.questions_full", questions.ask, many, "r", "a", "问", NOW)


def test_a_deadline_moves_back_only_and_before_it_has_come():
    sourcing = published()
    later, _ = questions.postpone(sourcing, BIDS_UNTIL + DAY, "系统维护", "publisher", BIDS_UNTIL - MOMENT)
    assert (later.status(BIDS_UNTIL), later.status(BIDS_UNTIL + DAY)) == ("bidding", "sealed")
    assert later.postponements[0].before == BIDS_UNTIL
    for until in (BIDS_UNTIL, NOW):
        refused("acceptance.not_later", questions.postpone, sourcing, until, "提前", "publisher", NOW)
    refused("out_of_order", questions.postpone, sourcing, BIDS_UNTIL + DAY, "晚了", "publisher", BIDS_UNTIL)


def test_a_candidate_who_steps_back_is_followed_by_the_next():
    sourcing = with_candidate()
    refused("acceptance.not_awarded", awarding.withdraw_winner, sourcing, "a", "退出", BIDS_UNTIL)
    objected, _ = awarding.raise_objection(sourcing, "o", "a", "资质不符", BIDS_UNTIL)
    after, facts = awarding.withdraw_winner(objected, "b", "师资变动", BIDS_UNTIL)
    assert facts[0][0] == "acceptance.sourcing.candidate_withdrawn"
    assert (after.status(BIDS_UNTIL), after.open_objections()) == ("scored", ())
    assert (after.past[0].provider_ref, after.past[0].why) == ("b", "withdrawn")
    named, _ = awarding.name_candidate(after, "publisher", BIDS_UNTIL, estimates=False)
    assert named.candidate.provider_ref == "a"


def test_a_winner_may_step_back_until_the_contract_is_concluded():
    won = awarded()
    after, facts = awarding.withdraw_winner(won, "b", "师资变动", won.awarded_at)
    assert [type for type, _ in facts] == ["acceptance.sourcing.award_withdrawn"]
    assert (after.status(won.awarded_at), after.past[0].awarded_at) == ("scored", won.awarded_at)
    agreed = with_contract(won)
    assert awarding.withdraw_winner(agreed, "b", "退出", BIDS_UNTIL + 30 * DAY)
    concluded, _ = awarding.confirm_contract(agreed, "b", "account-b", agreed.awarded_at)
    refused("acceptance.contract_concluded", awarding.withdraw_winner, concluded, "b", "退出", BIDS_UNTIL)


def test_a_supervisor_takes_an_award_back_from_a_winner_who_does_not_go_on():
    won = awarded()
    assert won.candidate.named_by == won.awarded_by == "publisher"
    refused("acceptance.own_work", awarding.revoke_award, won, "publisher", "不签合同", won.awarded_at)
    other = replace(won, awarded_by="officer")
    refused("acceptance.own_work", awarding.revoke_award, other, "officer", "不签合同", won.awarded_at)
    refused("out_of_order", awarding.revoke_award, with_candidate(), "supervisor", "不签合同", BIDS_UNTIL)
    agreed = with_contract(won)
    after, facts = awarding.revoke_award(agreed, "supervisor", "不签合同", agreed.awarded_at)
    told = {"project_id": "project", "provider_ref": "b", "reason": "不签合同"}
    assert facts == [("acceptance.sourcing.award_withdrawn", told)]
    assert (after.status(BIDS_UNTIL), after.past[0].why, after.contract) == ("scored", "revoked", None)
    assert awarding.name_candidate(after, "publisher", BIDS_UNTIL, estimates=False)[0].candidate
    concluded, _ = awarding.confirm_contract(agreed, "b", "account-b", agreed.awarded_at)
    refused(
        "acceptance.contract_concluded", awarding.revoke_award, concluded, "supervisor", "晚了", BIDS_UNTIL
    )


def test_when_all_have_gone_the_process_fails_for_that():
    sourcing = with_candidate()
    refused("out_of_order", awarding.fail, sourcing, Findings(2), "流标", BIDS_UNTIL)
    sourcing, _ = awarding.withdraw_winner(sourcing, "b", "退出", BIDS_UNTIL)
    refused("acceptance.no_ground", awarding.fail, sourcing, Findings(2), "流标", BIDS_UNTIL)
    sourcing, _ = awarding.name_candidate(sourcing, "publisher", BIDS_UNTIL, estimates=False)
    sourcing, _ = awarding.withdraw_winner(sourcing, "a", "退出", BIDS_UNTIL)
    failed, _ = awarding.fail(sourcing, Findings(2), "均已退出", BIDS_UNTIL)
    assert (failed.ground, failed.status(BIDS_UNTIL)) == ("nobody_left", "failed")


def test_a_bid_below_the_pass_points_is_no_candidate():
    sourcing, bids = opened(*with_bids(a=150_000))
    done = scored(sourcing, bids, {"a": 39})
    refused("acceptance.nobody_left", awarding.name_candidate, done, "publisher", BIDS_UNTIL, estimates=False)
    assert awarding.fail(done, Findings(1), "不合格", BIDS_UNTIL)[0].ground == "nobody_left"
    at = scored(sourcing, bids, {"a": 40})
    assert awarding.name_candidate(at, "publisher", BIDS_UNTIL, estimates=False)[0].candidate


@pytest.mark.parametrize(
    ("attempt", "prices", "ground"),
    [
        (1, {"a": 1, "b": 2}, "too_few_bids"),
        (2, {"a": 1}, None),
        (1, {}, "no_bids"),
        (2, {}, "no_bids"),
    ],
)
def test_too_few_bids_fail_the_first_time_and_do_the_second(attempt, prices, ground):
    sourcing, _ = with_bids(**prices)
    sourcing = replace(sourcing, attempt=attempt, rules=Rules(bids=3, bids_again=1))
    assert awarding.ground_of(sourcing, Findings(), BIDS_UNTIL) == ground


def test_bids_lie_shut_for_days_or_a_key_is_lost_before_that_is_a_ground():
    sourcing, _ = with_bids(a=1)
    late = BIDS_UNTIL + sourcing.rules.working_days * DAY
    assert awarding.ground_of(sourcing, Findings(), late - MOMENT) is None
    assert awarding.ground_of(sourcing, Findings(), late) == "not_opened"
    assert awarding.ground_of(sourcing, Findings(key_retired=True), BIDS_UNTIL) == "not_opened"


def test_a_panel_that_was_not_drawn_yet_is_no_ground():
    sourcing, bids = opened(*with_bids(a=1))
    pool = experts()
    assert not panel.is_short(sourcing, bids, pool, "publisher", BIDS_UNTIL)
    refused("acceptance.no_ground", awarding.fail, sourcing, Findings(1), "无评审组", BIDS_UNTIL)
    assert panel.is_short(sourcing, bids, pool[:5], "publisher", BIDS_UNTIL)
    short = Findings(1, pool_short=True)
    assert awarding.fail(sourcing, short, "无评审组", BIDS_UNTIL)[0].ground == "no_panel"


@pytest.mark.parametrize("ground", sorted(FAILURE_GROUNDS))
def test_only_what_shows_few_bidders_makes_the_next_notice_a_later_attempt(ground):
    failed = replace(published(), failed_at=NOW, ground=ground)
    cancelled = replace(published(), cancelled_at=NOW)
    due = 1 if ground in ("not_opened", "no_panel", "award_revoked") else 2
    assert awarding.attempt_after([failed, cancelled]) == due


def test_bids_that_are_too_few_stay_shut():
    sourcing, bids = with_bids(a=1, b=2)
    few = replace(sourcing, rules=Rules(bids=3))
    refusal = refused("acceptance.too_few_bids", opened, few, bids)
    assert refusal.facts == {"found": 2, "least": 3}
    assert opened(replace(few, attempt=2, rules=Rules(bids=3, bids_again=2)), bids)[0].opened_at


def test_when_every_bid_is_excluded_there_is_a_ground():
    sourcing, bids = opened(*with_bids(a=180_001))
    assert bids[0].excluded == "above_ceiling"
    assert awarding.ground_of(sourcing, Findings(), BIDS_UNTIL) == "none_valid"


@pytest.mark.parametrize("ended", ["cancelled_at", "failed_at"])
def test_bids_of_a_process_that_ended_are_handed_to_nobody(ended):
    sourcing, bids = with_bids(a=1)
    assert contents_for(sourcing, bids, "opening-1", BIDS_UNTIL)
    gone = replace(sourcing, **{ended: BIDS_UNTIL})
    for officer in ("opening-1", "opening-2"):
        refused("out_of_order", contents_for, gone, bids, officer, BIDS_UNTIL)


def test_a_contract_of_a_tender_may_be_older_than_its_record_here():
    day = datetime(2026, 3, 10, 4, tzinfo=UTC)
    bidder = Bidder("示例甲", 160_000, "b")
    held = Tender("示例平台", "示-1", "open", NOW, NOW, day, (bidder,), "b", "publisher", day)
    recorded = datetime(2026, 3, 20, tzinfo=UTC)
    sourcing = replace(awarded(), papers=(PAPER,), awarded_at=recorded, tender=held)
    for signed, holds in ((date(2026, 3, 9), False), (date(2026, 3, 10), True)):
        call = (sourcing, "示-1", (signed, signed, date(2026, 12, 31)), "paper", "publisher", recorded)
        if holds:
            assert awarding.record_contract(*call)[0].contract
        else:
            refused("acceptance.contract_dates", awarding.record_contract, *call)


def test_bidders_of_a_tender_are_different_bodies():
    twice = (Bidder("示例甲", 160_000, "b"), Bidder("示例乙", 170_000, "b"))
    held = Tender("示例平台", "示-1", "open", NOW, NOW, NOW, twice, "b", "publisher", NOW + DAY)
    project, early = replace(PROJECT, sourcing_way="tender"), replace(notice(), bids_until=NOW)
    call = ("s", project, early, replace(held, published_at=NOW - DAY))
    refused("acceptance.tender_bidders", tenders.record, *call, provider("b"), Rules(), 1)
    other = replace(call[3], bidders=(twice[0], replace(twice[1], provider_ref=None)))
    assert tenders.record(*call[:3], other, provider("b"), Rules(), 1)[0].tender


def test_a_process_is_cancelled_at_any_time_before_its_award():
    for sourcing in (published(), with_candidate()):
        gone, facts = awarding.cancel(sourcing, "项目调整", BIDS_UNTIL)
        assert (gone.status(BIDS_UNTIL), gone.failure) == ("cancelled", "项目调整")
        assert facts[0][0] == "acceptance.sourcing.cancelled"
        refused("out_of_order", awarding.cancel, gone, "再次", BIDS_UNTIL)
    refused("out_of_order", awarding.cancel, awarded(), "晚了", BIDS_UNTIL)


@pytest.mark.parametrize(
    ("days", "paper"),
    [
        ((date(2026, 3, 19), date(2026, 4, 1), date(2026, 4, 2)), "paper"),
        ((date(2026, 3, 25), date(2026, 4, 1), date(2026, 4, 2)), "paper"),
        ((date(2026, 3, 23), date(2026, 3, 22), date(2026, 4, 2)), "paper"),
        ((date(2026, 3, 23), date(2026, 4, 2), date(2026, 4, 1)), "paper"),
        ((date(2026, 3, 23), date(2026, 4, 1), date(2026, 4, 2)), "another"),
    ],
)
def test_a_contract_has_its_paper_and_its_dates_in_order(days, paper):
    sourcing = replace(awarded(), papers=(PAPER,), awarded_at=datetime(2026, 3, 20, tzinfo=UTC))
    code = "acceptance.paper_unknown" if paper == "another" else "acceptance.contract_dates"
    now = datetime(2026, 3, 24, tzinfo=UTC)
    refused(code, awarding.record_contract, sourcing, "示-1", days, paper, "publisher", now)


def test_a_contract_is_concluded_when_the_winner_confirms_it():
    agreed = with_contract(awarded())
    assert agreed.contract.value_fen == 160_000 * 40
    refused("acceptance.not_awarded", awarding.confirm_contract, agreed, "a", "account-a", agreed.awarded_at)
    done, facts = awarding.confirm_contract(agreed, "b", "account-b", agreed.awarded_at)
    assert facts[0][1]["number"] == "示-1"
    refused("acceptance.contract_concluded", awarding.confirm_contract, done, "b", "x", agreed.awarded_at)
    refused("out_of_order", awarding.confirm_contract, awarded(), "b", "x", agreed.awarded_at)


@pytest.mark.parametrize(
    ("named_at", "days", "until"),
    [
        # Friday 30 January 2026 in Shanghai, half an hour before midnight
        (datetime(2026, 1, 30, 15, 30, tzinfo=UTC), 5, datetime(2026, 2, 6, 16, tzinfo=UTC)),
        # half an hour later it is Saturday
        (datetime(2026, 1, 30, 16, 30, tzinfo=UTC), 5, datetime(2026, 2, 6, 16, tzinfo=UTC)),
        # Wednesday 31 December 2025 → 1 to 3 January off, Sunday the 4th is worked, the 8th is the fifth day
        (datetime(2025, 12, 31, 2, tzinfo=UTC), 5, datetime(2026, 1, 8, 16, tzinfo=UTC)),
        # 24:00 in Shanghai is the next day already
        (datetime(2025, 12, 31, 16, tzinfo=UTC), 5, datetime(2026, 1, 8, 16, tzinfo=UTC)),
        (datetime(2026, 2, 27, 2, tzinfo=UTC), 1, datetime(2026, 2, 28, 16, tzinfo=UTC)),
    ],
)
def test_notices_across_ends_of_months_and_years(named_at, days, until):
    assert awarding.notice_end(named_at, days, estimates=False) == until


def test_an_answer_at_the_very_end_of_the_notice_is_no_objection():
    sourcing = with_candidate()
    until = sourcing.candidate.notice_until
    assert awarding.raise_objection(sourcing, "o", "a", "资质不符", until - MOMENT)
    refused("acceptance.objection_late", awarding.raise_objection, sourcing, "o", "a", "晚", until)
    moot = Answer(True, "属实", "supervisor", until)
    refused("not_found", awarding.answer_objection, sourcing, "o", moot)
