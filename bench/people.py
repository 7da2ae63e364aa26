"""Accounts that the benchmarks act with, made through the public API."""

import itertools
import random
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import requests

from bench.load import request
from contracts.vocabularies import levels, occupations
from contracts.vocabularies.sample_ids import make_citizen_id, make_credit_code

REGION = "370611"
WANTED = f"{datetime.now(UTC).date() + timedelta(days=60)}"


class Api:
    """A few plain calls of the public API."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._http = requests.Session()

    def post(self, path: str, body: dict[str, Any], token: str = "") -> dict[str, Any]:
        """POST and return the answer. Raises AssertionError with the problem document."""
        answer = self._http.post(f"{self.url}/v1{path}", json=body, headers=_bearer(token), timeout=30)
        assert answer.ok, answer.text
        result: dict[str, Any] = answer.json()
        return result

    def get(self, path: str, token: str = "") -> dict[str, Any]:
        """GET and return the answer."""
        answer = self._http.get(f"{self.url}/v1{path}", headers=_bearer(token), timeout=30)
        result: dict[str, Any] = answer.json()
        return result

    def account(self, role: str) -> str:
        """Sign up and return a bearer token."""
        credentials = {"username": f"bench.{uuid.uuid4().hex[:12]}", "password": uuid.uuid4().hex}
        self.post("/accounts", {**credentials, "role": role})
        return str(self.post("/tokens", credentials)["token"])


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} if token else {}


def worker(api: Api) -> str:
    """Return the token of a worker with a verified person."""
    token = api.account("worker")
    serial = random.randrange(1, 990)
    birth = date(random.randrange(1970, 2004), random.randrange(1, 13), random.randrange(1, 28))
    person = {
        "id_number": make_citizen_id(birth=birth, serial=serial),
        "name": "示例学员",
        "phone": f"139{random.randrange(10**8):08}",
        "region": REGION,
        "groups": ["unemployed"],
    }
    api.post("/persons", person, token)
    return token


def enterprise(api: Api) -> str:
    """Return the token of an enterprise whose registration was checked."""
    token = api.account("enterprise")
    body = {
        "credit_code": make_credit_code(random.randrange(1, 10**6)),
        "name": "",
        "region": REGION,
        "kind": "enterprise",
    }
    # the stand-in registry knows made-up firms by this name
    body["name"] = f"演示单位{body['credit_code'][-4:]}"
    api.post("/bodies", body, token)
    for _ in range(300):
        if api.get("/bodies/me", token)["status"] == "verified":
            return token
        time.sleep(0.1)
    raise AssertionError("the body was not verified in 30 s")


def enterprise_demands(token: str) -> Callable[[], bytes]:
    """Return a maker of enterprise demands: one document and its fact."""
    body = {
        "kind": "enterprise", "region": REGION, "occupation": "6-18-02-04", "level": "4", "headcount": 20,
        "skills": "二氧化碳气体保护焊", "training_kind": "pre_job", "wanted_from": WANTED,
    }  # fmt: skip
    return lambda: request("POST", "/v1/demands", body, _headers(token))


def worker_demands(token: str) -> Callable[[], bytes]:
    """Return a maker of a worker's demands, each of another kind: document, unique row, fact."""
    kinds: Iterator[tuple[str, str]] = itertools.product(sorted(occupations.CODES), sorted(levels.CODES))

    def make() -> bytes:
        occupation, level = next(kinds)
        body = {
            "kind": "worker",
            "region": REGION,
            "occupation": occupation,
            "level": level,
            "wanted_from": WANTED,
        }
        return request("POST", "/v1/demands", body, _headers(token))

    return make


def empty_calls(token: str) -> Callable[[], bytes]:
    """Return a maker of empty calls through the same gateway, broker and service."""
    return lambda: request("POST", "/v1/bench/empty", {}, _headers(token))


def _headers(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", "Idempotency-Key": uuid.uuid4().hex}
