"""The gateway while what is behind it is down: the map stands, refusals come in time, all comes back."""

import contextlib
import os
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local import Stack
from tests.integration.gateway.test_calls import demand
from tests.support import backends
from tests.support.gateway import Gateway
from tests.support.map_facts import confirm_class, file_class, seat
from tests.support.services import Running, wait_for

IN_TIME = 12.0


@pytest.fixture(scope="module")
def own() -> Iterator[Stack]:
    """Broker and database that these tests may stop."""
    stack = Stack(Path(os.environ[backends.FOLDER]) / f"gateway-{os.getpid()}", ports="free", services=False)
    try:
        stack.up()
        yield stack
    finally:
        stack.clean()


@pytest.fixture(scope="module")
def system(own):
    with (
        own.sandbox(("intake", "projector", "gateway")) as sandbox,
        Running(sandbox, ["intake", "projector"]) as running,
        Gateway(sandbox) as gateway,
    ):
        file_class(running, "class-1")
        confirm_class(running, "class-1")
        wait_for(lambda: gateway.client().get("/v1/map/classes").json()["items"])
        yield gateway, running


def timed(call):
    began = time.monotonic()
    answer = call()
    assert time.monotonic() - began < IN_TIME
    return answer


def test_without_the_broker_the_map_stands_and_commands_are_refused_then_done(own, system):
    gateway, running = system
    worker, body = gateway.sign_up("worker"), demand()
    key = {"Idempotency-Key": str(uuid.uuid4())}
    own.stop("broker")
    try:
        refused = timed(lambda: worker.post("/v1/demands", body, headers=key))
        assert refused.status_code == 503
        assert refused.json()["code"] == "unavailable"
        assert gateway.client().get("/v1/map/classes").json()["items"][0]["id"] == "class-1"
        assert gateway.client().get("/v1/map/classes/class-1").status_code == 200
        assert "示例焊工班" in gateway.client().get("/").text
        assert timed(lambda: gateway.client().get("/health/ready")).status_code == 503
        assert gateway.client().get("/health/live").status_code == 200
        stood = gateway.client().get("/v1/map/classes").json()["as_of"]
    finally:
        own.start("broker")
        own.await_infrastructure()
    wait_for(lambda: gateway.client().get("/health/ready").status_code == 200, 60)
    done = wait_for(
        lambda: answer if (answer := worker.post("/v1/demands", body, headers=key)).ok else None, 60
    )
    again = worker.post("/v1/demands", body, headers=key)
    assert done.json() == again.json()
    assert len(worker.get("/v1/demands").json()["items"]) == 1
    wait_for(lambda: gateway.client().get("/v1/map/classes").json()["as_of"] > stood, 60)
    with contextlib.suppress(OSError):  # the test's own publisher finds its connection gone
        seat(running, "class-1", 1, taken=2)
    seat(running, "class-1", 1, taken=2)
    wait_for(lambda: gateway.client().get("/v1/map/classes/class-1").json()["seats"]["taken"] == 2, 60)


def test_without_the_database_what_is_known_is_served_and_the_rest_is_503(own, system):
    gateway, _running = system
    worker = gateway.sign_up("worker")
    known = "/v1/map/classes?limit=7"
    for _worker in range(30):
        assert gateway.client().get(known).status_code == 200
    own.stop("mongod")
    try:
        served = [timed(lambda: gateway.client().get(known)) for _ in range(4)]
        assert {answer.status_code for answer in served} == {200}
        assert {answer.json()["items"][0]["id"] for answer in served} == {"class-1"}
        for path in ("/v1/map/classes?limit=9", "/v1/map/classes/class-1"):
            assert timed(lambda path=path: gateway.client().get(path)).status_code == 503
        credentials = {"username": "somebody", "password": "whatever else"}
        assert timed(lambda: gateway.client().post("/v1/tokens", credentials)).status_code == 503
        assert timed(lambda: worker.post("/v1/demands", demand())).status_code == 503
    finally:
        own.start("mongod")
        own.await_infrastructure()
    wait_for(lambda: gateway.client().get("/v1/map/classes?limit=9").status_code == 200, 60)
    wait_for(lambda: worker.post("/v1/demands", demand()).status_code == 201, 60)


def test_a_gateway_that_starts_without_its_database_answers_when_it_comes(own, system):
    gateway, _running = system
    own.stop("mongod")
    gateway.stop()
    gateway.start()
    try:
        assert gateway.client().get("/health/live").status_code == 200
        assert timed(lambda: gateway.client().get("/v1/map/classes")).status_code == 503
    finally:
        own.start("mongod")
        own.await_infrastructure()
    wait_for(lambda: gateway.client().get("/health/ready").status_code == 200, 60)
    worker = gateway.sign_up("worker")
    wait_for(lambda: worker.get("/v1/demands").status_code == 200, 60)


def test_stopping_is_clean(system):
    gateway, _running = system
    assert gateway.stop() == 0
    gateway.start()
    assert gateway.client().get("/v1/map/classes").status_code == 200
