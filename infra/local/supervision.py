"""supervisord of one stack: its configuration, its start, and a client of its XML-RPC interface.

Why supervisord and not honcho: docs/decisions/0003-supervisord-for-the-local-stack.md
"""

import contextlib
import hashlib
import os
import signal
import subprocess
import sys
import tempfile
import time
import xmlrpc.client
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from supervisor.xmlrpc import Faults, SupervisorTransport

from infra.errors import Trouble
from infra.local.settings import PASSED_ON, ROOT
from infra.local.state import State

STOP_SECONDS: Final = 30
START_SECONDS: Final = 15.0
SERVERS: Final = ("epmd", "mongod", "broker")

_MAIN: Final = """\
[supervisord]
logfile = {logs}/supervisord.log
logfile_maxbytes = 5MB
logfile_backups = 1
pidfile = {folder}/supervisord.pid
directory = {folder}
umask = 077
nocleanup = true
identifier = wudan

[unix_http_server]
file = {socket}
chmod = 0700

[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
"""
# startsecs 0: an exit is followed by a new start at the next turn (about a second), for ever; the backoff
# that supervisord has for early exits grows without end, and a service without its broker exits early
_PROGRAM: Final = """
[program:{name}]
command = {command}
priority = {priority}
autostart = false
autorestart = true
startsecs = 0
stopsignal = TERM
stopwaitsecs = {stop}
killasgroup = true
redirect_stderr = true
stdout_logfile = {logs}/{name}.log
stdout_logfile_maxbytes = 20MB
stdout_logfile_backups = 1
"""


class Supervisor:
    """The supervisord of the stack in `state`."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._config = state.folder / "supervisord.conf"
        # a socket's path is limited to 107 characters; a state directory's is not
        mark = hashlib.sha256(str(state.folder).encode()).hexdigest()[:16]
        self._socket = Path(tempfile.gettempdir()) / f"wudan-{mark}.sock"
        self._rpc: Any = None

    def alive(self) -> bool:
        """Tell whether supervisord runs and answers."""
        try:
            return bool(self._call("getState")["statename"] == "RUNNING")
        except (OSError, xmlrpc.client.Error):
            return False

    def start(self, names: Iterable[str], extra: Mapping[str, str]) -> None:
        """Start supervisord in a session of its own, with the programs `names` known and none started.

        `extra` goes before the caller's environment. Raises Trouble when supervisord does not come up.
        """
        self._configure(names)
        command = [sys.executable, "-m", "supervisor.supervisord", "-c", str(self._config)]
        environ = {
            key: value
            for key, value in (os.environ | dict(extra)).items()
            if key in ("PATH", "HOME", "TZ") or key.startswith((*PASSED_ON, "WUDAN_PORT_"))
        }
        environ |= {"PYTHONPATH": str(ROOT)}
        run = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=False)
        if run.returncode != 0:
            raise Trouble("supervisord did not start.", (run.stderr or run.stdout).strip()[-500:])
        deadline = time.monotonic() + START_SECONDS
        while not self.alive():
            if time.monotonic() > deadline:
                raise Trouble("supervisord does not answer.", f"See {self._state.logs}/supervisord.log")
            time.sleep(0.02)

    def _configure(self, names: Iterable[str]) -> None:
        folder, logs = self._state.folder, self._state.logs
        text = _MAIN.format(folder=folder, logs=logs, socket=self._socket)
        for priority, name in enumerate((*SERVERS, *names), start=1):
            command = f'"{sys.executable}" -m infra.local.launch "{folder}" {name}'
            text += _PROGRAM.format(
                name=name, command=command, priority=priority, logs=logs, stop=STOP_SECONDS
            )
        self._config.write_text(text)

    def run(self, name: str) -> None:
        """Start one program; nothing happens when it runs."""
        try:
            self._call("startProcess", name, False)
        except xmlrpc.client.Fault as fault:
            if fault.faultCode != Faults.ALREADY_STARTED:
                raise

    def stop(self, name: str) -> None:
        """Stop one program and wait for its end; it stays down until it is run again."""
        try:
            self._call("stopProcess", name, True)
        except xmlrpc.client.Fault as fault:
            if fault.faultCode != Faults.NOT_RUNNING:
                raise

    def pid(self, name: str) -> int | None:
        """Return the process id of a program, or None while it is down."""
        info = self._call("getProcessInfo", name)
        return int(info["pid"]) or None

    def states(self) -> dict[str, str]:
        """Return the state of each program in supervisord's words."""
        return {info["name"]: info["statename"] for info in self._call("getAllProcessInfo")}

    def shut_down(self, hard: bool = False) -> None:
        """End all programs, services before database and broker, then supervisord itself.

        `hard` kills database and broker, for data that will be deleted anyway.
        """
        services = [name for name in self.states() if name not in SERVERS]
        self._stop_all(services)
        self._stop_all(SERVERS, hard)
        self._quietly("shutdown")
        deadline = time.monotonic() + STOP_SECONDS
        while self._socket.exists() and time.monotonic() < deadline:
            time.sleep(0.02)

    def _stop_all(self, names: Iterable[str], hard: bool = False) -> None:
        pids = [self.pid(name) for name in names]
        for name in names:
            self._quietly("stopProcess", name, False)
        for pid in pids if hard else ():
            with contextlib.suppress(ProcessLookupError):
                if pid is not None:
                    os.killpg(pid, signal.SIGKILL)
        self._await_down(names)

    def _await_down(self, names: Iterable[str]) -> None:
        deadline = time.monotonic() + STOP_SECONDS + 5
        down = {"STOPPED", "EXITED", "FATAL"}
        while time.monotonic() < deadline:
            states = self.states()
            if all(states[name] in down for name in names):
                return
            time.sleep(0.05)

    def _quietly(self, method: str, *arguments: object) -> None:
        try:
            self._call(method, *arguments)
        except xmlrpc.client.Fault as fault:
            if fault.faultCode not in (Faults.NOT_RUNNING, Faults.BAD_NAME):
                raise

    def _call(self, method: str, *arguments: object) -> Any:
        if self._rpc is None:
            transport = SupervisorTransport(None, None, serverurl=f"unix://{self._socket}")
            self._rpc = xmlrpc.client.ServerProxy("http://127.0.0.1", transport=transport)
        try:
            return getattr(self._rpc.supervisor, method)(*arguments)
        except xmlrpc.client.Fault:
            raise
        except BaseException:
            # an interrupt in the middle of a call too leaves a connection that takes no other
            self._rpc = None
            raise
