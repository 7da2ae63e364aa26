"""A running catalogue, with demands told to it as facts."""

import itertools
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest

from contracts.events import intake
from contracts.registry import Event
from services.chassis.actor import Actor
from tests.support import backends
from tests.support.services import Running, wait_for

WELDER = "6-18-02-04"
FUSHAN = "370611"
OFFICER = Actor("officer", frozenset({"catalogue_officer"}), region="370600")


class World:
    """Tells facts in order, and calls as officers. Shared by the tests of a module."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.db = running.database("catalogue")
        self._sequence: dict[str, int] = defaultdict(int)
        self._numbers = itertools.count(1)

    def tell(self, event: Event, subject: str, **data: Any) -> None:
        """Tell the next fact of an aggregate."""
        self._sequence[f"{event.aggregate}/{subject}"] += 1
        self.running.tell(event, subject, self._sequence[f"{event.aggregate}/{subject}"], data)

    def demands(self, count: int, **changes: Any) -> list[str]:
        """Return new verified demands that the catalogue knows."""
        ids = [f"d{next(self._numbers)}" for _ in range(count)]
        posted = {
            "kind": "worker",
            "region": FUSHAN,
            "occupation": WELDER,
            "level": "4",
            "headcount": 1,
            "mode": "on_site",
            "wanted_from": self.running.clock.now().date(),
            **changes,
        }
        for id in ids:
            self.tell(intake.DEMAND_POSTED, id, poster_ref=f"p-{id}", **posted)
            self.tell(intake.DEMAND_VERIFIED, id, checked_at=self.running.clock.now())
        wait_for(lambda: self.known(ids, status="verified") == count, 60, "demands taken in")
        return ids

    def known(self, ids: list[str], **state: Any) -> int:
        """Return how many of the demands are in a state."""
        return int(self.db.demands.count_documents({"_id": {"$in": ids}, **state}))

    def call(self, method: str, actor: Actor | None = OFFICER, **body: Any) -> dict[str, Any]:
        """Call the catalogue."""
        return self.running.call(f"catalogue.{method}", body, actor, seconds=60.0)

    def draft(self, ids: list[str], actor: Actor = OFFICER, **changes: Any) -> dict[str, Any]:
        """Draft a project of these demands."""
        body = {
            "name": "福山焊工班",
            "region": "370600",
            "occupation": WELDER,
            "level": "4",
            "mode": "on_site",
            "programme": "key_industry",
            "seats": len(ids),
            "hours": 120,
            "demand_ids": ids,
        }
        return self.call("draft_project", actor, **{**body, **changes})

    def publish(self, id: str, actor: Actor = OFFICER, **changes: Any) -> dict[str, Any]:
        """List a project."""
        terms = {"sourcing_way": "open_challenge", "standard_fen": 180_000, "standard_rule": "示例标准"}
        return self.call("list_project", actor, project_id=id, **{**terms, "illustrative": True, **changes})

    def await_project(self, id: str, **state: Any) -> dict[str, Any]:
        """Wait until a project is in a state, and return it."""
        return wait_for(lambda: self.db.projects.find_one({"_id": id, **state}), 30, f"project {id} {state}")

    def told(self, id: str) -> list[str]:
        """Return the verbs of the facts told of a project, in order."""
        rows = self.db.outbox.find({"subject": id}).sort("sequence", 1)
        return [row["type"].rpartition(".")[2] for row in rows]


@pytest.fixture(scope="module")
def world(stack: backends.Backend) -> Iterator[World]:
    """One catalogue process for the tests of a module."""
    sandbox = stack.sandbox(("catalogue", "gateway"))
    try:
        with Running(sandbox, ("catalogue",)) as running:
            yield World(running)
    finally:
        sandbox.drop()
