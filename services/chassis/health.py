"""Health and metrics of a nameko process, over HTTP: /health/live, /health/ready, /metrics.

Liveness says that the process turns; readiness that what it leans on answers within two seconds.
"""

import json
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from services.chassis.masking import mask_text
from services.chassis.metrics import exposition

Check = Callable[[], None]
DEADLINE_SECONDS: Final = 2.0
_JSON: Final = "application/json; charset=utf-8"


class Readiness:
    """Runs named checks side by side (threads or eventlet); a check raises when its part is not usable."""

    def __init__(self, checks: Mapping[str, Check], deadline: float = DEADLINE_SECONDS) -> None:
        self._checks = dict(checks)
        self._deadline = deadline
        self._running: dict[str, _Run] = {}

    def report(self) -> tuple[bool, list[dict[str, Any]]]:
        """Return (all passed, one entry for each check: name, ok, seconds, reason)."""
        due = time.monotonic() + self._deadline
        runs = [self._begin(name, check) for name, check in self._checks.items()]
        entries = [run.entry(max(0.0, due - time.monotonic())) for run in runs]
        return all(entry["ok"] for entry in entries), entries

    def _begin(self, name: str, check: Check) -> "_Run":
        """A check that still hangs from an earlier report is not started a second time."""
        run = self._running.get(name)
        if run is None or run.finished.is_set():
            run = self._running[name] = _Run(name, check)
        return run


class _Run:
    def __init__(self, name: str, check: Check) -> None:
        self.name = name
        self.check = check
        self.finished = threading.Event()
        self.reason: str | None = None
        self.began = time.monotonic()
        threading.Thread(target=self._run, name=f"check-{name}", daemon=True).start()

    def _run(self) -> None:
        try:
            self.check()
        except Exception as problem:
            self.reason = mask_text(f"{type(problem).__name__}: {problem}")[:300]
        finally:
            self.finished.set()

    def entry(self, wait: float) -> dict[str, Any]:
        in_time = self.finished.wait(wait)
        seconds = round(time.monotonic() - self.began, 3)
        reason = self.reason if in_time else f"no answer within {seconds} s"
        return {
            "name": self.name,
            "ok": in_time and self.reason is None,
            "seconds": seconds,
            "reason": reason,
        }


@dataclass
class HealthServer:
    """A running server; port 0 when none runs."""

    port: int = 0
    _listener: Any = None
    _thread: Any = None

    def stop(self) -> None:
        """Stop answering and free the port."""
        if self._thread is not None:
            self._thread.kill()
            self._listener.close()
            self._thread = None


def serve(host: str, port: int, checks: Mapping[str, Check]) -> HealthServer:
    """Serve health and metrics from a greenthread of this process; port 0: no server.

    Raises OSError when the port is taken.
    """
    if not port:
        return HealthServer()
    import eventlet  # here, because the gateway checks its readiness too and runs on threads
    import eventlet.wsgi

    listener = eventlet.listen((host, port))
    application = _application(Readiness(checks))
    thread = eventlet.spawn(eventlet.wsgi.server, listener, application, log_output=False, keepalive=False)
    return HealthServer(port, listener, thread)


def _application(readiness: Readiness) -> Callable[..., Iterable[bytes]]:
    def answer(path: str) -> tuple[str, str, bytes]:
        if path == "/health/live":
            return "200 OK", _JSON, b'{"status": "live"}'
        if path == "/health/ready":
            ready, checks = readiness.report()
            body = {"status": "ready" if ready else "not ready", "checks": checks}
            return "200 OK" if ready else "503 Service Unavailable", _JSON, json.dumps(body).encode()
        if path == "/metrics":
            body_bytes, content_type = exposition()
            return "200 OK", content_type, body_bytes
        return "404 Not Found", _JSON, b'{"status": "not found"}'

    def application(environ: Mapping[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        status, content_type, body = answer(environ["PATH_INFO"])
        start_response(status, [("Content-Type", content_type), ("Content-Length", str(len(body)))])
        return [body]

    return application
