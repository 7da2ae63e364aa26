"""What a service's `service.py` is written with: Service, command, query, on, job."""

import functools
from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Final, TypeVar

import structlog
from nameko.extensions import DependencyProvider

from contracts.registry import SERVICES, Command, Event, Query
from services.chassis import jobs
from services.chassis.actor import Actor, Verifier
from services.chassis.calls import Calls, Reader
from services.chassis.clock import Clock
from services.chassis.commits import Committer, Work
from services.chassis.consumer import facts
from services.chassis.events import Fact
from services.chassis.following import Follower
from services.chassis.mongo import database
from services.chassis.outbox import Relay
from services.chassis.publisher import ConfirmedPublisher
from services.chassis.rpc_server import call
from services.chassis.settings import Settings
from services.chassis.unit import Group, Key, Unit

T = TypeVar("T")
_FOLLOWS: Final = "_wudan_follows"
_log = structlog.get_logger(__name__)


class Runtime(DependencyProvider):
    """One process's working parts, made once when its container starts."""

    settings: Settings
    calls: Calls
    follower: Follower
    committer: Committer
    clock: Clock

    def setup(self) -> None:
        """Connect and build the parts."""
        name = self.container.service_name
        amqp = self.container.config["AMQP_URI"]
        self.settings = self.container.config["SETTINGS"]
        uri = self.settings.mongo_uri()
        self.database = database(uri, self.settings.mongo_db())
        self.clock = Clock(database(uri, self.settings.clock_db), self.settings.mode)
        self.relay = Relay(name, self.database, ConfirmedPublisher(amqp)) if name in SERVICES else None
        wake = self.relay.wake if self.relay else lambda: None
        lanes = self.container.service_cls.lanes
        self.committer = Committer(name, self.database, self.clock, wake, lanes)
        verifier = Verifier(self.settings.actor_public_keys())
        own_rows = self.container.service_cls.own_rows
        self.calls = Calls(self.database, self.clock, verifier, self.committer, own_rows)
        self.follower = Follower(name, self.database, self.committer, ConfirmedPublisher(amqp))

    def start(self) -> None:
        """Begin relaying."""
        if self.relay:
            self.relay.start()

    def stop(self) -> None:
        """End after what is waiting: units first, then the relay sends what they committed."""
        self.committer.stop()
        if self.relay:
            self.relay.stop()

    def get_dependency(self, worker_ctx: Any) -> "Runtime":
        """Give the service the parts themselves."""
        return self


class Service:
    """Base of every process that runs under nameko. Subclasses set `name` and decorate their methods."""

    name: ClassVar[str]
    runtime = Runtime()
    handlers: ClassVar[dict[str, Callable[..., Any]]] = {}
    every_fact: ClassVar[Any] = None
    # groups of units on their way at once: 1 keeps the order of arrival, 2 is faster where it does not matter
    lanes: ClassVar[int] = 1
    # collections made of followed facts alone, so that a replay may rebuild them from nothing
    rebuilds: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Collect the methods that follow facts."""
        super().__init_subclass__(**kwargs)
        cls.handlers = {}
        for method in [getattr(cls, name) for name in dir(cls)]:
            for event in getattr(method, _FOLLOWS, ()):
                if event.type in cls.handlers:
                    raise ValueError(f"{cls.__name__} follows {event.type} twice")
                cls.handlers[event.type] = method

    @staticmethod
    def own_rows(actor: Actor) -> Sequence[Key]:
        """Return the rows that nearly every command of this actor reads: a group reads them in one query."""
        return ()

    @facts
    def handle_fact(self, message: Any) -> None:
        """Apply one delivered fact through the method that follows its type."""
        self.runtime.follower.handle(message, self._handler_of)

    @call
    def ping(self, envelope: dict[str, Any]) -> dict[str, Any]:
        """Answer nothing: liveness over RPC, and the peer that benchmarks compare with."""
        return {"result": {}}

    def transact(self, run: Callable[[Unit], T], actor: Actor | None = None, correlation: str = "none") -> T:
        """Run a unit of work of the service's own (for jobs). Raises what `run` raises."""
        who = actor or Actor(account=f"service:{self.name}", roles=frozenset())

        def make(group: Group) -> Unit:
            return Unit(group, who, None, correlation)

        result: T = self.runtime.committer.run(Work(make, run))
        return result

    def reader(self) -> Reader:
        """Return a reader for jobs."""
        return Reader(self.runtime.database, Actor(f"service:{self.name}", frozenset()), self.runtime.clock)

    def actor_of(self, token: str) -> Actor:
        """Return who acts by a token that a call carries in its body, for calls that many share.

        Raises Refusal `actor.expired` or `actor.invalid`.
        """
        return self.runtime.calls.verifier.verify(token)

    @property
    def settings(self) -> Settings:
        """The process's settings."""
        return self.runtime.settings

    def _handler_of(self, event_type: str) -> Callable[[Unit, Fact], Any] | None:
        method = self.handlers.get(event_type) or type(self).every_fact
        return functools.partial(method, self) if method else None

    @jobs.JobEntrypoint.decorator("release-parked", 5)
    def release_parked(self, due: int) -> None:
        """Send parked facts whose release was cut off."""
        self.runtime.follower.sweep()


def command(contract: Command) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Answer a command, `method(self, unit, body) -> answer dict`, in a unit of work under its key."""

    def decorate(method: Callable[..., Any]) -> Callable[..., Any]:
        _check_name(contract, method)

        @functools.wraps(method)
        def answer(self: Any, envelope: dict[str, Any]) -> dict[str, Any]:
            calls: Calls = self.runtime.calls
            return calls.command(contract, functools.partial(method, self), envelope)

        return _entrypoint(answer)

    return decorate


def query(contract: Query) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Answer a query: `method(self, reader, body) -> answer dict`."""

    def decorate(method: Callable[..., Any]) -> Callable[..., Any]:
        _check_name(contract, method)

        @functools.wraps(method)
        def answer(self: Any, envelope: dict[str, Any]) -> dict[str, Any]:
            calls: Calls = self.runtime.calls
            return calls.query(contract, functools.partial(method, self), envelope)

        return _entrypoint(answer)

    return decorate


def on(*events: Event) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Follow facts: `method(self, unit, fact)`, once each and in order, in one transaction with its mark."""

    def decorate(method: Callable[..., Any]) -> Callable[..., Any]:
        setattr(method, _FOLLOWS, events)
        return method

    return decorate


def job(name: str, every: int) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Run `method(self)` every `every` seconds of real time, once for each due time over all instances."""

    def decorate(method: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(method)
        def run(self: Any, due: int) -> None:
            if jobs.take(self.runtime.database, name, due):
                method(self)

        decorated: Callable[..., Any] = jobs.JobEntrypoint.decorator(name, every)(run)
        return decorated

    return decorate


def _entrypoint(answer: Callable[..., Any]) -> Callable[..., Any]:
    # nameko checks a call's arguments against the wrapped signature, which functools.wraps would show it.
    del answer.__wrapped__  # type: ignore[attr-defined]
    decorated: Callable[..., Any] = call(answer)
    return decorated


def _check_name(contract: Command | Query, method: Callable[..., Any]) -> None:
    if method.__name__ != contract.method:
        raise ValueError(f"{contract.name} is answered by a method named {method.__name__}")


__all__ = ["Fact", "Reader", "Service", "Unit", "command", "job", "on", "query"]
