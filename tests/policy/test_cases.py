"""What a payment officer expects of the rules, case by case: see cases/*.md."""

import pytest

from services.policy import Calculation
from tests.policy.reading import CLAUSE, Case, cases, told

ALL = cases()


@pytest.mark.parametrize("case", ALL, ids=[case.place for case in ALL])
def test_case(case: Case) -> None:
    answer = case.ask()
    assert told(answer, case.expected) == case.expected
    if isinstance(answer, Calculation):
        assert answer.adds_up()


def test_there_are_many_and_each_cites_its_clause() -> None:
    assert len(ALL) >= 150
    assert [case.place for case in ALL if not case.expected.get(CLAUSE)] == []


def test_no_case_stands_there_twice() -> None:
    asked = [f"{case.call} {case.given}" for case in ALL if case.expected]
    twice = [case.place for case, each in zip(ALL, asked, strict=True) if asked.count(each) > 2]
    assert twice == []
