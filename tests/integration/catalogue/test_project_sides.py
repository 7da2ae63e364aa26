"""Proposals, drafts changed, cards and quotas of projects, and the headcount that is met: on a running
catalogue.
"""

from datetime import timedelta

import pytest

from contracts.events import acceptance
from contracts.vocabularies.errors import Refusal
from services.chassis.actor import Actor
from tests.integration.catalogue.conftest import FUSHAN, OFFICER, WELDER, World
from tests.integration.catalogue.test_projects import award, confirmed, notice
from tests.support.services import wait_for

ZHIFU = "370602"
COUNTY = Actor("county", frozenset({"catalogue_officer"}), region=FUSHAN)
JINAN = Actor("officer-2", frozenset({"catalogue_officer"}), region="370100")
PROVINCE = Actor("province", frozenset({"catalogue_officer"}), region="370000")
WORKER = Actor("worker", frozenset({"worker"}), person_ref="p1")
NOBODY = None
CARD = {
    "skills": "平焊、立焊",
    "content": [
        {"title": "安全", "hours": 8, "kind": "safety"},
        {"title": "通用知识", "hours": 12, "kind": "compulsory"},
        {"title": "焊接实操", "hours": 100, "kind": "practice"},
    ],
    "assessment": "skill_level",
    "skill_standard": {"name": "焊工国家职业标准", "edition": "2018", "illustrative": True},
    "services": "推荐至企业岗位",
}


def year_of(world: World) -> int:
    return (world.running.clock.now() + timedelta(hours=8)).year


def test_open_demands_are_proposed_and_drafted_as_proposed(world: World):
    near = world.demands(7, level="5")
    far = world.demands(2, level="5", region=ZHIFU)
    firm = world.demands(1, level="5", kind="enterprise", headcount=6)
    lone = world.demands(1, level="5", region="370682")
    answer = world.call("propose_projects", level="5", within_km=30)
    (proposal,) = answer["items"]
    assert set(proposal["demand_ids"]) == {*near, *far, *firm}
    figures = ("workers", "firms", "firm_headcount", "headcount", "region")
    assert [proposal[name] for name in figures] == [9, 1, 6, 15, "370600"]
    assert [(each["county"], each["headcount"]) for each in proposal["counties"]] == [
        (ZHIFU, 2),
        (FUSHAN, 13),
    ]
    assert proposal["farthest_km"] <= 30
    assert proposal["suggested_name"] == "烟台焊工培训（初级工）"
    assert answer["headcount"] == answer["proposed_headcount"] + answer["left_headcount"] == 16
    assert [each["county"] for each in answer["left_out"]] == ["370682"]
    assert answer["rule"] == "sd.projects.proposals"
    assert answer["within_days"] == 60

    ids = proposal["demand_ids"]
    drafted = world.draft(ids, level="5", name=proposal["suggested_name"], seats=15)
    assert drafted["headcount"] == 15
    assert world.call("propose_projects", level="5", within_km=30)["items"] == []
    assert world.known(lone, open=True) == 1
    with pytest.raises(Refusal, match=r"region\.forbidden"):
        world.call("propose_projects", JINAN, region=FUSHAN)
    with pytest.raises(Refusal, match=r"role\.forbidden"):
        world.call("propose_projects", WORKER)


def test_proposals_are_read_page_by_page(world: World):
    world.demands(6, level="apprentice")
    pages, cursor = [], None
    for _ in range(3):
        asked = {"level": "apprentice", "at_least": 2, "at_most": 2, "limit": 1, "cursor": cursor}
        answer = world.call("propose_projects", **asked)
        pages += answer["items"]
        cursor = answer["next"]
    assert cursor is None
    assert len({id for each in pages for id in each["demand_ids"]}) == 6


def test_a_draft_is_revised_split_and_merged_and_no_demand_is_lost(world: World):
    ids = world.demands(6, level="2")
    first = world.draft(ids[:5], level="2", seats=2)
    plan = {"region": "370600", "occupation": WELDER, "mode": "on_site", "programme": None, "hours": 160}
    plan |= {"level": "2", "name": "福山焊工培训", "seats": 3}
    revised = world.call("revise_project", project_id=first["id"], demand_ids=ids[1:], **plan)
    assert (revised["headcount"], revised["hours"], revised["version"]) == (5, 160, 2)
    assert world.known(ids[:1], open=True) == 1
    assert world.known(ids[1:], project_id=first["id"]) == 5

    parts = [
        {"name": "甲", "region": FUSHAN, "seats": 2, "demand_ids": ids[1:4]},
        {"name": "乙", "region": "370600", "seats": 1, "demand_ids": ids[4:]},
    ]
    with pytest.raises(Refusal, match=r"catalogue\.split_demands"):
        world.call(
            "split_project", project_id=first["id"], parts=[parts[0], {**parts[1], "demand_ids": ids[3:]}]
        )
    with pytest.raises(Refusal, match=r"region\.forbidden"):
        world.call("split_project", JINAN, project_id=first["id"], parts=parts)
    made = world.call("split_project", project_id=first["id"], parts=parts)["items"]
    assert [(each["headcount"], each["came_from"]) for each in made] == [
        (3, [first["id"]]),
        (2, [first["id"]]),
    ]
    ended = world.call("get_project", OFFICER, project_id=first["id"])
    assert (ended["status"], ended["became"]) == ("withdrawn", [each["id"] for each in made])
    assert world.known(ids[1:4], project_id=made[0]["id"]) == 3

    both = [each["id"] for each in made]
    merged = world.call("merge_projects", project_ids=both, name="福山焊工培训", region="370600", seats=4)
    assert (merged["headcount"], merged["came_from"], merged["hours"]) == (5, both, 160)
    assert world.known(ids[1:], project_id=merged["id"]) == 5
    assert world.told(merged["id"]) == ["drafted"]
    with pytest.raises(Refusal, match="out_of_order"):
        world.call("merge_projects", project_ids=both, name="x", region="370600", seats=1)


