"""What is known about each request: correlation, trace, log line, metrics; health of the gateway."""

import os
import re
import time
import uuid
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Final

from flask import Flask, Response, abort, g, json, request
from prometheus_client import Counter, Histogram

from services.chassis import logs, metrics, telemetry
from services.chassis.health import Readiness

_SECONDS: Final = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
REQUESTS: Final = Counter("wudan_http_requests_total", "Requests answered", ["method", "route", "status"])
REQUEST_SECONDS: Final = Histogram(
    "wudan_http_request_seconds", "Time of a request", ["route"], buckets=_SECONDS
)
CALL_SECONDS: Final = Histogram(
    "wudan_gateway_call_seconds", "Time of a call of a service", ["call", "outcome"], buckets=_SECONDS
)
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"})
_CORRELATION: Final = re.compile(r"[A-Za-z0-9_-]{8,64}", re.ASCII)


def watch(app: Flask) -> None:
    """Give every request its correlation id, its span and its bound log fields, and count it."""

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()
        given = request.headers.get("X-Correlation-Id", "")
        g.correlation = given if _CORRELATION.fullmatch(given) else uuid.uuid4().hex
        stack = ExitStack()
        stack.enter_context(logs.bound(correlation=g.correlation))
        stack.enter_context(
            telemetry.span(f"{request.method} {_route()}", request.headers.get("traceparent"), kind="server")
        )
        g.stack = stack

    @app.after_request
    def end(response: Response) -> Response:
        response.headers["X-Correlation-Id"] = g.get("correlation", "")
        seconds = time.perf_counter() - g.get("began", time.perf_counter())
        REQUESTS.labels(_method(), _route(), str(response.status_code)).inc()
        REQUEST_SECONDS.labels(_route()).observe(seconds)
        if response.status_code >= 500 or seconds > 1:
            logs.get().warning(
                "request", method=request.method, route=_route(), status=response.status_code, seconds=seconds
            )
        return response

    @app.teardown_request
    def close(_problem: BaseException | None) -> None:
        stack = g.pop("stack", None)
        if stack is not None:
            stack.close()


def serve_health(app: Flask, checks: Mapping[str, Callable[[], None]], metrics_port: int) -> None:
    """Answer /health/live, /health/ready and /metrics; metrics on metrics_port only, unless that is 0."""
    readiness = Readiness(checks)

    @app.get("/health/live")
    def live() -> Response:
        return _plain({"status": "live"})

    @app.get("/health/ready")
    def ready() -> Response:
        passed, entries = readiness.report()
        shown = [{"name": entry["name"], "ok": entry["ok"]} for entry in entries]
        return _plain({"status": "ready" if passed else "not ready", "checks": shown}, 200 if passed else 503)

    @app.get("/metrics")
    def exposed() -> Response:
        if metrics_port and request.environ.get("SERVER_PORT") != str(metrics_port):
            abort(404)
        body, content_type = metrics.exposition(os.environ.get("PROMETHEUS_MULTIPROC_DIR"))
        return Response(body, content_type=content_type)


def _plain(body: Mapping[str, object], status: int = 200) -> Response:
    return Response(json.dumps(body), status, {"Cache-Control": "no-store"}, mimetype="application/json")


def _method() -> str:
    return request.method if request.method in _METHODS else "other"


def _route() -> str:
    return request.url_rule.rule if request.url_rule else "none"
