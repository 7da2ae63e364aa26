"""Names of exchanges, queues and keys, and their declaration before any service starts.

Every event is routable because oversight binds everything; what comes back unroutable means a broken set-up.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from kombu import Connection, Exchange, Queue

from contracts.registry import SERVICES

RPC_EXCHANGE: Final = "nameko-rpc"
RETRY_DELAYS_MS: Final = (1_000, 5_000, 30_000, 300_000)
EVENTS_KEY: Final = "events"
DEAD_KEY: Final = "dead"
ATTEMPT_HEADER: Final = "x-attempt"
ERROR_HEADER: Final = "x-error"

# Which aggregates each process follows; tests compare this with the handlers of each service.
FOLLOWS: Final[dict[str, tuple[str, ...]]] = {
    "intake": ("catalogue.project", "acceptance.employment", "acceptance.provider", "acceptance.class"),
    "catalogue": (
        "intake.demand",
        "acceptance.sourcing",
        "acceptance.class",
        "intake.body",
        "acceptance.provider",
    ),
    "selection": (
        "intake.person",
        "catalogue.project",
        "acceptance.class",
        "acceptance.sign_in",
        "acceptance.sign_in_batch",
        "acceptance.certificate",
        "acceptance.employment",
        "settlement.payment",
        "intake.body",
    ),
    "acceptance": (
        "catalogue.project",
        "intake.person",
        "intake.body",
        "intake.employment",
        "selection.enrolment",
        "selection.voucher",
        "settlement.payment",
        "settlement.recovery",
        "settlement.sanction",
    ),
    "settlement": (
        "intake.person",
        "intake.body",
        "intake.certificate",
        "intake.wage",
        "catalogue.project",
        "acceptance.sourcing",
        "acceptance.class",
        "acceptance.certificate",
        "acceptance.employment",
    ),
    # the map, then what people and bodies are told of (gateway/notices)
    "projector": (
        "catalogue.project",
        "catalogue.brand",
        "catalogue.base",
        "catalogue.teacher",
        "catalogue.material",
        "catalogue.case",
        "catalogue.need",
        "acceptance.class",
        "acceptance.sourcing",
        "selection.seating",
        "intake.person",
        "intake.body",
        "intake.demand",
        "intake.mandate",
        "selection.choice_batch",
        "selection.enrolment",
        "selection.voucher",
        "selection.consent",
        "selection.reading",
        "selection.correction",
        "selection.credential",
        "selection.practice",
        "selection.recognition",
    ),
    "oversight": tuple(SERVICES),
}


def facts_exchange(service: str) -> str:
    """The topic exchange on which a service tells its facts."""
    return f"{service}.facts"


def inbox_exchange(process: str) -> str:
    """The direct exchange through which a process sends to its own queues (retry, dead letters, release)."""
    return f"{process}.inbox"


def events_queue(process: str) -> str:
    """The queue of the facts a process follows."""
    return f"{process}.events"


def retry_queue(process: str, delay_ms: int) -> str:
    """The queue where a failed fact waits."""
    return f"{process}.events.retry.{delay_ms}"


def retry_key(delay_ms: int) -> str:
    """The inbox key of a retry queue."""
    return f"retry.{delay_ms}"


def dead_queue(process: str) -> str:
    """The queue of the facts that a person must look at."""
    return f"{process}.events.dead"


def rpc_queue(service: str) -> str:
    """The queue of a service's calls."""
    return f"rpc-{service}"


@dataclass(frozen=True)
class Process:
    """A process that follows facts, and the patterns it binds."""

    name: str
    bindings: tuple[tuple[str, str], ...]


def topology_spec() -> dict[str, Process]:
    """Return what each process binds: (source exchange, routing pattern) pairs."""
    return {
        name: Process(name, tuple(_binding(aggregate) for aggregate in follows))
        for name, follows in FOLLOWS.items()
    }


def declare(amqp_url: str, spec: dict[str, Process] | None = None) -> None:
    """Declare all exchanges, queues and bindings; safe to run again.

    Raises an amqp error when rights are missing or a queue stands with other arguments.
    """
    processes = (spec or topology_spec()).values()
    with Connection(amqp_url, connect_timeout=5) as connection:
        channel = connection.channel()
        _exchange(RPC_EXCHANGE, "topic")(channel).declare()
        for service in SERVICES:
            _exchange(facts_exchange(service), "topic")(channel).declare()
            _bind(channel, _classic(rpc_queue(service)), [(RPC_EXCHANGE, f"{service}.*")])
        for process in processes:
            _declare_inbox(channel, process)


def bind_again(channel: Any, process: str) -> None:
    """Bind a process's event queue to what it follows, as the set-up did; a binding that stands stays.

    Raises an amqp error when the process has not the right to.
    """
    for exchange, key in topology_spec()[process].bindings:
        channel.queue_bind(queue=events_queue(process), exchange=exchange, routing_key=key)


def _declare_inbox(channel: object, process: Process) -> None:
    name, inbox = process.name, inbox_exchange(process.name)
    _exchange(inbox, "direct")(channel).declare()
    dead_lettered = {
        "x-dead-letter-exchange": inbox,
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    }
    main = _quorum(events_queue(name), {**dead_lettered, "x-dead-letter-routing-key": DEAD_KEY})
    _bind(channel, main, [(inbox, EVENTS_KEY), *process.bindings])
    for delay in RETRY_DELAYS_MS:
        waiting = {**dead_lettered, "x-dead-letter-routing-key": EVENTS_KEY, "x-message-ttl": delay}
        _bind(channel, _quorum(retry_queue(name, delay), waiting), [(inbox, retry_key(delay))])
    _bind(channel, _quorum(dead_queue(name), {}), [(inbox, DEAD_KEY)])


def _binding(followed: str) -> tuple[str, str]:
    source, dot, _aggregate = followed.partition(".")
    return facts_exchange(source), f"{followed}.*" if dot else "#"


def _exchange(name: str, type: str) -> Exchange:
    return Exchange(name, type=type, durable=True)


def _quorum(name: str, arguments: Mapping[str, object]) -> Queue:
    # No delivery limit: repeated kills of a consumer must not turn good messages into dead letters.
    return Queue(name, durable=True, queue_arguments={"x-queue-type": "quorum", **arguments})


def _classic(name: str) -> Queue:
    return Queue(name, durable=True)


def _bind(channel: object, queue: Queue, bindings: Iterable[tuple[str, str]]) -> None:
    bound = queue(channel)
    bound.queue_declare()
    for exchange, key in bindings:
        bound.bind_to(exchange=exchange, routing_key=key)
