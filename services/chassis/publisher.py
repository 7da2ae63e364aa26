"""Publishing that knows what arrived: own connection, pipelined confirms, mandatory, and an end in time.

nameko's publisher pool waits for ever under a broker memory alarm (even to close); this one gives up at its
deadline and drops the socket with `collect()`, and its caller sends again.
Source: RabbitMQ publisher confirms; measured in docs/decisions/0002.
"""

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from kombu import Connection

_SOCKET_OPTIONS = {"read_timeout": 10, "write_timeout": 5, "connect_timeout": 3}
_LOOK_SECONDS = 0.01


@dataclass(frozen=True)
class Message:
    """One message to publish; body is encoded JSON."""

    exchange: str
    routing_key: str
    id: str
    body: str | bytes
    content_type: str = "application/json"
    headers: dict[str, Any] = field(default_factory=dict)
    correlation_id: str | None = None


class ConfirmedPublisher:
    """Publishes batches; safe for one process's threads or greenthreads (they take turns)."""

    def __init__(self, uri: str, timeout: float = 5.0) -> None:
        self._uri = uri
        self._timeout = timeout
        self._lock = threading.Lock()
        self._connection: Any = None
        self._channel: Any = None
        self._sequence = 0
        self._unconfirmed: dict[int, str] = {}
        self._returned: set[str] = set()

    def publish(self, messages: Iterable[Message]) -> set[str]:
        """Return the ids that the broker has taken responsibility for.

        Those not in it were refused or found no queue. Raises OSError or an amqp error when the broker could
        not be asked: any of the messages may have arrived and must be sent again.
        """
        with self._lock:
            try:
                return self._publish(list(messages))
            except BaseException:
                self._drop()
                raise

    def connect(self) -> None:
        """Connect, unless it is. Raises OSError or an amqp error when the broker does not answer."""
        with self._lock:
            if self._connection is None:
                try:
                    self._open()
                except BaseException:
                    self._drop()
                    raise

    def check(self) -> None:
        """Look whether the broker has closed the connection since; one that is not open yet is well.

        Raises OSError or an amqp error when it has: what was confirmed shortly before is in doubt.
        """
        with self._lock:
            if self._connection is None:
                return
            try:
                self._connection.drain_events(timeout=_LOOK_SECONDS)
            except TimeoutError:
                return
            except BaseException:
                self._drop()
                raise

    def close(self) -> None:
        """Drop the connection without waiting for the broker."""
        with self._lock:
            self._drop()

    def _publish(self, messages: list[Message]) -> set[str]:
        if self._connection is None:
            self._open()
        self._returned.clear()
        for message in messages:
            self._sequence += 1
            self._unconfirmed[self._sequence] = message.id
            self._channel.basic_publish(
                self._prepared(message),
                exchange=message.exchange,
                routing_key=message.routing_key,
                mandatory=True,
            )
        end = time.monotonic() + self._timeout
        while self._unconfirmed:
            left = end - time.monotonic()
            if left <= 0:
                raise TimeoutError(
                    f"{len(self._unconfirmed)} messages were not confirmed in {self._timeout} s"
                )
            self._connection.drain_events(timeout=left)
        return {message.id for message in messages} - self._returned

    def _prepared(self, message: Message) -> Any:
        properties: dict[str, Any] = {"delivery_mode": 2, "message_id": message.id}
        if message.correlation_id:
            properties["correlation_id"] = message.correlation_id
        return self._channel.prepare_message(
            message.body,
            content_type=message.content_type,
            content_encoding="utf-8",
            headers=message.headers,
            properties=properties,
        )

    def _open(self) -> None:
        self._connection = Connection(self._uri, transport_options=dict(_SOCKET_OPTIONS), heartbeat=0)
        self._connection.ensure_connection(max_retries=1, timeout=3)
        self._channel = self._connection.channel()
        self._channel.confirm_select()
        self._sequence = 0
        self._unconfirmed.clear()
        self._channel.events["basic_ack"].add(self._settled)
        self._channel.events["basic_nack"].add(self._nacked)
        self._channel.events["basic_return"].add(self._came_back)

    def _drop(self) -> None:
        connection, self._connection, self._channel = self._connection, None, None
        self._unconfirmed.clear()
        if connection is not None:
            connection.collect()

    def _settled(self, tag: int, multiple: bool) -> None:
        for waiting in [n for n in self._unconfirmed if n == tag or (multiple and n < tag)]:
            del self._unconfirmed[waiting]

    def _nacked(self, tag: int, multiple: bool) -> None:
        for waiting in [n for n in self._unconfirmed if n == tag or (multiple and n < tag)]:
            self._returned.add(self._unconfirmed.pop(waiting))

    def _came_back(self, _exception: Any, _exchange: str, _key: str, message: Any) -> None:
        self._returned.add(message.properties["message_id"])


class ReplyPublisher:
    """Publishes RPC replies without confirms: a lost reply is asked for again under its idempotency key."""

    def __init__(self, uri: str, exchange: str) -> None:
        self._uri = uri
        self._exchange = exchange
        self._lock = threading.Lock()
        self._connection: Any = None
        self._channel: Any = None

    def publish(self, reply_to: str, correlation_id: str | None, body: str) -> None:
        """Send one reply. Raises OSError or an amqp error after one try on a fresh connection."""
        with self._lock:
            for attempt in (1, 2):
                try:
                    self._send(reply_to, correlation_id, body)
                    return
                except Exception:
                    self._drop()
                    if attempt == 2:
                        raise

    def _send(self, reply_to: str, correlation_id: str | None, body: str) -> None:
        if self._connection is None:
            self._connection = Connection(self._uri, transport_options=dict(_SOCKET_OPTIONS), heartbeat=0)
            self._connection.ensure_connection(max_retries=1, timeout=3)
            self._channel = self._connection.channel()
        properties = {"correlation_id": correlation_id} if correlation_id else {}
        prepared = self._channel.prepare_message(
            body, content_type="application/json", content_encoding="utf-8", properties=properties
        )
        self._channel.basic_publish(prepared, exchange=self._exchange, routing_key=reply_to)

    def _drop(self) -> None:
        connection, self._connection, self._channel = self._connection, None, None
        if connection is not None:
            connection.collect()
