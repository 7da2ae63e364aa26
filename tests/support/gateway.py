"""A real gateway (gunicorn, several workers) in a sandbox, and a client that speaks to it as somebody."""

import contextlib
import os
import signal
import subprocess
import uuid
from typing import Any

import requests

from infra.local import Sandbox
from infra.procs import PROCESSES
from tests.support.services import free_ports, wait_for

PASSWORD = "correct horse battery"


class Client:
    """Speaks JSON to a gateway; `token` makes it somebody."""

    def __init__(self, base: str, token: str | None = None) -> None:
        self.base = base
        self.http = requests.Session()
        self.http.trust_env = False
        if token:
            self.http.headers["Authorization"] = f"Bearer {token}"

    def get(self, path: str, **options: Any) -> requests.Response:
        return self.http.get(self.base + path, timeout=30, **options)

    def post(self, path: str, body: Any = None, **options: Any) -> requests.Response:
        return self.http.post(self.base + path, json=body, timeout=30, **options)

    def delete(self, path: str, **options: Any) -> requests.Response:
        return self.http.delete(self.base + path, timeout=30, **options)


class Gateway:
    """The process; a context manager. metrics_base: where /metrics is."""

    def __init__(self, sandbox: Sandbox, **extra: str) -> None:
        port, metrics_port = free_ports(2)
        self.base = f"http://127.0.0.1:{port}"
        self.metrics_base = f"http://127.0.0.1:{metrics_port}"
        self.env = {
            **os.environ,
            **sandbox.env("gateway"),
            "WUDAN_MODE": "demonstration",
            "WUDAN_GATEWAY_BIND": f"127.0.0.1:{port}",
            "WUDAN_HTTP_PORT": str(metrics_port),
            "WUDAN_GATEWAY_SIGN_INS_A_MINUTE": "0",
            "WUDAN_GATEWAY_REQUESTS_A_MINUTE": "0",
            **extra,
        }
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Gateway":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start and wait until it answers."""
        self._process = subprocess.Popen(PROCESSES["gateway"].command, env=self.env, start_new_session=True)
        wait_for(self._live, 40, "the gateway")

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and return the exit status."""
        assert self._process is not None
        if number == signal.SIGKILL:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)
        else:
            self._process.send_signal(number)
        return self._process.wait(40)

    def client(self, token: str | None = None) -> Client:
        """Return a client, of nobody unless a token is given."""
        return Client(self.base, token)

    def sign_up(self, role: str, username: str | None = None) -> Client:
        """Make an account and return its client."""
        name = username or f"{role}-{uuid.uuid4().hex[:8]}"
        answer = self.client().post("/v1/accounts", {"username": name, "password": PASSWORD, "role": role})
        assert answer.status_code == 201, answer.text
        return self.signed_in(name)

    def officer(self, roles: list[str], region: str) -> Client:
        """Make an officer's account and return its client."""
        name = f"officer-{uuid.uuid4().hex[:8]}"
        body = {"username": name, "password": PASSWORD, "roles": roles, "region": region}
        answer = self.administrator().post("/v1/officers", body)
        assert answer.status_code == 201, answer.text
        return self.signed_in(name)

    def administrator(self) -> Client:
        """Return the administrator's client."""
        return self.signed_in("administrator", self.env["WUDAN_ADMIN_PASSWORD"])

    def signed_in(self, username: str, password: str = PASSWORD) -> Client:
        """Return the client of an account."""
        answer = self.client().post("/v1/tokens", {"username": username, "password": password})
        assert answer.status_code == 201, answer.text
        return self.client(answer.json()["token"])

    def _live(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, f"the gateway ended with {self._process.returncode}"
        try:
            return self.client().get("/health/live").ok
        except requests.ConnectionError:
            return False
