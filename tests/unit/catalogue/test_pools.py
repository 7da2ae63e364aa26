"""Pools: published by another hand; used in classes without conflicts. The matching board and its states."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from contracts.events import catalogue_pools as declared
from contracts.registry import newest
from contracts.vocabularies import pools as words
from contracts.vocabularies.errors import Refusal
from services.catalogue.domain import matching, pool
from services.catalogue.domain.matching import Need, Offer, Wish
from services.catalogue.domain.pool import ClassCopy, Entry, Lesson

assert declared.NEED_STATED
NOW = datetime(2027, 3, 1, 1, tzinfo=UTC)
WELDER, COOK = "6-18-02-04", "4-03-02-01"
TEACHER = {
    "person_ref": "p1",
    "source": "enterprise",
    "employer_ref": None,
    "part_time": True,
    "occupations": [WELDER],
    "levels": ["4", "3"],
    "honours": ["qilu_chief"],
    "qualification": {"name": "高级技师", "issued_by": "示例评价机构", "level": "1", "valid_until": None},
    "profile": None,
    "conflicts": ["rival"],
}
BASE = {
    "name": "示例公共实训基地",
    "base_kind": "training_base",
    "grade": "city",
    "host": "示例技师学院",
    "spot": {"address": "示例路1号", "longitude": 121.2, "latitude": 37.5},
    "occupations": [WELDER],
    "places": 50,
    "equipment": None,
    "shared": True,
    "terms": None,
}
MATERIAL = {
    "title": "焊工（中级）示例教材",
    "material_kind": "textbook",
    "publisher": "示例出版社",
    "edition": "2027",
    "occupation": WELDER,
    "level": "4",
    "hours": None,
    "isbn": None,
    "address": None,
    "standard": None,
    "summary": None,
}
CASE = {
    "title": "示例案例",
    "story": "示例",
    "occupation": None,
    "project_id": None,
    "brand_id": None,
    "figures": None,
    "spot": None,
    "consented": True,
}


def entry(kind, details, **changes):
    return replace(Entry("e1", kind, "370600", details, "alice", NOW, "owner"), **changes)


def published(kind, details):
    return pool.publish(entry(kind, details), "bob", NOW, "第一批")[0]


def lesson_of(id="c1", day=0, hour=0, hours=4, **changes):
    starts = NOW + timedelta(days=day, hours=hour)
    made = ClassCopy(
        id,
        "q",
        "school",
        "示例班",
        "370611",
        WELDER,
        "4",
        30,
        (Lesson(starts, starts + timedelta(hours=hours)),),
        "confirmed",
    )
    return replace(made, **changes)


def told(facts):
    for type, data in facts:
        schema = newest(type).data()
        assert schema.validate(schema.dump(data)) == {}, type
    return [type.removeprefix("catalogue.") for type, _ in facts]


def refused(code, call, *args):
    with pytest.raises(Refusal) as caught:
        call(*args)
    assert caught.value.code == code


KINDS = [("teacher", TEACHER), ("base", BASE), ("material", MATERIAL), ("case", CASE)]


@pytest.mark.parametrize(("kind", "details"), KINDS)
def test_an_entry_goes_its_way_and_another_hand_decides(kind, details):
    made = entry(kind, details)
    assert told(pool.propose(made)[1]) == [f"{kind}.proposed"]
    refused("catalogue.own_entry", pool.publish, made, "alice", NOW, None)
    refused("catalogue.own_entry", pool.refuse, made, "alice", NOW, "…")
    assert told(pool.refuse(made, "bob", NOW, "材料不全")[1]) == [f"{kind}.refused"]
    out, facts = pool.publish(made, "bob", NOW, "第一批")
    assert told(facts) == [f"{kind}.published"]
    assert (out.status, out.batch, out.decided_by) == ("published", "第一批", "bob")
    refused("out_of_order", pool.publish, out, "bob", NOW, None)
    gone, facts = pool.withdraw(out, "bob", NOW, "失效")
    assert (gone.status, told(facts)) == ("withdrawn", [f"{kind}.withdrawn"])
    assert {"proposed", out.status, gone.status, "refused"} == set(words.ENTRY)


def test_a_case_needs_consent():
    refused("catalogue.case_consent", pool.propose, entry("case", {**CASE, "consented": False}))


def test_marks_are_averaged_and_not_given_to_oneself():
    made = published("teacher", TEACHER)
    assert made.rating is None
    for mark in (5, 4, 4):
        made, facts = pool.rate(made, mark, "school")
    assert (made.rating, made.raters, told(facts)) == (433, 3, ["teacher.rated"])
    refused("catalogue.own_rating", pool.rate, made, 5, "owner")


@pytest.mark.parametrize(("kind", "details"), KINDS[:3])
def test_what_is_in_a_pool_is_linked_to_a_class_once(kind, details):
    made = published(kind, details)
    used, facts = pool.use(made, lesson_of(), [])
    assert (used.uses, told(facts)) == (1, [f"{kind}.used"])
    refused("catalogue.used_already", pool.use, used, lesson_of(), [lesson_of()])
    refused("catalogue.class_stopped", pool.use, made, lesson_of(state="stopped"), [])
    refused("out_of_order", pool.use, entry(kind, details), lesson_of(), [])


def test_a_teacher_has_no_conflict():
    made = published("teacher", TEACHER)
    refused("catalogue.teacher_occupation", pool.use, made, lesson_of(occupation=COOK), [])
    refused("catalogue.teacher_conflict", pool.use, made, lesson_of(provider_ref="rival"), [])
    refused("catalogue.teacher_overlap", pool.use, made, lesson_of(), [lesson_of("c2", hour=3)])
    assert pool.use(made, lesson_of(), [lesson_of("c2", hour=4)])
    ends = {**TEACHER, "qualification": {**TEACHER["qualification"], "valid_until": date(2027, 3, 2)}}
    assert pool.use(published("teacher", ends), lesson_of(day=1), [])
    refused("catalogue.qualification_ends", pool.use, published("teacher", ends), lesson_of(day=2), [])


def test_a_material_is_for_its_occupation():
    refused(
        "catalogue.material_occupation",
        pool.use,
        published("material", MATERIAL),
        lesson_of(occupation=COOK),
        [],
    )


def test_a_base_holds_no_more_than_its_places_at_any_moment():
    made = published("base", BASE)
    assert pool.use(made, lesson_of(), [lesson_of("c2", capacity=20)])
    refused("catalogue.base_full", pool.use, made, lesson_of(), [lesson_of("c2", hour=3, capacity=21)])
    assert pool.use(made, lesson_of(), [lesson_of("c2", hour=4, capacity=50)])
    # two that do not meet each other but both meet the new one
    others = [lesson_of("c2", hour=-2, capacity=20), lesson_of("c3", hour=3, capacity=20)]
    assert pool.use(made, lesson_of(), others)


def test_support_is_given_to_a_published_base():
    facts = pool.support(published("base", BASE), "facilities", 5_000_000, "示例文件")
    assert told(facts) == ["base.supported"]
    refused("out_of_order", pool.support, entry("base", BASE), "facilities", 1, "示例文件")


WISH = Wish("示例产业园", "370611", WELDER, "4", 30, "能按图施焊", date(2027, 6, 1))


def need(status="stated", **changes):
    return replace(Need("n1", "firm", "alice", NOW, WISH, status), **changes)


def offer(ref="school", **changes):
    return replace(Offer(ref, "carol", "焊工班", 120, 30, 150_000, date(2027, 6, 1), NOW), **changes)


def test_a_need_is_listed_answered_and_matched():
    stated, facts = matching.state(need())
    assert told(facts) == ["need.stated"]
    back, facts = matching.send_back(stated, "请补充技能要求")
    assert told(facts) == ["need.returned"]
    again, facts = matching.state_again(back, replace(WISH, headcount=20))
    assert (again.status, again.wish.headcount, told(facts)) == ("stated", 20, ["need.stated"])
    listed, facts = matching.put_on_list(again)
    assert (listed.public, told(facts)) == (True, ["need.listed"])
    one, facts = matching.offer(listed, offer())
    assert told(facts) == ["need.offered"]
    two = matching.offer(one, offer("college"))[0]
    better = matching.offer(two, offer("college", price_fen=140_000))[0]
    assert (len(better.offers), better.offers["college"].price_fen) == (2, 140_000)
    matched, facts = matching.accept(better, "college")
    assert told(facts) == ["need.matched"]
    assert {ref: each.status for ref, each in matched.offers.items()} == {
        "school": "declined",
        "college": "taken",
    }
    done, facts = matching.conclude(matched, "已开班", "q1")
    assert (done.status, done.project_id, told(facts)) == ("concluded", "q1", ["need.concluded"])


def test_an_offer_is_withdrawn_and_cannot_be_taken_then():
    answered = matching.offer(need("listed"), offer())[0]
    gone, facts = matching.take_back(answered, "school")
    assert told(facts) == ["need.offer_withdrawn"]
    refused("catalogue.offer_unknown", matching.accept, gone, "school")
    refused("catalogue.offer_unknown", matching.take_back, gone, "school")
    refused("catalogue.own_need", matching.offer, need("listed"), offer("firm"))


STEPS = {
    "state_again": (lambda each: matching.state_again(each, WISH), {"returned"}),
    "send_back": (lambda each: matching.send_back(each, "…"), {"stated"}),
    "put_on_list": (matching.put_on_list, {"stated"}),
    "offer": (lambda each: matching.offer(each, offer()), {"listed"}),
    "accept": (lambda each: matching.accept(each, "s"), {"listed"}),
    "conclude": (lambda each: matching.conclude(each, "…", None), {"matched"}),
    "withdraw": (lambda each: matching.withdraw(each, "…"), {"stated", "returned", "listed", "matched"}),
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("status", words.NEED)
def test_steps_come_in_order(step, status):
    call, allowed = STEPS[step]
    made = need(status, offers={"s": offer("s")})
    if status in allowed:
        assert call(made)[0].status in words.NEED
    else:
        refused("out_of_order", call, made)
