"""Demands grouped into proposals: near one another, at about one time, each in exactly one place."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.vocabularies import places
from services.catalogue.domain.proposals import Limits, Wanted, propose

WELDER, COOK = "6-18-02-04", "4-03-02-01"
FUSHAN, ZHIFU, MUPING, LAIYANG = "370611", "370602", "370612", "370682"
LIXIA = "370102"
FIRST = date(2027, 4, 1)
LIMITS = Limits(within_km=40, within_days=60, at_least=10, at_most=300)


def wanted(id, county=FUSHAN, headcount=1, day=0, **changes):
    made = Wanted(id, "worker", county, WELDER, "4", FIRST + timedelta(days=day), headcount)
    return replace(made, **changes)


def many(count, prefix="d", **changes):
    return [wanted(f"{prefix}{number:03}", **changes) for number in range(count)]


def ask(demands, **changes):
    return propose(demands, replace(LIMITS, **changes), places.distance_km)


def test_neighbouring_counties_make_one_proposal_with_its_figures():
    demands = many(8, "a") + many(4, "b", county=ZHIFU, day=30)
    (proposal,), left = ask(demands)
    assert left == []
    assert proposal.headcount == 12
    assert proposal.counties == (ZHIFU, FUSHAN)
    assert proposal.days == (FIRST, FIRST + timedelta(days=30))
    assert proposal.region == "370600"
    assert proposal.name == "烟台焊工培训（中级工）"


def test_one_county_alone_gives_its_own_name_and_region():
    (proposal,), _ = ask(many(10))
    assert (proposal.region, proposal.name) == (FUSHAN, "福山焊工培训（中级工）")


def test_far_counties_other_days_and_other_trades_stay_apart():
    demands = [
        *many(10, "near"),
        *many(10, "far", county=LIXIA),
        *many(10, "late", day=200),
        *many(10, "cook", occupation=COOK),
        *many(10, "high", level="3"),
    ]
    proposals, left = ask(demands)
    assert left == []
    assert sorted(each.demands[0].id.rstrip("0123456789") for each in proposals) == [
        "cook",
        "far",
        "high",
        "late",
        "near",
    ]
    assert all(each.headcount == 10 for each in proposals)


def test_nothing_chains_from_county_to_county():
    chain = [ZHIFU, MUPING]
    assert places.distance_km(ZHIFU, MUPING) <= 40
    demands = [demand for place in (FUSHAN, *chain, LAIYANG) for demand in many(10, place, county=place)]
    for proposal in ask(demands)[0]:
        assert all(places.distance_km(proposal.centre, county) <= 40 for county in proposal.counties)


def test_too_few_are_left_out_and_not_forgotten():
    proposals, left = ask(many(9))
    assert proposals == []
    assert sum(demand.headcount for demand in left) == 9


def test_more_people_than_one_project_takes_make_several():
    proposals, left = ask(many(25), at_most=10, at_least=5)
    assert [each.headcount for each in proposals] == [10, 10, 5]
    assert left == []


def test_who_waits_longest_is_taken_first():
    proposals, _ = ask(many(6, "new", day=20) + many(6, "old"), at_most=6, at_least=6)
    assert [{demand.id[:3] for demand in each.demands} for each in proposals] == [{"old"}, {"new"}]


def test_a_firms_demand_is_not_divided():
    firm = wanted("firm", headcount=400, kind="enterprise")
    (proposal,), left = ask([firm])
    assert (proposal.headcount, left) == (400, [])


def test_a_place_without_a_known_centre_is_grouped_by_itself():
    (proposal,), left = ask(many(10, county="140100") + many(3, "other", county="140200"))
    assert proposal.counties == ("140100",)
    assert len(left) == 3


DEMANDS = st.lists(
    st.tuples(
        st.sampled_from([FUSHAN, ZHIFU, MUPING, LAIYANG, LIXIA]),
        st.integers(1, 30),
        st.integers(0, 200),
        st.sampled_from([WELDER, COOK]),
    ),
    max_size=40,
)


@settings(max_examples=150, deadline=None)
@given(DEMANDS, st.integers(0, 60), st.integers(0, 90), st.integers(1, 20), st.randoms())
def test_each_demand_is_in_exactly_one_place_and_every_figure_holds(rows, km, days, least, random):
    demands = [
        wanted(f"d{number}", county, people, day, occupation=occupation)
        for number, (county, people, day, occupation) in enumerate(rows)
    ]
    limits = Limits(km, days, least, 60)
    proposals, left = propose(demands, limits, places.distance_km)
    found = [demand.id for each in proposals for demand in each.demands] + [each.id for each in left]
    assert sorted(found) == sorted(demand.id for demand in demands)
    for each in proposals:
        assert each.headcount >= least
        assert each.headcount <= 60 or len(each.demands) == 1
        assert {(demand.occupation, demand.level) for demand in each.demands} == {
            (each.occupation, each.level)
        }
        assert (each.days[1] - each.days[0]).days <= days
        assert all(places.distance_km(each.centre, county) <= km for county in each.counties)
    assert all(one.headcount >= other.headcount for one, other in pairwise(proposals))
    random.shuffle(demands)
    assert propose(demands, limits, places.distance_km) == (proposals, left)
