"""Consuming facts without loss: one queue for a process, delay queues, dead letters, graceful stop."""

import contextlib
import uuid
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

import eventlet
import structlog
from kombu import Connection, Exchange, Queue
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint
from nameko.messaging import QueueConsumer

from contracts.vocabularies.errors import Refusal
from services.chassis import metrics
from services.chassis.commits import Unavailable
from services.chassis.events import ContractBroken
from services.chassis.masking import mask_text
from services.chassis.mongo import is_outage
from services.chassis.publisher import ConfirmedPublisher, Message
from services.chassis.topology import (
    ATTEMPT_HEADER,
    DEAD_KEY,
    ERROR_HEADER,
    RETRY_DELAYS_MS,
    bind_again,
    events_queue,
    inbox_exchange,
    retry_key,
)

PREFETCH: Final = 48
RECONNECT_SECONDS: Final = 2.0
PATIENCE_MS: Final = RETRY_DELAYS_MS[1]
_BROKER_ERRORS: Final = (
    OSError,
    *Connection("amqp://").connection_errors,
    *Connection("amqp://").channel_errors,
)
_log = structlog.get_logger(__name__)


class DrainingConsumer(QueueConsumer):
    """nameko's consumer thread, made to keep its connection until what is in hand is settled.

    An undecodable body goes to the dead letters (nameko acknowledges it), and an acknowledgement on a dead
    socket is logged (nameko's process ends): the broker delivers again.
    """

    in_hand = 0

    @contextlib.contextmanager
    def establish_connection(self) -> Iterator[Any]:
        """Connect, trying again sooner than kombu would: the relay counts on followers being back soon."""
        with self.create_connection() as connection:
            connection.ensure_connection(
                self.on_connection_error,
                interval_start=0.5,
                interval_step=0.5,
                interval_max=RECONNECT_SECONDS,
            )
            yield connection

    @property
    def prefetch_count(self) -> int:
        """How many messages each consumer may hold."""
        return PREFETCH

    def get_consumers(self, consumer_cls: Any, channel: Any) -> Any:
        """Set up the consumers after each (re)connection."""
        self.in_hand = 0
        self._channel = channel
        for provider in self._providers:
            if isinstance(provider, FactsEntrypoint):
                bind_again(channel, provider.container.service_name)
        consumers = super().get_consumers(consumer_cls, channel)
        for consumer in consumers:
            consumer.on_decode_error = self.on_decode_error
        return consumers

    def on_decode_error(self, message: Any, problem: Exception) -> None:
        """Refuse what cannot be read; the queue's dead-letter exchange keeps it."""
        _log.error("undecodable message", error=repr(problem)[:200])
        metrics.DEAD_LETTERS.labels(self.container.service_name, "undecodable").inc()
        message.reject(requeue=False)

    def handle_message(self, provider: Any, body: Any, message: Any) -> None:
        """Hand a message to its entrypoint."""
        self.in_hand += 1
        super().handle_message(provider, body, message)

    def on_iteration(self) -> None:
        """Stop only when nothing is in hand."""
        self._cancel_consumers_if_requested()
        if not self._consumers and self.in_hand <= 0:
            self.should_stop = True

    def ack_message(self, message: Any) -> None:
        """Acknowledge, if the broker still listens."""
        self._settle(message, message.ack)

    def requeue_message(self, message: Any) -> None:
        """Give back, if the broker still listens."""
        self._settle(message, message.requeue)

    def _settle(self, message: Any, action: Callable[[], None]) -> None:
        if message.channel is not self._channel:
            return  # of an earlier connection: the broker has taken it back
        self.in_hand -= 1
        try:
            action()
        except _BROKER_ERRORS as problem:
            _log.warning("could not settle a delivery; it will come again", error=repr(problem)[:200])


class FactsEntrypoint(Entrypoint):
    """Feeds the process's event queue to one method, and decides what a failure means."""

    queue_consumer = DrainingConsumer()

    def setup(self) -> None:
        """Register with the shared consumer."""
        name = self.container.service_name
        exchange = Exchange(inbox_exchange(name), type="direct", durable=True, no_declare=True)
        self.queue = Queue(events_queue(name), exchange=exchange, durable=True, no_declare=True)
        self.publisher = ConfirmedPublisher(self.container.config["AMQP_URI"])
        self.queue_consumer.register_provider(self)

    def stop(self) -> None:
        """Unregister; what is in hand is finished first."""
        self.queue_consumer.unregister_provider(self)

    def handle_message(self, body: Any, message: Any) -> None:
        """Run the method on a worker."""
        try:
            self.container.spawn_worker(self, (body,), {}, handle_result=partial(self.handle_result, message))
        except ContainerBeingKilled:
            self.queue_consumer.requeue_message(message)

    def handle_result(self, message: Any, _context: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
        """Acknowledge what is done; send what failed to a retry queue or the dead letters first."""
        while exc_info is not None and not self._sent_on(message, exc_info[1]):
            if message.channel is not self.queue_consumer._channel:
                break
            eventlet.sleep(1)
        self.queue_consumer.ack_message(message)
        return result, exc_info

    def _sent_on(self, message: Any, problem: BaseException) -> bool:
        name = self.container.service_name
        headers = dict(message.headers or {})
        attempt = int(headers.get(ATTEMPT_HEADER, 0)) + (0 if _passes(problem) else 1)
        broken = isinstance(problem, ContractBroken)
        dead = broken or attempt > len(RETRY_DELAYS_MS)
        delay = PATIENCE_MS if dead or _passes(problem) else RETRY_DELAYS_MS[attempt - 1]
        key = DEAD_KEY if dead else retry_key(delay)
        headers[ATTEMPT_HEADER] = attempt
        headers[ERROR_HEADER] = mask_text(f"{type(problem).__name__}: {problem}")[:500]
        id = message.properties.get("message_id") or uuid.uuid4().hex
        outgoing = Message(inbox_exchange(name), key, id, message.body, message.content_type, headers)
        try:
            sent = id in self.publisher.publish([outgoing])
        except Exception as publish_problem:
            _log.warning("could not send a failed fact on; trying again", error=repr(publish_problem)[:200])
            return False
        if sent and dead:
            metrics.DEAD_LETTERS.labels(name, "contract" if broken else "failed").inc()
            _log.error("fact sent to the dead letters", id=id, error=headers[ERROR_HEADER], attempt=attempt)
        elif sent:
            metrics.RETRIES.labels(name, str(delay)).inc()
            _log.warning("fact will be retried", id=id, error=headers[ERROR_HEADER], attempt=attempt)
        return sent


def _passes(problem: BaseException) -> bool:
    """Tell whether the failure is of the hour and not of the fact: then it uses up no attempt."""
    if isinstance(problem, Refusal):
        return problem.code in ("busy", "unavailable")
    return isinstance(problem, Unavailable) or is_outage(problem)


facts = FactsEntrypoint.decorator
