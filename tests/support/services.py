"""Real service processes in a sandbox, and what tests do with them: call as somebody, tell facts, wait."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, TypeVar

from kombu import Connection
from pymongo import MongoClient

from contracts.envelope import CONTENT_TYPE, CloudEvent, schema_urn
from contracts.registry import Event
from infra.local import Sandbox
from infra.procs import PROCESSES
from services.chassis.actor import Actor, SigningKey, sign
from services.chassis.clock import Clock
from services.chassis.events import new_event_id
from services.chassis.publisher import ConfirmedPublisher, Message
from services.chassis.rpc_client import RpcClients
from services.chassis.settings import Settings
from services.chassis.topology import dead_queue, events_queue, facts_exchange

START_SECONDS = 120.0


T = TypeVar("T")


def wait_for(probe: Callable[[], T], seconds: float = 20.0, what: str = "") -> T:
    """Return the probe's first true result. Raises AssertionError with the last one if none comes in time."""
    end, pause = time.monotonic() + seconds, 0.02
    while not (result := probe()):
        assert time.monotonic() < end, (
            f"{what or 'condition'} did not come within {seconds} s; last: {result!r}"
        )
        # longer and longer: what is waited for needs the processor that asking costs
        time.sleep(pause)
        pause = min(0.3, 1.2 * pause)
    return result


def free_ports(count: int) -> list[int]:
    """Return ports of the loopback that nobody uses now."""
    with contextlib.ExitStack() as open_sockets:
        sockets = [open_sockets.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [int(each.getsockname()[1]) for each in sockets]


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=3) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


class Running:
    """Services as processes of their own, a context manager; tests hurt them with `kill`."""

    def __init__(
        self, sandbox: Sandbox, names: Iterable[str], extra: dict[str, dict[str, str]] | None = None
    ) -> None:
        self.sandbox = sandbox
        self._extra = extra or {}
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._ports = dict(zip(names, free_ports(len(list(names))), strict=True))
        # what a test sees is what the next transaction sees
        self._mongo: MongoClient[dict[str, Any]] = MongoClient(
            sandbox.mongo_uri, tz_aware=True, readConcernLevel="majority"
        )
        gateway = Settings.from_env(sandbox.env("gateway"))
        self._signer = SigningKey(*gateway.actor_signing_key())
        self._clients = RpcClients(gateway.amqp_url(), "gateway")
        self._publisher = ConfirmedPublisher(sandbox.amqp_url)
        clock = self._mongo[gateway.clock_db]
        self.clock = Clock(clock, "demonstration")

    def __enter__(self) -> "Running":
        for name in self._ports:
            self.start(name)
        for name in self._ports:
            self.await_ready(name)
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes.values():
            process.terminate()
        for process in self._processes.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(20)
            process.kill()
            process.wait()
        self._clients.forget()
        self._publisher.close()
        self._mongo.close()

    def start(self, name: str) -> None:
        """Start one process (again)."""
        self._processes[name] = self._spawn(name, self._ports[name])

    def start_second(self, name: str) -> "subprocess.Popen[bytes]":
        """Start another instance of a process; the caller ends it."""
        port = free_ports(1)[0]
        process = self._spawn(name, port)
        wait_for(lambda: _answers(port), START_SECONDS, f"second {name} ready")
        return process

    def _spawn(self, name: str, port: int) -> "subprocess.Popen[bytes]":
        env = {
            **os.environ,
            **self.sandbox.env(name),
            "WUDAN_MODE": "demonstration",
            "WUDAN_HTTP_PORT": str(port),
            **self._extra.get(name, {}),
        }
        module = self._extra.get(name, {}).get("TEST_MODULE")
        command = (sys.executable, "-m", module, name) if module else PROCESSES[name].command
        return subprocess.Popen(command, env=env)

    def await_ready(self, name: str) -> None:
        """Wait until the process says that it is ready."""
        wait_for(lambda: self._ready(name), START_SECONDS, f"{name} ready")

    def pid(self, name: str) -> int:
        """Return the process id."""
        return self._processes[name].pid

    def kill(self, name: str, number: int = signal.SIGKILL, restart: bool = True) -> None:
        """Send a signal, wait for the end, and start again."""
        self._processes[name].send_signal(number)
        self._processes[name].wait(30)
        if restart:
            self.start(name)
            self.await_ready(name)

    def database(self, name: str) -> Any:
        """Return the process's database, as the administrator."""
        return self.sandbox.database(self._mongo, name)

    def token(self, actor: Actor) -> str:
        """Return an actor as the gateway signs it."""
        return sign(actor, self._signer)

    def call(
        self,
        target: str,
        body: dict[str, Any],
        actor: Actor | None = None,
        key: str | None = None,
        expected_version: int | None = None,
        seconds: float = 15.0,
    ) -> dict[str, Any]:
        """Call `service.method` as an actor and return the result. Raises the callee's Refusal."""
        envelope = {
            "body": body,
            "actor": sign(actor, self._signer) if actor else "",
            "key": key or uuid.uuid4().hex,
            "deadline": int((time.time() + seconds) * 1000),
            "expected_version": expected_version,
            "traceparent": "",
            "correlation": uuid.uuid4().hex,
        }
        reply: dict[str, Any] = self._clients.call(target, envelope)
        return reply

    def tell(
        self, event: Event, subject: str, sequence: int, data: dict[str, Any], id: str | None = None
    ) -> dict[str, Any]:
        """Publish a fact as its source would, and return the CloudEvent."""
        message = CloudEvent().dump(
            {
                "id": id or new_event_id(),
                "source": f"/wudan/{event.source}",
                "type": event.type,
                "dataschema": schema_urn(event.type, event.version),
                "subject": subject,
                "sequence": sequence,
                "time": datetime.now(UTC),
                "traceparent": "",
                "correlation": "test",
                "actor": "test",
                "data": event.data().dump(data),
            }
        )
        self.send(event.type, message, facts_exchange(event.source))
        return dict(message)

    def send(self, routing_key: str, body: Any, exchange: str, content_type: str = CONTENT_TYPE) -> None:
        """Publish any body."""
        text = body if isinstance(body, str) else json.dumps(body)
        sent = self._publisher.publish([Message(exchange, routing_key, uuid.uuid4().hex, text, content_type)])
        assert sent, "the message found no queue"

    def depth(self, queue: str) -> int:
        """Return how many messages lie ready in a queue."""
        with Connection(self.sandbox.amqp_url) as connection:
            return int(connection.channel().queue_declare(queue, passive=True).message_count)

    def dead(self, name: str) -> int:
        """Return how many dead letters a process has."""
        return self.depth(dead_queue(name))

    def idle(self, name: str) -> bool:
        """Tell whether the process has no facts waiting to be delivered."""
        return self.depth(events_queue(name)) == 0

    def _ready(self, name: str) -> bool:
        assert self._processes[name].poll() is None, f"{name} ended with {self._processes[name].returncode}"
        return _answers(self._ports[name])
