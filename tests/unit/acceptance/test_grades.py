"""Grades by the published formula: each point, its reason, what is left out, and the priority list."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.acceptance import grading
from services.acceptance.domain import grades
from services.acceptance.domain.grades import Credit, Record
from services.policy import rules_for
from tests.unit.acceptance.refusing import refused

TODAY = date(2026, 6, 1)
FORMULA = grades.formula_of(rules_for("370000"), TODAY, "370611")
GOOD = Record(
    learners=40, completed=38, followed=20, employed=19, answers=10, marks=135, most=150,
    paid_fen=1_000_000,
)  # fmt: skip


def points(record: Record) -> dict[str, int | None]:
    return {line.criterion: line.points for line in grades.grade(record, FORMULA, "admitted", TODAY).lines}


def test_the_arithmetic_is_shown_and_comes_out_as_shown():
    found = grades.grade(GOOD, FORMULA, "admitted", TODAY)
    assert points(GOOD) == {
        "results": 9500, "employment": 9500, "feedback": 9000, "credit": 10_000, "money": 10_000,
    }  # fmt: skip
    # 30×95 + 30×95 + 15×90 + 15×100 + 10×100 = 9550, of 100
    assert (found.points, found.grade) == (9550, "A")
    assert found.zh == "（30×95.00 + 30×95.00 + 15×90.00 + 15×100.00 + 10×100.00）÷100 = 95.50分，A级"
    results, employment, *_ = found.lines
    assert (results.zh, employment.counted, employment.out_of) == ("名册40人，结业38人", 19, 20)
    assert {line.rule for line in found.lines} == {"sd.grade.weights", "sd.grade.credit"}
    assert sum(line.weight for line in found.lines) == 100


def test_what_nobody_knows_yet_is_left_out_and_the_others_make_up_for_it():
    young = Record(learners=20, completed=15, answers=4, marks=12, most=60)
    found = grades.grade(young, FORMULA, "admitted", TODAY)
    assert points(young) == {
        "results": 7500, "employment": None, "feedback": None, "credit": 10_000, "money": None,
    }  # fmt: skip
    # (30×75 + 15×100) ÷ 45, rounded down
    assert (found.points, found.grade) == (8333, "B")
    assert "不足5份不计" in found.lines[2].zh


def test_too_few_learners_are_no_grade():
    found = grades.grade(replace(GOOD, learners=9, completed=9), FORMULA, "admitted", TODAY)
    assert (found.grade, found.points, found.preferred) == (None, None, False)
    assert found.zh == "近期培训9人，满10人方予评级"


@pytest.mark.parametrize(
    ("completed", "employed", "letter"), [(36, 18, "A"), (35, 17, "B"), (25, 12, "C"), (10, 5, "D")]
)
def test_the_letters_follow_the_thresholds(completed, employed, letter):
    record = Record(learners=40, completed=completed, followed=20, employed=employed, credits=())
    found = grades.grade(record, FORMULA, "admitted", TODAY)
    due = next(
        each for each, least in (("A", 9000), ("B", 7500), ("C", 6000), ("D", 0)) if found.points >= least
    )
    assert found.grade == letter == due


def test_a_credit_mark_costs_points_until_it_is_old():
    warned = replace(GOOD, credits=(Credit("warning", TODAY),))
    assert points(warned)["credit"] == 8000
    assert "警告扣20分" in grades.grade(warned, FORMULA, "warned", TODAY).lines[3].zh
    worse = replace(
        GOOD, credits=(*warned.credits, Credit("claims_barred", TODAY), Credit("handed_on", TODAY))
    )
    assert points(worse)["credit"] == 0
    last, over = date(2024, 6, 1), date(2024, 5, 31)
    assert points(replace(GOOD, credits=(Credit("exit", last),)))["credit"] == 0
    assert points(replace(GOOD, credits=(Credit("exit", over),)))["credit"] == 10_000


def test_money_that_is_demanded_back_was_not_well_used():
    assert points(replace(GOOD, demanded_fen=250_000))["money"] == 7500
    assert points(replace(GOOD, demanded_fen=2_000_000))["money"] == 0


def test_the_priority_list_takes_who_meets_its_conditions_and_nobody_else():
    def met(record: Record, status: str = "admitted") -> list[bool]:
        found = grades.grade(record, FORMULA, status, TODAY)
        assert found.preferred == all(each.met for each in found.conditions)
        return [each.met for each in found.conditions]

    assert met(GOOD) == [True, True, True]
    assert met(replace(GOOD, completed=20)) == [False, True, True]
    old = TODAY - timedelta(days=200)
    assert met(replace(GOOD, credits=(Credit("warning", old),))) == [True, False, True]
    assert met(GOOD, "suspended") == [True, True, False]
    assert met(replace(GOOD, learners=5, completed=5)) == [False, True, True]


def test_the_formula_is_published_in_words_and_figures():
    zh, en = grades.in_words(FORMULA)
    assert len(zh) >= 5 <= len(en)
    assert "培训成效30%" in zh[0]
    assert {rule.document for rule in FORMULA.rules.values()} == {"platform"}
    assert rules_for("140000").one("grade_weights", TODAY, "140100").values == FORMULA.values("grade_weights")


def test_a_day_before_any_formula_is_refused():
    refusal = refused("acceptance.no_formula", grading.formula_of, "370600", date(2018, 1, 1), "production")
    assert (refusal.field, refusal.facts["day"]) == ("day", "2018-01-01")
