"""What a payment officer expects of the rules, case by case: see cases/*.md."""

import pytest

from services.policy import Calculation, rules_for
from services.policy.loader import FOLDERS
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


def test_every_rule_of_the_documents_decides_a_case() -> None:
    """Not those of single cities, nor the platform's own parameters; one is held by the loader (600 §1)."""
    seen: set[str] = {"sx.not-all-at-cap"}
    for case in ALL:
        answer = case.ask()
        for line in (*answer.lines, *getattr(answer, "refusals", ())):
            seen |= {line.rule_id, *getattr(line, "rests_on", ())}
    told_of = {
        rule.id
        for jurisdiction in FOLDERS
        for rule in rules_for(jurisdiction).rules
        if rule.document != "platform" and rule.jurisdiction == jurisdiction
    }
    assert sorted(told_of - seen) == []
