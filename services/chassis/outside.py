"""Calls to systems outside (registries, bank): HTTP with deadlines, retries and a circuit breaker.

A call ends in one of three ways: `Answered`, `Refused`, or the exception `OutsideUnavailable`. An outage,
a wrong answer and a refused credential are all the last: the work waits, it never passes unchecked.
Never call from a handler (its transaction is open): call from a job, then store what was answered.
"""

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from http.cookiejar import DefaultCookiePolicy
from typing import Any, Final, Generic, NoReturn, TypeVar

import pybreaker
import requests
import tenacity
import urllib3
from requests.adapters import HTTPAdapter

from services.chassis import logs, telemetry
from services.chassis.clock import real_now
from services.chassis.metrics import OUTSIDE_OPEN, OUTSIDE_SECONDS

T = TypeVar("T")
_LARGEST_ANSWER: Final = 16 * 1024 * 1024
_MEANT: Final = (409, 422)
_CONNECTIONS: Final = 16
_log = logs.get()


@dataclass(frozen=True)
class Answered(Generic[T]):
    """What the outside system said; checked_at: aware UTC by the caller's clock; source: the system."""

    value: T
    checked_at: datetime
    source: str


@dataclass(frozen=True)
class Refused:
    """The outside system understood and declined; asking again will not help. code: its own word."""

    code: str
    message: str
    checked_at: datetime
    source: str


class OutsideUnavailable(Exception):
    """No usable answer: wait and ask again. `reason` holds no personal data."""

    def __init__(self, system: str, reason: str, transient: bool = True) -> None:
        super().__init__(f"{system}: {reason}")
        self.system = system
        self.reason = reason
        self.transient = transient


class WrongAnswer(ValueError):
    """Raised by a reader of answers: the answer does not fit what was asked."""


@dataclass(frozen=True)
class Patience:
    """How long to wait (seconds) and how often to try; the breaker opens after `failures` in a row."""

    connect: float = 2.0
    read: float = 5.0
    attempts: int = 3
    first_pause: float = 0.2
    longest_pause: float = 2.0
    failures: int = 5
    open_for: float = 10.0


class OutsideSystem:
    """One outside system behind one base URL; one object for a process, shared by its threads or greenlets.

    now: the clock that stamps checked_at (business time where a claim leans on it).
    """

    def __init__(
        self,
        system: str,
        base_url: str,
        token: str,
        now: Callable[[], datetime] = real_now,
        patience: Patience = Patience(),
    ) -> None:
        self.system = system
        self.now = now
        self._base_url = base_url.rstrip("/")
        self._patience = patience
        self._session = _session(token)
        self._breaker = _Breaker(system, patience)

    def ask(
        self, operation: str, path: str, body: Mapping[str, Any], read: Callable[[Mapping[str, Any]], T]
    ) -> Answered[T] | Refused:
        """POST an idempotent question and read its answer.

        operation: name for metrics and traces; path: below the base URL; body: JSON;
        read: turns the answer's JSON object into a value, raising WrongAnswer, KeyError, TypeError or
        ValueError when it does not fit. Raises OutsideUnavailable.
        """
        retrying = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(self._patience.attempts),
            wait=tenacity.wait_exponential_jitter(
                max=self._patience.longest_pause,
                multiplier=self._patience.first_pause,
                jitter=self._patience.first_pause,
            ),
            retry=tenacity.retry_if_exception(lambda p: isinstance(p, OutsideUnavailable) and p.transient),
            sleep=time.sleep,
            reraise=True,
        )
        with telemetry.span(f"{self.system} {operation}", kind="client"):
            return retrying(self._attempt, operation, path, body, read)

    def _attempt(
        self, operation: str, path: str, body: Mapping[str, Any], read: Callable[[Mapping[str, Any]], T]
    ) -> Answered[T] | Refused:
        began = time.monotonic()
        outcome = "unavailable"
        try:
            result = self._breaker.call(lambda: self._post(path, body, read))
            outcome = type(result).__name__.lower()
            return result
        finally:
            seconds = time.monotonic() - began
            OUTSIDE_SECONDS.labels(self.system, operation, outcome).observe(seconds)

    def _post(
        self, path: str, body: Mapping[str, Any], read: Callable[[Mapping[str, Any]], T]
    ) -> Answered[T] | Refused:
        status, data = self._exchange(path, body)
        if status in _MEANT and isinstance(data.get("code"), str):
            return Refused(data["code"], str(data.get("message", ""))[:500], self.now(), self.system)
        if status in (401, 403):
            self._unavailable(f"our credentials are refused (HTTP {status})", transient=False)
        if status != 200:
            self._unavailable(f"HTTP {status}", transient=status >= 500 or status == 429)
        try:
            return Answered(read(data), self.now(), self.system)
        except (WrongAnswer, KeyError, TypeError, ValueError, AttributeError) as problem:
            # only the kind of problem: its text may quote what was answered
            self._unavailable(
                f"the answer does not fit the question ({type(problem).__name__})", transient=False
            )

    def _exchange(self, path: str, body: Mapping[str, Any]) -> tuple[int, Mapping[str, Any]]:
        try:
            with self._session.post(
                f"{self._base_url}{path}",
                json=body,
                timeout=(self._patience.connect, self._patience.read),
                headers={"traceparent": telemetry.inject()},
                allow_redirects=False,
                stream=True,
            ) as response:
                content = self._content(response)
        except (requests.RequestException, urllib3.exceptions.HTTPError) as problem:
            self._unavailable(f"no answer ({type(problem).__name__})")
        try:
            data = json.loads(content)
        except ValueError:
            data = None
        if not isinstance(data, dict):
            if response.status_code == 200:
                self._unavailable("the answer is not a JSON object", transient=False)
            data = {}
        return response.status_code, data

    def _content(self, response: requests.Response) -> bytes:
        """Read the body within one read deadline (the timeout of requests holds for each piece)."""
        due = time.monotonic() + self._patience.read
        content = bytearray()
        while piece := response.raw.read1(65536, decode_content=True):
            content += piece
            if len(content) > _LARGEST_ANSWER:
                self._unavailable("the answer is too large", transient=False)
            if time.monotonic() > due:
                self._unavailable("the answer came too slowly")
        return bytes(content)

    def _unavailable(self, reason: str, transient: bool = True) -> NoReturn:
        raise OutsideUnavailable(self.system, reason, transient) from None


