"""The life of a voucher: one class, used once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

import contracts.events.selection  # noqa: F401 (declares the facts)
from contracts.registry import newest
from contracts.vocabularies.errors import Refusal
from services.selection.domain import terms, vouchers
from services.selection.domain.classes import TrainingClass
from services.selection.domain.seats import Enrolment
from services.selection.domain.vouchers import Voucher

NOW = datetime(2027, 3, 1, 1, tzinfo=UTC)
MONTH = timedelta(days=30)
ISSUED = Voucher("v", "p", "b", "370600", NOW + MONTH, NOW)
CLAIMED = replace(ISSUED, status="claimed")
SEAT = Enrolment("e", "c", "示例班", "p", "confirmed", 1, NOW, "yes", seat=1)
CLASS = TrainingClass(
    "c",
    "project",
    "provider",
    "示例班",
    "6-18-02-04",
    "4",
    "on_site",
    "370611",
    20,
    NOW,
    ((NOW + timedelta(days=2), NOW + timedelta(days=2, hours=4)),),
)


def test_its_whole_life():
    voucher = vouchers.claim(ISSUED, NOW)
    voucher, seat = vouchers.bind(voucher, CLASS, SEAT, NOW)
    assert (voucher.status, voucher.class_id, seat.voucher_id) == ("bound", "c", "v")
    voucher = vouchers.use(voucher, NOW)
    assert (voucher.status, voucher.claimed_at, voucher.used_at) == ("in_use", NOW, NOW)
    assert vouchers.settle(voucher, completed=True, now=NOW).status == "redeemed"
    assert vouchers.settle(voucher, completed=False, now=NOW).reason == vouchers.NOT_COMPLETED


def test_a_bound_voucher_is_bound_to_no_other_class():
    bound, _ = vouchers.bind(CLAIMED, CLASS, SEAT, NOW)
    with pytest.raises(Refusal, match=r"selection\.voucher_bound"):
        vouchers.bind(bound, replace(CLASS, id="d"), replace(SEAT, class_id="d"), NOW)


@pytest.mark.parametrize(
    ("voucher", "seat", "code"),
    [
        (ISSUED, SEAT, "out_of_order"),
        (replace(CLAIMED, status="redeemed"), SEAT, "out_of_order"),
        (replace(CLAIMED, valid_until=NOW), SEAT, r"selection\.voucher_expired"),
        (replace(CLAIMED, valid_until=NOW + timedelta(days=1)), SEAT, r"selection\.voucher_too_short"),
        (CLAIMED, None, r"selection\.no_confirmed_seat"),
        (CLAIMED, replace(SEAT, status="held"), r"selection\.no_confirmed_seat"),
        (CLAIMED, replace(SEAT, voucher_id="w"), r"selection\.voucher_held"),
    ],
)
def test_what_cannot_be_bound(voucher, seat, code):
    with pytest.raises(Refusal, match=code):
        vouchers.bind(voucher, CLASS, seat, NOW)


def test_a_voucher_of_a_seat_given_up_can_be_bound_again_until_it_was_used():
    bound, _ = vouchers.bind(CLAIMED, CLASS, SEAT, NOW)
    released, told = vouchers.release(bound)
    assert released == CLAIMED
    assert told == ("selection.voucher.released", {"person_ref": "p", "class_id": "c"})
    assert vouchers.release(vouchers.use(bound, NOW)) is None


def test_only_what_is_unused_expires():
    for status in ("issued", "claimed", "bound"):
        voucher = replace(ISSUED, status=status)
        assert vouchers.expire(voucher, NOW) is None
        assert vouchers.expire(voucher, NOW + MONTH).status == "expired"
    for status in ("in_use", "redeemed", "revoked", "expired"):
        assert vouchers.expire(replace(ISSUED, status=status), NOW + MONTH) is None


def test_an_event_that_comes_again_changes_nothing():
    assert vouchers.use(replace(ISSUED, status="in_use"), NOW) is None
    for status in ("redeemed", "claimed", "revoked"):
        assert vouchers.settle(replace(ISSUED, status=status), completed=True, now=NOW) is None


def test_who_completed_has_signed_in_even_when_that_fact_is_late():
    assert vouchers.settle(replace(ISSUED, status="bound"), completed=True, now=NOW).status == "redeemed"
    assert vouchers.settle(replace(ISSUED, status="bound"), completed=False, now=NOW) is None


@pytest.mark.parametrize(
    "voucher",
    [
        ISSUED,
        CLAIMED,
        *(replace(ISSUED, status=status, class_id="c") for status in ("bound", "in_use", "redeemed")),
        *(replace(ISSUED, status=status, reason="r") for status in ("expired", "revoked")),
    ],
    ids=lambda voucher: voucher.status,
)
def test_every_status_has_its_fact_and_keeps_the_contract(voucher):
    name, data = voucher.told()
    schema = newest(name).data()
    assert schema.validate(schema.dump(data)) == {}


@pytest.mark.parametrize("status", ["issued", "claimed", "bound"])
def test_an_officer_takes_back_what_is_not_used(status):
    revoked = vouchers.revoke(replace(ISSUED, status=status, class_id="c"), "发错人", replaced_by="w")
    assert (revoked.status, revoked.reason, revoked.class_id, revoked.replaced_by) == (
        "revoked",
        "发错人",
        None,
        "w",
    )


@pytest.mark.parametrize("status", ["in_use", "redeemed", "expired", "revoked"])
def test_what_is_used_or_over_is_not_taken_back(status):
    with pytest.raises(Refusal, match="out_of_order"):
        vouchers.revoke(replace(ISSUED, status=status), "r")


def test_holders_are_reminded_at_each_of_the_days_and_never_after_the_end():
    days = terms.reminder_days("370611", NOW.date())
    assert days == (30, 7, 1)
    end = NOW + timedelta(days=40)
    voucher, told = replace(ISSUED, valid_until=end, remind_at=vouchers.next_reminder(end, days, NOW)), []
    moment = NOW
    while moment < end + timedelta(days=2):
        spoken = vouchers.remind(voucher, days, moment)
        if spoken:
            voucher, (name, data) = spoken
            told.append(data["days"])
            schema = newest(name).data()
            assert schema.validate(schema.dump(data)) == {}
        moment += timedelta(hours=1)
    assert told == [30, 7, 1]
    assert voucher.remind_at is None


def test_a_late_reminder_tells_the_days_that_are_left():
    late = replace(ISSUED, remind_at=NOW)
    spoken, (_, data) = vouchers.remind(late, (30, 7, 1), late.valid_until - timedelta(days=5, hours=3))
    assert data["days"] == spoken.reminded_days == 6
    assert spoken.remind_at == late.valid_until - timedelta(days=1)


def test_who_has_used_the_voucher_is_not_spoken_to():
    for status in ("in_use", "redeemed", "expired", "revoked"):
        assert vouchers.remind(replace(ISSUED, status=status, remind_at=NOW), (30,), NOW) is None
    assert vouchers.remind(ISSUED, (30,), NOW) is None


def test_a_cause_of_non_use_is_told_until_the_voucher_is_used():
    for status in ("issued", "claimed", "bound", "expired"):
        voucher, (name, data) = vouchers.tell_non_use(replace(ISSUED, status=status), "distance")
        assert voucher.non_use == "distance"
        schema = newest(name).data()
        assert schema.validate(schema.dump(data)) == {}
    for status in ("in_use", "redeemed", "revoked"):
        with pytest.raises(Refusal, match="out_of_order"):
            vouchers.tell_non_use(replace(ISSUED, status=status), "distance")
