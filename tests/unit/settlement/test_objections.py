"""Objections to a claim on public notice: who may answer, what an upheld one does, what an open one holds."""

import contextlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.vocabularies.errors import Refusal
from services.settlement.domain import objections, review
from services.settlement.domain.claims import Claim
from services.settlement.domain.objections import Objection
from services.settlement.domain.review import check_round, publish_notice, request_funds, take
from tests.unit.settlement.test_review import PATH, walked

# Tuesday 10 March 2026; five working days end with the 17th
NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
DURING = NOW + timedelta(days=1)


def on_notice() -> Claim:
    return publish_notice(walked(PATH[:3]), "second", "公示", NOW, 5, estimates=False)


def filed(claim: Claim | None = None, id: str = "o1") -> tuple[Claim, Objection]:
    return objections.file(claim or on_notice(), id, "名单中有人未参加培训", "worker1", DURING)


@pytest.mark.parametrize("done", [number for number in range(len(PATH) + 1) if number != 4])
def test_there_is_nothing_to_object_to_outside_the_notice(done: int) -> None:
    with pytest.raises(Refusal, match="out_of_order"):
        filed(walked(PATH[:done]))


def test_the_last_moment_of_the_notice_counts_and_the_next_does_not() -> None:
    claim = on_notice()
    assert claim.notice_until is not None
    objections.file(claim, "o1", "理由", "worker1", claim.notice_until - timedelta(milliseconds=1))
    with pytest.raises(Refusal, match="notice_over"):
        objections.file(claim, "o1", "理由", "worker1", claim.notice_until)


def test_an_open_objection_holds_the_funds_though_the_notice_is_over() -> None:
    claim, objection = filed()
    assert claim.notice_until is not None
    with pytest.raises(Refusal) as refused:
        request_funds(claim, "second", "请款", claim.notice_until)
    assert (refused.value.code, refused.value.facts) == ("settlement.objection_open", {"count": 1})
    after, answered = objections.answer(claim, objection, False, "supervisor", "查无此事", DURING)
    assert (after.status, after.round, after.notice_until) == ("public_notice", 1, claim.notice_until)
    assert (answered.status, answered.answer) == ("rejected", "查无此事")
    assert request_funds(after, "second", "请款", claim.notice_until).status == "funds_requested"


def test_an_upheld_objection_is_a_new_round_from_the_first_review() -> None:
    claim, first = filed()
    claim, _second = filed(claim, "o2")
    assert claim.open_objections == ("o1", "o2")
    after, answered = objections.answer(claim, first, True, "supervisor", "属实", DURING)
    assert (after.status, after.round, after.notice_until, after.open_objections) == ("accepted", 2, None, ())
    assert answered.status == "upheld"
    assert (after.steps[-1].step, after.steps[-1].duty) == ("uphold", review.ANSWER)
    assert take(after, "first_review", "other", "重新初审", DURING).status == "first_reviewed"


def test_what_is_answered_is_not_answered_again() -> None:
    claim, objection = filed()
    after, answered = objections.answer(claim, objection, False, "supervisor", "查无此事", DURING)
    with pytest.raises(Refusal, match="out_of_order"):
        objections.answer(after, answered, True, "supervisor", "改判", DURING)


def test_a_suspended_claim_waits_with_its_objections() -> None:
    claim, objection = filed()
    suspended = take(claim, "suspend", "supervisor", "举报", DURING)
    with pytest.raises(Refusal, match="out_of_order"):
        objections.answer(suspended, objection, True, "supervisor2", "属实", DURING)
    resumed = take(suspended, "resume", "supervisor", "查毕", DURING)
    assert resumed.open_objections == ("o1",)


@pytest.mark.parametrize("duty", [review.FIRST, review.SECOND])
def test_who_reviewed_before_does_not_review_the_second_round(duty: str) -> None:
    claim = replace(on_notice(), round=2)
    check_round(duty, 2, claim)
    with pytest.raises(Refusal) as refused:
        check_round(duty, 1, claim)
    assert (refused.value.code, refused.value.facts) == ("settlement.earlier_round", {"round": 2})


@pytest.mark.parametrize("duty", [review.FINANCE, review.PAYMENT, review.SUPERVISION, review.CLAIMANT])
def test_the_other_duties_go_on_with_their_people(duty: str) -> None:
    check_round(duty, 1, replace(on_notice(), round=2))


# a claim that is sent back leaves the walk, so that is rare
MOVES = ("first_review", "second_review", "publish_notice", "object", "reject", "uphold") * 5 + (
    "request_funds",
    "send_back",
)
PEOPLE = tuple("abcdefgh")
EVERY_ROLE = frozenset(review.OFFICER_OF.values())


class Desk:
    """A claim with the rows of its hands, as the service keeps them."""

    def __init__(self) -> None:
        self.claim = walked(PATH[:1])
        self.hands: dict[str, tuple[str, int]] = {}
        self.approved: list[tuple[str, str, int]] = []
        self.open: list[Objection] = []
        self.made = 0

    def hand(self, duty: str, by: str) -> None:
        held = self.hands.get(by)
        review.check_hand(duty, EVERY_ROLE, held[0] if held else None)
        if held:
            check_round(duty, held[1], self.claim)

    def move(self, name: str, by: str) -> None:
        before = self.claim
        if name == "object":
            self.hand(review.OBJECTOR, by)
            self.made += 1
            self.claim, made = objections.file(before, f"o{self.made}", "理由", by, DURING)
            self.open.append(made)
            duty = review.OBJECTOR
        elif name in ("reject", "uphold"):
            self.hand(review.ANSWER, by)
            if not self.open:
                return
            self.claim, _ = objections.answer(before, self.open[0], name == "uphold", by, "理由", DURING)
            self.open = [] if name == "uphold" else self.open[1:]
            duty = review.ANSWER
        else:
            duty = review.duty_of(review.check_step(before, name), before)
            self.hand(duty, by)
            if name == "publish_notice":
                self.claim = publish_notice(before, by, "理由", NOW, 5, estimates=False)
            elif name == "request_funds":
                assert before.notice_until is not None
                self.claim = request_funds(before, by, "理由", before.notice_until)
                assert not before.open_objections
            else:
                if name == "send_back":
                    review.check_answered(before)
                self.claim = take(before, name, by, "理由", DURING)
        if name in ("first_review", "second_review"):
            self.approved.append((name, by, before.round))
        self.hands.setdefault(by, (duty, before.round))


@given(st.lists(st.tuples(st.sampled_from(MOVES), st.sampled_from(PEOPLE)), min_size=40, max_size=120))
@settings(max_examples=100, deadline=None)
def test_whatever_is_tried_nobody_acts_in_two_duties_or_approves_twice(moves: list[tuple[str, str]]) -> None:
    desk = Desk()
    for name, by in moves:
        with contextlib.suppress(Refusal):
            desk.move(name, by)
    duties: dict[str, set[str]] = {}
    for step in desk.claim.steps[2:]:
        duties.setdefault(step.by, set()).add(step.duty)
    assert all(len(each) == 1 for each in duties.values())
    assert len({(name, by) for name, by, _round in desk.approved}) == len(desk.approved)
    assert set(desk.claim.open_objections) == {each.id for each in desk.open}
    if desk.claim.status == "funds_requested":
        assert desk.claim.open_objections == ()
