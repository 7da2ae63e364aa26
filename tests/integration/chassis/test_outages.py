"""Outages of broker and database under load, on a stack of these tests' own.

Eight callers go on adding, each with a key that it repeats until it is answered, as callers of the API would.
Afterwards every addition has happened once, at the source and at the follower, and no fact was given up.
"""

import contextlib
import os
import signal
import subprocess
import threading
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from kombu import Connection

from contracts.vocabularies.errors import Refusal
from infra.local import Stack, broker
from services.chassis.topology import events_queue, facts_exchange
from tests.integration.chassis.conftest import LABORATORY, hears_counters, laboratory_in
from tests.integration.chassis.test_commands import add
from tests.support import backends
from tests.support.services import Running, wait_for

CALLERS = 8
COUNTERS = 5
CALL_SECONDS = 3.0
PASSING = ("unavailable", "deadline_passed", "busy")
RABBITMQCTL = Path("/usr/lib/rabbitmq/bin/rabbitmqctl")


class Load:
    """Callers that add one after another. A context manager: at its end each has its last answer."""

    def __init__(self, lab: Running) -> None:
        self.answered = 0
        self.refused: list[str] = []
        self.longest = 0.0
        self.problems: list[BaseException] = []
        self._lab = lab
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(n,)) for n in range(CALLERS)]

    def __enter__(self) -> "Load":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(120)
        assert not any(thread.is_alive() for thread in self._threads), "a caller hangs"
        assert not self.problems, self.problems

    def flows(self, more: int = 20) -> None:
        """Wait until some more additions are answered."""
        target = self.answered + more
        wait_for(lambda: self.problems or self.answered >= target, 60, "answers")

    def _run(self, caller: int) -> None:
        try:
            while not self._stop.is_set():
                self._surely(f"o{caller % COUNTERS}", uuid.uuid4().hex)
        except BaseException as problem:
            self.problems.append(problem)

    def _surely(self, counter: str, key: str) -> None:
        while True:
            began = time.monotonic()
            code = self._once(counter, key)
            with self._lock:
                self.longest = max(self.longest, time.monotonic() - began)
                if code is None:
                    self.answered += 1
                    return
                self.refused.append(code)
            time.sleep(0.1)

    def _once(self, counter: str, key: str) -> str | None:
        try:
            add(self._lab, counter, 1, key=key, seconds=CALL_SECONDS)
        except Refusal as refusal:
            if refusal.code not in PASSING:
                raise
            return refusal.code
        return None


@pytest.fixture(scope="module")
def own() -> Iterator[Stack]:
    """Broker and database that these tests may hurt."""
    stack = Stack(Path(os.environ[backends.FOLDER]) / f"outages-{os.getpid()}", ports="free", services=False)
    try:
        stack.up()
        yield stack
    finally:
        stack.clean()


@pytest.fixture
def lab(own: Stack) -> Iterator[Running]:
    """The laboratory on the stack that is hurt."""
    with (
        hears_counters(),
        own.sandbox(("intake", "catalogue", "gateway")) as sandbox,
        Running(sandbox, ("intake", "catalogue"), {"intake": LABORATORY, "catalogue": LABORATORY}) as started,
    ):
        yield laboratory_in(started)


def sums_follow(lab: Running) -> bool:
    totals = {doc["_id"]: doc["total"] for doc in lab.database("intake").counters.find()}
    sums = {doc["_id"]: doc["sum"] for doc in lab.database("catalogue").sums.find()}
    return bool(totals) and sums == totals


def assert_whole(lab: Running, load: Load) -> None:
    """Nothing lost, nothing doubled, nothing given up."""
    assert sum(doc["total"] for doc in lab.database("intake").counters.find()) == load.answered
    try:
        wait_for(lambda: sums_follow(lab), 90)
    except AssertionError:
        pytest.fail(f"not all facts reached the follower: {where_facts_are(lab)}")
    for doc in lab.database("catalogue").sums.find():
        assert doc["facts"] == list(range(1, doc["sum"] + 1))
    wait_for(lambda: lab.database("intake").outbox.count_documents({"pending": True}) == 0)
    wait_for(lambda: lab.database("catalogue").parked.count_documents({}) == 0)
    assert lab.dead("catalogue") == 0


def where_facts_are(lab: Running) -> dict[str, object]:
    """Return what tells a lost fact from one that waits."""
    follower, queues = lab.database("catalogue"), f"queues/{lab.sandbox.place.vhost}"
    return {
        "pending": lab.database("intake").outbox.count_documents({"pending": True}),
        "totals": {doc["_id"]: doc["total"] for doc in lab.database("intake").counters.find()},
        "marks": {doc["_id"]: (doc["last"], doc["parked"]) for doc in follower.marks.find()},
        "queues": [
            {name: queue.get(name) for name in ("name", "messages", "messages_unacknowledged", "consumers")}
            for queue in lab.sandbox.management.get(queues)  # type: ignore[attr-defined]
        ],
        "bindings": [
            (row["source"], row["routing_key"])
            for row in lab.sandbox.management.get(f"{queues}/catalogue.events/bindings")  # type: ignore[attr-defined]
        ],
    }


