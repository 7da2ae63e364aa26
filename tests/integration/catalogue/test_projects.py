"""From demands to a project, and the project to its end."""

import itertools
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from contracts.events import acceptance, intake
from contracts.vocabularies.errors import Refusal
from services.chassis.actor import Actor
from tests.integration.catalogue.conftest import FUSHAN, OFFICER, WELDER, World
from tests.support.services import wait_for

JINAN = Actor("officer-2", frozenset({"catalogue_officer"}), region="370100")
AUDITOR = Actor("auditor", frozenset({"auditor"}))
NOBODY = None


def notice(world: World, sourcing: str, project: str) -> None:
    world.tell(
        acceptance.NOTICE_PUBLISHED,
        sourcing,
        project_id=project,
        name="福山焊工班",
        region="370600",
        goal="培训",
        seats=2,
        hours=120,
        ceiling_fen=180_000,
        bids_until=world.running.clock.now() + timedelta(days=10),
    )


def award(world: World, sourcing: str, project: str) -> None:
    told = {
        "project_id": project,
        "provider_ref": "school",
        "provider_name": "演示单位",
        "price_fen": 170_000,
    }
    world.tell(acceptance.SOURCING_AWARDED, sourcing, **told)


def confirmed(world: World, id: str, project: str) -> None:
    starts = world.running.clock.now() + timedelta(days=20)
    session = {
        "session_id": "s1",
        "starts": starts,
        "ends": starts + timedelta(hours=4),
        "kind": "safety",
        "hours": 4,
        "topic": "安全",
        "teacher": "演示教师",
    }
    world.tell(
        acceptance.CLASS_CONFIRMED,
        id,
        project_id=project,
        provider_ref="school",
        provider_name="演示单位",
        name="示例班",
        occupation=WELDER,
        level="4",
        mode="on_site",
        region=FUSHAN,
        place={"name": "示例教室", "address": "示例路", "longitude": 121.2, "latitude": 37.5},
        capacity=20,
        enrol_until=starts - timedelta(days=1),
        sessions=[session],
    )


def test_open_demands_are_summarised_by_county_occupation_and_level(world: World):
    world.demands(3, level="1")
    world.demands(2, level="1", region="370602")
    firm = world.demands(1, level="1", kind="enterprise", headcount=20)
    waiting = f"{firm[0]}-waiting"
    now = world.running.clock.now()
    posted = {"region": FUSHAN, "occupation": WELDER, "level": "1", "headcount": 1, "mode": "on_site"}
    world.tell(intake.DEMAND_POSTED, waiting, kind="worker", poster_ref="p", wanted_from=now.date(), **posted)
    wait_for(lambda: world.known([waiting], status="submitted"), 30)

    summary = world.call("summarise_demands", level="1")
    county = {"occupation": WELDER, "level": "1", "month": None}
    assert summary["lines"] == [
        {**county, "county": "370602", "workers": 2, "firms": 0, "firm_headcount": 0},
        {**county, "county": FUSHAN, "workers": 3, "firms": 1, "firm_headcount": 20},
    ]
    assert (summary["workers"], summary["firms"], summary["firm_headcount"]) == (5, 1, 20)
    assert world.call("summarise_demands", JINAN, level="1")["lines"] == []
    assert world.call("summarise_demands", AUDITOR, level="1") == summary
    with pytest.raises(Refusal, match=r"region\.forbidden"):
        world.call("summarise_demands", JINAN, region=FUSHAN)


def test_open_demands_are_read_page_by_page(world: World):
    ids = world.demands(5, level="2")
    seen, cursor = [], None
    for _ in range(3):
        page = world.call("open_demands", level="2", limit=2, cursor=cursor)
        seen += [item["id"] for item in page["items"]]
        cursor = page["next"]
    assert (sorted(seen), cursor) == (sorted(ids), None)


def test_the_way_of_a_project(world: World):
    ids = world.demands(2)
    drafted = world.draft(ids)
    assert (drafted["status"], drafted["headcount"], drafted["demands"]) == ("draft", 2, 2)
    assert world.known(ids, open=False, project_id=drafted["id"]) == 2
    id = drafted["id"]
    with pytest.raises(Refusal, match="not_found"):
        world.call("get_project", NOBODY, project_id=id)
    with pytest.raises(Refusal, match="not_found"):
        world.call("get_project", JINAN, project_id=id)

    listed = world.publish(id)
    assert (listed["status"], listed["edition"], listed["standard_fen"]) == ("listed", 1, 180_000)
    assert world.call("get_project", NOBODY, project_id=id) == listed
    assert world.publish(id, standard_fen=190_000)["edition"] == 2

    notice(world, "s1", id)
    world.await_project(id, status="sourcing")
    with pytest.raises(Refusal, match="out_of_order"):
        world.call("withdraw_project", project_id=id, reason="不办了")
    award(world, "s1", id)
    world.await_project(id, status="awarded")
    confirmed(world, "c1", id)
    world.await_project(id, status="running")
    with pytest.raises(Refusal, match=r"catalogue\.nothing_completed"):
        world.call("close_project", project_id=id, reason="结业")
    world.tell(acceptance.ROSTER_FILED, "c1", project_id=id, person_refs=["p1"])
    world.tell(acceptance.CLASS_COMPLETED, "c1", project_id=id, completed=["p1"], failed=[])
    world.await_project(id, **{"classes.c1": "completed"})
    closed = world.call("close_project", project_id=id, reason="结业")
    assert (closed["status"], closed["provider_ref"], closed["price_fen"]) == ("closed", "school", 170_000)
    assert world.told(id) == ["drafted", "listed", "listed", "sourcing", "awarded", "running", "closed"]


