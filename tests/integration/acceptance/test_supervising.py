"""Supervision of sessions on a real broker and database: what is seen, what is kept, when a class may end."""

import base64
from typing import Any

import pytest

from contracts.vocabularies.errors import Refusal
from services.acceptance import watching
from services.acceptance.domain.attendance import SignIn
from services.acceptance.store.codec import to_doc
from services.chassis.actor import Actor
from services.chassis.calls import Reader
from tests.integration.acceptance.rooms import FAR, MINUTE, Room, code_of
from tests.integration.acceptance.world import DAY, SUPERVISOR, World, body, officer
from tests.support.standing import stand

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"p" * 200).decode()


def test_a_screen_opened_at_the_other_end_of_the_world_does_not_keep_a_class_from_its_end(world: World):
    (it,) = stand(world.db, 1, 2, world.now - 15 * MINUTE)
    room = Room(world, it)
    opened = room.call("open_session", longitude=0.0, latitude=0.0)
    assert opened["metres"] > 1_000_000
    world.wait_until(it.training.ends)
    assert world.call("close_sessions", it.provider, class_id=it.id)["status"] == "carried_out"
    kept = world.db["anomalies"].find_one({"_id": f"{it.session()}:teacher_elsewhere"})
    assert kept["count"] == opened["metres"]


def test_supervision_sees_a_session_as_it_is_held(room: Room):
    room.sign(0, 1, 2)
    room.sign(3, spot=FAR)
    seen = room.world.call("class_attendance", SUPERVISOR, class_id=room.it.id)["sessions"][0]
    assert (seen["on_roster"], seen["confirmed"], seen["absent"]) == (12, 3, 9)
    assert seen["refused"] == [{"kind": "too_far", "count": 1}]
    assert [each["kind"] for each in seen["anomalies"]] == ["refused_attempts"]
    running, cursor = [], None
    while True:
        page = room.world.call("running_sessions", SUPERVISOR, region="370600", limit=100, cursor=cursor)
        running, cursor = running + page["items"], page["next"]
        if cursor is None:
            break
    assert {**seen, "class_id": room.it.id}.items() <= next(
        each for each in running if each["class_id"] == room.it.id
    ).items()
    with pytest.raises(Refusal, match=r"region\.forbidden"):
        room.world.call("running_sessions", officer("supervisor", region="370202"), region="370600")
    refs = [one.ref for one in room.it.learners]
    check = room.call("record_spot_check", SUPERVISOR, found=refs[:2], counted=2, teacher_there=False)
    assert check["missing"] == [refs[2]]
    ids = {"class_id": room.it.id, "check_id": check["id"]}
    with_photo = room.world.call("add_photo", SUPERVISOR, **ids, name="现场.png", content=PNG)
    photo = with_photo["photos"][0]
    shown = room.world.call("open_photo", room.it.provider, **ids, photo_id=photo["id"])
    assert (shown["content"], shown["content_type"]) == (PNG, "image/png")
    with pytest.raises(Refusal, match=r"acceptance\.photo"):
        room.world.call(
            "add_photo", SUPERVISOR, **ids, name="x.png", content=base64.b64encode(b"<svg>").decode()
        )
    with pytest.raises(Refusal, match=r"owner\.forbidden"):
        room.world.call("add_photo", officer("supervisor", "another"), **ids, name="x.png", content=PNG)


def test_what_waits_for_another_hand_keeps_a_class_from_its_end_for_a_day(world: World):
    day, forced, late = (Room(world, it) for it in stand(world.db, 3, 2, world.now - 15 * MINUTE))
    for room in (day, forced, late):
        room.call("open_session")
        assert code_of(room.send((room.it.learners[0], room.late(0)))[0]) == "unconfirmed"

    def close(room: Room, actor: Actor | None = None, **more: str):
        ids = {"class_id": room.it.id, **more}
        return world.call("close_sessions", actor or room.it.provider, **ids)["status"]

    world.wait_until(day.it.training.ends)
    with pytest.raises(Refusal, match=r"acceptance\.undecided") as refused:
        close(day)
    assert refused.value.facts["count"] == 1
    with pytest.raises(Refusal, match=r"acceptance\.supervisor_reason"):
        close(day, reason="赶时间")
    with pytest.raises(Refusal, match=r"acceptance\.supervisor_reason"):
        close(forced, SUPERVISOR)
    with pytest.raises(Refusal, match=r"region\.forbidden"):
        close(forced, officer("supervisor", region="370202"), reason="已核")
    assert close(forced, SUPERVISOR, reason="已核") == "carried_out"
    (told,) = [each for each in world.facts(forced.it.id) if each["type"] == "acceptance.class.carried_out"]
    assert told["data"]["reason"] == "已核"
    day.call("record_roll", present=[day.it.learners[0].ref])
    assert close(day) == "carried_out"
    world.wait_until(late.it.training.ends + DAY)
    assert close(late) == "carried_out"


