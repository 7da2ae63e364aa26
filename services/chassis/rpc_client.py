"""A client of nameko's RPC that keeps its deadline: one connection and one reply queue, one call at a time.

It speaks the wire format of nameko 2.14.1 (nameko/rpc.py) on py-amqp. Unlike nameko's own client it does not
wait for ever: for a connection, for a publish under a broker's memory alarm, or for an answer. Publisher
confirms are off; `mandatory` has the broker send a call back whose service has no queue, and a service that
has a queue but is not there is found out after two seconds. It runs in threads
and in eventlet alike, because every wait is a socket timeout.
"""

import json
import logging
import time
import uuid
from collections import deque
from collections.abc import Mapping
from typing import Any, Final

import amqp
from amqp.exceptions import AMQPError
from kombu.utils.url import url_to_parts

from contracts.vocabularies.errors import CATALOGUE, Refusal

EXCHANGE: Final = "nameko-rpc"
CONNECT_SECONDS: Final = 3.0
PATIENCE_SECONDS: Final = 2.0
IDLE_SECONDS: Final = 60.0
_TLS: Final[dict[str, Any]] = {"context": {}, "check_hostname": True}
_log = logging.getLogger(__name__)


class ConnectionLost(Exception):
    """The broker could not be reached, or went away while a call was under way."""


class RpcClient:
    """One connection with its reply queue. Not for two threads at once; after any error it is discarded."""

    def __init__(self, url: str, name: str, seconds: float = CONNECT_SECONDS) -> None:
        """Connect as process `name` within about `seconds`; raises ConnectionLost."""
        self._reply_to = f"rpc.reply-{name}-{uuid.uuid4()}"
        self._answers: dict[str, Any] = {}
        self._returned: set[str] = set()
        self._connection = _connection(url, seconds)
        try:
            self._connection.connect()
            self._bound(seconds)
        except (AMQPError, OSError) as problem:
            self.discard()
            raise ConnectionLost(str(problem)) from problem
        self.used = time.monotonic()

    def call(self, target: str, envelope: Mapping[str, Any], until: float) -> Any:
        """Call `service.method` and return nameko's reply body; until: of time.monotonic().

        Raises ConnectionLost, TimeoutError past `until`, LookupError when nobody serves the target.
        """
        correlation = uuid.uuid4().hex
        try:
            self._publish(target, correlation, envelope, until)
            self._patience = time.monotonic() + PATIENCE_SECONDS
            while correlation not in self._answers:
                if correlation in self._returned:
                    self._returned.discard(correlation)
                    raise LookupError(target)
                self._await(target, until)
        except TimeoutError:
            self.discard()
            raise
        except (AMQPError, OSError) as problem:
            self.discard()
            raise ConnectionLost(str(problem)) from problem
        self.used = time.monotonic()
        return self._answers.pop(correlation)

    def alive(self, seconds: float) -> bool:
        """Ask the broker for the reply queue; when it does not answer in time, discard this client."""
        try:
            with self._connection.transport.having_timeout(seconds):
                self._channel.queue_declare(self._reply_to, passive=True)
        except (AMQPError, OSError):
            self.discard()
            return False
        return True

    def discard(self) -> None:
        """Drop the connection without a word to the broker: close() would wait for its answer."""
        self._connection.collect()

    def _bound(self, seconds: float) -> None:
        """Open the channel and the reply queue; a broker that stops answering is a socket timeout."""
        with self._connection.transport.having_timeout(seconds):
            self._channel = self._connection.channel()
            self._channel.queue_declare(self._reply_to, exclusive=True, auto_delete=True)
            self._channel.queue_bind(self._reply_to, EXCHANGE, self._reply_to)
            self._channel.basic_consume(self._reply_to, no_ack=True, callback=self._received)
        self._channel.events["basic_return"].add(self._came_back)

    def _await(self, target: str, until: float) -> None:
        """Take what the broker sends; after a while without an answer, ask whether anybody serves."""
        try:
            self._connection.drain_events(
                timeout=min(_left(until), max(0.001, self._patience - time.monotonic()))
            )
        except TimeoutError:
            _left(until)
            self._patience = until
            with self._connection.transport.having_timeout(_left(until)):
                queue = self._channel.queue_declare(f"rpc-{target.partition('.')[0]}", passive=True)
            if not queue.consumer_count and not self._answers:
                raise LookupError(target) from None

    def _publish(self, target: str, correlation: str, envelope: Mapping[str, Any], until: float) -> None:
        message = amqp.Message(
            json.dumps({"args": [], "kwargs": {"envelope": envelope}}, ensure_ascii=False),
            content_type="application/json",
            content_encoding="utf-8",
            reply_to=self._reply_to,
            correlation_id=correlation,
            expiration=str(int(_left(until) * 1000) + 1),
        )
        self._channel.basic_publish(message, EXCHANGE, target, mandatory=True, timeout=_left(until))

    def _received(self, message: Any) -> None:
        """Keep the answer; one to an earlier call (there is none on a fresh client) is dropped later."""
        body = message.body if isinstance(message.body, str) else bytes(message.body).decode()
        self._answers = {message.properties.get("correlation_id", ""): json.loads(body)}

    def _came_back(self, reason: Any, exchange: str, key: str, message: Any) -> None:
        self._returned.add(message.properties.get("correlation_id", ""))


