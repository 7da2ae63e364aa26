"""Sign-in on a real broker and database: what comes together, what comes late, cards, roll, supervision."""

import base64
from datetime import UTC, timedelta
from typing import Any

import pytest

from contracts.events import acceptance_attendance as facts
from contracts.fields import Ref
from contracts.registry import Event, newest
from contracts.vocabularies.dates import SHANGHAI, today_in_shanghai
from contracts.vocabularies.errors import Refusal
from services.acceptance import devices, watching
from services.acceptance.domain.attendance import SignIn
from services.acceptance.domain.bookings import DayBook, Interval
from services.acceptance.domain.supervision import risk_id
from services.acceptance.store.attendance import BATCHES
from services.acceptance.store.codec import to_doc
from services.chassis.actor import Actor
from services.chassis.calls import Reader
from tests.integration.acceptance.world import DAY, HOUR, SUPERVISOR, World, body, officer, together
from tests.support.standing import HERE, Standing, stand

MINUTE = timedelta(minutes=1)
FAR = (121.25, 37.6)
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"p" * 200).decode()


class Room:
    """A session that is being held, and what is done in it."""

    def __init__(self, world: World, it: Standing) -> None:
        self.world, self.it = world, it
        self.at = {"class_id": it.id, "session_id": it.session()}

    def call(self, method: str, actor: Actor | None = None, /, **body):
        return self.world.call(method, actor or self.it.provider, **{**self.at, **body})

    def send(self, *answers):
        """answers: learner and answer; return the outcomes."""
        items = [
            {**answer, "class_id": self.it.id, "actor": self.world.running.token(learner.actor)}
            for learner, answer in answers
        ]
        return self.world.call("sign_in", answers[0][0].actor, items=items)["items"]

    def sign(self, *numbers: int, spot=HERE, **more):
        """Learners by their numbers sign in at once."""
        shown = self.call("session_code")
        learners = [self.it.learners[n] for n in numbers]
        return self.send(*((one, self.it.answer(one, shown, spot=spot, **more)) for one in learners))

    def late(self, n: int):
        """Return what a learner's device signed ten minutes ago, of the code that was shown then."""
        secret = self.world.db["screens"].find_one({"_id": self.it.session()})["secret"]
        signed_at = self.world.now - 10 * MINUTE
        shown = {"code": devices.code_at(secret, signed_at, 10), "at": signed_at.isoformat()}
        return self.it.answer(self.it.learners[n], shown)

    def rows(self):
        return {row["_id"]: row for row in self.world.db["sign_ins"].find({"class_id": self.it.id})}

    def risks(self):
        return {
            row["kind"]: row["count"] for row in self.world.db["sign_in_risks"].find({"class_id": self.it.id})
        }


@pytest.fixture
def room(world: World) -> Room:
    """A class of twelve whose session began a quarter of an hour ago, with the screen open."""
    (it,) = stand(world.db, 1, 12, world.now - 15 * MINUTE)
    room = Room(world, it)
    room.call("open_session", longitude=HERE[0], latitude=HERE[1])
    return room


def code_of(outcome) -> str:
    return outcome["refused"]["code"] if outcome["refused"] else outcome["taken"]["status"]


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


def test_a_screen_opened_at_the_other_end_of_the_world_does_not_keep_a_class_from_its_end(world: World):
    (it,) = stand(world.db, 1, 2, world.now - 15 * MINUTE)
    room = Room(world, it)
    opened = room.call("open_session", longitude=0.0, latitude=0.0)
    assert opened["metres"] > 1_000_000
    world.wait_until(it.training.ends)
    assert world.call("close_sessions", it.provider, class_id=it.id)["status"] == "carried_out"
    kept = world.db["anomalies"].find_one({"_id": f"{it.session()}:teacher_elsewhere"})
    assert kept["count"] == opened["metres"]


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
