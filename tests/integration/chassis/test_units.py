"""What a unit of work reads in bulk, and how often it asks the database for it."""

from collections.abc import Iterator
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.monitoring import CommandListener

from infra.local import Sandbox
from services.chassis.actor import Actor
from services.chassis.clock import Clock
from services.chassis.commits import Committer, Work
from services.chassis.unit import Unit

NOBODY = Actor("tester", frozenset())


class Asked(CommandListener):
    """Notes each read, by its collection."""

    def __init__(self) -> None:
        self.reads: list[str] = []

    def started(self, event: Any) -> None:
        """Note a read."""
        if event.command_name == "find":
            self.reads.append(event.command["find"])

    def succeeded(self, event: Any) -> None:
        """Nothing to note."""

    def failed(self, event: Any) -> None:
        """Nothing to note."""


@pytest.fixture
def asked() -> Asked:
    """What was asked of the database."""
    return Asked()


@pytest.fixture
def committer(sandbox: Sandbox, asked: Asked) -> Iterator[Committer]:
    """A committer on a database of its own."""
    client: MongoClient[Any] = MongoClient(sandbox.mongo_uri, tz_aware=True, event_listeners=[asked])
    database = sandbox.database(client, "catalogue")
    made = Committer("catalogue", database, Clock(database, "production"))
    yield made
    made.stop()
    client.close()


def run(committer: Committer, work: Any) -> Any:
    return committer.run(Work(lambda group: Unit(group, NOBODY), work))


def test_many_are_read_in_one_query(committer: Committer, asked: Asked) -> None:
    def write(unit: Unit) -> None:
        for number in range(3):
            unit.insert("things", {"_id": f"t{number}", "number": number})

    run(committer, write)
    asked.reads.clear()

    def work(unit: Unit) -> Any:
        unit.insert("things", {"_id": "new", "number": 9})
        unit.save("things", {**(unit.get("things", "t1") or {}), "number": 7})
        found = unit.get_all("things", ["t0", "t1", "new", "absent", "t0"])
        found["t0"]["number"] = 100  # a copy: what is stored stays
        return {
            "found": [
                doc["number"] for doc in unit.get_all("things", ["t0", "t1", "new", "absent"]).values()
            ],
            "absent": unit.get("things", "absent"),
        }

    assert run(committer, work) == {"found": [0, 7, 9], "absent": None}
    # t1 by itself, then all the others at once; what is known, or known not to be there, is not asked again
    assert asked.reads == ["things", "things"]
