"""Vouchers under parallel commands, and their way through a class."""

import base64
from functools import partial

import pytest

from contracts.events import acceptance
from contracts.vocabularies.errors import Refusal
from infra.devices import Device
from services.chassis.actor import Actor
from tests.integration.selection.conftest import DAY, OFFICER, World, at_once
from tests.support.services import wait_for


def two_classes(world: World, name: str, people: list[Actor]) -> list[str]:
    """Two classes on different days in which the persons have confirmed seats."""
    starts = world.starts
    classes = [world.open_class(f"{name}{number}", 30, starts + number * DAY) for number in range(2)]
    for person in people:
        for class_id in classes:
            world.confirmed(person, class_id)
    return classes


def test_a_voucher_bound_to_two_classes_at_once_is_bound_to_one(world: World) -> None:
    people = world.people(8)
    classes = two_classes(world, "twice", people)
    vouchers = [world.voucher(person) for person in people]
    steps = [
        partial(world.call, "bind_voucher", person, voucher_id=voucher, class_id=class_id)
        for person, voucher in zip(people, vouchers, strict=True)
        for class_id in classes
    ]
    answers = at_once(steps, threads=16)
    for number, voucher in enumerate(vouchers):
        pair = answers[2 * number : 2 * number + 2]
        assert sorted(each.code if isinstance(each, Refusal) else each["status"] for each in pair) == [
            "bound",
            "selection.voucher_bound",
        ]
        bound_to = world.db.vouchers.find_one({"_id": voucher})["class_id"]
        holders = world.db.enrolments.find({"voucher_id": voucher})
        assert [each["class_id"] for each in holders] == [bound_to]


def test_each_person_gets_one_voucher_however_many_batches_run(world: World) -> None:
    people, class_id = world.people(6), world.open_class("batches", 6)
    for person in people:
        world.confirmed(person, class_id)
    until = (world.starts + 30 * DAY).isoformat()
    issue = partial(
        world.call, "issue_vouchers", OFFICER, region="370600", class_id=class_id, valid_until=until
    )
    answers = at_once([issue] * 5, threads=5)
    batches = [each for each in answers if not isinstance(each, Refusal)]
    assert len(batches) == 1
    assert {each.code for each in answers if isinstance(each, Refusal)} == {"selection.nobody_to_issue"}
    refs = [person.person_ref for person in people]
    assert world.db.vouchers.count_documents({"person_ref": {"$in": refs}}) == 6
    found = world.call("get_batch", OFFICER, batch_id=batches[0]["id"])
    assert found["figures"] == {"issued": 6}
    elsewhere = Actor("officer-2", frozenset({"supervisor"}), region="370200")
    with pytest.raises(Refusal, match=r"region\.forbidden"):
        world.call("issue_vouchers", elsewhere, region="370600", class_id=class_id, valid_until=until)
    with pytest.raises(Refusal, match="invalid"):
        world.call("issue_vouchers", OFFICER, region="370600", valid_until=until)


def test_a_voucher_through_a_class(world: World) -> None:
    passed, failed, absent = world.people(3)
    class_id = world.open_class("life", 3)
    vouchers = {}
    for person in (passed, failed, absent):
        world.confirmed(person, class_id)
        vouchers[person.person_ref] = world.voucher(person)
        world.call("bind_voucher", person, voucher_id=vouchers[person.person_ref], class_id=class_id)
    refs = [person.person_ref for person in (passed, failed, absent)]
    world.tell(acceptance.ROSTER_FILED, class_id, {"project_id": "project", "person_refs": refs})
    for ref in refs[:2]:
        signed = {"class_id": class_id, "session_id": "life-1", "person_ref": ref, "at": world.starts}
        world.tell(acceptance.SIGN_IN_RECORDED, f"sign-{ref}", signed | {"state": "confirmed"})
    used = {"person_ref": {"$in": refs}, "status": "in_use"}
    wait_for(lambda: world.db.vouchers.count_documents(used) == 2)
    assert world.db.enrolments.count_documents({"class_id": class_id, "status": "attending"}) == 2
    world.tell(
        acceptance.CLASS_COMPLETED,
        class_id,
        {"project_id": "project", "completed": [refs[0]], "failed": refs[1:]},
    )
    ended = {"class_id": class_id, "status": {"$in": ["completed", "failed"]}}
    wait_for(lambda: world.db.enrolments.count_documents(ended) == 3)
    assert [world.status(vouchers[ref], "vouchers") for ref in refs] == ["redeemed", "revoked", "claimed"]
    types = [row["type"] for row in world.db.outbox.find({"subject": vouchers[refs[0]]}).sort("sequence", 1)]
    verbs = [type.rpartition(".")[2] for type in types]
    assert verbs == ["issued", "claimed", "bound", "used", "redeemed"]
    assert not world.db.people.find_one({"_id": refs[0]})["choices"]
    assert world.running.dead("selection") == 0


