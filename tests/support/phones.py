"""Many phones at once, each repeating its answer, byte for byte, until it has been told what became of it."""

import http.client
import json
import threading
import time
from collections.abc import Sequence
from typing import Any

from bench.load import Connection, request
from contracts.vocabularies.errors import CATALOGUE
from tests.support.standing import HERE, Learner, Standing

PATIENCE = 180.0
# what a phone is told that has no answer yet
COME_AGAIN = (http.client.SERVICE_UNAVAILABLE, http.client.GATEWAY_TIMEOUT, http.client.BAD_GATEWAY)


class Phones:
    """The phones of some classes' learners at a gateway. told: what each was told, by person."""

    def __init__(self, url: str, made: Sequence[Standing]) -> None:
        self._url, self._made = url, made
        self.told: dict[str, dict[str, Any]] = {}
        self.problems: list[BaseException] = []
        self._shown: dict[str, dict[str, Any]] = {}
        self._threads: list[threading.Thread] = []

    def open_screens(self) -> None:
        """Open the sign-in to each class's first session, and look at its code."""
        for each in self._made:
            at = f"/v1/classes/{each.id}/sessions/{each.session()}"
            body = {"longitude": HERE[0], "latitude": HERE[1]}
            self._ask(each.token, "POST", f"{at}/opening", body)
            self._shown[each.id] = self._ask(each.token, "GET", f"{at}/code")

    def begin(self) -> None:
        """Let all phones answer at once."""
        for each in self._made:
            for learner in each.learners:
                phone = threading.Thread(target=self._phone, args=(each, learner), daemon=True)
                self._threads.append(phone)
        for phone in self._threads:
            phone.start()

    def await_told(self, count: int) -> None:
        """Wait until so many phones have been told something."""
        end = time.monotonic() + PATIENCE
        while len(self.told) < count and not self.problems:
            assert time.monotonic() < end, f"{len(self.told)} of {count} phones were told something"
            time.sleep(0.02)

    def end(self) -> None:
        """Wait for all phones; raises what one of them met."""
        for phone in self._threads:
            phone.join(PATIENCE)
        assert not self.problems, self.problems[:3]
        assert not any(phone.is_alive() for phone in self._threads)

    def rosters(self) -> dict[str, dict[str, Any]]:
        """Return the attendances as the provider is shown them, by person."""
        found = {}
        for each in self._made:
            rows = self._ask(each.token, "GET", f"/v1/classes/{each.id}/sessions/{each.session()}/sign-ins")
            found |= {row["person_ref"]: row for row in rows["items"]}
        return found

    def _phone(self, each: Standing, learner: Learner) -> None:
        try:
            body = each.answer(learner, self._shown[each.id])
            self.told[learner.ref] = self._ask(learner.token, "POST", f"/v1/classes/{each.id}/sign-ins", body)
        except BaseException as problem:
            self.problems.append(problem)

    def _ask(self, token: str, method: str, path: str, body: Any = None) -> dict[str, Any]:
        sent = request(method, path, body, {"Authorization": f"Bearer {token}"})
        end, connection = time.monotonic() + PATIENCE, Connection(self._url)
        try:
            while True:
                status, answer = _once(connection, sent)
                found: dict[str, Any] = json.loads(answer) if answer else {}
                if status < http.client.BAD_REQUEST:
                    return found
                if status not in COME_AGAIN:
                    assert found["code"] in CATALOGUE
                    return {"refused": found["code"]}
                assert time.monotonic() < end, f"{path}: {status} for {PATIENCE:.0f} s"
                time.sleep(0.1)
        finally:
            connection.close()


def _once(connection: Connection, sent: bytes) -> tuple[int, bytes]:
    try:
        return connection.send(sent)
    except OSError:
        return http.client.SERVICE_UNAVAILABLE, b""


def assert_as_told(phones: Phones, database: Any, learners: int) -> None:
    """The roster is exactly what the phones were told, by its rows, its facts and the provider's view."""
    assert len(phones.told) == learners
    rosters = phones.rosters()
    assert {ref: told.get("status") for ref, told in phones.told.items()} == {
        ref: row["status"] for ref, row in rosters.items()
    }
    assert {ref: told["id"] for ref, told in phones.told.items()} == {
        ref: row["id"] for ref, row in rosters.items()
    }
    rows = {row["_id"]: row["state"] for row in database["sign_ins"].find()}
    assert rows == {told["id"]: told["status"] for told in phones.told.values()}
    told_of = [
        (each["id"], each["state"])
        for row in database["outbox"].find({"event.type": "acceptance.sign_in_batch.taken"})
        for each in row["event"]["data"]["items"]
    ]
    assert sorted(told_of) == sorted(rows.items())
