"""A crowd after the seats of one class: persons with accounts and tokens, each asking until it is told.

They are written as the services write them: how persons and classes come to be known is tested elsewhere, and
a rush needs more of them than could be registered.
"""

import http.client
import json
import threading
import time
import uuid
from collections import deque
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.load import Connection, request
from services.chassis.actor import Actor
from services.selection.domain.classes import TrainingClass
from services.selection.domain.people import Person
from services.selection.domain.seats import Seating
from tests.support.standing import account

REGION, WELDER, LEVEL = "370611", "6-18-02-04", "4"
DAY = timedelta(days=1)
PATIENCE = 240.0
# what a client is told that has no answer yet
COME_AGAIN = (http.client.SERVICE_UNAVAILABLE, http.client.GATEWAY_TIMEOUT, http.client.BAD_GATEWAY)
AT_ONCE = 5000


@dataclass(frozen=True)
class Chooser:
    """One of the crowd; token: a bearer token of the gateway."""

    ref: str
    token: str


def crowd(selection: Any, gateway: Any, count: int) -> list[Chooser]:
    """Put so many persons into selection's database, and their accounts into the gateway's."""
    made, people, accounts, grants = [], [], [], []
    for _ in range(count):
        ref = uuid.uuid4().hex
        people.append(_row(Person(ref, REGION, ("unemployed",), "verified", draws_pension=False), "ref"))
        actor = Actor(f"account-{ref}", frozenset({"worker"}), person_ref=ref)
        made.append(Chooser(ref, account(accounts, grants, actor)))
    for collection, rows in (
        (selection["people"], people), (gateway["accounts"], accounts), (gateway["grants"], grants),
    ):  # fmt: skip
        for at in range(0, count, AT_ONCE):
            collection.insert_many(rows[at : at + AT_ONCE])
    return made


def open_class(selection: Any, capacity: int) -> str:
    """Put a class of one session ten days on, with its seats, into selection's database; return its id."""
    id, starts = uuid.uuid4().hex, datetime.now(UTC).replace(microsecond=0) + 10 * DAY
    wanted = TrainingClass(
        id, "project", "provider", "焊工抢座班", WELDER, LEVEL, "on_site", REGION, capacity, starts - DAY,
        ((starts, starts + timedelta(hours=4)),),
    )  # fmt: skip
    selection["classes"].insert_one(_row(wanted, "id"))
    selection["seatings"].insert_one(_row(Seating(id, capacity), "class_id"))
    return id


def _row(value: Any, key: str) -> dict[str, Any]:
    fields = asdict(value)
    return {"_id": fields.pop(key), **fields, "version": 1, "seq": 0}


class Rush:
    """The clients of a crowd after one class. told: each answer, by person; seconds: how long each waited."""

    def __init__(self, url: str, class_id: str, people: Sequence[Chooser], clients: int) -> None:
        self._url, self._path = url, f"/v1/classes/{class_id}/enrolments"
        self._left = deque(people)
        self.told: dict[str, dict[str, Any]] = {}
        self.seconds: list[float] = []
        self.problems: list[BaseException] = []
        self._threads = [threading.Thread(target=self._client, daemon=True) for _ in range(clients)]

    def begin(self) -> None:
        """Let all clients ask at once."""
        for client in self._threads:
            client.start()

    def await_told(self, count: int) -> None:
        """Wait until so many have been told something."""
        end = time.monotonic() + PATIENCE
        while len(self.told) < count and not self.problems:
            assert time.monotonic() < end, f"{len(self.told)} of {count} were told something"
            time.sleep(0.02)

    def end(self) -> None:
        """Wait for all; raises what one of them met."""
        for client in self._threads:
            client.join(PATIENCE)
        assert not self.problems, self.problems[:3]
        assert not any(client.is_alive() for client in self._threads)

    def _client(self) -> None:
        """Ask for one person after another, over one connection."""
        connection = Connection(self._url)
        try:
            while True:
                chooser = self._left.popleft()
                self._choose(connection, chooser)
        except IndexError:
            connection.close()
        except BaseException as problem:
            self.problems.append(problem)

    def _choose(self, connection: Connection, chooser: Chooser) -> None:
        headers = {"Authorization": f"Bearer {chooser.token}", "Idempotency-Key": chooser.ref}
        sent = request("POST", self._path, {}, headers)
        began = time.monotonic()
        while True:
            status, answer = _once(connection, sent)
            if status == http.client.CREATED:
                break
            assert status in COME_AGAIN, f"{status} {answer!r}"
            assert time.monotonic() < began + PATIENCE, f"{status} for {PATIENCE:.0f} s"
            time.sleep(0.1)
        self.seconds.append(time.monotonic() - began)
        self.told[chooser.ref] = json.loads(answer)


def _once(connection: Connection, sent: bytes) -> tuple[int, bytes]:
    try:
        return connection.send(sent)
    except OSError:
        return http.client.SERVICE_UNAVAILABLE, b""
