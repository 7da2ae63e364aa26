"""A learner's answer to the session's code: what is taken, what waits for the roll, what is refused."""

import base64
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.devices import Device
from services.acceptance import devices
from services.acceptance.domain import sign_ins
from services.acceptance.domain.copies import Voucher
from services.acceptance.domain.sign_ins import Answer, Screen, limits_of
from tests.unit.acceptance.samples import DAY, HOUR, NOW, with_roster
from tests.unit.acceptance.test_sourcing import refused

BEGINS = NOW + 20 * DAY
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
DEVICE, OTHER = Device(), Device()
VOUCHER = Voucher("voucher", "p1", "class", "bound", DEVICE.public_key)
SECRET = base64.b64encode(b"s" * 32).decode()
SCREEN = Screen("class-001", "class", SECRET, "account", BEGINS)
LIMITS = limits_of("370600", BEGINS)
HERE = (121.25, 37.5)


def answer(
    shown: datetime = BEGINS, at: datetime | None = None, spot=None, device=DEVICE, session="class-001"
) -> Answer:
    """What a device signs of the code that was shown at a moment. at: by its own clock."""
    code = devices.code_at(SECRET, shown, LIMITS.period)
    body = device.answer(("class", session, "voucher"), code, at or shown, spot)
    names = ("session_id", "voucher_id", "code", "nonce", "signature")
    return Answer(class_id="class", spot=spot, signed_at=at or shown, **{name: body[name] for name in names})


def take(given=None, now=BEGINS, person="p1", voucher=VOUCHER, screen=SCREEN):
    training = with_roster("p1", "p2")
    sent = given or answer(now)
    proven = devices.checked(sent, voucher, screen, LIMITS, now)
    return sign_ins.decide(training, person, voucher, screen, sent, proven, LIMITS, now)


def test_the_parameters_are_those_of_the_rules():
    assert (LIMITS.metres, LIMITS.period, LIMITS.opens) == (300, 10, 15 * MINUTE)
    assert LIMITS.offline == 24 * HOUR
    assert limits_of("140100", BEGINS) == LIMITS


def test_a_sign_in_is_taken_from_15_minutes_before_to_the_end_of_the_session():
    early, late = BEGINS - 15 * MINUTE, BEGINS + 4 * HOUR
    for moment in (early, late):
        new = take(now=moment)
        assert (new.state, new.way, new.at) == ("confirmed", "phone", moment)
    for moment in (early - SECOND, late + SECOND):
        refused("acceptance.outside_session", take, now=moment)


@pytest.mark.parametrize("age", [0, 9, 10, 19, 20, 29])
def test_a_code_is_live_for_the_two_periods_after_its_own(age):
    assert take(answer(BEGINS), BEGINS + age * SECOND).state == "confirmed"


@pytest.mark.parametrize("wrong", [-1, 1])
def test_a_device_whose_clock_is_wrong_signs_in_live(wrong):
    assert take(answer(BEGINS, at=BEGINS + wrong * 30 * DAY)).state == "confirmed"


@pytest.mark.parametrize("later", [30 * SECOND, HOUR, 24 * HOUR])
def test_what_comes_later_was_offline_and_waits_for_the_roll(later):
    new = take(answer(BEGINS), BEGINS + later)
    assert (new.state, new.way, new.at) == ("unconfirmed", "offline", BEGINS)


def test_an_offline_answer_is_held_against_the_moment_at_which_it_was_signed():
    refused("acceptance.too_late", take, answer(BEGINS), BEGINS + 24 * HOUR + SECOND)
    refused("acceptance.code", take, answer(BEGINS, at=BEGINS + MINUTE), BEGINS + HOUR)
    before = BEGINS - 16 * MINUTE
    refused("acceptance.outside_session", take, answer(before), BEGINS + HOUR)
    ahead = BEGINS + HOUR
    assert refused("acceptance.signed_ahead", take, answer(ahead), BEGINS).field == "signed_at"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"person": "p9"}, "acceptance.not_on_roster"),
        ({"voucher": None}, "acceptance.voucher"),
        ({"voucher": replace(VOUCHER, person_ref="p2")}, "acceptance.voucher"),
        ({"voucher": replace(VOUCHER, class_id="other")}, "acceptance.voucher"),
        ({"voucher": replace(VOUCHER, status="revoked")}, "acceptance.voucher"),
        ({"voucher": replace(VOUCHER, device_key=None)}, "acceptance.device_missing"),
        ({"voucher": replace(VOUCHER, device_key=OTHER.public_key)}, "acceptance.signature"),
        ({"given": answer(device=OTHER)}, "acceptance.signature"),
        ({"given": answer(session="class-009")}, "acceptance.session_unknown"),
        ({"given": answer(spot=(121.25, 37.503))}, "acceptance.too_far"),
        ({"screen": None}, "acceptance.session_closed"),
        ({"screen": replace(SCREEN, secret=base64.b64encode(b"x" * 32).decode())}, "acceptance.code"),
    ],
)
def test_an_answer_that_is_not_right_is_refused(changed, code):
    refused(code, take, **changed)


CHANGES = st.sampled_from(
    [
        {"class_id": "other"}, {"session_id": "class-002"}, {"voucher_id": "another"}, {"code": "00000000"},
        {"nonce": "x" * 22}, {"signed_at": BEGINS + SECOND}, {"spot": HERE}, {"spot": (121.25, 37.500001)},
    ]
)  # fmt: skip


@given(CHANGES, st.booleans())
def test_whatever_is_changed_of_what_was_signed_breaks_the_signature(change, told):
    spot = (121.2500, 37.5001) if told else None
    signed = answer(spot=spot)
    assert devices.signed_by(DEVICE.public_key, signed.signature, devices.text_of(signed))
    forged = replace(signed, **change)
    assert not devices.signed_by(DEVICE.public_key, signed.signature, devices.text_of(forged))


def test_a_key_or_a_signature_that_is_none_is_no_error():
    signed = answer()
    nothing = base64.b64encode(bytes(64)).decode()
    no_point = base64.b64encode(b"\x04" + bytes(64)).decode()
    assert not devices.signed_by(DEVICE.public_key, nothing, devices.text_of(signed))
    assert not devices.signed_by(no_point, signed.signature, devices.text_of(signed))


def test_a_device_within_300_metres_is_at_the_place_and_only_the_distance_is_kept():
    new = take(answer(spot=(121.25, 37.5026)))
    assert 280 < new.metres <= 300
    assert "37.5" not in str(vars(new))


def test_the_code_changes_every_ten_seconds_and_is_the_sessions_own():
    codes = [devices.code_at(SECRET, BEGINS + n * SECOND, 10) for n in range(60)]
    assert len(set(codes)) == 6
    assert all(len(set(codes[n : n + 10])) == 1 for n in range(0, 60, 10))
    other = base64.b64encode(b"t" * 32).decode()
    assert not set(codes) & {devices.code_at(other, BEGINS + n * SECOND, 10) for n in range(60)}


def test_the_code_is_that_of_rfc_6238():
    # RFC 6238, appendix B, SHA-256: the seed of 32 digits at 59 s with 30-second steps
    seed = base64.b64encode(b"12345678901234567890123456789012").decode()
    moment = datetime.fromtimestamp(59, BEGINS.tzinfo)
    assert devices.code_at(seed, moment, 30) == "46119246"
