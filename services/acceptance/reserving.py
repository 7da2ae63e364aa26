"""What a class takes and gives back: its project's seats, its teachers' and rooms' time."""

from collections.abc import Iterable
from typing import Any

from contracts.vocabularies.errors import Refusal
from services.acceptance import store
from services.acceptance.domain import bookings, classes
from services.acceptance.domain.bookings import Interval
from services.acceptance.domain.classes import Training
from services.acceptance.domain.copies import Project
from services.acceptance.domain.online import Platform
from services.acceptance.domain.providers import Provider

Taken = Iterable[tuple[str, str, Interval]]


def take(unit: Any, it: Training, project: Project) -> None:
    """Take seats and times of a filed class.

    Raises Refusal `acceptance.seats_exceeded`, `acceptance.teacher_booked`, `acceptance.place_booked`, and
    those of require_usable.
    """
    require_usable(unit, it)
    taken = store.claimed(unit, _seats_row(it.project_id)) or 0
    store.claim(unit, _seats_row(it.project_id), classes.seats_after(taken, it.plan.capacity, project.seats))
    take_times(unit, classes.occupied(it))


def give_back(unit: Any, it: Training) -> None:
    """Free what a class had taken."""
    free_times(unit, it)
    taken = store.claimed(unit, _seats_row(it.project_id)) or 0
    store.claim(unit, _seats_row(it.project_id), taken - it.plan.capacity)


def take_times(unit: Any, wanted: Taken) -> None:
    """Take times; raises Refusal `acceptance.teacher_booked`, `acceptance.place_booked`."""
    for key, field, interval in wanted:
        for day in bookings.days_of(interval.starts, interval.ends):
            book = store.day_book(unit, key, day)
            _require_free(book.clash(interval), field)
            store.save(unit, book.with_taken(interval))


def free_times(unit: Any, it: Training) -> None:
    """Free teachers' and rooms' times."""
    for key, _, interval in classes.occupied(it):
        for day in bookings.days_of(interval.starts, interval.ends):
            store.save(unit, store.day_book(unit, key, day).without_class(it.id))


def require_free(unit: Any, it: Training) -> None:
    """Raise Refusal `acceptance.teacher_booked` or `acceptance.place_booked` when a time is another's."""
    for key, field, interval in classes.occupied(it):
        for day in bookings.days_of(interval.starts, interval.ends):
            _require_free(store.day_book(unit, key, day).without_class(it.id).clash(interval), field)


def require_usable(unit: Any, it: Training) -> None:
    """Raise Refusal `acceptance.platform_not_admitted` or `acceptance.room_seats` naming the field.

    A room that the provider's register does not hold may be used: its seats are not known here.
    """
    provider = store.find(unit, Provider, it.provider_ref)
    rooms = provider.admitted.rooms if provider and provider.admitted else ()
    seats = {bookings.place_key(each.place.name, each.place.address): each.seats for each in rooms}
    for n, session in enumerate(it.plan.sessions):
        if session.platform:
            field, code = f"sessions.{n}.platform", "acceptance.platform_not_admitted"
            store.load(unit, Platform, session.platform, code, field).require_admitted(field)
    for key, field, _ in classes.occupied(it):
        if seats.get(key, it.plan.capacity) < it.plan.capacity:
            raise Refusal("acceptance.room_seats", field=field, seats=seats[key])


def _require_free(clash: Interval | None, field: str) -> None:
    if clash is not None:
        code = "acceptance.teacher_booked" if field.endswith("teacher") else "acceptance.place_booked"
        raise Refusal(code, field=field, starts=clash.starts.isoformat())


def _seats_row(project_id: str) -> str:
    return f"seats:{project_id}"
