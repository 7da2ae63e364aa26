"""Applying followed facts: each once, in the order of its aggregate.

For each aggregate a mark holds the number of the last fact applied. A fact that comes again changes nothing;
one that comes too early is parked until its turn has come, then handed to the own queue again. So a
dead-lettered fact holds up its own aggregate only, and replaying it lets the others follow.
"""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

import structlog
from pymongo.database import Database

from contracts.envelope import CONTENT_TYPE
from services.chassis import logs, metrics, telemetry
from services.chassis.actor import Actor
from services.chassis.commits import Committer, Work
from services.chassis.events import Fact, read_event
from services.chassis.mongo import Document
from services.chassis.publisher import ConfirmedPublisher, Message
from services.chassis.topology import EVENTS_KEY, inbox_exchange
from services.chassis.unit import Group, Unit

MARKS: Final = "marks"
PARKED: Final = "parked"
RELEASE_BATCH: Final = 200
Handler = Callable[[Unit, Fact], Any]
_log = structlog.get_logger(__name__)


class Follower:
    """Applies the facts that one process follows."""

    def __init__(
        self,
        process: str,
        database: "Database[Document]",
        committer: Committer,
        publisher: ConfirmedPublisher,
    ) -> None:
        self._process = process
        self._database = database
        self._committer = committer
        self._publisher = publisher

    def handle(self, message: Any, handler_of: Callable[[str], Handler | None]) -> None:
        """Apply one delivered fact.

        Raises ContractBroken for a message that no retry can mend, and what the handler raised.
        """
        fact = read_event(message)
        with (
            telemetry.span(f"{self._process} {fact.type}", fact.traceparent, kind="consumer"),
            logs.bound(fact=fact.type, correlation=fact.correlation),
        ):
            outcome, ready = self._committer.run(self._work(fact, handler_of(fact.type)))
        metrics.EVENTS.labels(self._process, fact.type, outcome).inc()
        if outcome == "applied":
            age = (datetime.now(UTC) - _committed_at(fact)).total_seconds()
            metrics.EVENT_SECONDS.labels(self._process).observe(max(age, 0.0))
        if ready is not None:
            self._release([ready])

    def sweep(self) -> int:
        """Release parked facts whose turn has come (their release was cut off); return how many wait."""
        firsts = self._database[PARKED].aggregate(
            [
                {"$group": {"_id": "$mark", "first": {"$min": "$sequence"}, "count": {"$sum": 1}}},
                {"$lookup": {"from": MARKS, "localField": "_id", "foreignField": "_id", "as": "of"}},
            ]
        )
        parked, ready = 0, []
        for row in firsts:
            parked += row["count"]
            if row["of"] and row["first"] <= row["of"][0]["last"] + 1:
                ready.append(f"{row['_id']}:{row['first']}")
        for begin in range(0, len(ready), RELEASE_BATCH):
            self._release(
                list(self._database[PARKED].find({"_id": {"$in": ready[begin : begin + RELEASE_BATCH]}}))
            )
        metrics.PARKED.labels(self._process).set(parked)
        return parked

    def _work(self, fact: Fact, handler: Handler | None) -> Work:
        mark_id = f"{fact.aggregate}:{fact.subject}"
        actor = Actor(account=fact.actor, roles=frozenset())
        traceparent = telemetry.inject() or fact.traceparent

        def make(group: Group) -> Unit:
            return Unit(group, actor, None, fact.correlation, traceparent)

        return Work(make, lambda unit: apply(unit, fact, mark_id, handler), prefetch=[(MARKS, mark_id)])

    def _release(self, rows: list[Document]) -> None:
        """Hand parked facts to the own queue; once confirmed each is the broker's."""
        messages = [
            Message(
                inbox_exchange(self._process),
                EVENTS_KEY,
                row["event"]["id"],
                json.dumps(row["event"], ensure_ascii=False),
                CONTENT_TYPE,
            )
            for row in rows
        ]
        try:
            taken = self._publisher.publish(messages)
            released = [row["_id"] for row in rows if row["event"]["id"] in taken]
            self._database[PARKED].delete_many({"_id": {"$in": released}})
        except Exception as problem:
            _log.warning("parked facts stay until the next sweep", error=repr(problem)[:200])


def apply(unit: Unit, fact: Fact, mark_id: str, handler: Handler | None) -> tuple[str, Document | None]:
    """Apply, park or pass over a fact; return (outcome, the parked row whose turn is next or None)."""
    stored = unit.get(MARKS, mark_id)
    mark: Document = stored or {"_id": mark_id, "last": 0, "parked": []}
    row_id = f"{mark_id}:{fact.sequence}"
    outcome, ready = "applied", None
    if fact.sequence <= mark["last"]:
        return "seen", None
    if fact.sequence > mark["last"] + 1:
        if fact.sequence in mark["parked"]:
            return "parked", None
        unit.insert(
            PARKED,
            {"_id": row_id, "mark": mark_id, "sequence": fact.sequence, "event": fact.raw, "at": unit.now},
        )
        mark["parked"] = sorted([*mark["parked"], fact.sequence])
        outcome = "parked"
    else:
        if handler is not None:
            handler(unit, fact)
        mark["last"] = fact.sequence
        if fact.sequence in mark["parked"]:
            mark["parked"].remove(fact.sequence)
            unit.delete(PARKED, row_id)
        if fact.sequence + 1 in mark["parked"]:
            ready = unit.get(PARKED, f"{mark_id}:{fact.sequence + 1}")
    if stored is None:
        unit.insert(MARKS, mark)
    else:
        unit.save(MARKS, mark)
    return outcome, ready


def _committed_at(fact: Fact) -> datetime:
    """Return when the fact's row was made, in real time: its id begins with milliseconds in 12 hex digits."""
    try:
        return datetime.fromtimestamp(int(fact.id[:12], 16) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(time.time(), UTC)
