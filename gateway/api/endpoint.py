"""What the machinery knows of an address of the API, a service's or the gateway's own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from flask import Response
from marshmallow import Schema

from contracts.registry import Call, Command
from gateway.accounts.store import Holder
from gateway.api.route import MEGABYTE, Method, Route

Answer = dict[str, Any] | Response


@dataclass(frozen=True)
class Asked:
    """A request that has passed the gateway's checks. body: as JSON has it, valid by the schema."""

    body: dict[str, Any]
    account: Holder | None
    key: str = ""
    expected_version: int | None = None


@dataclass(frozen=True)
class Endpoint:
    """One method of one address.

    roles: who may (empty: anyone); open: no sign-in is needed at all; run: does the work;
    changes: takes an Idempotency-Key and If-Match; answer: None for an answer without a body;
    form: takes a form with a file in place of JSON; binary: answers with bytes;
    shortcut: an answer that is at hand before the request is read, None when there is none.
    """

    name: str
    method: Method
    rule: str
    tag: str
    request: type[Schema]
    answer: type[Schema] | None
    roles: frozenset[str]
    run: Callable[[Asked], Answer]
    status: int = 200
    open: bool = False
    changes: bool = False
    path: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, Any] = field(default_factory=dict)
    max_bytes: int = MEGABYTE
    form: bool = False
    binary: bool = False
    summary: str = ""
    shortcut: Callable[[], Response | None] = lambda: None

    @cached_property
    def schema(self) -> Schema:
        """The one instance of the request's schema."""
        return self.request()

    @property
    def has_body(self) -> bool:
        """Whether the request's fields come in a body (else in the query)."""
        return self.method != "GET"

    @property
    def paged(self) -> bool:
        """Whether this is a list with a cursor."""
        return self.method == "GET" and "cursor" in self.schema.fields


def of_route(route: Route, run: Callable[[Call, Asked], Answer]) -> Endpoint:
    """Return the endpoint of a service's route; run: calls the service."""
    call = route.call
    return Endpoint(
        name=route.endpoint,
        method=route.method,
        rule=route.rule,
        tag=call.service,
        request=route.gathered.request if route.gathered else call.request,
        answer=route.gathered.answer if route.gathered else call.answer,
        roles=call.roles,
        run=lambda asked: run(call, asked),
        status=route.status,
        open=not call.roles and not isinstance(call, Command),
        changes=isinstance(call, Command),
        path=route.path,
        fixed=route.fixed,
        max_bytes=route.max_bytes,
        summary=call.name,
    )