def test_the_card_is_public_and_says_what_is_illustrative(world: World):
    ids = world.demands(2)
    firm = world.demands(1, kind="enterprise", headcount=5)
    id = world.draft([*ids, *firm], seats=7)["id"]
    bare = world.call("project_card", OFFICER, project_id=id)
    assert {each["code"] for each in bare["warnings"]} >= {
        "posts",
        "skills",
        "content",
        "assessment",
        "services",
    }
    with pytest.raises(Refusal, match="not_found"):
        world.call("project_card", NOBODY, project_id=id)
    posts = [{"name": "焊接工位", "headcount": 5, "demand_id": firm[0], "skills": "能按图施焊"}]
    world.call("describe_project", project_id=id, posts=posts, **CARD)
    over = [{**posts[0], "headcount": 6}]
    with pytest.raises(Refusal, match=r"catalogue\.post_headcount"):
        world.call("describe_project", project_id=id, posts=over, **CARD)
    world.publish(id, illustrative=False)
    card = world.call("project_card", NOBODY, project_id=id)
    # 福山焊工班: a place and an occupation, and no 培训 at its end
    assert [each["code"] for each in card["warnings"]] == ["name_without_training"]
    assert (card["posts"], card["headcount"], card["firm_headcount"]) == (posts, 7, 5)
    assert (card["content"], card["skill_standard"]["illustrative"]) == (CARD["content"], True)
    standard = card["standard"]
    assert standard["reference"]["status"] == "illustrative"
    assert standard["illustrative"] is True, "the rule's own mark counts, whatever the officer said"
    assert standard["reference"]["edition"].startswith("shandong-")
    assert standard["differs"] == (standard["fen"] != standard["reference"]["fen"])


def test_headcount_met_and_unmet_leads_back_to_the_demands(world: World):
    ids = world.demands(3, level="3")
    firm = world.demands(1, level="3", kind="enterprise", headcount=4)
    lone = world.demands(1, level="3")
    id = world.draft([*ids, *firm], level="3", seats=7)["id"]
    world.publish(id)
    planned = world.call("headcount", level="3")
    assert [planned[name] for name in ("asked", "open", "planned", "met", "unmet")] == [8, 1, 7, 0, 0]
    notice(world, "s-head", id)
    award(world, "s-head", id)
    world.await_project(id, status="awarded")
    confirmed(world, "c-head", id)
    world.await_project(id, status="running")
    trained = [f"p-{ids[0]}", f"p-{ids[1]}"]
    world.tell(acceptance.CLASS_COMPLETED, "c-head", project_id=id, completed=trained, failed=[f"p-{ids[2]}"])
    world.await_project(id, **{"classes.c-head": "completed"})
    met = world.call("headcount", level="3")
    assert [met[name] for name in ("asked", "open", "planned", "met", "unmet")] == [8, 1, 3, 4, 0]
    world.call("close_project", project_id=id, reason="结业")
    closed = world.call("headcount", level="3")
    assert [closed[name] for name in ("asked", "open", "planned", "met", "unmet")] == [8, 2, 0, 4, 2]
    assert closed["demands"] == 5

    def behind(state):
        items, cursor = [], None
        while True:
            page = world.call("headcount_demands", level="3", state=state, limit=2, cursor=cursor)
            items += page["items"]
            cursor = page["next"]
            if cursor is None:
                return {item["demand_id"]: item for item in items}

    met_by = behind("met")
    assert set(met_by) == {ids[0], ids[1], firm[0]}
    assert sum(item["met"] for item in met_by.values()) == closed["met"]
    assert met_by[firm[0]]["met_in"] == [{"class_id": "c-head", "people": 2}]
    unmet = behind("unmet")
    assert set(unmet) == set(firm), "the people that a firm still lacks"
    assert sum(item["headcount"] - item["met"] for item in unmet.values()) == closed["unmet"]
    assert set(behind("open")) == {*lone, ids[2]}, "who failed waits again"
    own = world.call("headcount", project_id=id)
    assert (own["asked"], own["met"], own["unmet"]) == (6, 4, 2)
    assert world.call("project_card", OFFICER, project_id=id)["met"] == 4
    assert world.call("project_card", NOBODY, project_id=id)["met"] is None, "fewer than five"
    with pytest.raises(Refusal, match=r"region\.forbidden"):
        world.call("headcount", JINAN, project_id=id)


