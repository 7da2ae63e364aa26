"""Spot checks, feedback, and what looks unusual of a session."""

from dataclasses import replace
from datetime import timedelta

import pytest

from contracts.events.acceptance_attendance import ANOMALY_FOUND
from services.acceptance.domain import supervision
from services.acceptance.domain.attendance import close
from services.acceptance.domain.copies import Voucher
from services.acceptance.domain.rolls import EarlierRoll
from services.acceptance.domain.sign_ins import Screen
from services.acceptance.domain.supervision import Feedback, Photo, Risk, Seen, SpotCheck
from tests.unit.acceptance.samples import HOUR, with_roster
from tests.unit.acceptance.test_classes import ENDS
from tests.unit.acceptance.test_rolls import roll, row
from tests.unit.acceptance.test_sign_ins import BEGINS, LIMITS
from tests.unit.acceptance.test_sourcing import refused

AT = BEGINS + HOUR
TRAINING = with_roster("p1", "p2", "p3", "p4")
SIGNED = [row("p1", "confirmed"), row("p2"), row("p3", "rejected")]
CHANGED = replace(roll("p1", "p2"), earlier=(EarlierRoll(("p4",), "teacher", AT),))
NOTHING = Seen((), (), (), (), (), ())
DONE = close(with_roster("p1", "p2"), [], ENDS)[0]


def visit(found=(), session="class-001", **changed):
    check = SpotCheck("check", "class", session, "provider-a", "officer", AT, 3, tuple(found), (), True)
    return replace(check, **changed)


def checked(found=(), now=AT, **changed):
    return supervision.spot_check(TRAINING, visit(found, **changed), SIGNED, now)


def given(was_there=True, old=None, training=DONE, now=ENDS):
    new = Feedback("f", "class", "provider-a", 5, 4, 3, "很好", now)
    return new, supervision.feedback(training, new, was_there, old, now)


def test_a_spot_check_names_who_signed_in_and_is_not_there():
    new, facts = checked(("p1", "p4"))
    assert new.missing == ("p2",)
    assert facts[0][1]["missing"] == 1
    refused("acceptance.not_on_roster", checked, ("p9",))
    refused("acceptance.outside_session", checked, session="class-002")
    refused("acceptance.session_unknown", checked, session="class-009")
    refused("out_of_order", checked, now=BEGINS - HOUR)


def test_a_photo_is_what_its_bytes_say():
    assert supervision.photo_type(b"\xff\xd8\xff\xe0rest") == "image/jpeg"
    assert supervision.photo_type(b"\x89PNG\r\n\x1a\nrest") == "image/png"
    refused("acceptance.photo", supervision.photo_type, b"<svg onload=x>")
    refused("acceptance.photo_size", supervision.photo_type, b"")
    refused("acceptance.photo_size", supervision.photo_type, b"\xff\xd8\xff" + bytes(600_000))


def test_a_check_keeps_a_photo_once_and_twenty_at_most():
    one = Photo("a", "1.jpg", "image/jpeg", 9, "0" * 64)
    with_one = supervision.with_photo(visit(), one)
    assert supervision.with_photo(with_one, replace(one, id="b")) is with_one
    many = replace(visit(), photos=tuple(replace(one, sha256=f"{n:064}") for n in range(1, 21)))
    refused("acceptance.photo_size", supervision.with_photo, many, one)


def test_who_was_there_gives_feedback_once_after_the_sessions():
    new, facts = given()
    assert facts[0][1] == {
        "class_id": "class", "project_id": "project", "provider_ref": "provider-a", "teaching": 5,
        "content": 4, "place": 3,
    }  # fmt: skip
    refused("acceptance.not_there", given, False)
    refused("acceptance.feedback_given", given, True, new)
    refused("out_of_order", given, training=with_roster("p1"), now=AT)
    assert supervision.averages([new, replace(new, teaching=2)])["teaching"] == 350
    assert supervision.averages([]) == {"answers": 0, "teaching": None, "content": None, "place": None}