class RpcClients:
    """Clients lent for one call each, the last used first; safe under threads and eventlet."""

    def __init__(self, url: str, name: str) -> None:
        self._url = url
        self._name = name
        self._idle: deque[RpcClient] = deque()

    def call(self, target: str, envelope: Mapping[str, Any]) -> Any:
        """Call `service.method` with a CallEnvelope and return its result.

        Raises the callee's Refusal; `unavailable` when broker or service cannot be reached or give no
        answer before envelope["deadline"] (milliseconds of real time); `internal` when the callee broke.
        A connection that is lost is tried once more on a fresh one with the same envelope, so the same key.
        """
        service = target.partition(".")[0]
        until = time.monotonic() + max(0.0, envelope["deadline"] / 1000 - time.time())
        try:
            try:
                reply = self._once(target, envelope, until, fresh=False)
            except ConnectionLost:
                self.forget()
                reply = self._once(target, envelope, until, fresh=True)
        except (ConnectionLost, LookupError, TimeoutError) as problem:
            _log.warning("call failed", extra={"target": target, "reason": type(problem).__name__})
            raise Refusal("unavailable", what=service) from problem
        return _result(target, reply)

    def forget(self) -> None:
        """Discard all idle clients."""
        while self._idle:
            try:
                self._idle.pop().discard()
            except IndexError:  # another thread took the last one
                return

    def check(self, seconds: float = CONNECT_SECONDS) -> None:
        """Raise ConnectionLost unless the broker answers (on an idle connection, else on a new one)."""
        client = self._borrowed()
        if client is None or not client.alive(seconds):
            client = RpcClient(self._url, self._name, seconds)
        self._idle.append(client)

    def _once(self, target: str, envelope: Mapping[str, Any], until: float, fresh: bool) -> Any:
        client = None if fresh else self._borrowed()
        if client is None:
            client = RpcClient(self._url, self._name, min(CONNECT_SECONDS, _left(until)))
        try:
            reply = client.call(target, envelope, until)
        except LookupError:
            self._idle.append(client)
            raise
        self._idle.append(client)
        return reply

    def _borrowed(self) -> RpcClient | None:
        while True:
            try:
                client = self._idle.pop()
            except IndexError:
                return None
            if time.monotonic() - client.used < IDLE_SECONDS:
                return client
            client.discard()


def envelope(
    body: Mapping[str, Any],
    actor: str,
    seconds: float,
    key: str = "",
    expected_version: int | None = None,
    traceparent: str = "",
    correlation: str = "",
) -> dict[str, Any]:
    """Return a CallEnvelope whose deadline is `seconds` of real time from now (contracts/envelope.py)."""
    return {
        "body": dict(body),
        "actor": actor,
        "key": key,
        "deadline": int((time.time() + seconds) * 1000),
        "expected_version": expected_version,
        "traceparent": traceparent,
        "correlation": correlation,
    }


def _connection(url: str, seconds: float) -> Any:
    parts = url_to_parts(url)
    return amqp.Connection(
        host=f"{parts.hostname}:{parts.port or (5671 if parts.scheme == 'amqps' else 5672)}",
        userid=parts.username or "guest",
        password=parts.password or "guest",
        virtual_host=parts.path or "/",
        ssl=parts.scheme == "amqps" and _TLS | {"server_hostname": parts.hostname},
        connect_timeout=seconds,
        heartbeat=0,
        confirm_publish=False,
    )


def _left(until: float) -> float:
    """Return the seconds left; raises TimeoutError when there are none."""
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _result(target: str, reply: Any) -> Any:
    """Open nameko's reply, and in it the answer of contracts/envelope.py."""
    if not isinstance(reply, dict) or reply.get("error") or not isinstance(reply.get("result"), dict):
        reason = (reply.get("error") or {}).get("exc_type") if isinstance(reply, dict) else None
        _log.error("the callee broke", extra={"target": target, "reason": reason or "no answer in the reply"})
        raise Refusal("internal", correlation="")
    answer = reply["result"]
    if "error" not in answer:
        return answer["result"]
    error = answer["error"]
    if error.get("code") not in CATALOGUE:
        _log.error("unknown refusal", extra={"target": target, "code": error.get("code")})
        raise Refusal("internal", correlation="")
    raise Refusal.from_dict(error)