def test_quotas_of_a_programme_hold_and_progress_is_shown(world: World):
    year = year_of(world)
    about = {"year": year, "code": "graduates", "region": "370600"}
    before = world.draft(world.demands(2), programme="graduates", seats=2, region=FUSHAN)["id"]
    world.publish(before)
    with pytest.raises(Refusal, match=r"catalogue\.quota_below_listed"):
        world.call("set_programme", **about, target=100, quotas=[{"region": FUSHAN, "people": 1}])
    set_ = world.call("set_programme", **about, target=100, quotas=[{"region": FUSHAN, "people": 4}])
    assert set_["quotas"] == [{"region": FUSHAN, "people": 4, "listed": 2, "left": 2}]
    second = world.draft(world.demands(3), programme="graduates", seats=3, region=FUSHAN)["id"]
    with pytest.raises(Refusal) as caught:
        world.publish(second)
    assert (caught.value.code, caught.value.facts["left"]) == ("catalogue.quota_exceeded", 2)
    world.call("withdraw_project", project_id=before, reason="另行立项")
    assert world.publish(second)["status"] == "listed"
    assert world.publish(second)["edition"] == 2, "listed again, it is not counted twice"

    shown = world.call("list_programmes", NOBODY, year=year, region="370600")
    assert shown["action"] == "技能照亮前程"
    line = next(each for each in shown["programmes"] if each["code"] == "graduates")
    assert (line["target"], line["projects"], line["seats"]) == (100, 1, 3)
    assert line["quotas"] == [{"region": FUSHAN, "people": 4, "listed": 3, "left": 1}]
    assert shown["seats"] == sum(each["seats"] for each in shown["programmes"])
    with pytest.raises(Refusal, match=r"region\.forbidden"):
        world.call("set_programme", COUNTY, **about, target=1, quotas=[])
    with pytest.raises(Refusal, match=r"role\.forbidden"):
        world.call("set_programme", WORKER, **about, target=1, quotas=[])
    # the province's quota for the city counts what the county lists
    above = {**about, "region": "370000"}
    over = world.call(
        "set_programme", PROVINCE, **above, target=3, quotas=[{"region": "370600", "people": 3}]
    )
    assert over["quotas"][0]["left"] == 0
    third = world.draft(world.demands(1), programme="graduates", seats=1, region=FUSHAN)["id"]
    with pytest.raises(Refusal, match=r"catalogue\.quota_exceeded"):
        world.publish(third)


def test_one_county_has_one_project_and_gaps_are_shown(world: World):
    year = year_of(world)
    listed = world.publish(world.draft(world.demands(1))["id"])["id"]
    draft = world.draft(world.demands(1))["id"]
    told = {"year": year, "county": FUSHAN, "theme": "ten_industries", "reason": "船舶产业急需"}
    with pytest.raises(Refusal, match=r"catalogue\.county_project"):
        world.call("designate_county_project", COUNTY, **told, project_id=draft)
    with pytest.raises(Refusal, match=r"catalogue\.county_needed"):
        world.call("designate_county_project", OFFICER, **{**told, "county": "370600"}, project_id=listed)
    with pytest.raises(Refusal, match=r"region\.forbidden"):
        world.call("designate_county_project", JINAN, **told, project_id=listed)
    made = world.call("designate_county_project", COUNTY, **told, project_id=listed)
    with pytest.raises(Refusal, match=r"catalogue\.county_taken"):
        world.call("designate_county_project", COUNTY, **told, project_id=listed)
    shown = world.call("list_county_projects", NOBODY, year=year, region="370600")
    line = next(each for each in shown["counties"] if each["county"] == FUSHAN)
    assert line["project"]["project_id"] == listed
    assert shown["covered"] == 1
    assert shown["covered"] + shown["missing"] == len(shown["counties"])
    world.call("end_county_project", COUNTY, county_project_id=made["id"], reason="调整")
    assert world.call("list_county_projects", NOBODY, year=year, region="370600")["covered"] == 0
    assert world.call("designate_county_project", COUNTY, **told, project_id=listed)["status"] == "on_list"


def test_the_summary_and_the_headcount_stay_right_through_all_of_it(world: World):
    wait_for(lambda: world.running.dead("catalogue") == 0, 10)
    docs = list(world.db.demands.find({"project_id": {"$ne": None}}))
    projects = {doc["_id"]: doc for doc in world.db.projects.find()}
    for doc in docs:
        assert doc["_id"] in projects[doc["project_id"]]["demand_ids"]
    for project in projects.values():
        # what a closed project did not meet is free again
        if project["status"] not in ("withdrawn", "closed"):
            inside = world.db.demands.count_documents({"project_id": project["_id"]})
            assert inside == len(project["demand_ids"])
