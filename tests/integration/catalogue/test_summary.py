"""The live summary: its rows go with the demands, its months, and the check that compares both."""

from concurrent.futures import ThreadPoolExecutor

from contracts.vocabularies.dates import month_of
from services.catalogue.domain.months import months_before
from services.catalogue.domain.summary import GRAINS
from services.catalogue.store import sums
from tests.integration.catalogue.conftest import FUSHAN, OFFICER, WELDER, World


def test_rows_follow_demands_into_projects_and_out_again(world: World):
    ids = world.demands(4, level="2")
    asked = {"occupation": WELDER, "level": "2", "by": ["occupation", "month"]}
    month = month_of(world.running.clock.now())
    assert world.call("summarise_demands", **asked)["lines"] == [
        {
            "county": None,
            "occupation": WELDER,
            "level": None,
            "month": month,
            "workers": 4,
            "firms": 0,
            "firm_headcount": 0,
        }
    ]
    with ThreadPoolExecutor(2) as both:
        drafts = list(both.map(lambda half: world.draft(half, level="2"), (ids[:2], ids[2:])))
    assert world.call("summarise_demands", **asked)["lines"] == []
    world.call("withdraw_project", project_id=drafts[0]["id"], reason="另行安排")
    assert world.call("summarise_demands", **asked)["workers"] == 2

    trend = world.call("demand_trends", occupation=WELDER, level="2")["months"]
    assert [each["month"] for each in trend] == [months_before(month, back) for back in range(11, -1, -1)]
    last = trend[-1]
    assert (last["posted"], last["open"], last["taken"], last["change"]) == (4, 2, 2, 4)
    assert not any(each["posted"] for each in trend[:-1])


def test_a_row_that_differs_is_named_with_both_figures(world: World):
    world.demands(2, level="5", kind="enterprise", headcount=30)
    assert world.call("check_summary")["different"] == 0
    row = f"{FUSHAN}|{WELDER}|5|enterprise"
    world.db.demand_sums.update_one({"_id": row}, {"$inc": {"open_heads": 1}})
    try:
        found = world.call("check_summary")
    finally:
        world.db.demand_sums.update_one({"_id": row}, {"$inc": {"open_heads": -1}})
    assert found["rows"] > 0
    assert found["differences"] == [
        {"row": f"demand_sums/{row}", "count": "open_heads", "kept": 61, "reckoned": 60}
    ]


def test_rows_are_made_of_demands_that_were_there_before_them(world: World):
    world.demands(1)
    kept = {
        grain: list(world.db[grain].find({}, {"version": 0, "seq": 0}).sort("_id", 1)) for grain in GRAINS
    }
    made = world.running.sandbox.database(world.running._mongo, "gateway").client["summary-made-anew"]
    try:
        made.demands.insert_many(world.db.demands.find())
        sums.summary_rows(made)
        for grain, rows in kept.items():
            assert [row for row in rows if any(row[name] for name in ("posted", "open"))] == list(
                made[grain].find({}, {"version": 0, "seq": 0}).sort("_id", 1)
            )
    finally:
        made.client.drop_database(made.name)


def test_an_officer_sums_the_own_region_only(world: World):
    world.demands(1, region="370602", level="apprentice")
    narrow = OFFICER.__class__("county", OFFICER.roles, region="370611")
    assert world.call("summarise_demands", narrow, level="apprentice")["lines"] == []
    assert world.call("summarise_demands", level="apprentice", region="370602")["workers"] == 1
    assert world.call("demand_trends", narrow, level="apprentice")["months"][-1]["posted"] == 0
