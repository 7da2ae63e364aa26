"""The rush for seats with two processes of the service, one of them killed in the middle."""

import os
import subprocess
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from kombu import Connection

from infra.local.state import free_ports
from infra.procs import PROCESSES
from services.chassis.actor import Actor
from services.chassis.topology import rpc_queue
from tests.integration.selection.conftest import World, at_once
from tests.support.services import wait_for


@pytest.fixture
def second(world: World) -> Iterator[subprocess.Popen[bytes]]:
    """Another process of selection beside the first."""
    port = free_ports(1)[0]
    told = {"WUDAN_MODE": "demonstration", "WUDAN_HTTP_PORT": str(port)}
    env = {**os.environ, **world.running.sandbox.env("selection"), **told}
    process = subprocess.Popen(PROCESSES["selection"].command, env=env)
    wait_for(lambda: consumers(world) == 2, 40, "the second process")
    yield process
    process.kill()
    process.wait()


def consumers(world: World) -> int:
    """Return how many processes take calls."""
    with Connection(world.running.sandbox.amqp_url) as connection:
        return int(connection.channel().queue_declare(rpc_queue("selection"), passive=True).consumer_count)


def test_seats_hold_with_two_processes_and_a_kill(world: World, second: subprocess.Popen[bytes]) -> None:
    people, class_id = world.people(120), world.open_class("two", 20)

    def choose(person: Actor) -> Any:
        return world.choose(person, class_id, key=person.account)

    def kill() -> Any:
        wait_for(lambda: world.db.enrolments.count_documents({"class_id": class_id}) >= 30, 60)
        second.kill()
        return {"status": "killed", "arrival": 0}

    steps: list[Callable[[], Any]] = [kill, *(partial(choose, person) for person in people)]
    answers = at_once(steps, threads=40)
    assert sorted(each["arrival"] for each in answers) == list(range(121))
    assert sum(each["status"] == "held" for each in answers) == 20
    world.sound(class_id)
    again = at_once([partial(choose, person) for person in people], threads=40)
    assert again == answers[1:], "the same key gets the same answer, and nothing more happens"
    assert world.db.enrolments.count_documents({"class_id": class_id}) == 120