def attempts_used(lab: Running) -> list[str]:
    """Return the follower's lines about facts that were sent to a retry queue or given up."""
    port = lab._ports["catalogue"]
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
        lines = answer.read().decode().splitlines()
    counted = ("wudan_event_retries_total{", "wudan_dead_letters_total{")
    return [line for line in lines if line.startswith(counted)]


def back(stack: Stack, name: str, killed: int) -> None:
    wait_for(lambda: stack.pid(name) not in (None, killed), 60, f"{name} started again")
    stack.await_infrastructure(90)


@pytest.mark.parametrize("name", [pytest.param("broker", marks=pytest.mark.long), "mongod"])
def test_killed_and_started_again_under_load(own: Stack, lab: Running, name: str) -> None:
    pids = [lab.pid(service) for service in ("intake", "catalogue")]
    with Load(lab) as load:
        load.flows()
        for _kill in range(2):
            back(own, name, own.kill(name, signal.SIGKILL))
            load.flows()
    assert load.longest < CALL_SECONDS + 2, "calls end in time"
    assert_whole(lab, load)
    assert [lab.pid(service) for service in ("intake", "catalogue")] == pids
    assert attempts_used(lab) == []


@pytest.mark.parametrize("name", ["broker", "mongod"])
def test_a_long_outage_uses_up_no_attempts(own: Stack, lab: Running, name: str) -> None:
    """Longer than the first steps of the retry ladder and than every timeout of a driver's."""
    with Load(lab) as load:
        load.flows()
        own.stop(name)
        before = len(load.refused)
        wait_for(lambda: len(load.refused) > before + 4 * CALLERS, 90, "refusals meanwhile")
        own.start(name)
        own.await_infrastructure(90)
        load.flows()
    assert set(load.refused) <= set(PASSING)
    assert load.longest < CALL_SECONDS + 2, "calls end in time"
    assert_whole(lab, load)
    assert attempts_used(lab) == []


@pytest.mark.long
def test_a_binding_that_was_lost_stands_again_and_what_it_missed_is_sent_again(
    own: Stack, lab: Running
) -> None:
    add(lab, "b", 1)
    wait_for(lambda: sums_follow(lab), 30)
    with Connection(lab.sandbox.amqp_url) as connection:
        channel = connection.channel()
        channel.queue_unbind(events_queue("catalogue"), facts_exchange("intake"), "intake.counter.*")
    add(lab, "b", 1)
    wait_for(lambda: lab.database("intake").outbox.count_documents({"pending": True}) == 0)
    assert not sums_follow(lab)
    back(own, "broker", own.kill("broker", signal.SIGKILL))
    wait_for(lambda: sums_follow(lab), 60, "what was missed")
    assert lab.database("catalogue").sums.find_one({"_id": "b"})["facts"] == [1, 2]


@contextlib.contextmanager
def memory_alarm(stack: Stack) -> Iterator[None]:
    """The broker takes nothing from publishers meanwhile."""
    rabbitmqctl(stack, "set_vm_memory_high_watermark", "absolute", "1MB")
    try:
        yield
    finally:
        rabbitmqctl(stack, "set_vm_memory_high_watermark", "absolute", broker.MEMORY)


def rabbitmqctl(stack: Stack, *words: str) -> None:
    user = broker.account()
    rights: dict[str, Any] = (
        {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user is not None else {}
    )
    result = subprocess.run(
        [RABBITMQCTL, *words],
        env=broker.environment(stack.state),
        cwd="/",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        **rights,
    )
    assert result.returncode == 0, result.stdout + result.stderr


def alarmed(stack: Stack) -> Callable[[], bool]:
    from infra.setup.broker import Broker

    api = Broker(stack.admin.management_url)
    return lambda: any(node["mem_alarm"] for node in api.get("nodes"))  # type: ignore[attr-defined]


@pytest.mark.long
def test_a_memory_alarm_ends_calls_in_time_and_loses_nothing(own: Stack, lab: Running) -> None:
    with Load(lab) as load:
        load.flows()
        with memory_alarm(own):
            wait_for(alarmed(own), 30, "the alarm")
            before = len(load.refused)
            wait_for(lambda: len(load.refused) >= before + 2 * CALLERS, 60, "refusals under the alarm")
            assert set(load.refused[before:]) <= {"unavailable", "deadline_passed"}
        load.flows()
    assert load.longest < CALL_SECONDS + 2, "calls end in time"
    assert_whole(lab, load)
    assert attempts_used(lab) == []
