"""One line of the REST interface: a method and a path that lead to one call of one service."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Literal

from marshmallow import Schema

from contracts.registry import Call, Command

Method = Literal["GET", "POST", "PUT", "DELETE"]
PREFIX: Final = "/v1"
MEGABYTE: Final = 1_000_000


@dataclass(frozen=True)
class One:
    """What one request and its answer look like when the call takes many of them (gateway/gatherer.py)."""

    request: type[Schema]
    answer: type[Schema]


@dataclass(frozen=True)
class Route:
    """`method` and `rule` (Flask's syntax, without /v1) lead to `call`.

    status: of the answer when all went well; path: which field of the request each variable of the rule
    fills, when the names differ (`{"id": "demand_id"}`); fixed: fields that this route sets by itself;
    max_bytes: the largest body taken; gathered: one of the many that the call takes at once.
    The fields that path and fixed fill are not asked for in the body.
    """

    method: Method
    rule: str
    call: Call
    status: int = 200
    path: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    fixed: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    max_bytes: int = MEGABYTE
    gathered: One | None = None

    @property
    def changes(self) -> bool:
        """Whether the call changes something, and so takes an Idempotency-Key."""
        return isinstance(self.call, Command)

    @property
    def endpoint(self) -> str:
        """A name of its own: the call's, with the rule when a call has several routes."""
        tail = self.rule.strip("/").replace("/", ".").replace("<", "").replace(">", "")
        return f"{self.method.lower()}.{tail}".replace(".", "-")
