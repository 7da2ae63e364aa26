"""Commands, queries and events by name: the one list that topology, AsyncAPI and the gateway read."""

from dataclasses import dataclass
from typing import Final, TypeVar

from marshmallow import Schema

SchemaClass = type[Schema]

COMMANDS: Final[dict[str, "Command"]] = {}
QUERIES: Final[dict[str, "Query"]] = {}
EVENTS: Final[dict[str, dict[int, "Event"]]] = {}
SERVICES: Final = ("intake", "catalogue", "selection", "acceptance", "settlement", "oversight")


@dataclass(frozen=True)
class Call:
    """One RPC method of a service: `service.method`, its schemas and the roles that may call it."""

    name: str
    request: type[Schema]
    answer: type[Schema]
    roles: frozenset[str]

    @property
    def service(self) -> str:
        """The service that owns it."""
        return self.name.partition(".")[0]

    @property
    def method(self) -> str:
        """The method's name in that service."""
        return self.name.partition(".")[2]


class Command(Call):
    """Changes something, in one unit of work, under an idempotency key."""


class Query(Call):
    """Changes nothing."""


@dataclass(frozen=True)
class Event:
    """A fact of one aggregate, `source.aggregate.verb`, with the version of its data's schema."""

    type: str
    version: int
    data: SchemaClass

    @property
    def source(self) -> str:
        """The service that tells it."""
        return self.type.split(".")[0]

    @property
    def aggregate(self) -> str:
        """`source.aggregate`: what the sequence number counts in."""
        return self.type.rpartition(".")[0]


CallT = TypeVar("CallT", bound=Call)


def command(name: str, request: type[Schema], answer: type[Schema], roles: set[str]) -> Command:
    """Declare a command. Raises ValueError when the name is taken."""
    return _declare(COMMANDS, Command(name, request, answer, frozenset(roles)))


def query(name: str, request: type[Schema], answer: type[Schema], roles: set[str]) -> Query:
    """Declare a query; an empty set of roles means anyone, signed in or not."""
    return _declare(QUERIES, Query(name, request, answer, frozenset(roles)))


def event(type: str, version: int, data: SchemaClass) -> Event:
    """Declare one version of an event. Raises ValueError when it is declared twice."""
    if type.count(".") != 2:
        raise ValueError(f"event type {type!r} is not source.aggregate.verb")
    versions = EVENTS.setdefault(type, {})
    if version in versions:
        raise ValueError(f"event {type} version {version} is declared twice")
    versions[version] = Event(type, version, data)
    return versions[version]


def newest(type: str) -> Event:
    """Return the newest version of an event. Raises KeyError for an unknown type."""
    versions = EVENTS[type]
    return versions[max(versions)]


def _declare(registry: dict[str, CallT], call: CallT) -> CallT:
    if call.name in COMMANDS or call.name in QUERIES:
        raise ValueError(f"{call.name} is declared twice")
    registry[call.name] = call
    return call