def test_a_providers_record_is_for_itself_and_the_officers_of_its_region(world: World):
    ref = world.a_body()
    for actor in (body(ref), SUPERVISOR):
        assert world.call("provider_record", actor, provider_ref=ref)["provider_ref"] == ref
    for actor in (officer("supervisor", region="370202"), officer("auditor", region="370202"), body("other")):
        with pytest.raises(Refusal, match=r"owner\.forbidden"):
            world.call("provider_record", actor, provider_ref=ref)


class Recording(Reader):
    """A reader that keeps what it found."""

    def find(self, collection, filter, sort=None, limit=0):
        rows = super().find(collection, filter, sort, limit)
        FOUND.append((collection, rows))
        return rows


FOUND: list[Any] = []


def test_the_view_of_a_region_reads_the_sessions_that_are_held_and_each_kind_once(world: World):
    made = stand(world.db, 3, 4, world.now - DAY - 15 * MINUTE, sessions=3)
    for each in made:
        for n in range(3):
            row = SignIn(f"{each.session(n)}:p", each.id, each.session(n), "p", "v", "confirmed", world.now)
            world.db["sign_ins"].insert_one({**to_doc(row), "version": 1, "seq": 0})
    FOUND.clear()
    page = watching.running(Recording(world.db, SUPERVISOR, world.running.clock), "370600", None, 100)
    shown = {each["session_id"] for each in page["items"]}
    assert shown >= {each.session(1) for each in made}
    names = [name for name, _ in FOUND]
    assert len(names) == len(set(names))
    assert {row["session_id"] for name, rows in FOUND if name == "sign_ins" for row in rows} <= shown


def test_a_class_that_is_over_leaves_its_anomalies_and_its_feedback_on_the_providers_record(room: Room):
    room.sign(0, 1)
    room.sign(2, spot=FAR)
    room.world.wait_until(room.it.training.ends)
    room.world.call("close_sessions", room.it.provider, class_id=room.it.id)
    marks = {"teaching": 5, "content": 4, "place": 3}
    for n in (0, 1):
        room.world.call(
            "give_feedback", room.it.learners[n].actor, class_id=room.it.id, **marks, words="很好"
        )
    with pytest.raises(Refusal, match="feedback_given"):
        room.world.call("give_feedback", room.it.learners[0].actor, class_id=room.it.id, **marks)
    with pytest.raises(Refusal, match="not_there"):
        room.world.call("give_feedback", room.it.learners[2].actor, class_id=room.it.id, **marks)
    ref = room.it.training.provider_ref
    record = room.world.call("provider_record", room.it.provider, provider_ref=ref)
    assert record["anomalies"] == [{"kind": "refused_attempts", "sessions": 1}]
    assert (record["answers"], record["teaching"], record["place"]) == (2, 500, 300)
    with pytest.raises(Refusal, match=r"owner\.forbidden"):
        room.world.call("provider_record", room.it.provider, provider_ref="another")
    said = room.world.call("class_feedback", SUPERVISOR, class_id=room.it.id)
    assert (said["answers"], said["words"]) == (2, ["很好", "很好"])
    told = room.world.db["outbox"].find({"event.type": "acceptance.feedback.given"})
    mine = [row for row in told if row["event"]["data"]["class_id"] == room.it.id]
    assert len(mine) == 2
    assert not any(one.ref in str(row) for row in mine for one in room.it.learners)
    id = sorted(room.rows())[0]
    with pytest.raises(Refusal, match="out_of_order"):
        room.world.call("decide_sign_in", SUPERVISOR, sign_in_id=id, status="voided", reason="x")
