"""Who or what is taken when: a row for each thing and day, on which two takers at once meet.

The rows stand for a teacher of a provider, a training place, and a learner.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256

from contracts.vocabularies.dates import today_in_shanghai


@dataclass(frozen=True)
class Interval:
    """Time taken by one session; the end itself is free again."""

    session_id: str
    class_id: str
    starts: datetime
    ends: datetime

    def overlaps(self, other: "Interval") -> bool:
        """Return whether the two share any moment."""
        return self.starts < other.ends and other.starts < self.ends


@dataclass(frozen=True)
class DayBook:
    """What is taken of one thing on one day (Asia/Shanghai)."""

    id: str
    taken: tuple[Interval, ...] = ()

    def clash(self, wanted: Interval) -> Interval | None:
        """Return what stands in the way of another session, if anything does."""
        for each in self.taken:
            if each.session_id != wanted.session_id and each.overlaps(wanted):
                return each
        return None

    def with_taken(self, wanted: Interval) -> "DayBook":
        """Return the book with the interval in it, once."""
        others = tuple(each for each in self.taken if each.session_id != wanted.session_id)
        return replace(self, taken=(*others, wanted))

    def without_session(self, session_id: str) -> "DayBook":
        """Return the book without what a session had taken."""
        return replace(self, taken=tuple(each for each in self.taken if each.session_id != session_id))

    def without_class(self, class_id: str) -> "DayBook":
        """Return the book without what a class had taken."""
        return replace(self, taken=tuple(each for each in self.taken if each.class_id != class_id))


def book_id(key: str, day: date) -> str:
    """Return the id of a thing's book of a day."""
    return f"{key}:{day.isoformat()}"


def days_of(starts: datetime, ends: datetime) -> Iterator[date]:
    """Yield each day in Asia/Shanghai that the time touches."""
    day = today_in_shanghai(starts)
    last = today_in_shanghai(ends - timedelta(microseconds=1))
    while day <= last:
        yield day
        day += timedelta(days=1)


def teacher_key(provider_ref: str, teacher: str) -> str:
    """Return the key of a teacher of a provider (a namesake elsewhere is another person)."""
    return "teacher:" + _digest(provider_ref, teacher)


def place_key(name: str, address: str) -> str:
    """Return the key of a place, whoever uses it."""
    return "place:" + _digest(name, address)


def learner_key(person_ref: str) -> str:
    """Return the key of a learner."""
    return f"learner:{person_ref}"


def _digest(*parts: str) -> str:
    # spaces and letter case do not make another teacher or another room
    plain = ["".join(part.split()).casefold() for part in parts]
    return sha256("\x1f".join(plain).encode()).hexdigest()[:32]
