"""What a whole stack has stored, read past its services: databases, queues, the stand-in bank's own books."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kombu import Connection
from pymongo import MongoClient

from contracts.registry import SERVICES
from infra.local import Stack
from infra.local.settings import place_of
from infra.procs import PROCESSES
from services.chassis.topology import FOLLOWS, RETRY_DELAYS_MS, dead_queue, events_queue, retry_queue

Document = dict[str, Any]
Aggregate = tuple[str, str]


class World:
    """A stack seen from below. A context manager."""

    def __init__(self, stack: Stack) -> None:
        self._mongo: MongoClient[Document] = MongoClient(stack.admin.mongo_uri, tz_aware=True)
        self._place = place_of(stack.state)
        self._amqp = f"{stack.admin.amqp_url.rpartition('/')[0]}/{self._place.vhost}"
        self._bank = stack.state.folder / "standin.sqlite"
        # a stack may run some of the processes only: what lies in the others' queues is nobody's
        self.followers = [name for name in FOLLOWS if name in stack.services]

    def __enter__(self) -> "World":
        return self

    def __exit__(self, *_: object) -> None:
        self._mongo.close()

    def rows(self, process: str, collection: str, **filter: Any) -> list[Document]:
        """Return documents of a process's database."""
        return list(self._mongo[self._place.database_of(PROCESSES[process])][collection].find(filter))

    def by_id(self, process: str, collection: str) -> dict[str, Document]:
        """Return all documents of a collection by their id."""
        return {doc["_id"]: doc for doc in self.rows(process, collection)}

    def instructions(self) -> list[Document]:
        """Return every instruction that the bank has booked, by its own books."""
        return _sqlite(self._bank, "select * from instructions order by position")

    def depths(self, queues: Iterable[str]) -> dict[str, int]:
        """Return how many messages lie ready in each queue."""
        with Connection(self._amqp, connect_timeout=5) as connection:
            channel = connection.channel()
            return {name: channel.queue_declare(name, passive=True).message_count for name in queues}

    def told(self) -> dict[Aggregate, list[int]]:
        """Return the numbers of the facts that were committed, by aggregate, in order."""
        found: dict[Aggregate, list[int]] = defaultdict(list)
        for service in SERVICES:
            for row in self.rows(service, "outbox"):
                found[row["type"].rpartition(".")[0], row["subject"]].append(row["sequence"])
        return {aggregate: sorted(numbers) for aggregate, numbers in found.items()}


def numbered_without_gaps(world: World) -> list[str]:
    """8: the facts of each thing are numbered 1, 2, 3 … once each."""
    return [
        f"{aggregate} {subject}: facts {numbers}"
        for (aggregate, subject), numbers in world.told().items()
        if numbers != list(range(1, len(numbers) + 1))
    ]


def everything_sent(world: World) -> list[str]:
    """8: no committed fact waits to be published."""
    return [
        f"{service}: {row['_id']} {row['type']} waits"
        for service in SERVICES
        for row in world.rows(service, "outbox", pending=True)
    ]


def everything_applied(world: World) -> list[str]:
    """8: each process has applied, once and in order, every fact that it follows; nothing is parked."""
    found = []
    told = world.told()
    for process in world.followers:
        follows, marks = FOLLOWS[process], world.by_id(process, "marks")
        for (aggregate, subject), numbers in told.items():
            if aggregate not in follows and aggregate.partition(".")[0] not in follows:
                continue
            last = marks.get(f"{aggregate}:{subject}", {}).get("last", 0)
            if last != numbers[-1]:
                found.append(f"{process}: {aggregate} {subject} applied to {last} of {numbers[-1]}")
        found += [f"{process}: parked {row['_id']}" for row in world.rows(process, "parked")]
    return found


def audited_once(world: World) -> list[str]:
    """8: oversight, where it runs, has every committed fact, once, and none that was not committed."""
    if "oversight" not in world.followers:
        return []
    told = {row["_id"] for service in SERVICES for row in world.rows(service, "outbox")}
    kept = {row["_id"] for row in world.rows("oversight", "facts")}
    return [f"lost at oversight: {id}" for id in sorted(told - kept)] + [
        f"never committed: {id}" for id in sorted(kept - told)
    ]


def no_dead_letters(world: World) -> list[str]:
    """8: the dead-letter queues are empty."""
    depths = world.depths(dead_queue(process) for process in world.followers)
    return [f"{queue}: {count} dead letters" for queue, count in depths.items() if count]


def queues_drained(world: World) -> list[str]:
    """8: nothing waits to be delivered or to be tried again."""
    queues = [
        name
        for process in world.followers
        for name in (events_queue(process), *(retry_queue(process, delay) for delay in RETRY_DELAYS_MS))
    ]
    return [f"{queue}: {count} wait" for queue, count in world.depths(queues).items() if count]


DELIVERY = (
    everything_sent,
    queues_drained,
    no_dead_letters,
    numbered_without_gaps,
    everything_applied,
    audited_once,
)


def _sqlite(path: Path, query: str) -> list[Document]:
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        database.row_factory = sqlite3.Row
        return [dict(row) for row in database.execute(query)]
    finally:
        database.close()
