"""Calls of the services: the envelope around a body, a turn for each service, and what is counted of it."""

import threading
import time
from typing import Any, Final

from flask import g, has_request_context

from contracts.registry import Call, Command
from contracts.vocabularies.errors import Refusal
from gateway.accounts.actors import Actors
from gateway.accounts.store import AccountStore, Holder
from gateway.config import Config
from gateway.observe import CALL_SECONDS
from services.chassis import telemetry
from services.chassis.actor import SigningKey
from services.chassis.rpc_client import RpcClients, envelope

NAME: Final = "gateway"
TURN_SECONDS: Final = 1.0
_IDENTITY: Final = "intake.identity_of"
_DELETION: Final = "intake.forget_person"


class Services:
    """The services behind the gateway. Safe under threads.

    A service that hangs must not hold every thread: each may hold three quarters of them at most; who comes
    after those waits a second for a turn.
    """

    def __init__(self, amqp_url: str, key: SigningKey, accounts: AccountStore, config: Config) -> None:
        self._clients = RpcClients(amqp_url, NAME)
        self._config = config
        self.share = max(2, config.threads * 3 // 4)
        self._turns: dict[str, threading.BoundedSemaphore] = {}
        self.actors = Actors(accounts, key, self._identity)

    def call(
        self,
        call: Call,
        body: dict[str, Any],
        account: Holder | None,
        key: str = "",
        expected_version: int | None = None,
    ) -> dict[str, Any]:
        """Call as an account (None: nobody); return the answer. Raises its Refusal, `unavailable`."""
        actor = self.actors.token(account, call.service) if account else ""
        changes = isinstance(call, Command)
        seconds = self._config.command_seconds if changes else self._config.query_seconds
        answer = self.send(call.name, body, actor, seconds, key, expected_version)
        if account and call.name == _DELETION:
            self.actors.person_deleted(account)
        return answer

    def send(
        self,
        target: str,
        body: dict[str, Any],
        actor: str,
        seconds: float,
        key: str = "",
        expected_version: int | None = None,
    ) -> dict[str, Any]:
        """Send one call with the request's trace and correlation."""
        correlation = g.get("correlation", "") if has_request_context() else ""
        turn = self._turn(target.partition(".")[0])
        if not turn.acquire(timeout=min(TURN_SECONDS, seconds)):
            raise Refusal("unavailable", what=target.partition(".")[0])
        began, outcome = time.perf_counter(), "ok"
        try:
            with telemetry.span(target, kind="client"):
                sent = envelope(body, actor, seconds, key, expected_version, telemetry.inject(), correlation)
                result: dict[str, Any] = self._clients.call(target, sent)
                return result
        except Refusal as refusal:
            outcome = refusal.code
            raise
        finally:
            turn.release()
            CALL_SECONDS.labels(target, outcome).observe(time.perf_counter() - began)

    def check(self) -> None:
        """Raise ConnectionLost unless the broker answers."""
        self._clients.check(1.5)

    def _turn(self, service: str) -> threading.BoundedSemaphore:
        return self._turns.setdefault(service, threading.BoundedSemaphore(self.share))

    def _identity(self, account: str, token: str) -> dict[str, Any]:
        return self.send(_IDENTITY, {"account": account}, token, self._config.query_seconds)