class _Breaker:
    """pybreaker, without its lock around the call itself, which would let one call through at a time."""

    def __init__(self, system: str, patience: Patience) -> None:
        self._system = system
        self._breaker = pybreaker.CircuitBreaker(
            fail_max=patience.failures,
            reset_timeout=patience.open_for,
            exclude=[lambda problem: not isinstance(problem, OutsideUnavailable)],
            listeners=[_Announcer(system)],
            throw_new_error_on_trip=False,
            name=system,
        )
        self._probing = threading.Lock()
        OUTSIDE_OPEN.labels(system).set(0)

    def call(self, function: Callable[[], T]) -> T:
        if self._breaker.current_state == pybreaker.STATE_CLOSED:
            return self._reported(function)
        if not self._probing.acquire(blocking=False):
            self._open()
        try:
            return self._breaker.call(function)
        except pybreaker.CircuitBreakerError:
            self._open()
        finally:
            self._probing.release()

    def _reported(self, function: Callable[[], T]) -> T:
        try:
            result = function()
        except OutsideUnavailable as problem:
            self._report(problem)
            raise
        self._report(None)
        return result

    def _report(self, problem: OutsideUnavailable | None) -> None:
        """Tell the breaker how a call ended; when others opened it meanwhile, there is nothing to add."""

        def outcome() -> None:
            if problem is not None:
                raise problem

        if self._breaker.current_state != pybreaker.STATE_CLOSED:
            return
        try:
            self._breaker.call(outcome)
        except (OutsideUnavailable, pybreaker.CircuitBreakerError):
            return

    def _open(self) -> NoReturn:
        raise OutsideUnavailable(self._system, "resting after repeated failures", transient=False) from None


class _Announcer(pybreaker.CircuitBreakerListener):
    def __init__(self, system: str) -> None:
        self._system = system

    def state_change(
        self,
        cb: pybreaker.CircuitBreaker,
        old_state: pybreaker.CircuitBreakerState | None,
        new_state: pybreaker.CircuitBreakerState,
    ) -> None:
        OUTSIDE_OPEN.labels(self._system).set(0 if new_state.name == pybreaker.STATE_CLOSED else 1)
        _log.warning("outside.breaker", system=self._system, state=new_state.name)


def _session(token: str) -> requests.Session:
    """One session for all threads: its pool is safe to share, cookies (which are not) are refused."""
    session = requests.Session()
    session.trust_env = False  # a .netrc would replace our Authorization
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.headers["Authorization"] = f"Bearer {token}"
    adapter = HTTPAdapter(pool_connections=1, pool_maxsize=_CONNECTIONS, max_retries=0)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session
