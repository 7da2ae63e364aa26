"""What the blueprints share: settings of the app, reading a request's JSON strictly, refusals."""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NoReturn, cast

from flask import abort, current_app, jsonify, request

from infra.standin.store import Store


@dataclass(frozen=True)
class Options:
    """state: the SQLite file; admin_token: empty closes /admin; settle_seconds: until a payment is final.

    accept_unknown: people and enterprises that nobody loaded answer by the rules of README.md.
    """

    state: Path
    registry_token: str
    bank_token: str
    admin_token: str = ""
    accept_unknown: bool = True
    settle_seconds: float = 1.0


def options() -> Options:
    """Return the running app's options."""
    return cast(Options, current_app.config["OPTIONS"])


def store() -> Store:
    """Return the running app's store."""
    return cast(Store, current_app.config["STORE"])


def require_token(expected: str) -> None:
    """Answer 401 unless the request carries the bearer token."""
    given = request.headers.get("Authorization", "")
    if not expected or not hmac.compare_digest(given.encode(), f"Bearer {expected}".encode()):
        _stop(401, "unauthorized", "a bearer token is needed")


def refuse(code: str, message: str, status: int = 422) -> NoReturn:
    """End the request with a typed refusal."""
    _stop(status, code, message)


def body() -> Mapping[str, Any]:
    """Return the request's JSON object; refuses `body_invalid`."""
    data = request.get_json(force=True, silent=True)
    if not isinstance(data, dict):
        refuse("body_invalid", "a JSON object is needed")
    return data


def text(data: Mapping[str, Any], key: str, default: str | None = None) -> str:
    """Return a text of at most 200 characters; refuses `body_invalid`."""
    value = data.get(key, default)
    if not isinstance(value, str) or not 0 < len(value) <= 200:
        refuse("body_invalid", f"{key} must be text")
    return value


def day(data: Mapping[str, Any], key: str) -> date:
    """Return a day (ISO 8601); refuses `body_invalid`."""
    try:
        return date.fromisoformat(text(data, key))
    except ValueError:
        refuse("body_invalid", f"{key} must be a day, YYYY-MM-DD")


def optional_day(data: Mapping[str, Any], key: str) -> str | None:
    """Return a day in ISO 8601 or None; refuses `body_invalid`."""
    return None if data.get(key) is None else day(data, key).isoformat()


def rows(
    data: Mapping[str, Any], key: str, read: Callable[[Mapping[str, Any]], tuple[Any, ...]]
) -> list[Any]:
    """Return a list of objects, each read; refuses `body_invalid`."""
    listed = data.get(key)
    if not isinstance(listed, list) or not all(isinstance(row, dict) for row in listed):
        refuse("body_invalid", f"{key} must be a list of objects")
    return [read(row) for row in listed]


def _stop(status: int, code: str, message: str) -> NoReturn:
    response = jsonify(code=code, message=message)
    response.status_code = status
    abort(response)