def found(now=AT, **seen):
    each = supervision.anomalies(TRAINING, replace(NOTHING, **seen), LIMITS, now)
    return {one.kind: one.count for one in each if one.session_id == "class-001"}


def risk(kind, count=1):
    return Risk(f"class-001:p1:{kind}", "class", "class-001", "p1", kind, AT, AT, count)


def crowd(people):
    return [replace(row(f"c{n}", "confirmed", "phone"), at=BEGINS) for n in range(people)]


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ({"sign_ins": SIGNED}, {}),
        ({}, {"class_absent": 1}),
        ({"now": BEGINS + timedelta(minutes=29)}, {}),
        ({"sign_ins": crowd(60)}, {}),
        ({"sign_ins": crowd(61)}, {"too_dense": 61}),
        ({"sign_ins": SIGNED, "rolls": [roll("p1", "p2")]}, {}),
        ({"sign_ins": SIGNED, "rolls": [roll("p1", "p4")]}, {"roll_differs": 2}),
        ({"sign_ins": SIGNED, "rolls": [CHANGED]}, {"roll_differs": 3}),
        ({"sign_ins": SIGNED, "screens": [Screen("class-001", "class", "s", "a", BEGINS, 300)]}, {}),
        (
            {"sign_ins": SIGNED, "screens": [Screen("class-001", "class", "s", "a", BEGINS, 4000)]},
            {"teacher_elsewhere": 4000},
        ),
        ({"sign_ins": SIGNED, "risks": [risk("two_places", 2), risk("forged", 3)]},
         {"two_places": 2, "refused_attempts": 3}),
        ({"sign_ins": SIGNED, "checks": [replace(visit(), missing=("p1",), teacher_there=False)]},
         {"missing_at_check": 1, "teacher_missing": 1}),
        ({"sign_ins": SIGNED, "vouchers": [Voucher("v", "p1", "class", "in_use", "key", 1)]},
         {"device_changed": 1}),
        ({"sign_ins": SIGNED, "vouchers": [Voucher("v", "p4", "class", "in_use", "key", 1)]}, {}),
        ({"sign_ins": [row("p1", way="card"), row("p2", way="card"), row("p3", "confirmed", "phone")]},
         {"by_card": 2}),
        ({"sign_ins": [row("p1", way="card"), row("p3", "confirmed", "phone")]}, {}),
    ],
)  # fmt: skip
def test_what_looks_unusual_is_named_and_nothing_else(seen, expected):
    assert found(**seen) == expected


@pytest.mark.parametrize("count", [11_000_000, 40_000_000])
def test_a_number_beyond_all_measure_is_still_told(count):
    screen = Screen("class-001", "class", "s", "a", BEGINS, 11_000_000)
    seen = replace(NOTHING, screens=[screen], risks=[risk("forged", count)])
    for each in supervision.anomalies(TRAINING, seen, LIMITS, AT):
        told = {name: value for name, value in vars(each).items() if name != "id"}
        assert ANOMALY_FOUND.data().validate(told) == {}


class Once(list):
    """Rows that count how often they are gone through."""

    times = 0

    def __iter__(self):
        self.times += 1
        return super().__iter__()


def test_rows_are_gone_through_once_however_many_sessions_there_are():
    sessions = tuple(replace(TRAINING.plan.sessions[0], session_id=f"class-{n:03d}") for n in range(1, 41))
    many = replace(TRAINING, plan=replace(TRAINING.plan, sessions=sessions))
    rows, marks, visits = Once(SIGNED), Once([risk("forged")]), Once([visit()])
    seen = replace(NOTHING, sign_ins=rows, risks=marks, checks=visits)
    assert supervision.anomalies(many, seen, LIMITS, AT)
    assert [each.times for each in (rows, marks, visits)] == [1, 1, 1]


def test_a_session_ahead_looks_like_nothing():
    assert found(now=BEGINS - HOUR) == {}
