"""What demands add to the summary's rows, and how rows that are wrong are named."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from contracts.vocabularies.statuses import DEMAND
from services.catalogue.domain.demands import Demand
from services.catalogue.domain.months import months_before, months_between
from services.catalogue.domain.summary import COUNTS, GRAINS, Row, changes, differences, grain_for

FIRM = Demand(
    "a", "enterprise", "firm", "370611", "6-18-02-04", "4", 20, "on_site", None, date(2027, 4, 1),
    month="2027-03",
)  # fmt: skip
demands = st.builds(
    replace,
    st.just(FIRM),
    id=st.sampled_from("abc"),
    region=st.sampled_from(["370611", "370602"]),
    level=st.sampled_from(["4", "3"]),
    headcount=st.integers(1, 9),
    status=st.sampled_from(sorted(DEMAND)),
    project_id=st.sampled_from([None, "p"]),
    month=st.sampled_from(["2027-03", "2027-04"]),
)


def added(sums, rows):
    for row in rows:
        kept = sums.setdefault((row.grain, row.key), dict.fromkeys(COUNTS, 0))
        for name, by in row.counts.items():
            kept[name] += by
    return sums


def test_a_demand_counts_where_it_stands():
    states = {
        "open": replace(FIRM, status="verified"),
        "taken": replace(FIRM, status="listed", project_id="p"),
        "met": replace(FIRM, status="met", project_id="p"),
        "gone": replace(FIRM, status="withdrawn"),
    }
    for state, demand in states.items():
        rows = changes([(None, demand)])
        assert {row.grain for row in rows} == set(GRAINS)
        for row in rows:
            assert row.counts == {"posted": 1, "posted_heads": 20, state: 1, f"{state}_heads": 20}
    waiting = changes([(None, FIRM)])
    assert [row.counts for row in waiting] == [{"posted": 1, "posted_heads": 20}] * len(GRAINS)


def test_a_demand_that_moves_leaves_its_old_rows():
    rows = changes([(replace(FIRM, status="verified"), replace(FIRM, status="verified", region="370602"))])
    cells = {row.id: row.counts for row in rows if row.grain == "demand_cells"}
    moved = {"posted": 1, "posted_heads": 20, "open": 1, "open_heads": 20}
    assert cells == {
        "370611|6-18-02-04|4|2027-03|enterprise": {name: -by for name, by in moved.items()},
        "370602|6-18-02-04|4|2027-03|enterprise": moved,
    }


def test_what_leaves_a_row_as_it_was_changes_nothing():
    assert changes([(FIRM, replace(FIRM, status="returned"))]) == []


@given(st.lists(demands, max_size=12))
def test_rows_kept_step_by_step_are_those_of_the_demands_at_the_end(history):
    """Whatever happens to demands, in whatever order."""
    now, kept = {}, {}
    for demand in history:
        added(kept, changes([(now.get(demand.id), demand)]))
        now[demand.id] = demand
    anew = added({}, changes([(None, demand) for demand in now.values()]))
    assert {place: row for place, row in kept.items() if any(row.values())} == anew


def test_a_row_that_is_wrong_is_named():
    a, b, c = (Row("demand_months", ("370611", f"2027-0{n}", "worker"), {"posted": n}) for n in (1, 2, 3))
    assert list(differences([a, b, c], [a, b, c])) == []
    found = list(differences([a, replace(b, counts={"posted": 5, "met": 1})], [b, c]))
    assert [(each.row, each.count, each.kept, each.reckoned) for each in found] == [
        ("demand_months/370611|2027-01|worker", "posted", 1, 0),
        ("demand_months/370611|2027-02|worker", "posted", 5, 2),
        ("demand_months/370611|2027-02|worker", "met", 1, 0),
        ("demand_months/370611|2027-03|worker", "posted", 0, 3),
    ]


def test_a_question_is_answered_from_the_smallest_rows_that_can():
    assert grain_for(["month"]) == "demand_months"
    assert grain_for(["region", "occupation"]) == "demand_sums"
    assert grain_for(["occupation", "month"]) == "demand_cells"


def test_months_go_over_the_turn_of_the_year():
    assert months_before("2027-02", 3) == "2026-11"
    assert months_between("2026-11", "2027-02") == ["2026-11", "2026-12", "2027-01", "2027-02"]
    assert months_between("2027-03", "2027-02") == []
