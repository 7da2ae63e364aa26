"""Brands, bases, teachers, materials and cases, and the matching board: each role's part of it, on a running
catalogue.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from contracts.events import acceptance
from contracts.vocabularies.errors import Refusal
from services.chassis.actor import Actor
from tests.integration.catalogue.conftest import FUSHAN, OFFICER, WELDER, World
from tests.support.services import wait_for

SECOND = Actor("officer-b", frozenset({"catalogue_officer"}), region="370600")
JINAN = Actor("officer-2", frozenset({"catalogue_officer"}), region="370100")
SUPERVISOR = Actor("supervisor", frozenset({"supervisor"}), region="370600")
SCHOOL = Actor("school", frozenset({"provider"}), body_ref="school")
COLLEGE = Actor("college", frozenset({"provider"}), body_ref="college")
FIRM = Actor("firm", frozenset({"enterprise"}), body_ref="firm")
TEACHER = Actor("teacher", frozenset({"worker"}), person_ref="person-1")
NOBODY = None
SPOT = {"address": "示例路1号", "longitude": 121.2, "latitude": 37.5}
BRAND = {"name": "烟台金牌技工", "occupation": WELDER, "strengths": "示例：规模大、就业好"}
BASE = {
    "name": "示例公共实训基地",
    "base_kind": "training_base",
    "grade": "city",
    "host": "示例技师学院",
    "spot": SPOT,
    "occupations": [WELDER],
    "places": 30,
    "shared": True,
}
PROFILE = {
    "source": "enterprise",
    "part_time": True,
    "occupations": [WELDER],
    "levels": ["4"],
    "honours": ["qilu_chief"],
    "qualification": {"name": "高级技师", "issued_by": "示例评价机构", "valid_until": "2100-01-01"},
    "conflicts": ["rival"],
}
MATERIAL = {
    "title": "焊工（中级）示例课件",
    "material_kind": "courseware",
    "publisher": "示例出版社",
    "edition": "2027",
    "occupation": WELDER,
    "standard": "焊工国家职业标准（2018，示例）",
}
CASE = {"title": "示例案例", "story": "示例：某园区订单班", "spot": SPOT, "consented": True}


def publish(world: World, kind: str, id: str, batch: str | None = None) -> dict:
    return world.call("publish_entry", OFFICER, kind=kind, entry_id=id, batch=batch)


def pooled(world: World, kind: str, actor: Actor, details: dict) -> str:
    made = world.call(f"propose_{kind}", actor, region=FUSHAN, details=details)
    return publish(world, kind, made["id"])["id"]


def hold_class(world: World, id: str, provider: str = "school", days: int = 20) -> str:
    """Tell of a class of four hours, of a project of its own."""
    project = world.publish(world.draft(world.demands(1))["id"])["id"]
    starts = world.running.clock.now() + timedelta(days=days)
    session = {"session_id": "s1", "starts": starts, "ends": starts + timedelta(hours=4), "kind": "safety"}
    world.tell(
        acceptance.CLASS_CONFIRMED,
        id,
        project_id=project,
        provider_ref=provider,
        provider_name="演示单位",
        name="示例班",
        occupation=WELDER,
        level="4",
        mode="on_site",
        region=FUSHAN,
        place={"name": "示例教室", **SPOT},
        capacity=20,
        enrol_until=starts - timedelta(days=1),
        sessions=[{**session, "hours": 4, "topic": "安全", "teacher": "演示教师"}],
    )
    wait_for(lambda: world.db.class_copies.find_one({"_id": id}), 60, "class taken in")
    return id


def test_a_brand_is_named_as_it_likes_and_published_in_a_batch(world: World):
    made = world.call("propose_brand", OFFICER, region="370600", details=BRAND)
    assert made["suggested_name"] == "烟台焊工培训"
    assert [each["code"] for each in made["warnings"]] == ["name_without_occupation", "name_without_training"]
    id = made["id"]
    with pytest.raises(Refusal, match="not_found"):
        world.call("get_brand", NOBODY, entry_id=id)
    with pytest.raises(Refusal, match=r"catalogue\.own_entry"):
        publish(world, "brand", id)
    with pytest.raises(Refusal, match=r"region\.forbidden"):
        world.call("publish_entry", JINAN, kind="brand", entry_id=id)
    with pytest.raises(Refusal, match=r"role\.forbidden"):
        world.call("publish_entry", SCHOOL, kind="brand", entry_id=id)
    coverage = world.call("brand_coverage", NOBODY, region="370600")
    assert (coverage["covered"], coverage["missing"]) == (0, 1)
    out = world.call("publish_entry", SECOND, kind="brand", entry_id=id, batch="2027年第一批")
    assert (out["status"], out["batch"]) == ("published", "2027年第一批")
    assert world.call("get_brand", NOBODY, entry_id=id)["details"]["name"] == BRAND["name"]
    assert [each["id"] for each in world.call("list_brands", NOBODY)["items"]] == [id]
    assert world.call("brand_coverage", NOBODY, region="370600")["covered"] == 1
    assert world.call("brand_coverage", NOBODY, region="370000")["missing"] == 15
    world.call("withdraw_entry", SECOND, kind="brand", entry_id=id, reason="不再符合条件")
    assert world.call("list_brands", NOBODY)["items"] == []
    assert world.call("get_brand", NOBODY, entry_id=id)["reason"] == "不再符合条件"
    name = world.call("suggest_brand_name", NOBODY, region=FUSHAN, occupation=WELDER, name="焊工培训")
    assert name["suggested_name"] == "福山焊工培训"
    assert [each["code"] for each in name["warnings"]] == ["name_without_place"]


def test_a_proposal_is_seen_by_its_proposer_and_its_officers_and_may_be_refused(world: World):
    made = world.call("propose_case", SCHOOL, region=FUSHAN, details=CASE)
    for actor in (SCHOOL, OFFICER, SUPERVISOR):
        assert world.call("get_case", actor, entry_id=made["id"])["status"] == "proposed"
    for actor in (NOBODY, COLLEGE, JINAN):
        with pytest.raises(Refusal, match="not_found"):
            world.call("get_case", actor, entry_id=made["id"])
    refused = world.call("refuse_entry", OFFICER, kind="case", entry_id=made["id"], reason="材料不全")
    assert refused["status"] == "refused"
    assert world.call("list_cases", NOBODY)["items"] == []
    assert [each["id"] for each in world.call("list_cases", OFFICER)["items"]] == [made["id"]]
    with pytest.raises(Refusal, match=r"catalogue\.case_consent"):
        world.call("propose_case", SCHOOL, region=FUSHAN, details={**CASE, "consented": False})
    id = pooled(world, "case", SCHOOL, CASE)
    shown = world.call("get_case", NOBODY, entry_id=id)
    assert shown["details"]["spot"] == SPOT


def test_a_teacher_enters_himself_is_linked_to_classes_and_rated(world: World):
    with pytest.raises(Refusal, match=r"role\.forbidden"):
        world.call("propose_teacher", SCHOOL, region=FUSHAN, details=PROFILE)
    with pytest.raises(Refusal, match="invalid"):
        world.call("propose_teacher", TEACHER, region=FUSHAN, details={**PROFILE, "person_ref": "another"})
    id = pooled(world, "teacher", TEACHER, PROFILE)
    public = world.call("get_teacher", NOBODY, entry_id=id)
    assert (public["details"]["person_ref"], public["owner_ref"]) == (None, None)
    assert public["details"]["conflicts"] == []
    assert world.call("get_teacher", OFFICER, entry_id=id)["details"]["person_ref"] == "person-1"

    mine, other = hold_class(world, "t1"), hold_class(world, "t2")
    foreign, rival = hold_class(world, "t3", "college"), hold_class(world, "t4", "rival", days=40)
    used = world.call("use_entry", SCHOOL, kind="teacher", entry_id=id, class_id=mine)
    assert used["uses"] == 1
    for actor, class_id, code in (
        (SCHOOL, foreign, "catalogue.class_of_another"),
        (SCHOOL, other, "catalogue.teacher_overlap"),
        (SCHOOL, mine, "catalogue.used_already"),
        (Actor("r", frozenset({"provider"}), body_ref="rival"), rival, "catalogue.teacher_conflict"),
        (SCHOOL, "nothing", "not_found"),
    ):
        with pytest.raises(Refusal) as caught:
            world.call("use_entry", actor, kind="teacher", entry_id=id, class_id=class_id)
        assert caught.value.code == code
    uses = world.call("list_uses", NOBODY, kind="teacher", entry_id=id)["items"]
    assert [each["class_id"] for each in uses] == [mine]

    world.call("rate_entry", SCHOOL, kind="teacher", entry_id=id, mark=5)
    rated = world.call("rate_entry", SUPERVISOR, kind="teacher", entry_id=id, mark=4)
    assert (rated["rating"], rated["raters"]) == (450, 2)
    with pytest.raises(Refusal, match=r"catalogue\.rated_already"):
        world.call("rate_entry", SCHOOL, kind="teacher", entry_id=id, mark=1)
    with pytest.raises(Refusal, match=r"catalogue\.not_used_here"):
        world.call("rate_entry", COLLEGE, kind="teacher", entry_id=id, mark=1)
    told = world.db.outbox.find({"subject": id})
    assert not any("rival" in str(row) for row in told if not row["type"].endswith("published"))


def test_a_teacher_is_in_one_place_however_many_ask_at_once(world: World):
    id = pooled(world, "teacher", TEACHER, PROFILE)
    classes = [hold_class(world, f"race{number}") for number in range(6)]

    def ask(class_id: str) -> str:
        try:
            world.call("use_entry", SCHOOL, kind="teacher", entry_id=id, class_id=class_id)
        except Refusal as refusal:
            return refusal.code
        return "used"

    with ThreadPoolExecutor(6) as pool:
        results = sorted(pool.map(ask, classes))
    assert results == ["catalogue.teacher_overlap"] * 5 + ["used"]


def test_a_base_is_shared_within_its_places_and_supported(world: World):
    id = pooled(world, "base", SCHOOL, BASE)
    first, second = hold_class(world, "b1", days=30), hold_class(world, "b2", days=30)
    later = hold_class(world, "b3", "college", days=31)
    world.call("use_entry", SCHOOL, kind="base", entry_id=id, class_id=first)
    with pytest.raises(Refusal) as caught:
        world.call("use_entry", SCHOOL, kind="base", entry_id=id, class_id=second)
    assert caught.value.facts == {"places": 30, "people": 40}
    assert world.call("use_entry", COLLEGE, kind="base", entry_id=id, class_id=later)["uses"] == 2
    given = {"support_kind": "facilities", "amount_fen": 5_000_000, "document": "示例文件1号"}
    world.call("support_base", OFFICER, kind="base", entry_id=id, given_on="2027-03-01", **given)
    again = {**given, "support_kind": "accessibility", "amount_fen": 1}
    world.call("support_base", OFFICER, kind="base", entry_id=id, given_on="2027-04-01", **again)
    with pytest.raises(Refusal, match=r"role\.forbidden"):
        world.call("support_base", SCHOOL, kind="base", entry_id=id, given_on="2027-04-01", **given)
    shown = world.call("get_base", NOBODY, entry_id=id)
    assert (shown["supported_fen"], shown["uses"]) == (5_000_001, 2)
    listed = world.call("list_supports", NOBODY, kind="base", entry_id=id, limit=1)
    assert (listed["items"][0]["amount_fen"], listed["next"] is not None) == (1, True)
    found = world.call("list_bases", NOBODY, region="370600", occupation=WELDER)["items"]
    assert [each["id"] for each in found] == [id]
    assert world.call("list_bases", NOBODY, occupation="4-01-06-01")["items"] == []


def test_materials_name_their_standard_and_are_used_in_classes(world: World):
    id = pooled(world, "material", COLLEGE, MATERIAL)
    made = hold_class(world, "m1", "college")
    assert world.call("use_entry", COLLEGE, kind="material", entry_id=id, class_id=made)["uses"] == 1
    with pytest.raises(Refusal, match=r"catalogue\.own_rating"):
        world.call("rate_entry", COLLEGE, kind="material", entry_id=id, mark=5)
    shown = world.call("list_materials", NOBODY, occupation=WELDER)["items"]
    assert [each["details"]["standard"] for each in shown] == [MATERIAL["standard"]]


def test_a_parks_need_is_listed_answered_matched_and_concluded(world: World):
    wish = {"park": "示例产业园", "region": FUSHAN, "occupation": WELDER, "level": "4", "headcount": 30}
    wish |= {"skills": "能按图施焊", "wanted_from": "2027-06-01"}
    need = world.call("state_need", FIRM, **wish)["id"]
    for actor in (NOBODY, SCHOOL, JINAN):
        with pytest.raises(Refusal, match="not_found"):
            world.call("get_need", actor, need_id=need)
    with pytest.raises(Refusal, match=r"role\.forbidden"):
        world.call("state_need", SCHOOL, **wish)
    world.call("return_need", OFFICER, need_id=need, reason="请写明技能要求")
    with pytest.raises(Refusal, match="out_of_order"):
        world.call("list_need", OFFICER, need_id=need)
    world.call("correct_need", FIRM, need_id=need, **{**wish, "headcount": 20})
    with pytest.raises(Refusal, match=r"region\.forbidden"):
        world.call("list_need", JINAN, need_id=need)
    world.call("list_need", OFFICER, need_id=need)
    assert [each["id"] for each in world.call("list_needs", NOBODY)["items"]] == [need]

    course = {
        "course": "焊工订单班",
        "hours": 120,
        "seats": 20,
        "price_fen": 150_000,
        "starts_on": "2027-06-01",
    }
    world.call("offer_course", SCHOOL, need_id=need, **course)
    seen = world.call("offer_course", COLLEGE, need_id=need, **{**course, "price_fen": 140_000})
    assert [each["provider_ref"] for each in seen["offers"]] == ["college"], "not what others offer"
    assert seen["offered"] == 2
    assert world.call("get_need", NOBODY, need_id=need)["offers"] == []
    whole = world.call("get_need", FIRM, need_id=need)
    assert [each["price_fen"] for each in whole["offers"]] == [140_000, 150_000]
    another = Actor("firm-2", frozenset({"enterprise"}), body_ref="firm-2")
    with pytest.raises(Refusal, match="not_found"):
        world.call("accept_offer", another, need_id=need, provider_ref="school")
    matched = world.call("accept_offer", FIRM, need_id=need, provider_ref="college")
    assert matched["status"] == "matched"
    assert [each["status"] for each in world.call("get_need", OFFICER, need_id=need)["offers"]] == [
        "taken",
        "declined",
    ]
    board = {each["status"]: each for each in world.call("matching_board", OFFICER)["columns"]}
    assert (board["matched"]["needs"], board["matched"]["headcount"], board["stated"]["needs"]) == (1, 20, 0)
    public = [each["status"] for each in world.call("matching_board", NOBODY)["columns"]]
    assert public == ["listed", "matched", "concluded"]
    done = world.call("conclude_need", FIRM, need_id=need, reason="已开班")
    assert done["status"] == "concluded"
    mine = world.call("list_needs", FIRM, mine=True)["items"]
    assert [each["id"] for each in mine] == [need]
    later = world.call("state_need", FIRM, **wish)["id"]
    assert world.call("withdraw_need", FIRM, need_id=later, reason="不需要了")["status"] == "withdrawn"
