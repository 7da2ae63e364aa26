"""A whole system on one machine, on real servers: start, stop, kill, and what the tests ask of it."""

import contextlib
import os
import shutil
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final, Literal

from infra import setup
from infra.errors import Trouble
from infra.local import broker, mongod
from infra.local.sandbox import Sandbox
from infra.local.settings import administration_of, environment_of, passwords_of, place_of
from infra.local.state import HOST, State, in_use
from infra.local.supervision import SERVERS, Supervisor
from infra.procs import PROCESSES, Administration

READY_SECONDS: Final = 90.0
LOG_LINES: Final = 8
TRIES: Final = 3


class Stack:
    """A stack with its state in one folder. Several may run at once, each with its own ports.

    `ports` is "fixed" (8000 and so on, for people) or "free" (for tests); it counts at the first start.
    `services` is True (all processes), False (broker, database and set-up only), or a list of names.
    `extra` are settings for all processes, of those that are passed on (WUDAN_GATEWAY_*, WUDAN_STANDIN_* …).
    """

    def __init__(
        self,
        folder: Path | str,
        ports: Literal["fixed", "free"] = "fixed",
        services: bool | Iterable[str] = True,
        extra: Mapping[str, str] | None = None,
    ) -> None:
        self.state = State(Path(folder).resolve())
        self._ports = ports
        self._extra = dict(extra or {})
        chosen = list(PROCESSES) if services is True else list(services or ())
        unknown = set(chosen) - set(PROCESSES)
        if unknown:
            raise ValueError(f"unknown processes: {sorted(unknown)}")
        self.services = [name for name in PROCESSES if name in chosen]
        self._supervisor = Supervisor(self.state)

    def up(self, tell: Callable[[str], None] = lambda line: None) -> None:
        """Start everything and return when all is ready. `tell` gets one line for each step.

        Raises Trouble with a way out; what was started by then is ended again.
        """
        broker.check()
        mongod.binary()
        self.state.prepare(self._ports)
        if self._supervisor.alive():
            raise Trouble(f"The stack in {self.state.folder} runs already.", "make status, or make stop")
        self._check_ports()
        broker.prepare(self.state)
        mongod.prepare(self.state)
        try:
            self._supervisor.start(self.services, self._extra)
            self._bring_up(tell)
        except BaseException:
            if self._supervisor.alive():
                self._supervisor.shut_down()
            raise

    def _bring_up(self, tell: Callable[[str], None]) -> None:
        tell("starting RabbitMQ and MongoDB")
        for name in SERVERS:
            self._supervisor.run(name)
        self.set_up()
        for name in self.services:
            tell(f"starting {name}")
            self._supervisor.run(name)
        for name in self.services:
            self._await(name, READY_SECONDS, self._endless_starts(name))

    def set_up(self) -> None:
        """Run the set-up of broker and database (idempotent). Raises Trouble when one does not start."""
        endless = [self._endless_starts(name) for name in SERVERS]

        def check() -> None:
            for one in endless:
                one()

        setup.wait_until_ready(self.admin, READY_SECONDS, check)
        setup.prepare(self.admin, place_of(self.state), passwords_of(self.state))

    def _endless_starts(self, name: str) -> Callable[[], None]:
        """Return a check that raises Trouble when a process ended again and again since this call."""
        seen: set[int] = set()

        def check() -> None:
            pid = self._supervisor.pid(name)
            if pid is not None:
                seen.add(pid)
            if len(seen) > TRIES:
                raise self._not_ready(name, f"{name} ends as soon as it is started")

        return check

    def _not_ready(self, name: str, what: str) -> Trouble:
        log = self.state.logs / f"{name}.log"
        return Trouble(f"{what}. Its log ends:\n{self.log_end(name)}", f"The whole log is {log}")

    def _check_ports(self) -> None:
        servers = ("amqp", "management", "metrics", "dist", "epmd", "mongod")
        for name, port in self.state.ports().items():
            if (name in servers or name in self.services) and in_use(port):
                variable = f"WUDAN_PORT_{name.upper()}={port + 1000}"
                raise Trouble(
                    f"Port {port} ({name}) is in use by another program.",
                    f"End that program, or choose another port: {variable} make run",
                )

    def down(self) -> None:
        """End everything, services first; the data stays. Nothing happens when nothing runs."""
        if self._supervisor.alive():
            self._supervisor.shut_down()

    def clean(self) -> None:
        """End everything and delete the data, the secrets and the logs."""
        if self._supervisor.alive():
            self._supervisor.shut_down(hard=True)
        self.state.release()
        if self.state.exists():
            shutil.rmtree(broker.home(self.state), ignore_errors=True)
        shutil.rmtree(self.state.folder, ignore_errors=True)

    def alive(self) -> bool:
        """Tell whether the stack's supervisor runs."""
        return self._supervisor.alive()

    def states(self) -> dict[str, str]:
        """Return each process's state in supervisord's words."""
        return self._supervisor.states()

    def env(self, name: str) -> dict[str, str]:
        """Return the WUDAN_* settings of one process."""
        return environment_of(self.state, name)

    @property
    def admin(self) -> Administration:
        """Return the administrator's way to broker and database."""
        return administration_of(self.state)

    @property
    def gateway_url(self) -> str:
        """Return where the gateway answers."""
        return f"http://{HOST}:{self.state.ports()['gateway']}"

    def pid(self, name: str) -> int | None:
        """Return the process id of one process, or None while it is down.

        "broker" is the Erlang machine, not the script that started it; "mongod" and "epmd" also work.
        """
        if name != "broker":
            return self._supervisor.pid(name)
        with contextlib.suppress(OSError, ValueError):
            pid = int(broker.pid_file(self.state).read_text())
            os.kill(pid, 0)
            return pid
        return None

    def kill(self, name: str, sig: int = signal.SIGKILL) -> int:
        """Send a signal to one process and return its id. supervisord starts it again when it ends."""
        pid = self.pid(name)
        if pid is None:
            raise Trouble(f"{name} does not run.", "Wait for it: Stack.await_ready(name)")
        os.kill(pid, sig)
        return pid

    def stop(self, name: str) -> None:
        """Stop one process for good, until `start`."""
        self._supervisor.stop(name)

    def start(self, name: str) -> None:
        """Start one process that was stopped."""
        self._supervisor.run(name)

    def await_ready(self, name: str, seconds: float = READY_SECONDS) -> None:
        """Wait until one process answers. Raises Trouble with the end of its log when it does not in time."""
        self._await(name, seconds, lambda: None)

    def _await(self, name: str, seconds: float, check: Callable[[], None]) -> None:
        deadline = time.monotonic() + seconds
        while not self._ready(name):
            check()
            if time.monotonic() > deadline:
                raise self._not_ready(name, f"{name} is not ready after {seconds:.0f} s")
            time.sleep(0.1)

    def await_infrastructure(self, seconds: float = READY_SECONDS) -> None:
        """Wait until broker and database answer (after a kill). Raises Trouble when they do not in time."""
        setup.wait_until_ready(self.admin, seconds)

    def _ready(self, name: str) -> bool:
        port = self.state.ports()[name]
        try:
            with urllib.request.urlopen(f"http://{HOST}:{port}/health/ready", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def log_end(self, name: str) -> str:
        """Return the last lines of a process's log."""
        try:
            lines = (self.state.logs / f"{name}.log").read_text(errors="replace").splitlines()
        except FileNotFoundError:
            return "  (empty)"
        return "\n".join(f"  {line}" for line in lines[-LOG_LINES:])

    def sandbox(self, services: Iterable[str] = ()) -> Sandbox:
        """Return a fresh vhost and fresh databases on this stack's servers, for one test.

        Users, rights, topology and migrations are made for `services` only (by default for all accounts).
        """
        return Sandbox(self.state, tuple(services))
