"""Doubles: what is marked, how two become one, and that nobody is dropped without a word."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from contracts.registry import newest
from contracts.vocabularies.errors import Refusal
from contracts.vocabularies.statuses import DEMAND
from services.intake.domain import duplicates
from services.intake.domain.content import Post, Wish
from services.intake.domain.demands import Demand

NOW = datetime(2027, 3, 1, 1, tzinfo=UTC)
FIRM = Wish(
    "enterprise", "370611", "6-18-02-04", "4", "on_site", date(2027, 4, 1), 20, posts=(Post("焊工", 20),)
)
WORKER = Wish("worker", "370611", "6-18-02-04", "4", "on_site", date(2027, 4, 1))
ONE = Demand("a", "verified", FIRM, "f1", NOW)
OTHER = Demand("b", "verified", replace(FIRM, headcount=15), "f1", NOW)


def told(facts):
    """Return the types of facts, each checked against its contract."""
    for type, data in facts:
        schema = newest(type).data()
        assert schema.validate(schema.dump(data)) == {}
    return [type.removeprefix("intake.demand.") for type, _ in facts]


def test_a_firms_and_a_persons_demands_are_alike_in_other_ways():
    assert ONE.alike_key == OTHER.alike_key
    assert ONE.alike_key != replace(ONE, wish=replace(FIRM, level="3")).alike_key
    person = Demand("w", "verified", WORKER, "p1", NOW)
    assert person.alike_key == replace(person, wish=replace(WORKER, level="3")).alike_key
    assert person.alike_key != replace(person, wish=replace(WORKER, occupation="6-18-01-01")).alike_key


@pytest.mark.parametrize(("wish", "ground"), [(FIRM, "same_enterprise"), (WORKER, "same_person_occupation")])
def test_what_may_be_double_is_marked_and_stands(wish, ground):
    marked, facts = duplicates.suspect(replace(ONE, wish=wish), "b")
    assert (marked.status, marked.suspected_of, marked.suspect_ground) == ("verified", "b", ground)
    assert told(facts) == ["duplicate_found"]
    assert duplicates.suspect(marked, "b") == (marked, [])


def test_no_demand_is_suspected_of_itself_of_nothing_or_once_it_has_ended():
    for demand, other in ((ONE, None), (ONE, "a"), (replace(ONE, status="returned"), "b")):
        assert duplicates.suspect(demand, other) == (demand, [])


def test_what_was_told_apart_is_not_marked_again():
    marked, _ = duplicates.suspect(ONE, "b")
    apart, facts = duplicates.dismiss(marked, "两个车间")
    assert (apart.suspected_of, apart.told_apart, told(facts)) == (None, ("b",), ["duplicate_dismissed"])
    assert duplicates.suspect(apart, "b") == (apart, [])
    assert duplicates.suspect(apart, "c")[0].suspected_of == "c"
    with pytest.raises(Refusal, match=r"intake\.not_suspected"):
        duplicates.dismiss(apart, "两个车间")


def test_two_become_one_and_both_say_so():
    (kept, facts), (gone, farewell) = duplicates.merge(
        ONE, replace(OTHER, suspected_of="a"), 30, "同一岗位", NOW
    )
    assert (kept.status, kept.wish.headcount, kept.merged_ids, kept.wish.posts) == (
        "verified",
        30,
        ("b",),
        (),
    )
    assert told(facts) == ["merged", "changed", "verified"]
    assert facts[1][1]["headcount"] == 30
    assert (gone.status, gone.merged_into, gone.reason) == ("withdrawn", "a", "同一岗位")
    assert told(farewell) == ["withdrawn"]
    assert farewell[0][1]["merged_into"] == "a"


def test_a_merger_without_another_headcount_changes_nothing_else():
    (kept, facts), _ = duplicates.merge(replace(ONE, suspected_of="b"), OTHER, None, "同一岗位", NOW)
    assert (kept.wish, kept.suspected_of, told(facts)) == (FIRM, None, ["merged"])
    (kept, facts), _ = duplicates.merge(replace(ONE, suspected_of="c"), OTHER, 20, "同一岗位", NOW)
    assert (kept.suspected_of, told(facts)) == ("c", ["merged"])


def test_a_merged_demand_waits_for_its_poster_when_the_other_does():
    (kept, facts), _ = duplicates.merge(replace(ONE, status="submitted"), OTHER, 30, "同一岗位", None)
    assert (kept.status, told(facts)) == ("submitted", ["merged", "changed"])


@pytest.mark.parametrize(
    "other",
    [
        ONE,
        replace(OTHER, poster_ref="f2"),
        replace(OTHER, wish=replace(FIRM, occupation="6-18-01-01")),
        replace(OTHER, wish=WORKER),
    ],
)
def test_only_demands_of_one_poster_and_occupation_are_merged(other):
    with pytest.raises(Refusal, match=r"intake\.not_alike at merged_id"):
        duplicates.merge(ONE, other, None, "同一岗位", NOW)


@pytest.mark.parametrize("status", DEMAND)
def test_what_can_be_merged_away(status):
    gone = replace(OTHER, status=status)
    if status in ("submitted", "verified", "returned"):
        assert duplicates.merge(ONE, gone, None, "同一岗位", NOW)[1][0].status == "withdrawn"
    else:
        with pytest.raises(Refusal, match=r"demand_listed" if status == "listed" else "out_of_order"):
            duplicates.merge(ONE, gone, None, "同一岗位", NOW)


@pytest.mark.parametrize("status", DEMAND)
def test_what_can_stand_for_two(status):
    kept = replace(ONE, status=status)
    if status in ("submitted", "verified", "listed"):
        assert duplicates.merge(kept, OTHER, None, "同一岗位", NOW)[0][0].status == status
    else:
        with pytest.raises(Refusal, match="out_of_order"):
            duplicates.merge(kept, OTHER, None, "同一岗位", NOW)


def test_the_headcount_of_a_demand_in_a_project_is_not_touched():
    with pytest.raises(Refusal, match=r"intake\.demand_listed"):
        duplicates.merge(replace(ONE, status="listed"), OTHER, 30, "同一岗位", NOW)


def test_a_person_stays_one_person():
    first, second = (Demand(id, "verified", WORKER, "p1", NOW) for id in "ab")
    with pytest.raises(Refusal, match="invalid at headcount"):
        duplicates.merge(first, second, 2, "同一人", NOW)
    assert duplicates.merge(first, second, None, "同一人", NOW)[0][0].wish.headcount == 1
