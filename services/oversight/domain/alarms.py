"""Alarms: a fact that has not arrived though a later one of the same thing has."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

# Facts of one thing may overtake each other on their way by moments; longer than this
# something is lost or stuck.
PATIENCE: Final = timedelta(seconds=30)
_SHOWN: Final = 100


@dataclass(frozen=True)
class Alarm:
    """A gap. status: suspected → open → cleared; since: real time, when it was first seen."""

    id: str
    aggregate: str
    aggregate_id: str
    missing: tuple[int, ...]
    since: datetime
    status: str = "suspected"
    cleared_at: datetime | None = None


def missing(last: int, arrived: Iterable[int]) -> tuple[int, ...]:
    """Return the numbers between the last one applied and the highest that arrived, the first hundred of
    them.
    """
    there = set(arrived)
    expected = range(last + 1, max(there, default=last))
    return tuple(number for number in expected if number not in there)[:_SHOWN]


def watch(
    known: Sequence[Alarm], gaps: Mapping[tuple[str, str], tuple[int, ...]], now: datetime
) -> tuple[list[Alarm], list[str]]:
    """Compare the alarms not yet cleared with the gaps there are.

    gaps: missing numbers by (aggregate, id); now: real time. Returns (alarms to store, ids of suspicions to
    drop).
    """
    stored: list[Alarm] = []
    dropped: list[str] = []
    standing = {(alarm.aggregate, alarm.aggregate_id): alarm for alarm in known}
    for thing, alarm in standing.items():
        numbers = gaps.get(thing, ())
        if not numbers and alarm.status == "suspected":
            dropped.append(alarm.id)
        elif not numbers:
            stored.append(replace(alarm, status="cleared", cleared_at=now))
        elif alarm.status == "suspected" and now - alarm.since >= PATIENCE:
            stored.append(replace(alarm, status="open", missing=numbers))
        elif alarm.missing != numbers:
            stored.append(replace(alarm, missing=numbers))
    for (aggregate, id), numbers in gaps.items():
        if numbers and (aggregate, id) not in standing:
            # one id for one gap: the first missing number tells a later gap of the same thing apart
            stored.append(Alarm(f"{aggregate}:{id}:{numbers[0]}", aggregate, id, numbers, now))
    return stored, dropped
