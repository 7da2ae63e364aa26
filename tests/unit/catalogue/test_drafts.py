"""Drafts revised, split, merged and described; headcount met and unmet; quotas; names."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.commands import catalogue_projects as declared
from contracts.events import catalogue_programmes
from contracts.registry import newest
from contracts.vocabularies import naming
from contracts.vocabularies.errors import Refusal
from services.catalogue.domain import cards, drafts, headcounts, programmes, projects
from services.catalogue.domain.cards import Card, Part, Post, SkillStandard
from services.catalogue.domain.demands import Demand
from services.catalogue.domain.programmes import Programme
from services.catalogue.domain.projects import Listing, Plan

assert catalogue_programmes.PROGRAMME_SET
NOW = datetime(2027, 3, 1, 1, tzinfo=UTC)
WELDER = "6-18-02-04"
PLAN = Plan("福山焊工培训", "370600", WELDER, "4", "on_site", "key_industry", 3, 120)
LISTING = Listing("open_challenge", 180_000, "示例标准", True)
STANDARD = SkillStandard("焊工国家职业标准", "2018", True)


def demand(id, day=1, **changes):
    made = Demand(
        id,
        "worker",
        f"p{id}",
        "370611",
        WELDER,
        "4",
        1,
        "on_site",
        None,
        date(2027, 4, day),
        "verified",
        month="2027-03",
    )
    return replace(made, **changes)


FIRM = demand("firm", kind="enterprise", headcount=5)
DEMANDS = [demand("a"), demand("b"), demand("c"), FIRM]
IDS = [each.id for each in DEMANDS]
CARD = Card(
    posts=(Post("焊接工位", 5, "firm", "能按图施焊"),),
    skills="平焊、立焊",
    content=(
        Part("安全", 8, "safety"),
        Part("通用知识", 12, "compulsory"),
        Part("焊接实操", 100, "practice"),
    ),
    assessment="skill_level",
    skill_standard=STANDARD,
    services="推荐至企业岗位",
)


def drafted():
    return projects.draft("q", PLAN, IDS, DEMANDS, NOW)[0]


def taken(by, demands=DEMANDS):
    return [replace(each, project_id=by) for each in demands]


def told(facts):
    for type, data in facts:
        schema = newest(type).data()
        assert schema.validate(schema.dump(data)) == {}
    return [type for type, _ in facts]


def refused(code, call, *args):
    with pytest.raises(Refusal) as caught:
        call(*args)
    assert caught.value.code == code
    return caught.value


def test_a_draft_takes_in_others_and_gives_some_up():
    extra = demand("d")
    wanted = ["a", "b", "firm", "d"]
    own = [*taken("q", [DEMANDS[0], DEMANDS[1], FIRM]), extra]
    revised, facts = drafts.revise(drafted(), replace(PLAN, seats=8), wanted, own)
    assert (revised.demand_ids, revised.headcount, revised.plan.seats) == (tuple(wanted), 8, 8)
    assert told(facts) == ["catalogue.project.revised"]
    assert (facts[0][1]["added"], facts[0][1]["removed"]) == (["d"], ["c"])


def test_what_is_revised_keeps_the_rules_of_a_draft():
    own = taken("q")
    refused("catalogue.seats_beyond_demand", drafts.revise, drafted(), replace(PLAN, seats=9), IDS, own)
    refused("catalogue.demand_differs", drafts.revise, drafted(), replace(PLAN, level="3"), IDS, own)
    other = [*own[:3], replace(FIRM, project_id="another")]
    refused("catalogue.demand_taken", drafts.revise, drafted(), PLAN, IDS, other)
    listed = projects.publish(drafted(), LISTING)[0]
    refused("out_of_order", drafts.revise, listed, PLAN, IDS, own)


def test_a_split_puts_each_demand_into_one_part_and_both_tell_of_it():
    parts = [
        drafts.Part("q1", "甲班", "370611", 2, ("a", "b")),
        drafts.Part("q2", "乙班", "370600", 5, ("c", "firm")),
    ]
    (ended, end_facts), made = drafts.split(drafted(), parts, taken("q"), NOW)
    assert (ended.status, ended.became) == ("withdrawn", ("q1", "q2"))
    assert [(each.id, each.came_from, each.headcount) for each, _ in made] == [
        ("q1", ("q",), 2),
        ("q2", ("q",), 6),
    ]
    assert sum(each.headcount for each, _ in made) == drafted().headcount
    assert told(end_facts) == ["catalogue.project.withdrawn"]
    assert {type for _, facts in made for type in told(facts)} == {"catalogue.project.drafted"}


@pytest.mark.parametrize("second", [("c",), ("a", "c", "firm"), ("c", "firm", "x")])
def test_a_split_that_loses_or_doubles_a_demand_is_refused(second):
    parts = [
        drafts.Part("q1", "甲班", "370611", 1, ("a", "b")),
        drafts.Part("q2", "乙班", "370611", 1, second),
    ]
    refused("catalogue.split_demands", drafts.split, drafted(), parts, taken("q"), NOW)


def test_drafts_are_merged_and_end():
    one = projects.draft("q1", replace(PLAN, seats=1), ["a"], DEMANDS[:1], NOW)[0]
    two = projects.draft("q2", replace(PLAN, seats=1), ["b", "c"], DEMANDS[1:3], NOW)[0]
    demands = [*taken("q1", DEMANDS[:1]), *taken("q2", DEMANDS[1:3])]
    ended, (made, facts) = drafts.merge("q3", [one, two], PLAN, demands, NOW)
    assert [each.became for each, _ in ended] == [("q3",), ("q3",)]
    assert (made.came_from, made.demand_ids, made.headcount) == (("q1", "q2"), ("a", "b", "c"), 3)
    assert told(facts) == ["catalogue.project.drafted"]
    foreign = projects.draft("q4", replace(PLAN, level="3", seats=1), ["x"], [demand("x", level="3")], NOW)[0]
    other = [*demands, demand("x", level="3", project_id="q4")]
    refused("catalogue.demand_differs", drafts.merge, "q5", [one, foreign], PLAN, other, NOW)


def test_a_card_says_all_that_37_names():
    project, facts = drafts.describe(drafted(), CARD, DEMANDS)
    assert told(facts) == ["catalogue.project.described"]
    assert cards.missing(project.card, 1) == []
    assert cards.card_of(cards.told_card(CARD)) == CARD
    listed, facts = projects.publish(project, LISTING, 2027)
    assert told(facts) == ["catalogue.project.listed"]
    assert facts[0][1]["card"]["posts"][0]["headcount"] == 5
    assert listed.year == 2027
    assert projects.publish(listed, LISTING, 2028)[0].year == 2027


def test_what_a_card_lacks_is_named():
    assert set(cards.missing(None, 1)) == {"posts", "skills", "content", "assessment", "services"}
    assert "posts" not in cards.missing(None, 0)
    bare = replace(CARD, posts=(), skills=None, content=(Part("焊接实操", 120, "practice"),))
    assert cards.missing(bare, 1) == ["content_common", "posts", "skills"]
    assert set(cards.missing(bare, 1)) <= set(cards.MISSING)


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"content": (Part("焊接实操", 119, "practice"),)}, "catalogue.card_hours", "content"),
        ({"posts": (Post("焊接工位", 1, "a", "…"),)}, "catalogue.post_demand", "posts.0.demand_id"),
        (
            {"posts": (Post("焊接工位", 3, "firm", "…"), Post("装配", 3, "firm", "…"))},
            "catalogue.post_headcount",
            "posts.1.headcount",
        ),
    ],
)
def test_a_card_that_does_not_fit_is_refused(changes, code, field):
    refusal = refused(code, drafts.describe, drafted(), replace(CARD, **changes), DEMANDS)
    assert refusal.field == field


def test_a_post_goes_with_the_demand_that_it_is_of():
    described = drafts.describe(drafted(), CARD, DEMANDS)[0]
    refused(
        "catalogue.post_demand",
        drafts.revise,
        described,
        PLAN,
        ["a", "b", "c"],
        taken("q", DEMANDS[:3]),
    )


def test_headcount_is_traced_to_the_demand_and_the_class():
    found = headcounts.outcomes(DEMANDS, {"c1": ["pa", "px"], "c2": ["py"]})
    by_demand = {each.demand_id: (each.met, dict(each.by_class)) for each in found}
    assert by_demand == {
        "a": (1, {"c1": 1}),
        "b": (0, {}),
        "c": (0, {}),
        "firm": (3, {"c1": 2, "c2": 1}),
    }


def test_nobody_counts_for_two_firms():
    second = demand("later", day=9, kind="enterprise", headcount=4)
    found = {each.demand_id: each.met for each in headcounts.outcomes([second, FIRM], {"c1": list("abcdef")})}
    assert found == {"firm": 5, "later": 1}


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(st.booleans(), st.integers(1, 6), st.integers(1, 28)), max_size=12),
    st.dictionaries(st.sampled_from(["c1", "c2", "c3"]), st.sets(st.integers(0, 20)), max_size=3),
)
def test_met_is_never_more_than_asked_and_never_more_than_trained(rows, classes):
    demands = [
        demand(
            f"d{number}",
            day,
            poster_ref=f"p{number}",
            kind="enterprise" if firm else "worker",
            headcount=people if firm else 1,
        )
        for number, (firm, people, day) in enumerate(rows)
    ]
    completed = {id: sorted(f"p{number}" for number in people) for id, people in classes.items()}
    found = {each.demand_id: each for each in headcounts.outcomes(demands, completed)}
    trained = {person for people in completed.values() for person in people}
    for each in demands:
        outcome = found[each.id]
        assert 0 <= outcome.met <= each.headcount
        assert sum(outcome.by_class.values()) == outcome.met
        if each.kind == "worker":
            assert outcome.met == (each.poster_ref in trained)
    firms = [found[each.id].met for each in demands if each.kind == "enterprise"]
    asked = sum(each.headcount for each in demands if each.kind == "enterprise")
    assert sum(firms) == min(asked, len(trained))


def programme(**quotas):
    return Programme("2027-green-370600", 2027, "green", "370600", 100, quotas)


def test_a_programme_is_set_with_its_quotas():
    facts = programmes.decide(programme(**{"370611": 60, "370602": 40}), {"370611": 60})
    assert told(facts) == ["catalogue.programme.set"]


@pytest.mark.parametrize(
    ("quotas", "listed", "code"),
    [
        ({"370102": 10}, {}, "catalogue.quota_region"),
        ({"370600": 50, "370611": 50}, {}, "catalogue.quota_region"),
        ({"370611": 60, "370602": 41}, {}, "catalogue.quotas_beyond_target"),
        ({"370611": 59}, {"370611": 60}, "catalogue.quota_below_listed"),
        ({}, {"370611": 1}, "catalogue.quota_below_listed"),
    ],
)
def test_quotas_that_do_not_hold_are_refused(quotas, listed, code):
    refused(code, programmes.decide, programme(**quotas), listed)


def test_seats_are_taken_up_to_the_quota():
    assert programmes.take(60, 40, 20, "370611") == 60
    assert refused("catalogue.quota_exceeded", programmes.take, 60, 40, 21, "370611").facts["left"] == 20


@pytest.mark.parametrize(
    ("name", "region", "firm", "lacking"),
    [
        ("福山焊工培训", "370611", None, []),
        ("烟台焊工培训", "370611", None, []),
        ("福山焊工培训", "370600", None, []),
        ("历下焊工培训", "370611", None, ["name_without_place"]),
        ("演示船舶焊工培训", "370611", "演示船舶", []),
        ("金牌焊工培训", "370611", None, ["name_without_place"]),
        ("福山技工培训", "370611", None, ["name_without_occupation"]),
        ("福山焊工班", "370611", None, ["name_without_training"]),
    ],
)
def test_what_a_name_lacks_is_said(name, region, firm, lacking):
    assert naming.warnings(name, region, WELDER, firm) == lacking


def test_the_usual_name_is_suggested():
    assert naming.suggested("370611", WELDER) == "福山焊工培训"
    assert naming.suggested("370600", WELDER) == "烟台焊工培训"
    assert naming.suggested("370103", WELDER) == "市中焊工培训"
    assert naming.suggested("370611", WELDER, "演示船舶") == "演示船舶焊工培训"


assert declared.HEADCOUNT_STATES == headcounts.STATES