def test_a_voucher_is_used_though_news_of_the_sign_in_comes_last(world: World) -> None:
    failed, absent = world.people(2)
    class_id = world.open_class("late", 2)
    vouchers = []
    for person in (failed, absent):
        world.confirmed(person, class_id)
        vouchers.append(world.voucher(person))
        world.call("bind_voucher", person, voucher_id=vouchers[-1], class_id=class_id)
    refs = [person.person_ref for person in (failed, absent)]
    world.tell(acceptance.ROSTER_FILED, class_id, {"project_id": "project", "person_refs": refs})
    day = world.starts.date()
    lines = [
        {"person_ref": refs[0], "days": [day], "hours": 4},
        {"person_ref": refs[1], "days": [], "hours": 0},
    ]
    held = {"project_id": "project", "last_session_ended": world.starts, "attendance": lines}
    world.tell(acceptance.CLASS_CARRIED_OUT, class_id, held)
    told = {"project_id": "project", "completed": [], "failed": refs}
    world.tell(acceptance.CLASS_COMPLETED, class_id, told)
    signed = {"class_id": class_id, "session_id": "late-1", "person_ref": refs[0], "at": world.starts}
    world.tell(acceptance.SIGN_IN_RECORDED, f"sign-{refs[0]}", signed | {"state": "confirmed"})
    wait_for(lambda: world.db.marks.find_one({"_id": f"acceptance.sign_in:sign-{refs[0]}"}))
    assert [world.status(voucher, "vouchers") for voucher in vouchers] == ["revoked", "claimed"]
    assert world.db.vouchers.find_one({"_id": vouchers[0]})["class_id"] == class_id


def test_cancelling_gives_the_voucher_back_and_time_ends_it(world: World) -> None:
    (person,) = world.people(1)
    classes = two_classes(world, "back", [person])
    voucher = world.voucher(person)
    world.call("bind_voucher", person, voucher_id=voucher, class_id=classes[0])
    enrolment = world.db.enrolments.find_one({"class_id": classes[0]})
    world.call("cancel_seat", person, enrolment_id=enrolment["_id"])
    assert world.call("get_voucher", person, voucher_id=voucher)["status"] == "claimed"
    assert (
        world.call("bind_voucher", person, voucher_id=voucher, class_id=classes[1])["class_id"] == classes[1]
    )
    world.running.clock.advance_to(world.starts + 61 * DAY)
    wait_for(lambda: world.status(voucher, "vouchers") == "expired")
    assert world.db.enrolments.find_one({"class_id": classes[1]})["voucher_id"] is None
    assert world.call("list_vouchers", person)["items"][0]["reason"]


def test_a_device_is_one_persons_and_may_be_changed(world: World) -> None:
    one, two = world.people(2)
    class_id = world.open_class("devices", 4)
    for person in (one, two):
        world.confirmed(person, class_id)
    until = (world.starts + 30 * DAY).isoformat()
    batch = world.call(
        "issue_vouchers", OFFICER, region="370600", class_id=class_id, valid_until=until
    )  # fmt: skip
    mine, other = (
        next(
            id for id in batch["voucher_ids"] if world.db.vouchers.find_one({"_id": id})["person_ref"] == ref
        )
        for ref in (one.person_ref, two.person_ref)
    )
    device, newer = Device(), Device()
    with pytest.raises(Refusal, match="out_of_order"):
        world.call("bind_device", one, voucher_id=mine, device_key=device.public_key)
    claimed = world.call("claim_voucher", one, voucher_id=mine, device_key=device.public_key)
    assert claimed["status"] == "claimed"
    with pytest.raises(Refusal, match="device_taken"):
        world.call("claim_voucher", two, voucher_id=other, device_key=device.public_key)
    assert world.call("claim_voucher", two, voucher_id=other)["status"] == "claimed"
    no_point = base64.b64encode(b"\x04" + bytes(64)).decode()
    with pytest.raises(Refusal, match="device_key"):
        world.call("bind_device", two, voucher_id=other, device_key=no_point)
    with pytest.raises(Refusal, match=r"owner\.forbidden"):
        world.call("bind_device", two, voucher_id=mine, device_key=newer.public_key)
    world.call("bind_device", one, voucher_id=mine, device_key=newer.public_key)
    told = world.db.outbox.find({"subject": mine, "event.type": "selection.voucher.device_bound"})
    keys = [row["event"]["data"]["device_key"] for row in told.sort("sequence", 1)]
    assert keys == [device.public_key, newer.public_key]
