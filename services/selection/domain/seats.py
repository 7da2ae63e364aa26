"""Seats (席位) of one class and the line for them (候补).

Every change takes the class's seating and returns the new one with the enrolments that changed. Nobody
overtakes: while somebody waits there is no free seat, because a seat that falls free goes to the first in
line at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from contracts.vocabularies.errors import Refusal
from contracts.vocabularies.statuses import ENROLMENT
from services.selection.domain.people import shown

SEATED: Final = frozenset({"held", "confirmed", "attending"})
CHANGEABLE: Final = frozenset({"waiting", "held", "confirmed"})
ON_ROSTER: Final = frozenset({"confirmed", "attending"})
Told = tuple[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Seating:
    """The seats of one class.

    arrivals and places: numbers given so far; highest: the highest seat given so far; free: seats given back;
    clearing: the class takes no more choices and the line is still to be ended.
    """

    class_id: str
    capacity: int
    status: str = "open"
    taken: int = 0
    waiting: int = 0
    arrivals: int = 0
    places: int = 0
    highest: int = 0
    free: tuple[int, ...] = ()
    clearing: bool = False

    def told(self) -> Told:
        """Return the fact of the seats as they stand."""
        data = {"capacity": self.capacity, "taken": self.taken, "waiting": self.waiting}
        return "selection.seating.changed", data


@dataclass(frozen=True)
class Enrolment:
    """One person's choice of one class; fields as in contracts.commands.selection.Enrolment."""

    id: str
    class_id: str
    class_name: str
    person_ref: str
    status: str
    arrival: int
    chosen_at: datetime
    eligible: str
    place: int | None = None
    seat: int | None = None
    hold_until: datetime | None = None
    voucher_id: str | None = None
    reason: str | None = None

    def told(self) -> Told:
        """Return the fact of the status that the enrolment has come to."""
        data: dict[str, Any] = {"class_id": self.class_id, "person_ref": self.person_ref}
        if self.status == "held":
            data["hold_until"] = self.hold_until
        elif self.status == "waiting":
            data["place"] = self.place
        elif self.reason is not None:
            data["reason"] = self.reason
        return f"selection.enrolment.{self.status}", data


@dataclass(frozen=True)
class Wish:
    """A choice before it has a place. eligible: what eligibility said on that day (yes, no, needs_proof)."""

    id: str
    class_name: str
    person_ref: str
    eligible: str


def choose(seating: Seating, wish: Wish, now: datetime, hold: timedelta) -> tuple[Seating, Enrolment]:
    """planned → held while a seat is free, for as long as `hold`; else → waiting, last in line."""
    arrival = seating.arrivals + 1
    enrolment = Enrolment(
        wish.id, seating.class_id, wish.class_name, wish.person_ref, "waiting", arrival, now, wish.eligible
    )
    seating = replace(seating, arrivals=arrival)
    if has_free(seating):
        return _seat(seating, enrolment, now + hold)
    place = seating.places + 1
    seating = replace(seating, places=place, waiting=seating.waiting + 1)
    return seating, replace(enrolment, place=place)


def confirm(enrolment: Enrolment, now: datetime) -> Enrolment:
    """held → confirmed. Raises Refusal `out_of_order`, `selection.hold_expired`."""
    if enrolment.status != "held":
        raise Refusal("out_of_order", status=ENROLMENT[enrolment.status], step="确认占位 / confirm")
    if enrolment.hold_until is not None and now >= enrolment.hold_until:
        raise Refusal("selection.hold_expired", until=shown(enrolment.hold_until))
    return replace(enrolment, status="confirmed", hold_until=None)


def check_cancel(seating: Seating, enrolment: Enrolment) -> None:
    """Raise Refusal `selection.roster_filed` or `out_of_order` unless the person may still cancel."""
    if enrolment.status not in CHANGEABLE:
        raise Refusal("out_of_order", status=ENROLMENT[enrolment.status], step="取消 / cancel")
    if seating.status == "closed" and enrolment.status != "waiting":
        raise Refusal("selection.roster_filed")


def check_drop(seating: Seating, enrolment: Enrolment) -> None:
    """Raise Refusal `selection.roster_open` or `out_of_order` unless the learner may drop out.

    Before the roster is filed a seat is given up by cancelling, so that the next in line gets it.
    """
    if enrolment.status not in ON_ROSTER:
        raise Refusal("out_of_order", status=ENROLMENT[enrolment.status], step="退学 / drop out")
    if seating.status == "open":
        raise Refusal("selection.roster_open")


def leave(seating: Seating, enrolment: Enrolment, status: str, reason: str) -> tuple[Seating, Enrolment]:
    """waiting | held | confirmed | attending → cancelled | expired | dropped; its seat, if any, is free.

    The seat row is the caller's to delete, and the next in line hers to move up.
    """
    if enrolment.seat is None:
        seating = replace(seating, waiting=seating.waiting - 1)
    else:
        seating = replace(seating, taken=seating.taken - 1, free=(*seating.free, enrolment.seat))
    gone = replace(enrolment, status=status, reason=reason, seat=None, hold_until=None, voucher_id=None)
    return seating, gone


def wants_next(seating: Seating) -> bool:
    """Whether the first in line is to move up now."""
    return seating.status == "open" and seating.waiting > 0 and has_free(seating)


def move_up(seating: Seating, first: Enrolment, now: datetime, hold: timedelta) -> tuple[Seating, Enrolment]:
    """waiting → held for as long as `hold`, for the first in line."""
    return _seat(replace(seating, waiting=seating.waiting - 1), first, now + hold)


def close(seating: Seating, status: str) -> Seating:
    """open → closed (roster filed) | stopped; who has no place there is ended by a job, in parts."""
    return replace(seating, status=status, clearing=True)


def has_free(seating: Seating) -> bool:
    """Whether a seat is free. A class whose capacity was lowered may have given more than it has."""
    return seating.taken < seating.capacity


def _seat(seating: Seating, enrolment: Enrolment, hold_until: datetime) -> tuple[Seating, Enrolment]:
    if seating.free:
        seat = min(seating.free)
        seating = replace(seating, free=tuple(number for number in seating.free if number != seat))
    else:
        seat = seating.highest + 1
        seating = replace(seating, highest=seat)
    seating = replace(seating, taken=seating.taken + 1)
    return seating, replace(enrolment, status="held", seat=seat, hold_until=hold_until)
