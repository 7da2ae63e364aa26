"""The way of a claim: each step in its turn, by its own officer, never twice the same person."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from contracts.vocabularies.errors import Refusal
from services.settlement.domain import claims, review
from services.settlement.domain.claims import Claim, Subject
from services.settlement.domain.evidence import compute
from services.settlement.domain.review import (
    STEPS,
    check_hand,
    duty_of,
    publish_notice,
    request_funds,
    resume,
    take,
)
from tests.unit.settlement.cases import NOW, advance_facts, balance_facts, refs, rules

PATH = (
    "accept",
    "first_review",
    "second_review",
    "publish_notice",
    "request_funds",
    "finance_review",
    "order",
)
SUBJECT = Subject(
    "project_advance", "project1", None, "body1", "演示培训学校", "370611", "employment_subsidy"
)


def claim() -> Claim:
    return claims.new_claim(
        "claim1", SUBJECT, compute(advance_facts(refs(2)), rules()), "provider", "申请", NOW
    )


def walked(steps: tuple[str, ...]) -> Claim:
    after = claim()
    for name in steps:
        after = take(after, name, f"officer-{name}", "理由", NOW)
    return after


def test_the_straight_way() -> None:
    after = walked(PATH)
    assert after.status == "ordered"
    assert [step.step for step in after.steps] == ["submit", *PATH]
    assert [step.duty for step in after.steps] == [
        "claimant", "first_review", "first_review", "second_review", "second_review", "second_review",
        "finance", "payment",
    ]  # fmt: skip


@pytest.mark.parametrize("done", range(len(PATH) + 1))
def test_no_other_step_is_possible_in_its_place(done: int) -> None:
    after = walked(PATH[:done])
    for name in PATH:
        if name == (PATH[done] if done < len(PATH) else None):
            continue
        with pytest.raises(Refusal) as refused:
            take(after, name, "officer", "理由", NOW)
        assert refused.value.code == "out_of_order"


@pytest.mark.parametrize("end", ["refuse", "withdraw"])
@pytest.mark.parametrize("done", range(len(PATH)))
def test_a_claim_can_end_until_it_is_ordered_and_then_stays(end: str, done: int) -> None:
    after = take(walked(PATH[:done]), end, "somebody", "理由", NOW)
    for name in STEPS:
        with pytest.raises(Refusal, match="out_of_order"):
            take(after, name, "officer", "理由", NOW)


@pytest.mark.parametrize("name", sorted(STEPS))
def test_an_ordered_claim_takes_no_step(name: str) -> None:
    with pytest.raises(Refusal, match="out_of_order"):
        take(walked(PATH), name, "officer", "理由", NOW)


@pytest.mark.parametrize("done", range(len(PATH)))
def test_a_suspended_claim_resumes_where_it_stood(done: int) -> None:
    before = walked(PATH[:done])
    suspended = take(before, "suspend", "supervisor", "举报", NOW)
    with pytest.raises(Refusal, match="out_of_order"):
        take(suspended, "withdraw", "provider", "理由", NOW)
    assert duty_of(STEPS["refuse"], suspended) == review.SUPERVISION
    assert take(suspended, "resume", "supervisor", "查无此事", NOW).status == before.status


def test_a_claim_sent_back_is_computed_again() -> None:
    back = take(walked(PATH[:3]), "send_back", "officer", "补材料", NOW)
    again = claims.recomputed(
        take(back, "resubmit", "provider", "已补", NOW), compute(advance_facts(refs(3)), rules())
    )
    assert (again.status, again.attempt, again.people) == ("computed", 2, 3)


def test_the_notice_lasts_five_working_days_and_holds_the_funds() -> None:
    # Saturday 14 February 2026 is a make-up day, the spring festival takes the 15th to the 23rd
    now = datetime(2026, 2, 12, 8, 0, tzinfo=UTC)
    shown = publish_notice(walked(PATH[:3]), "second", "公示", now, 5, estimates=False)
    assert shown.notice_until == datetime(2026, 2, 26, 16, 0, tzinfo=UTC)
    with pytest.raises(Refusal, match="notice_running"):
        request_funds(shown, "second", "请款", shown.notice_until - timedelta(milliseconds=1))
    assert request_funds(shown, "second", "请款", shown.notice_until).status == "funds_requested"


MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # a Monday; no holiday in this month


def march(day: int) -> datetime:
    return MORNING.replace(day=day)


def ends(day: int) -> datetime:
    """Return the end of a day of March in Shanghai."""
    return datetime(2026, 3, day, 16, 0, tzinfo=UTC)


def on_notice() -> Claim:
    shown = publish_notice(walked(PATH[:3]), "second", "公示", MORNING, 5, estimates=False)
    assert shown.notice_until == ends(9)
    return shown


def broken_off(shown: Claim, stopped: datetime, resumed: datetime) -> Claim:
    suspended = take(shown, "suspend", "supervisor", "举报", stopped)
    return resume(suspended, "supervisor", "查无此事", resumed, estimates=False)


@pytest.mark.parametrize(("stopped", "resumed", "end"), [
    (march(2), march(2), ends(9)),  # the day of its publication is none of the five
    (march(2), march(10), ends(17)),
    (march(3), march(3), ends(10)),  # the day of the suspension is not one of unbroken notice
    (march(4), march(6), ends(12)),
    (march(7), march(8), ends(9)),  # a weekend has cost nothing
    (march(9), march(9), ends(10)),  # the last day
    (march(9), march(20), ends(23)),
    (ends(9) - timedelta(milliseconds=1), march(10), ends(11)),
    (ends(9), march(20), ends(9)),  # it was over
])  # fmt: skip
def test_a_notice_does_not_run_while_the_claim_is_suspended(
    stopped: datetime, resumed: datetime, end: datetime
) -> None:
    again = broken_off(on_notice(), stopped, resumed)
    assert (again.status, again.notice_until) == ("public_notice", end)
    if end > resumed:
        with pytest.raises(Refusal, match="notice_running"):
            request_funds(again, "second", "请款", end - timedelta(milliseconds=1))
    assert request_funds(again, "second", "请款", max(end, resumed)).status == "funds_requested"


def test_a_notice_broken_off_twice_keeps_what_was_left() -> None:
    # seen on the 3rd, 11th, 12th, 13th: one of the five is left when it is suspended again on the 16th
    again = broken_off(on_notice(), march(4), march(10))
    assert again.notice_until == ends(16)
    assert broken_off(again, march(16), march(18)).notice_until == ends(19)
    # twice on one day costs one day
    once = broken_off(on_notice(), march(3), march(3))
    assert broken_off(once, march(3), march(3)).notice_until == once.notice_until == ends(10)


def test_a_claim_resumed_elsewhere_has_no_notice() -> None:
    suspended = take(walked(PATH[:2]), "suspend", "supervisor", "举报", MORNING)
    again = resume(suspended, "supervisor", "查无此事", march(20), estimates=False)
    assert (again.status, again.notice_until) == ("first_reviewed", None)


def test_a_notice_is_not_resumed_into_a_year_without_its_calendar() -> None:
    suspended = take(on_notice(), "suspend", "supervisor", "举报", march(4))
    with pytest.raises(Refusal) as refused:
        resume(suspended, "supervisor", "查", datetime(2026, 12, 30, tzinfo=UTC), estimates=False)
    assert (refused.value.code, refused.value.facts) == ("settlement.calendar_ends", {"year": 2027})


def test_a_year_without_its_calendar_is_refused_loudly() -> None:
    with pytest.raises(Refusal) as refused:
        publish_notice(
            walked(PATH[:3]), "second", "公示", datetime(2026, 12, 30, tzinfo=UTC), 5, estimates=False
        )
    assert (refused.value.code, refused.value.facts) == ("settlement.calendar_ends", {"year": 2027})


def test_nothing_owed_is_not_accepted() -> None:
    held = compute(balance_facts(refs(20), 20, 16), rules())
    about = replace(SUBJECT, kind="project_balance")
    after = claims.new_claim("claim2", about, held, "provider", "申请", NOW)
    assert (after.payable, after.outcome) == (False, "held")
    with pytest.raises(Refusal, match="nothing_payable"):
        take(after, "accept", "officer", "理由", NOW)


@pytest.mark.parametrize("duty", list(review.OFFICER_OF))
@pytest.mark.parametrize("held", [*review.OFFICER_OF, review.CLAIMANT])
def test_nobody_acts_in_two_duties(duty: str, held: str) -> None:
    roles = frozenset(review.OFFICER_OF.values())
    if held == duty:
        check_hand(duty, roles, held)
        return
    with pytest.raises(Refusal) as refused:
        check_hand(duty, roles, held)
    assert refused.value.code == "settlement.same_person"


@pytest.mark.parametrize("duty", list(review.OFFICER_OF))
def test_a_duty_needs_its_role(duty: str) -> None:
    others = frozenset(review.OFFICER_OF.values()) - {review.OFFICER_OF[duty]}
    with pytest.raises(Refusal) as refused:
        check_hand(duty, others, None)
    assert refused.value.code == "role.forbidden"


def test_the_last_line_pays_the_claim() -> None:
    after = claims.ordered(walked(PATH), 2)
    after = claims.line_paid(after, 100)
    assert (after.status, after.paid_fen) == ("ordered", 100)
    after = claims.line_paid(after, 50)
    assert (after.status, after.paid_fen, after.paid_lines) == ("paid", 150, 2)