def test_a_failed_sourcing_lists_it_anew(world: World):
    id = world.publish(world.draft(world.demands(1))["id"])["id"]
    notice(world, "s2", id)
    world.tell(acceptance.SOURCING_FAILED, "s2", project_id=id, reason="无人应榜")
    world.await_project(id, status="listed", edition=2)
    notice(world, "s3", id)
    world.await_project(id, status="sourcing", sourcing_id="s3")


def test_a_withdrawn_project_sets_its_demands_free(world: World):
    ids = world.demands(3)
    first = world.draft(ids)
    gone = world.call("withdraw_project", project_id=first["id"], reason="另行立项")
    assert (gone["status"], world.known(ids, open=True)) == ("withdrawn", 3)
    # intake's news of the listing, and then of the freeing, come later and change nothing of that
    for id in ids:
        world.tell(intake.DEMAND_LISTED, id, project_id=first["id"])
    wait_for(lambda: world.known(ids, status="listed") == 3, 30)
    assert world.draft(ids)["status"] == "draft"


def test_a_demand_is_in_one_project_however_many_are_drafted_at_once(world: World):
    ids = world.demands(12)
    groups = list(itertools.combinations(range(0, 12, 2), 3))

    def draft(group: tuple[int, ...]) -> str | Refusal:
        try:
            return world.draft([ids[place] for place in group], seats=1)["id"]
        except Refusal as refusal:
            return refusal

    with ThreadPoolExecutor(20) as pool:
        results = list(pool.map(draft, groups))
    drafted = [result for result in results if isinstance(result, str)]
    refused = [result for result in results if isinstance(result, Refusal)]
    assert len(drafted) in (1, 2), "two groups of three of six fit beside each other at most"
    assert {refusal.code for refusal in refused} == {"catalogue.demand_taken"}
    taken = Counter(
        demand_id
        for project in world.db.projects.find({"_id": {"$in": drafted}})
        for demand_id in project["demand_ids"]
    )
    assert set(taken.values()) == {1}
    for demand_id in taken:
        assert world.db.demands.find_one({"_id": demand_id})["project_id"] in drafted


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"demand_ids": ["nobody"]}, "catalogue.demand_unknown"),
        ({"level": "3"}, "catalogue.demand_differs"),
        ({"seats": 3}, "catalogue.seats_beyond_demand"),
        ({"region": "370100"}, "region.forbidden"),
        ({"programme": "no_such"}, "invalid"),
        ({"hours": 0}, "invalid"),
    ],
)
def test_a_wrong_draft_is_refused_and_takes_nothing(world: World, change, code):
    ids = world.demands(2)
    with pytest.raises(Refusal) as caught:
        world.draft(ids, **change)
    assert caught.value.code == code
    assert world.known(ids, open=True) == 2


def test_a_demand_named_twice_is_refused(world: World):
    ids = world.demands(1)
    with pytest.raises(Refusal, match="invalid at demand_ids"):
        world.draft([*ids, *ids])


def test_a_withdrawn_demand_is_not_taken_in(world: World):
    ids = world.demands(2)
    world.tell(intake.DEMAND_WITHDRAWN, ids[1], reason="不需要了")
    wait_for(lambda: world.known(ids, status="withdrawn") == 1, 30)
    with pytest.raises(Refusal, match=r"catalogue\.demand_not_open"):
        world.draft(ids)
    assert world.draft(ids[:1])["demands"] == 1


def test_an_officer_of_another_region_changes_nothing(world: World):
    id = world.draft(world.demands(1))["id"]
    with pytest.raises(Refusal, match=r"region\.forbidden"):
        world.publish(id, JINAN)
    with pytest.raises(Refusal, match=r"region\.forbidden"):
        world.call("withdraw_project", JINAN, project_id=id, reason="不办了")
    with pytest.raises(Refusal, match=r"role\.forbidden"):
        world.publish(id, AUDITOR)


def test_everyone_reads_the_listed_and_officers_the_drafts_of_their_region(world: World):
    draft, listed = (world.draft(world.demands(1, level="3"), level="3")["id"] for _ in range(2))
    world.publish(listed)

    def ids(actor, **filters):
        return [item["id"] for item in world.call("list_projects", actor, level="3", **filters)["items"]]

    assert ids(NOBODY) == [listed]
    assert ids(NOBODY, status="draft") == []
    assert ids(OFFICER) == [listed, draft]
    assert ids(OFFICER, status="draft") == [draft]
    assert ids(JINAN) == []
    assert ids(AUDITOR) == [listed, draft]


def test_a_stale_version_is_refused(world: World):
    id = world.draft(world.demands(1))["id"]
    world.publish(id)
    with pytest.raises(Refusal, match="stale_version"):
        world.running.call(
            "catalogue.withdraw_project", {"project_id": id, "reason": "不办了"}, OFFICER, expected_version=1
        )


def test_nothing_is_lost_or_doubled_over_a_kill(world: World):
    ids = [f"k{number}" for number in range(150)]
    now = world.running.clock.now()
    posted = {"region": FUSHAN, "occupation": WELDER, "level": "special", "headcount": 1, "mode": "on_site"}
    for id in ids:
        world.tell(
            intake.DEMAND_POSTED, id, kind="worker", poster_ref=f"p-{id}", wanted_from=now.date(), **posted
        )
        world.tell(intake.DEMAND_VERIFIED, id, checked_at=now)
    wait_for(lambda: world.known(ids) > 5, 30)
    world.running.kill("catalogue")
    wait_for(lambda: world.known(ids, status="verified") == 150, 60)
    assert world.call("summarise_demands", level="special")["workers"] == 150
    assert world.running.dead("catalogue") == 0
