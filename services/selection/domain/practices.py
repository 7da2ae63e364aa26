"""Start-up training and practice that a person reports and an officer confirms, and 三个一 [107 §3]."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from contracts.vocabularies.errors import Refusal
from services.selection.domain.entries import Entry

Fact = tuple[str, dict[str, Any]]
STUDENT: Final = "student"
STARTUP: Final = "startup"
# which entries make each of the three
_MAKE: Final = {
    "skill_training": "training",
    "startup_training": "startup_training",
    "practice": "practice",
}
KINDS: Final = tuple(_MAKE.values())


@dataclass(frozen=True)
class Practice:
    """status: reported → confirmed | refused. begun, ended: ISO days."""

    id: str
    person_ref: str
    kind: str
    title: str
    host: str
    region: str
    begun: str
    ended: str
    proof: str | None
    reported_at: datetime
    status: str = "reported"
    reason: str | None = None
    decided_by: str | None = None


def report(made: Practice) -> Fact:
    """Return the fact of a report."""
    told = {"person_ref": made.person_ref, "kind": made.kind, "region": made.region}
    return "selection.practice.reported", told


def decide(reported: Practice, confirmed: bool, reason: str, by: str) -> tuple[Practice, Fact]:
    """Confirm a report or not. Raises Refusal `out_of_order`."""
    if reported.status != "reported":
        raise Refusal("out_of_order", status=reported.status, step="decide")
    status = "confirmed" if confirmed else "refused"
    told = {"person_ref": reported.person_ref, "kind": reported.kind, "confirmed": confirmed}
    decided = replace(reported, status=status, reason=reason, decided_by=by)
    return decided, ("selection.practice.decided", told)


def made_by(entry: Entry) -> str | None:
    """Return which of the three an entry makes, None when none: trainings count once completed, and one for
    founders as the start-up training.
    """
    if entry.struck or (entry.kind == "training" and not entry.now.get("passed")):
        return None
    if entry.kind == "training" and entry.now.get("training_kind") == STARTUP:
        return "startup_training"
    return next((what for what, kind in _MAKE.items() if kind == entry.kind), None)


@dataclass(frozen=True)
class One:
    """One of the three. done_on: the day it was done, None while it is open."""

    what: str
    done_on: date | None = None
    entry_id: str | None = None
    waiting: bool = False


def three_ones(entries: Iterable[tuple[Entry, date]], waiting: Iterable[str]) -> tuple[One, ...]:
    """Return the three, each by the first entry that made it. entries: each with the day that it is of;
    waiting: kinds that were reported and not decided yet.
    """
    done: dict[str, tuple[date, str]] = {}
    for entry, day in entries:
        what = made_by(entry)
        if what is not None and (what not in done or (day, entry.id) < done[what]):
            done[what] = (day, entry.id)
    reported = set(waiting)
    return tuple(
        One(what, *done[what]) if what in done else One(what, waiting=kind in reported)
        for what, kind in _MAKE.items()
    )


def figures(rows: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """Return how many of these students did each. rows: what each did, as `done` lists it."""
    found = list(rows)
    counts = {what: sum(what in row["done"] for row in found) for what in _MAKE}
    complete = sum(set(_MAKE) <= set(row["done"]) for row in found)
    return {"students": len(found), **counts, "complete": complete}


def suppressed(counts: Mapping[str, int], least: int) -> dict[str, int | None]:
    """Return figures without those of fewer than `least`, and without those that so few are missing to all:
    who is left over would be told of as well.
    """
    students = counts["students"]

    def told(count: int) -> bool:
        rest = students - count
        return (count == 0 or count >= least) and (rest == 0 or rest >= least)

    if students < least:
        return dict.fromkeys(counts, None)
    return {name: count if told(count) else None for name, count in counts.items()}
