"""Seats under parallel choices: never more than there are, in order of arrival, once each, no overlap."""

from datetime import timedelta
from functools import partial

import pytest

from contracts.events import acceptance, acceptance_classes, intake
from contracts.vocabularies.errors import Refusal
from services.chassis.actor import Actor
from tests.integration.selection.conftest import DAY, World, at_once, training_class
from tests.support.services import wait_for


def test_two_hundred_for_twenty_seats(world: World) -> None:
    people, class_id = world.people(200), world.open_class("rush", 20)
    answers = at_once(partial(world.choose, person, class_id) for person in people)
    answers.sort(key=lambda each: each["arrival"])
    held = [each for each in answers if each["status"] == "held"]
    waits = [each for each in answers if each["status"] == "waiting"]
    assert [each["arrival"] for each in held] == list(range(1, 21))
    assert sorted(each["seat"] for each in held) == list(range(1, 21))
    assert [each["place"] for each in waits] == list(range(1, 181))
    assert [each["arrival"] for each in waits] == list(range(21, 201))
    assert [each["ahead"] for each in waits] == list(range(180))
    world.sound(class_id)
    seating = world.call("get_seating", None, class_id=class_id)
    assert (seating["capacity"], seating["taken"], seating["waiting"]) == (20, 20, 180)
    facts = world.db.outbox.find({"type": "selection.seating.changed", "subject": class_id})
    told = [row["event"]["data"]["taken"] for row in facts.sort("sequence", 1)]
    assert told == sorted(told)
    assert (told[0], told[-1], max(told)) == (0, 20, 20)


def test_cancelling_and_choosing_at_once(world: World) -> None:
    people, class_id = world.people(90), world.open_class("churn", 10)
    first = [world.choose(person, class_id) for person in people[:30]]
    assert [each["arrival"] for each in first] == list(range(1, 31))
    leaving = [
        partial(world.call, "cancel_seat", person, enrolment_id=enrolment["id"])
        for person, enrolment in zip(people[:30:2], first[::2], strict=True)
    ]
    coming = [partial(world.choose, person, class_id) for person in people[30:]]
    mixed = [step for pair in zip(leaving, coming[: len(leaving)], strict=True) for step in pair]
    answers = at_once([*mixed, *coming[len(leaving) :]])
    assert not [each for each in answers if isinstance(each, Refusal)]
    world.sound(class_id)
    stayed = [world.db.enrolments.find_one({"_id": each["id"]}) for each in first[1::2]]
    assert [each["status"] for each in stayed[:10]] == ["held"] * 10, "freed seats went to the first in line"
    assert world.db.seatings.find_one({"_id": class_id})["waiting"] == 90 - 15 - 10


def test_a_class_is_chosen_once_however_often_it_is_asked_for(world: World) -> None:
    (person,), class_id = world.people(1), world.open_class("once", 5)
    answers = at_once([partial(world.choose, person, class_id)] * 12, threads=12)
    codes = [each.code for each in answers if isinstance(each, Refusal)]
    assert codes == ["selection.chosen_already"] * 11
    world.sound(class_id)


def test_a_changed_timetable_counts_for_overlaps(world: World) -> None:
    (person,) = world.people(1)
    starts = world.starts + 20 * DAY
    one, other = world.open_class("moving", 5, starts), world.open_class("standing", 5, starts + DAY)
    moved = training_class("moving", 5, starts + DAY)
    world.tell(acceptance_classes.CLASS_CHANGED, one, {**moved, "name": "改期班", "reason": "场地停电"})
    wait_for(lambda: world.db.classes.find_one({"_id": one, "name": "改期班"}), what="the change taken in")
    world.choose(person, one)
    with pytest.raises(Refusal, match="overlap"):
        world.choose(person, other)


