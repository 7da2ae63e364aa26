"""A stand-in process of a test's own, which it may kill and start again over the same state."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import requests

from services.chassis.outside import Patience

TOKEN = "token-of-a-test"
IMPATIENT = Patience(read=1.0, first_pause=0.02, longest_pause=0.05, failures=5, open_for=0.5)
START_SECONDS = 30.0


class StandIn:
    """Runs `python -m infra.standin` on a free port of the loopback."""

    def __init__(self, folder: Path, **extra: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self._env = {
            **os.environ,
            "WUDAN_STANDIN_BIND": f"127.0.0.1:{self.port}",
            "WUDAN_STANDIN_STATE": str(folder / "standin.sqlite"),
            "WUDAN_REGISTRY_TOKEN": TOKEN,
            "WUDAN_BANK_TOKEN": TOKEN,
            "WUDAN_STANDIN_ADMIN_TOKEN": TOKEN,
            "WUDAN_STANDIN_SETTLE_SECONDS": "0",
            **extra,
        }
        self._state = folder / "standin.sqlite"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers. Raises AssertionError when it ends or does not come."""
        self._process = subprocess.Popen([sys.executable, "-m", "infra.standin"], env=self._env)
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            assert self._process.poll() is None, "the stand-in ended at its start"
            try:
                if requests.get(f"{self.url}/health/ready", timeout=2).ok:
                    return
            except requests.ConnectionError:
                time.sleep(0.05)
        raise AssertionError("the stand-in did not come up")

    def kill(self, number: signal.Signals = signal.SIGKILL) -> int:
        """End it by a signal and return its exit code."""
        assert self._process is not None
        self._process.send_signal(number)
        return self._process.wait(timeout=20)

    def load(self, kind: str, *rows: dict[str, Any]) -> None:
        """Load rows through /admin."""
        self.post(f"/admin/{kind}", {kind: list(rows)}).raise_for_status()

    def fault(self, system: str, mode: str, **more: Any) -> None:
        """Switch a fault."""
        self.post("/admin/faults", {"system": system, "mode": mode, **more}).raise_for_status()

    def asked(self, system: str) -> int:
        """Return how many requests a system has had since the start."""
        headers = {"Authorization": f"Bearer {TOKEN}"}
        answer = requests.get(f"{self.url}/admin/requests", headers=headers, timeout=10)
        return int(answer.json().get(system, 0))

    def booked(self, instructions: Iterable[str]) -> int:
        """Return how many of these instructions the bank has booked, as its own file says."""
        marks = list(instructions)
        asked = f"select count(*) from instructions where instruction_id in ({','.join('?' * len(marks))})"  # noqa: S608
        with closing(sqlite3.connect(self._state, timeout=10)) as bank:
            return int(bank.execute(asked, marks).fetchone()[0])

    def post(self, path: str, body: Any, token: str = TOKEN) -> requests.Response:
        """POST JSON with a bearer token."""
        headers = {"Authorization": f"Bearer {token}"}
        return requests.post(f"{self.url}{path}", json=body, headers=headers, timeout=20)
