"""Seats and the line: never more taken than there are, nobody overtaken."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import contracts.events.selection  # noqa: F401 (declares the facts)
from contracts.registry import newest
from contracts.vocabularies.errors import Refusal
from services.selection.domain import seats, terms
from services.selection.domain.seats import Enrolment, Seating, Wish

NOW = datetime(2027, 3, 1, 1, tzinfo=UTC)
HOLD, LONGER = timedelta(minutes=30), timedelta(hours=24)


def wish(number: int) -> Wish:
    return Wish(f"e{number}", "示例班", f"p{number}", "yes")


def chosen(seating: Seating, count: int) -> tuple[Seating, list[Enrolment]]:
    enrolments = []
    for number in range(count):
        seating, enrolment = seats.choose(seating, wish(number), NOW, HOLD)
        enrolments.append(enrolment)
    return seating, enrolments


def test_the_first_are_seated_and_the_others_wait_in_order():
    seating, enrolments = chosen(Seating("c", capacity=2), 5)
    assert [each.status for each in enrolments] == ["held", "held", "waiting", "waiting", "waiting"]
    assert [each.seat for each in enrolments] == [1, 2, None, None, None]
    assert [each.place for each in enrolments] == [None, None, 1, 2, 3]
    assert [each.arrival for each in enrolments] == [1, 2, 3, 4, 5]
    assert (seating.taken, seating.waiting) == (2, 3)
    assert enrolments[0].hold_until == NOW + HOLD


def test_a_freed_seat_goes_to_the_first_who_waits():
    seating, (first, _, third, _) = chosen(Seating("c", capacity=2), 4)
    seating, gone = seats.leave(seating, first, "cancelled", "r")
    assert gone.seat is None
    assert seats.wants_next(seating)
    seating, moved = seats.move_up(seating, third, NOW, LONGER)
    assert (moved.status, moved.seat, moved.place) == ("held", 1, 1)
    assert moved.hold_until == NOW + LONGER
    assert (seating.taken, seating.waiting) == (2, 1)
    assert not seats.wants_next(seating)


def test_a_place_in_the_line_is_never_given_twice():
    seating, enrolments = chosen(Seating("c", capacity=1), 3)
    seating, _ = seats.leave(seating, enrolments[2], "cancelled", "r")
    _, late = seats.choose(seating, wish(9), NOW, HOLD)
    assert late.place == 3
    assert late.arrival == 4


def test_a_hold_ends():
    _, (held,) = chosen(Seating("c", capacity=1), 1)
    assert seats.confirm(held, NOW + timedelta(minutes=29)).status == "confirmed"
    with pytest.raises(Refusal, match=r"selection\.hold_expired"):
        seats.confirm(held, NOW + HOLD)


def test_only_a_held_seat_is_confirmed():
    _, (_, waiting) = chosen(Seating("c", capacity=1), 2)
    with pytest.raises(Refusal, match="out_of_order"):
        seats.confirm(waiting, NOW)


@pytest.mark.parametrize("status", ["attending", "completed", "failed", "cancelled", "expired"])
def test_what_has_begun_or_ended_is_not_cancelled(status):
    seating, (enrolment,) = chosen(Seating("c", capacity=1), 1)
    with pytest.raises(Refusal, match="out_of_order"):
        seats.check_cancel(seating, replace(enrolment, status=status))


def test_after_the_roster_only_those_who_wait_cancel():
    seating, (held, waiting) = chosen(Seating("c", capacity=1), 2)
    seating = seats.close(seating, "closed")
    seats.check_cancel(seating, waiting)
    with pytest.raises(Refusal, match=r"selection\.roster_filed"):
        seats.check_cancel(seating, held)


def test_a_learner_drops_out_once_the_roster_is_filed():
    seating, (held, _) = chosen(Seating("c", capacity=1), 2)
    confirmed = replace(held, status="confirmed", hold_until=None)
    with pytest.raises(Refusal, match=r"selection\.roster_open"):
        seats.check_drop(seating, confirmed)
    closed = seats.close(seating, "closed")
    for status in ("confirmed", "attending"):
        seats.check_drop(closed, replace(confirmed, status=status))
    with pytest.raises(Refusal, match="out_of_order"):
        seats.check_drop(closed, held)
    closed, gone = seats.leave(closed, confirmed, "dropped", "r")
    assert (gone.status, gone.seat, closed.taken) == ("dropped", None, 0)
    assert not seats.wants_next(closed)


def test_how_long_a_seat_is_held_is_a_dated_rule_of_the_province():
    for region in ("370611", "140100"):
        holds = terms.holds_of(region, NOW)
        assert (holds.chosen, holds.moved_up) == (HOLD, LONGER)


def test_nobody_moves_up_in_a_closed_class():
    seating, (held, _) = chosen(Seating("c", capacity=1), 2)
    seating = seats.close(seating, "closed")
    seating, _ = seats.leave(seating, held, "expired", "r")
    assert not seats.wants_next(seating)


def test_a_lowered_capacity_gives_no_seat_before_enough_are_free():
    seating, enrolments = chosen(Seating("c", capacity=3), 4)
    seating = replace(seating, capacity=2)
    seating, _ = seats.leave(seating, enrolments[0], "cancelled", "r")
    assert not seats.wants_next(seating)
    seating, _ = seats.leave(seating, enrolments[1], "cancelled", "r")
    assert seats.wants_next(seating)


@pytest.mark.parametrize("status", ["cancelled", "expired", "failed", "dropped"])
def test_every_status_has_its_fact_and_keeps_the_contract(status):
    seating, (held, waiting) = chosen(Seating("c", capacity=1), 2)
    ended = replace(held, status=status, reason="r")
    attending = replace(held, status="attending")
    told = [seating.told(), held.told(), waiting.told(), ended.told(), attending.told()]
    for name, data in told:
        schema = newest(name).data()
        assert schema.validate(schema.dump(data)) == {}


@settings(max_examples=200)
@given(
    st.integers(1, 4),
    st.lists(st.tuples(st.sampled_from(["choose", "leave"]), st.integers(0, 9)), max_size=40),
)
def test_whatever_happens_seats_are_never_oversold_and_nobody_is_overtaken(capacity, steps):
    seating, line = Seating("c", capacity), {}
    for number, (step, pick) in enumerate(steps):
        here = [each for each in line.values() if each.status in ("held", "waiting")]
        if step == "choose":
            seating, new = seats.choose(seating, wish(number), NOW, HOLD)
            line[new.id] = new
        elif here:
            seating, gone = seats.leave(seating, here[pick % len(here)], "cancelled", "r")
            line[gone.id] = gone
            if seats.wants_next(seating):
                first = min(
                    (each for each in line.values() if each.status == "waiting"), key=lambda each: each.place
                )
                seating, moved = seats.move_up(seating, first, NOW, LONGER)
                line[moved.id] = moved
        seated = [each for each in line.values() if each.status == "held"]
        waits = [each for each in line.values() if each.status == "waiting"]
        assert len({each.seat for each in seated}) == len(seated) == seating.taken <= capacity
        assert all(1 <= each.seat <= capacity for each in seated)
        assert len(waits) == seating.waiting
        assert not waits or seating.taken == capacity
        assert max([each.arrival for each in seated], default=0) < min(
            [each.arrival for each in waits], default=10**9
        )
