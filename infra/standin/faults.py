"""Faults that tests switch on: slow, down and garbage strike before the work, wrong and lost after it.

Twice: the bank's files say everything two times. Broke: the payer's account covers no payment file.
"""

import threading
import time
from collections import Counter
from typing import Any

from flask import Flask, Response, g, jsonify, request

from infra.standin.web import store

SYSTEMS = ("registry", "bank")
MODES = ("ok", "slow", "down", "garbage", "wrong", "lost", "twice", "broke")
_requests: Counter[str] = Counter()
_lock = threading.Lock()


def install(app: Flask) -> None:
    """Put the faults around every request to the registries and the bank."""
    app.before_request(_before)
    app.after_request(_after)


def _before() -> Response | None:
    system = request.path.partition("/")[2].partition("/")[0]
    g.fault = "ok"
    if system not in SYSTEMS:
        return None
    g.fault, seconds = _strike(system)
    if g.fault == "slow":
        time.sleep(seconds)
    if g.fault == "down":
        return _failed()
    if g.fault == "garbage":
        return Response("<html><body>系统升级</body></html>", content_type="text/html")
    return None


def _after(response: Response) -> Response:
    if g.get("fault") == "lost":
        return _failed()
    if g.get("fault") == "wrong" and isinstance(answer := response.get_json(silent=True), dict):
        response.set_data(jsonify(_twisted(answer)).get_data())
    return response


def _failed() -> Response:
    response = jsonify(code="down", message="系统升级中 / down")
    response.status_code = 503
    return response


def _twisted(answer: dict[str, Any]) -> dict[str, Any]:
    """Speak of somebody else, and be a fen off."""
    answer = dict(answer)
    for key in ("subject", "instruction_id", "message_id", "account"):
        if key in answer:
            answer[key] = f"{answer[key]}0"
    for key in ("amount_fen", "closing_fen"):
        if key in answer:
            answer[key] += 1
    return answer


def counted() -> dict[str, int]:
    """Return how many requests each system has had since the start."""
    with _lock:
        return dict(_requests)


def _strike(system: str) -> tuple[str, float]:
    """Count the request and return the fault that strikes it with its seconds."""
    with _lock:
        _requests[system] += 1
    with store().reading() as db:
        row = db.execute("select * from faults where system = ?", (system,)).fetchone()
    if row is None or row["mode"] == "ok":
        return "ok", 0.0
    with store().writing() as db:
        row = db.execute("select * from faults where system = ?", (system,)).fetchone()
        if row["remaining"] == 0:
            return "ok", 0.0
        db.execute("update faults set remaining = remaining - 1 where system = ?", (system,))
        return str(row["mode"]), float(row["seconds"])
