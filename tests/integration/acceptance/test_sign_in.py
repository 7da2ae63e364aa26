"""Sign-in on a real broker and database: what comes together, what comes late, cards, roll, supervision."""

from datetime import UTC

import pytest

from contracts.events import acceptance_attendance as facts
from contracts.fields import Ref
from contracts.registry import Event, newest
from contracts.vocabularies.dates import SHANGHAI, today_in_shanghai
from contracts.vocabularies.errors import Refusal
from services.acceptance.domain.bookings import DayBook, Interval
from services.acceptance.domain.supervision import risk_id
from services.acceptance.store.attendance import BATCHES
from services.acceptance.store.codec import to_doc
from services.chassis.actor import Actor
from tests.integration.acceptance.rooms import FAR, MINUTE, Room, code_of
from tests.integration.acceptance.world import DAY, HOUR, SUPERVISOR, World, officer, together
from tests.support.standing import stand


def test_each_of_many_gets_its_own_answer_and_one_fact_tells_of_all(room: Room):
    shown, other = room.call("session_code"), room.it.learners[11]
    good = [(one, room.it.answer(one, shown)) for one in room.it.learners[:5]]
    wrong_code = (room.it.learners[5], room.it.answer(room.it.learners[5], {**shown, "code": "12345678"}))
    forged = (room.it.learners[6], {**room.it.answer(room.it.learners[6], shown), "nonce": "x" * 22})
    far = (room.it.learners[7], room.it.answer(room.it.learners[7], shown, spot=FAR))
    others = (room.it.learners[8], room.it.answer(other, shown))
    found = room.send(*good, wrong_code, forged, far, others)
    assert [code_of(each) for each in found] == [
        *["confirmed"] * 5, "acceptance.code", "acceptance.signature", "acceptance.too_far",
        "acceptance.voucher",
    ]  # fmt: skip
    assert [each["taken"]["id"] for each in found[:5]] == sorted(room.rows())
    batch = next(
        row
        for row in room.world.db["outbox"].find({"event.type": "acceptance.sign_in_batch.taken"})
        if row["event"]["data"]["items"][0]["class_id"] == room.it.id
    )
    assert [each["id"] for each in batch["event"]["data"]["items"]] == sorted(room.rows())
    assert room.world.db[BATCHES].find_one({"_id": batch["subject"]})["count"] == 5
    assert room.risks() == {"wrong_code": 1, "forged": 1, "too_far": 1, "others_voucher": 1}
    marks = room.world.db["outbox"].find({"event.type": "acceptance.sign_in_risk.marked"})
    mine = [row["subject"] for row in marks if row["event"]["data"]["class_id"] == room.it.id]
    assert len(mine) == 4
    for subject in mine:
        Ref().deserialize(subject)


def test_what_is_sent_again_is_answered_again_and_tells_nothing_new(room: Room):
    one, shown = room.it.learners[0], room.call("session_code")
    answer = room.it.answer(one, shown)
    first, second = room.send((one, answer), (one, answer))
    again = room.send((one, answer))[0]
    another = room.sign(0)[0]
    assert first == second == again == another
    assert len(room.rows()) == 1
    told = [
        each
        for row in room.world.db["outbox"].find({"event.type": "acceptance.sign_in_batch.taken"})
        for each in row["event"]["data"]["items"]
        if each["class_id"] == room.it.id
    ]
    assert len(told) == 1
    thief = room.it.learners[1]
    assert code_of(room.send((thief, answer))[0]) == "acceptance.replayed"
    assert room.risks() == {"replayed": 1}
    for _ in range(3):
        room.send((thief, answer))
    assert room.risks() == {"replayed": 4}
    mark = risk_id(room.it.session(), thief.ref, "replayed")
    marks = room.world.db["outbox"].count_documents({"subject": mark})
    assert marks == 1


def test_what_is_told_keeps_its_contract(room: Room):
    room.sign(0, 1)
    room.sign(2, spot=FAR)
    room.call("record_spot_check", SUPERVISOR, found=[], counted=0, teacher_there=False)
    room.world.wait_until(room.it.training.ends)
    room.world.call("close_sessions", room.it.provider, class_id=room.it.id)
    marks = {"teaching": 5, "content": 4, "place": 3}
    room.world.call("give_feedback", room.it.learners[0].actor, class_id=room.it.id, **marks)
    declared = {each.type for each in vars(facts).values() if isinstance(each, Event)}
    told = list(room.world.db["outbox"].find({"event.type": {"$in": sorted(declared)}}))
    assert {row["event"]["type"] for row in told} == declared
    for row in told:
        assert newest(row["event"]["type"]).data().validate(row["event"]["data"]) == {}


