"""Staged payment of a project [AP]: 60 % once carried out, the rest at 85 % employment.

The illustrative standard of 烟台 for intermediate welders is 1,800.00 yuan a person.
"""

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.policy import (
    Calculation,
    Certificate,
    EmploymentFact,
    NoRule,
    advance,
    balance,
    employment_rate,
    follow_up_ends,
    rules_for,
)
from tests.unit.policy.cases import (
    CERTIFIED,
    CLAIM_DAY,
    ELECTRICIAN,
    LAST_SESSION,
    LATER,
    PROJECT,
    SHANDONG,
    WELDER,
    employed,
    trainee,
    trainees,
)


def test_the_advance_is_60_percent_of_the_standard_for_each_person() -> None:
    paid = advance(PROJECT, trainees(20, certificate=None, completed=False), CLAIM_DAY)
    assert paid.outcome == "payable"
    assert {line.amount_fen for line in paid.lines} == {108_000}
    assert paid.total_fen == 2_160_000
    first = paid.lines[0]
    assert (first.base_fen, [(each.num, each.den) for each in first.factors]) == (180_000, [(60, 100)])
    assert (first.rule_id, first.document, first.status) == ("sd.project.advance", "AP", "illustrative")
    assert "1,800.00" in first.zh
    assert "1,080.00" in first.en


def test_the_balance_with_17_of_20_employed_is_exactly_85_percent_and_is_paid() -> None:
    rest = balance(PROJECT, trainees(20, advance_fen=108_000), employed(17), LATER)
    assert rest.outcome == "payable"
    assert rest.total_fen == 20 * 72_000
    assert {line.document for line in rest.lines} == {"37"}


def test_with_16_of_20_employed_nothing_is_paid_and_the_claim_is_held() -> None:
    rest = balance(PROJECT, trainees(20, advance_fen=108_000), employed(16), LATER)
    assert (rest.outcome, rest.total_fen, rest.lines) == ("held", 0, ())
    (why,) = rest.refusals
    assert (why.fact, why.rule_id) == ("employment_rate_below", "sd.project.employment-rate")
    assert "16" in why.zh
    assert "85" in why.zh
    assert "16 employed of 20" in why.en


def test_after_the_follow_up_window_an_officer_decides() -> None:
    ends = follow_up_ends(PROJECT)
    assert ends == date(2027, 6, 18)
    assert balance(PROJECT, trainees(20), employed(16), ends).outcome == "held"
    assert balance(PROJECT, trainees(20), employed(16), ends + timedelta(days=1)).outcome == "decision_needed"


@pytest.mark.parametrize(
    ("since", "proven", "day", "counted"),
    [
        (date(2027, 6, 18), True, date(2027, 7, 1), 1),  # the last day of the window
        (date(2027, 6, 19), True, date(2027, 7, 1), 0),  # a day late
        (date(2027, 2, 1), False, date(2027, 7, 1), 0),  # said, not proven
        (date(2027, 2, 2), True, date(2027, 2, 1), 0),  # not yet begun on the day of the claim
        (date(2026, 11, 1), True, date(2027, 2, 1), 1),  # kept the post held during the training
    ],
)
def test_which_employment_counts(since: date, proven: bool, day: date, counted: int) -> None:
    facts = [EmploymentFact("w1", since, proven)]
    assert employment_rate(PROJECT, trainees(1), facts, day) == (counted, 1)


def test_the_rate_is_of_those_who_completed_and_each_counts_once() -> None:
    people = [*trainees(3), trainee(4, completed=False, certificate=None)]
    twice = employed(4) + employed(4)
    assert employment_rate(PROJECT, people, twice, LATER) == (3, 3)


def test_nobody_completed_means_no_rate_and_no_balance() -> None:
    assert balance(PROJECT, trainees(2, completed=False), employed(2), LATER).outcome == "held"
    assert balance(PROJECT, [], [], LATER).outcome == "held"


def test_the_advance_is_optional_without_it_the_balance_is_the_whole() -> None:
    assert balance(PROJECT, trainees(20), employed(17), LATER).total_fen == 20 * 180_000