def test_overlapping_classes_chosen_at_once(world: World) -> None:
    people = world.people(12)
    starts = world.starts
    classes = [
        world.open_class("slot1", 20, starts),
        world.open_class("slot2", 20, starts + timedelta(hours=3)),
    ]
    later = world.open_class("later", 20, starts + 2 * DAY)
    steps = [partial(world.choose, person, class_id) for person in people for class_id in [*classes, later]]
    answers = at_once(steps, threads=36)
    for number, person in enumerate(people):
        mine = answers[3 * number : 3 * number + 3]
        refused = [each for each in mine[:2] if isinstance(each, Refusal)]
        assert [each.code for each in refused] == ["selection.overlap"], f"{person.account}: {mine}"
        assert mine[2]["status"] == "held"
    for class_id in [*classes, later]:
        world.sound(class_id)


def test_a_hold_that_is_not_confirmed_goes_to_the_next(world: World) -> None:
    first, second, third = world.people(3)
    class_id = world.open_class("holds", 1)
    held = world.choose(first, class_id)
    waiting = [world.choose(person, class_id) for person in (second, third)]
    world.running.clock.advance_to(world.running.clock.now() + timedelta(minutes=31))
    wait_for(lambda: world.status(waiting[0]["id"]) == "held", what="the next one's hold")
    assert world.status(held["id"]) == "expired"
    assert world.call("confirm_seat", second, enrolment_id=waiting[0]["id"])["status"] == "confirmed"
    with pytest.raises(Refusal, match="out_of_order"):
        world.call("confirm_seat", first, enrolment_id=held["id"])
    again = world.choose(first, class_id)
    assert (again["status"], again["place"]) == ("waiting", 3)
    assert world.call("get_enrolment", first, enrolment_id=again["id"])["ahead"] == 1
    world.sound(class_id)


def test_the_filed_roster_ends_the_line(world: World) -> None:
    seated, held, waiting = world.people(3)
    class_id = world.open_class("roster", 2)
    kept = world.confirmed(seated, class_id)
    lost = [world.choose(person, class_id) for person in (held, waiting)]
    roster = {"project_id": "project", "person_refs": [seated.person_ref]}
    world.tell(acceptance.ROSTER_FILED, class_id, roster)
    wait_for(lambda: {world.status(each["id"]) for each in lost} == {"expired"}, what="the line ended")
    assert world.status(kept["id"]) == "confirmed"
    assert world.call("get_seating", None, class_id=class_id)["status"] == "closed"
    with pytest.raises(Refusal, match=r"selection\.roster_filed"):
        world.call("cancel_seat", seated, enrolment_id=kept["id"])
    with pytest.raises(Refusal, match=r"selection\.enrolment_closed"):
        world.choose(held, class_id)
    world.sound(class_id)
    wait_for(lambda: not world.db.seatings.find_one({"_id": class_id})["clearing"])


def test_a_stopped_class_lets_everyone_go(world: World) -> None:
    people, class_id = world.people(130), world.open_class("stopped", 5)
    at_once(partial(world.choose, person, class_id) for person in people)
    world.tell(acceptance.CLASS_STOPPED, class_id, {"project_id": "project", "reason": "示例"})
    ended = {"class_id": class_id, "status": "cancelled"}
    wait_for(lambda: world.db.enrolments.count_documents(ended) == 130, 30, "all let go")
    world.sound(class_id)
    other = world.open_class("instead", 5)
    assert world.choose(people[0], other)["status"] == "held", "the same hours are free again"
    with pytest.raises(Refusal, match=r"selection\.class_stopped"):
        world.choose(people[0], class_id)


def test_a_raised_capacity_seats_those_who_wait(world: World) -> None:
    people, class_id = world.people(4), world.open_class("grows", 1)
    answers = [world.choose(person, class_id) for person in people]
    world.open_class(class_id, 3)
    wait_for(lambda: [world.status(each["id"]) for each in answers] == ["held"] * 3 + ["waiting"])
    world.sound(class_id)


