"""A running selection, with the persons and classes that the tests need told to it as facts."""

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest

from contracts.events import acceptance, intake
from contracts.registry import Event
from contracts.vocabularies.errors import Refusal
from services.chassis.actor import Actor
from tests.support import backends
from tests.support.services import Running, wait_for

COUNTY = "370611"
OFFICER = Actor("officer", frozenset({"catalogue_officer"}), region="370600")
DAY = timedelta(days=1)


class World:
    """Tells facts in order, and calls as the persons that it made. Shared by the tests of a module."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.db = running.database("selection")
        self._sequence: dict[str, int] = defaultdict(int)
        self._made = 0

    @property
    def starts(self) -> datetime:
        """When a class begins that is opened now: the first hour of a day ten days on."""
        return self.running.clock.now().replace(hour=0, minute=0, second=0, microsecond=0) + 10 * DAY

    def tell(self, event: Event, subject: str, data: dict[str, Any]) -> None:
        """Tell the next fact of an aggregate."""
        self._sequence[f"{event.aggregate}/{subject}"] += 1
        self.running.tell(event, subject, self._sequence[f"{event.aggregate}/{subject}"], data)

    def people(self, count: int) -> list[Actor]:
        """Return new persons whom selection knows."""
        refs = [f"p{self._made + number}" for number in range(count)]
        self._made += count
        for ref in refs:
            self.tell(intake.PERSON_REGISTERED, ref, {"region": COUNTY, "groups": ["unemployed"]})
        known = {"_id": {"$in": refs}}
        wait_for(lambda: self.db.people.count_documents(known) == count, 60, "persons taken in")
        return [Actor(f"account-{ref}", frozenset({"worker"}), person_ref=ref) for ref in refs]

    def open_class(self, id: str, capacity: int, starts: datetime | None = None) -> str:
        """Return a class that selection knows: one session of four hours."""
        self.tell(acceptance.CLASS_CONFIRMED, id, training_class(id, capacity, starts or self.starts))
        wait_for(lambda: self.db.seatings.find_one({"_id": id, "capacity": capacity}), what="class taken in")
        return id

    def call(self, method: str, actor: Actor | None, **body: Any) -> dict[str, Any]:
        """Call selection."""
        return self.running.call(f"selection.{method}", body, actor, seconds=60.0)

    def choose(self, actor: Actor, class_id: str, key: str = "") -> dict[str, Any]:
        """Choose a seat, alone in its call. Raises the Refusal of the choice."""
        item = {"class_id": class_id, "actor": self.running.token(actor), "key": key or uuid.uuid4().hex}
        (outcome,) = self.call("choose_seats", actor, items=[item])["items"]
        if outcome["refused"]:
            raise Refusal.from_dict(outcome["refused"])
        taken: dict[str, Any] = outcome["taken"]
        return taken

    def confirmed(self, actor: Actor, class_id: str) -> dict[str, Any]:
        """Choose and confirm a seat."""
        return self.call("confirm_seat", actor, enrolment_id=self.choose(actor, class_id)["id"])

    def voucher(self, actor: Actor) -> str:
        """Return a voucher that was issued to and claimed by a person."""
        batch = self.call(
            "issue_vouchers",
            OFFICER,
            region="370600",
            valid_until=(self.starts + 60 * DAY).isoformat(),
            person_refs=[actor.person_ref],
        )
        return self.call("claim_voucher", actor, voucher_id=batch["voucher_ids"][0])["id"]

    def status(self, id: str, collection: str = "enrolments") -> str:
        """Return the status that the database holds."""
        return str(self.db[collection].find_one({"_id": id})["status"])

    def sound(self, class_id: str) -> None:
        """Check what must hold of a class at every moment that nothing is under way."""
        seating = self.db.seatings.find_one({"_id": class_id})
        docs = list(self.db.enrolments.find({"class_id": class_id}).sort("arrival", 1))
        seated = [doc for doc in docs if doc["seat"] is not None]
        waits = [doc for doc in docs if doc["status"] == "waiting"]
        assert len(seated) == seating["taken"] <= seating["capacity"]
        assert len(waits) == seating["waiting"]
        assert len({doc["seat"] for doc in seated}) == len(seated)
        rows = self.db.seats.find({"_id": {"$regex": f"^{class_id}:"}})
        assert {row["_id"]: row["enrolment_id"] for row in rows} == {
            f"{class_id}:{doc['seat']}": doc["_id"] for doc in seated
        }
        assert [doc["arrival"] for doc in docs] == list(range(1, len(docs) + 1))
        if waits:
            assert seating["taken"] == seating["capacity"]
            assert max(doc["arrival"] for doc in seated) < min(doc["arrival"] for doc in waits)


def training_class(id: str, capacity: int, starts: datetime) -> dict[str, Any]:
    """Return the fact of a confirmed class."""
    session = {
        "session_id": f"{id}-1",
        "starts": starts,
        "ends": starts + timedelta(hours=4),
        "kind": "safety",
        "hours": 4,
        "topic": "安全",
        "teacher": "演示教师",
    }
    return {
        "project_id": "project",
        "provider_ref": "provider-1",
        "provider_name": "演示培训学校",
        "name": f"示例班 {id}",
        "occupation": "6-18-02-04",
        "level": "4",
        "mode": "on_site",
        "region": COUNTY,
        "place": {"name": "示例教室", "address": "示例路", "longitude": 121.2, "latitude": 37.5},
        "capacity": capacity,
        "enrol_until": starts - DAY,
        "sessions": [session],
    }


def at_once(steps: Iterable[Callable[[], Any]], threads: int = 50) -> list[Any]:
    """Take all steps in parallel; return each one's answer or refusal, in the order given."""

    def take(step: Callable[[], Any]) -> Any:
        try:
            return step()
        except Refusal as refusal:
            return refusal

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(take, list(steps)))


@pytest.fixture(scope="module")
def world(stack: backends.Backend) -> Iterator[World]:
    """One selection process for the tests of a module."""
    sandbox = stack.sandbox(("selection", "gateway"))
    try:
        with Running(sandbox, ("selection",)) as running:
            yield World(running)
    finally:
        sandbox.drop()