def test_who_was_advanced_and_earned_no_certificate_is_set_off() -> None:
    people = [*trainees(18, advance_fen=108_000)]
    people += [trainee(number, advance_fen=108_000, certificate=None) for number in (19, 20)]
    rest = balance(PROJECT, people, employed(17), LATER)
    assert rest.total_fen == 18 * 72_000 - 2 * 108_000
    assert [line.amount_fen for line in rest.lines[-2:]] == [-108_000, -108_000]
    assert [each.fact for each in rest.refusals] == ["no_certificate", "no_certificate"]


def test_when_the_set_off_outweighs_the_rest_money_is_to_be_recovered() -> None:
    people = trainees(20, advance_fen=108_000, certificate=None)
    people[0] = trainee(1, advance_fen=108_000)
    rest = balance(PROJECT, people, employed(20), LATER)
    assert rest.outcome == "recovery_due"
    assert rest.total_fen == 72_000 - 19 * 108_000


@pytest.mark.parametrize(
    ("change", "fact", "clause"),
    [
        ({"on_roster": False}, "not_on_roster", "37 §14"),
        ({"real_name_complete": False}, "real_name_incomplete", "37 §14"),
        ({"pension_entitled": True}, "pension_entitled", "AP"),
        ({"pension_entitled": None}, "pension_unverified", "AP"),
        ({"eligible": "no"}, "group_not_eligible", "37"),
        ({"eligible": "needs_proof"}, "group_unproven", "37"),
        ({"attended_days": 0}, "not_attended", "AP"),
    ],
)
def test_what_keeps_one_person_out_of_both_stages(change: dict[str, Any], fact: str, clause: str) -> None:
    people = [*trainees(19), trainee(20, **change)]
    for result in (advance(PROJECT, people, CLAIM_DAY), balance(PROJECT, people, employed(20), LATER)):
        assert len(result.lines) == 19
        (why,) = result.refusals
        assert (why.person_ref, why.fact) == ("w20", fact)
        assert f"{why.document} {why.clause}".startswith(clause)


@pytest.mark.parametrize(
    ("change", "fact"),
    [
        ({"completed": False}, "not_completed"),
        ({"certificate": None}, "no_certificate"),
        ({"certificate": Certificate("C", WELDER, "5", CERTIFIED)}, "other_certificate"),
        ({"certificate": Certificate("C", ELECTRICIAN, "4", CERTIFIED)}, "other_certificate"),
        ({"certificate": Certificate("C", WELDER, "4", LATER + timedelta(days=1))}, "later_certificate"),
    ],
)
def test_the_certificate_comes_before_the_balance(change: dict[str, Any], fact: str) -> None:
    result = balance(PROJECT, [*trainees(19), trainee(20, **change)], employed(20), LATER)
    assert [why.fact for why in result.refusals] == [fact]
    assert advance(PROJECT, [trainee(20, **change)], CLAIM_DAY).total_fen == 108_000


@pytest.mark.parametrize(
    ("change", "day", "fact"),
    [
        ({"last_session": None}, CLAIM_DAY, "not_carried_out"),
        ({}, LAST_SESSION - timedelta(days=1), "not_carried_out"),
        ({"organisation": "ordinary"}, CLAIM_DAY, "not_project_type"),
    ],
)
def test_no_stage_is_paid_before_the_last_session_or_outside_project_type(
    change: dict[str, Any], day: date, fact: str
) -> None:
    project = replace(PROJECT, **change)
    for result in (advance(project, trainees(2), day), balance(project, trainees(2), employed(2), day)):
        assert (result.outcome, result.total_fen) == ("refused", 0)
        assert [(why.person_ref, why.fact) for why in result.refusals] == [("", fact)]


def test_the_day_of_the_last_session_is_early_enough() -> None:
    assert advance(PROJECT, trainees(1), LAST_SESSION).outcome == "payable"


def test_an_awarded_price_below_the_standard_caps_both_stages() -> None:
    cheap = replace(PROJECT, price_fen=150_001)
    first = advance(cheap, trainees(1), CLAIM_DAY)
    assert first.total_fen == 90_000  # 60 % of 1,500.01 is 900.006, rounded down
    rest = balance(cheap, trainees(1, advance_fen=first.total_fen), employed(1), LATER)
    assert rest.total_fen == 60_001
    assert first.total_fen + rest.total_fen == 150_001


