"""A mandate: its term, who may give it again, and how it ends."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.registry import newest
from contracts.vocabularies.errors import Refusal
from services.intake.domain import mandates
from services.intake.domain.mandates import Mandate
from services.intake.domain.terms import Terms

TODAY = date(2027, 3, 1)
NOW = datetime(2027, 3, 1, 1, tzinfo=UTC)
TERMS = Terms(wanted_within=730, lapses_after=365, warned_before=30, mandate=365, mandate_most=1095)
PAPER = Mandate(
    mandates.id_of("agency", "p1"), "p1", "agency", "示例代办机构", "worker", "370611", "paper",
    TODAY, date(2028, 3, 1), NOW, "委托书 1 号",
)  # fmt: skip


def told(facts):
    """Return the types of facts, each checked against its contract."""
    for type, data in facts:
        schema = newest(type).data()
        assert schema.validate(schema.dump(data)) == {}
    return [type.removeprefix("intake.mandate.") for type, _ in facts]


@pytest.mark.parametrize(
    ("first", "last", "term"),
    [
        (None, None, (TODAY, date(2028, 2, 29))),
        (date(2027, 5, 1), None, (date(2027, 5, 1), date(2028, 4, 30))),
        (None, TODAY, (TODAY, TODAY)),
        (None, TODAY + timedelta(days=1095), (TODAY, TODAY + timedelta(days=1095))),
        # of a paper that was signed before
        (date(2027, 1, 1), date(2027, 6, 30), (date(2027, 1, 1), date(2027, 6, 30))),
        (None, TODAY - timedelta(days=1), None),
        (None, TODAY + timedelta(days=1096), None),
        (date(2027, 5, 1), date(2027, 4, 30), None),
        (date(2026, 1, 1), date(2026, 12, 31), None),
    ],
)
def test_the_term_of_a_mandate(first, last, term):
    if term is None:
        with pytest.raises(Refusal, match=r"intake\.mandate_term at valid_until"):
            mandates.term(first, last, TODAY, TERMS)
    else:
        assert mandates.term(first, last, TODAY, TERMS) == term


@given(st.integers(-500, 2000), st.integers(-500, 2000))
def test_no_term_is_over_upside_down_or_longer_than_the_rules_allow(first, last):
    given_days = [TODAY + timedelta(days=days) for days in (first, last)]
    try:
        begins, ends = mandates.term(*given_days, TODAY, TERMS)
    except Refusal:
        return
    assert begins <= ends
    assert TODAY <= ends <= begins + timedelta(days=1095)


def test_a_mandate_stands_from_its_first_to_its_last_day():
    assert [PAPER.stands(day) for day in (date(2027, 2, 28), TODAY, date(2028, 3, 1), date(2028, 3, 2))] == [
        False, True, True, False,
    ]  # fmt: skip
    assert not replace(PAPER, status="withdrawn").stands(TODAY)


def test_a_mandate_is_recorded_once_while_it_stands():
    recorded, facts = mandates.record(PAPER, None, TODAY)
    assert (recorded, told(facts)) == (PAPER, ["recorded"])
    assert facts[0][1]["agency_name"] == "示例代办机构"
    with pytest.raises(Refusal, match=r"intake\.mandate_stands"):
        mandates.record(PAPER, recorded, TODAY)


@pytest.mark.parametrize(("by", "paper_again"), [("principal", False), ("officer", False), ("agency", True)])
def test_what_the_principal_or_an_officer_withdrew_no_paper_brings_back(by, paper_again):
    ended, facts = mandates.withdraw(PAPER, by, "不再委托")
    assert (ended.status, ended.ended_by, told(facts)) == ("withdrawn", by, ["withdrawn"])
    anew = replace(PAPER, ground="委托书 2 号")
    if paper_again:
        assert mandates.record(anew, ended, TODAY)[0].status == "recorded"
    else:
        with pytest.raises(Refusal, match=r"intake\.mandate_withdrawn"):
            mandates.record(anew, ended, TODAY)
    again, _ = mandates.record(replace(anew, given="account"), ended, TODAY)
    assert (again.status, again.ended_by) == ("recorded", None)
    assert [each["ground"] for each in again.past] == ["委托书 1 号"]
    with pytest.raises(Refusal, match="out_of_order"):
        mandates.withdraw(ended, by, "不再委托")


def test_a_mandate_expires_after_its_last_day_and_may_be_given_again():
    assert mandates.expire(PAPER, date(2028, 3, 1)) == (PAPER, [])
    over, facts = mandates.expire(PAPER, date(2028, 3, 2))
    assert (over.status, told(facts)) == ("expired", ["expired"])
    assert mandates.expire(over, date(2028, 3, 3)) == (over, [])
    assert mandates.record(PAPER, over, date(2028, 3, 3))[0].past[0]["status"] == "expired"
    # the term is over though no job has said so yet
    assert mandates.record(PAPER, PAPER, date(2028, 3, 2))[0].status == "recorded"


def test_who_acts_without_one_that_stands_is_told():
    assert mandates.require_standing(PAPER, TODAY) is PAPER
    for mandate, day in ((None, TODAY), (PAPER, date(2028, 3, 2))):
        with pytest.raises(Refusal, match=r"intake\.mandate_not_standing at mandate_id"):
            mandates.require_standing(mandate, day)