def test_a_token_that_has_ended_is_the_affair_of_its_owner_alone(room: Room):
    shown = room.call("session_code")
    one, two = room.it.learners[:2]
    items = [
        {**room.it.answer(each, shown), "class_id": room.it.id, "actor": token}
        for each, token in ((one, "not.a.token"), (two, room.world.running.token(two.actor)))
    ]
    found = room.world.call("sign_in", one.actor, items=items)["items"]
    assert [code_of(each) for each in found] == ["actor.invalid", "confirmed"]


def test_the_screen_is_the_providers_and_opens_in_time(world: World):
    (it,) = stand(world.db, 1, 2, world.now + 2 * HOUR)
    room = Room(world, it)
    with pytest.raises(Refusal, match="outside_session"):
        room.call("open_session")
    with pytest.raises(Refusal, match="session_closed"):
        room.call("session_code")
    other = Actor("other", frozenset({"provider"}), body_ref="another-body")
    for method in ("open_session", "session_code"):
        with pytest.raises(Refusal, match=r"owner\.forbidden"):
            room.call(method, other)
    (near,) = stand(world.db, 1, 2, world.now + 10 * MINUTE)
    opened = Room(world, near).call("open_session", longitude=FAR[0], latitude=FAR[1])
    assert (opened["metres"] > 10_000, opened["period_seconds"]) == (True, 10)
    assert Room(world, near).call("open_session") == opened
    secret = world.db["screens"].find_one({"_id": near.session()})["secret"]
    shown = Room(world, near).call("session_code")
    assert secret not in str(shown)
    assert shown["qr"].endswith(shown["code"])


def test_what_was_signed_offline_waits_for_the_roll(room: Room):
    late = [(room.it.learners[n], room.late(n)) for n in range(3)]
    assert {code_of(each) for each in room.send(*late[:2])} == {"unconfirmed"}
    assert code_of(room.sign(3)[0]) == "confirmed"
    refs = [one.ref for one in room.it.learners]
    roll = room.call("record_roll", present=[refs[0], refs[2], refs[3]])
    assert (roll["confirmed"], roll["rejected"]) == (1, 1)
    assert (roll["without_sign_in"], roll["not_seen"]) == ([refs[2]], [refs[1]])
    # one comes after the roll, on which it stands
    assert code_of(room.send(late[2])[0]) == "confirmed"
    states = {row["person_ref"]: row["state"] for row in room.rows().values()}
    assert states == {refs[0]: "confirmed", refs[1]: "rejected", refs[2]: "confirmed", refs[3]: "confirmed"}
    told = room.world.facts(f"{room.it.session()}:{refs[0]}")
    assert [each["data"]["state"] for each in told] == ["confirmed"]


def test_a_learner_without_a_phone_has_a_card_and_a_second_hand_confirms_it(room: Room):
    one = room.it.learners[0]
    wanted = {"class_id": room.it.id, "person_refs": [one.ref]}
    (card,) = room.world.call("issue_cards", room.it.provider, **wanted)["items"]
    assert room.world.db["cards"].count_documents({"_id": card["code"]}) == 0
    read = room.call("card_sign_in", code=card["code"])
    assert (read["status"], read["way"], read["person_ref"]) == ("unconfirmed", "card", one.ref)
    assert room.call("card_sign_in", code=card["code"]) == read
    assert room.call("record_roll", present=[one.ref])["second_hand"] == [one.ref]
    with pytest.raises(Refusal, match="same_hand"):
        room.world.call(
            "decide_sign_in", room.it.provider, sign_in_id=read["id"], status="confirmed", reason="x"
        )
    far_away = officer("supervisor", region="370202")
    with pytest.raises(Refusal, match=r"region\.forbidden"):
        room.world.call("decide_sign_in", far_away, sign_in_id=read["id"], status="confirmed", reason="x")
    done = room.world.call(
        "decide_sign_in", SUPERVISOR, sign_in_id=read["id"], status="confirmed", reason="已核"
    )
    assert (done["status"], done["reason"]) == ("confirmed", "已核")
    # a new card voids the old one
    room.world.call("issue_cards", room.it.provider, **wanted)
    with pytest.raises(Refusal, match=r"acceptance\.card"):
        room.call("card_sign_in", code=card["code"])