def test_an_awarded_price_above_the_standard_gives_no_more() -> None:
    assert advance(replace(PROJECT, price_fen=999_999), trainees(1), CLAIM_DAY).total_fen == 108_000


def test_a_city_without_a_standard_has_no_amount() -> None:
    with pytest.raises(NoRule, match="training_standard"):
        advance(replace(PROJECT, region="370202"), trainees(1), CLAIM_DAY)
    with pytest.raises(NoRule):
        advance(replace(PROJECT, level="1"), trainees(1), CLAIM_DAY)


def test_a_person_cannot_be_in_a_claim_twice() -> None:
    with pytest.raises(ValueError, match="twice"):
        advance(PROJECT, [trainee(1), trainee(1)], CLAIM_DAY)


def test_both_stages_use_the_rules_of_the_day_of_the_last_session() -> None:
    ended = replace(PROJECT, last_session=date(2027, 12, 31))
    assert balance(ended, trainees(1), employed(1, date(2028, 1, 1)), date(2028, 1, 2)).outcome == "payable"
    with pytest.raises(NoRule, match="real_name"):
        advance(replace(PROJECT, last_session=date(2028, 1, 1)), trainees(1), date(2028, 1, 2))
    demonstration = rules_for(SHANDONG, demonstration=True)
    later = replace(PROJECT, last_session=date(2028, 1, 1))
    assert advance(later, trainees(1), date(2028, 1, 2), rules=demonstration).outcome == "payable"


def test_a_calculation_survives_storage_and_is_reckoned_again_from_it() -> None:
    people = [*trainees(3, advance_fen=108_000), trainee(4, advance_fen=108_000, certificate=None)]
    result = balance(PROJECT, people, employed(4), LATER)
    stored = json.loads(json.dumps(result.to_dict(), ensure_ascii=False))
    again = Calculation.from_dict(stored)
    assert again == result
    assert again.adds_up()
    assert balance(PROJECT, people, employed(4), again.day) == again
    assert (again.edition, again.hash) == (rules_for(SHANDONG).edition, rules_for(SHANDONG).hash)


def test_a_stored_calculation_that_was_altered_no_longer_adds_up() -> None:
    stored = advance(PROJECT, trainees(2), CLAIM_DAY).to_dict()
    stored["lines"][0]["amount_fen"] += 1
    stored["total_fen"] += 1
    assert not Calculation.from_dict(stored).adds_up()


@given(st.integers(1, 5_000_000), st.integers(0, 30), st.integers(0, 30))
def test_the_stages_sum_to_the_standard_to_the_fen(price: int, certified: int, failed: int) -> None:
    project = replace(PROJECT, price_fen=price)
    people = trainees(certified + failed)
    first = advance(project, people, CLAIM_DAY)
    paid = {line.person_ref: line.amount_fen for line in first.lines}
    later = [
        replace(
            each,
            advance_fen=paid[each.person_ref],
            certificate=each.certificate if number < certified else None,
        )
        for number, each in enumerate(people)
    ]
    rest = balance(project, later, employed(len(people)), LATER)
    assert first.adds_up()
    assert rest.adds_up()
    if people:
        assert first.total_fen + rest.total_fen == certified * min(price, 180_000)
    assert all(line.amount_fen * 100 <= 60 * line.base_fen for line in first.lines)


@given(st.permutations(trainees(12, advance_fen=100)), st.integers(0, 12))
def test_neither_order_nor_splitting_changes_what_is_owed(people: list[Any], cut: int) -> None:
    whole = advance(PROJECT, people, CLAIM_DAY)
    parts = [advance(PROJECT, part, CLAIM_DAY) for part in (people[:cut], people[cut:])]
    assert whole.total_fen == sum(part.total_fen for part in parts)
    assert sorted(line.person_ref for line in whole.lines) == sorted(each.person_ref for each in people)


@given(st.integers(1, 60), st.data())
def test_the_threshold_is_exact(completed: int, data: Any) -> None:
    working = data.draw(st.integers(0, completed))
    result = balance(PROJECT, trainees(completed), employed(working), LATER)
    assert (result.outcome == "payable") == (working * 20 >= completed * 17)