def test_a_forgotten_person_leaves_seat_and_data(world: World) -> None:
    gone, next_one = world.people(2)
    class_id = world.open_class("forget", 1)
    first, second = world.confirmed(gone, class_id), world.choose(next_one, class_id)
    voucher = world.voucher(gone)
    world.tell(intake.PERSON_FORGOTTEN, gone.person_ref, {"reason": "示例"})
    wait_for(lambda: world.status(second["id"]) == "held")
    assert world.status(first["id"]) == "cancelled"
    assert world.status(voucher, "vouchers") == "revoked", "nobody is left to remind"
    person = world.db.people.find_one({"_id": gone.person_ref})
    assert (person["region"], person["groups"], person["registry"]) == ("", [], "forgotten")
    with pytest.raises(Refusal, match=r"selection\.person_unknown"):
        world.choose(gone, class_id)


def test_refusals_and_who_may_see(world: World) -> None:
    one, other = world.people(2)
    class_id = world.open_class("seen", 5)
    mine = world.choose(one, class_id)
    stranger = Actor("nobody", frozenset({"worker"}))
    for actor, method, body, code in [
        (one, "choose_seats", {"items": []}, "invalid"),
        (one, "choose_seats", {"items": [{"class_id": "no such id!", "actor": "a", "key": "k"}]}, "invalid"),
        (other, "confirm_seat", {"enrolment_id": mine["id"]}, "owner.forbidden"),
        (other, "cancel_seat", {"enrolment_id": mine["id"]}, "owner.forbidden"),
        (other, "get_enrolment", {"enrolment_id": mine["id"]}, "owner.forbidden"),
        (one, "list_class_enrolments", {"class_id": class_id}, "role.forbidden"),
        (one, "list_enrolments", {"cursor": "lost"}, "invalid"),
    ]:
        with pytest.raises(Refusal) as refused:
            world.call(method, actor, **body)
        assert refused.value.code == code, method
    for actor, wanted, code in [
        (stranger, class_id, r"selection\.person_unknown"),
        (one, "none", "not_found"),
        (Actor("agent", frozenset({"agency"}), person_ref=one.person_ref), class_id, r"role\.forbidden"),
    ]:
        with pytest.raises(Refusal, match=code):
            world.choose(actor, wanted)
    provider = Actor("school", frozenset({"provider"}), body_ref="provider-1")
    listed = world.call("list_class_enrolments", provider, class_id=class_id)
    assert [each["id"] for each in listed["items"]] == [mine["id"]]
    rival = Actor("rival", frozenset({"provider"}), body_ref="provider-2")
    with pytest.raises(Refusal, match=r"owner\.forbidden"):
        world.call("list_class_enrolments", rival, class_id=class_id)
    elsewhere = Actor("officer-2", frozenset({"supervisor"}), region="370200")
    with pytest.raises(Refusal, match=r"region\.forbidden"):
        world.call("get_enrolment", elsewhere, enrolment_id=mine["id"])


def test_pages_of_own_enrolments_and_eligibility(world: World) -> None:
    (person,) = world.people(1)
    starts, ids = world.starts, []
    for number in range(5):
        class_id = world.open_class(f"page{number}", 5, starts + number * DAY)
        ids.append(world.choose(person, class_id)["id"])
    first = world.call("list_enrolments", person, limit=3)
    second = world.call("list_enrolments", person, limit=3, cursor=first["next"])
    assert [each["id"] for each in first["items"] + second["items"]] == ids[::-1]
    assert second["next"] is None
    told = world.call("eligibility", person, class_id="page0")
    assert told["outcome"] == "needs_proof"
    assert told["lines"]
    assert all(line["clause"] and line["zh"] for line in told["lines"])
    provider = Actor("school", frozenset({"provider"}), body_ref="provider-1")
    (other,) = world.people(1)
    world.choose(other, "page0")
    first = world.call("list_class_enrolments", provider, class_id="page0", limit=1)
    second = world.call("list_class_enrolments", provider, class_id="page0", limit=1, cursor=first["next"])
    assert [each["arrival"] for each in first["items"] + second["items"]] == [1, 2]
    assert second["next"] is None
    with pytest.raises(Refusal, match="invalid"):
        world.call("list_class_enrolments", provider, class_id="page0", cursor="lost")
    world.tell(intake.PERSON_VERIFIED, person.person_ref, {"draws_pension": True, "checked_at": world.starts})
    wait_for(lambda: world.call("eligibility", person, class_id="page0")["outcome"] == "no")