def test_one_who_signs_in_twice_at_once_and_in_two_places_sits_in_one(room: Room):
    one = room.it.learners[0]
    (other,) = stand(room.world.db, 1, 1, room.world.now - 15 * MINUTE)
    other.learners[0].ref, other.learners[0].voucher_id = one.ref, other.learners[0].voucher_id
    there = Room(room.world, other)
    there.call("open_session")
    room.world.db["vouchers"].update_one(
        {"_id": other.learners[0].voucher_id}, {"$set": {"person_ref": one.ref}}
    )
    room.world.db["trainings"].update_one({"_id": other.id}, {"$set": {"roster": [one.ref]}})
    found = together([lambda: room.sign(0)[0]] * 6 + [lambda: there.sign(0)[0]] * 6)
    codes = [code_of(each) for each in found]
    assert sorted(set(codes)) == ["acceptance.elsewhere", "confirmed"]
    assert len({str(each["taken"]) for each in found if each["taken"]}) == 1
    assert room.world.db["sign_ins"].count_documents({"person_ref": one.ref}) == 1


def test_what_is_refused_for_its_second_day_takes_nothing_of_the_first(world: World):
    local = world.now.astimezone(SHANGHAI)
    midnight = (local + DAY).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
    world.wait_until(midnight - HOUR)
    (it,) = stand(world.db, 1, 1, midnight - HOUR - MINUTE)
    room, one = Room(world, it), it.learners[0]
    room.call("open_session")
    days = [today_in_shanghai(each) for each in (midnight - MINUTE, midnight)]
    first, second = (f"learner:{one.ref}:{day.isoformat()}" for day in days)
    clash = Interval("other-001", "other", midnight, midnight + HOUR)
    world.db["day_books"].insert_one({**to_doc(DayBook(second, (clash,))), "version": 1, "seq": 0})
    assert code_of(room.sign(0)[0]) == "acceptance.elsewhere"
    assert world.db["day_books"].find_one({"_id": first}) is None
    assert room.rows() == {}


def test_the_trouble_of_one_answer_is_its_own(world: World):
    broken, sound = stand(world.db, 2, 1, world.now - 15 * MINUTE)
    items = []
    for it in (broken, sound):
        room, one = Room(world, it), it.learners[0]
        room.call("open_session")
        answer = it.answer(one, room.call("session_code"))
        items.append({**answer, "class_id": it.id, "actor": world.running.token(one.actor)})
    world.db["screens"].update_one({"_id": broken.session()}, {"$set": {"secret": "no base64"}})
    found = world.call("sign_in", sound.learners[0].actor, items=items)["items"]
    assert [code_of(each) for each in found] == ["internal", "confirmed"]


def test_a_live_answer_confirms_what_was_signed_offline(room: Room):
    one = room.it.learners[0]
    late = room.late(0)
    assert [code_of(room.send((one, late))[0]) for _ in range(2)] == ["unconfirmed"] * 2
    assert code_of(room.send((one, room.late(0)))[0]) == "unconfirmed"
    (live,) = room.sign(0)
    assert (live["taken"]["status"], live["taken"]["way"], live["taken"]["version"]) == (
        "confirmed", "phone", 2,
    )  # fmt: skip
    assert room.send((one, late))[0] == live
    assert room.world.sign_ins_told(room.it.id) == [live["taken"]["id"]] * 2


def test_an_attendance_that_does_not_stand_leaves_its_time_free(room: Room):
    def taken(n: int):
        books = room.world.db["day_books"].find({"_id": {"$regex": f"^learner:{room.it.learners[n].ref}:"}})
        return {each["session_id"] for book in books for each in book["taken"]}

    room.send(*((room.it.learners[n], room.late(n)) for n in (0, 1)))
    room.sign(2)
    mine = {room.it.session()}
    assert [taken(n) for n in range(3)] == [mine, mine, mine]
    room.call("record_roll", present=[room.it.learners[0].ref])
    assert [taken(n) for n in range(3)] == [mine, set(), mine]
    # one comes after the roll, on which it is not
    assert code_of(room.send((room.it.learners[3], room.late(3)))[0]) == "rejected"
    assert taken(3) == set()

    def decide(n: int, status: str):
        id = f"{room.it.session()}:{room.it.learners[n].ref}"
        wanted = {"sign_in_id": id, "status": status, "reason": "已核"}
        return room.world.call("decide_sign_in", officer("supervisor", f"officer-{status}"), **wanted)

    decide(2, "voided")
    decide(1, "confirmed")
    assert [taken(n) for n in range(3)] == [mine, mine, set()]


def test_who_tries_many_codes_is_heard_no_more_in_that_session(room: Room):
    one, shown = room.it.learners[0], room.call("session_code")
    wrong = room.it.answer(one, {**shown, "code": "12345678"})
    found = room.send(*[(one, wrong)] * 21)
    assert [code_of(each) for each in found] == [*["acceptance.code"] * 20, "acceptance.guessed"]
    assert code_of(room.sign(0)[0]) == "acceptance.guessed"
    assert code_of(room.sign(1)[0]) == "confirmed"
    assert room.risks() == {"wrong_code": 20}
