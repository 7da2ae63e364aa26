"""Many phones, few calls: what comes while a call is under way travels together in the next one.

A call over the broker costs the same for one sign-in as for fifty. The first who waits leads: it gives others
some milliseconds to join, sends all that wait in one call, and hands everybody the own answer after the
service has committed. One call is under way at a time, so the calls grow with the load by themselves.
"""

import threading
import time
import uuid
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Final

from contracts.registry import Call
from contracts.vocabularies.attendance import MOST_AT_ONCE
from contracts.vocabularies.errors import Refusal
from gateway.accounts.store import Account
from gateway.rpc import Services

# how long the first waits for others: until nobody joined within a step, and no longer than the whole
STEP_SECONDS: Final = 0.005
WAIT_SECONDS: Final = 0.03


@dataclass(eq=False)
class _Waiting:
    """One who waits. leads: has to send what waits."""

    item: dict[str, Any]
    woken: threading.Event = field(default_factory=threading.Event)
    leads: bool = False
    outcome: dict[str, Any] | None = None
    problem: BaseException | None = None


class Gatherer:
    """Gathers requests for one call, which takes and answers `items`. Safe under threads."""

    def __init__(self, services: Services, call: Call, seconds: float) -> None:
        self._services, self._call, self._seconds = services, call, seconds
        self._waiting: deque[_Waiting] = deque()
        self._led = False
        self._lock = threading.Lock()

    def send(self, item: dict[str, Any]) -> dict[str, Any]:
        """Send one, with whatever else waits; return its answer. Raises its Refusal, or that of the call."""
        mine = _Waiting(item)
        with self._lock:
            self._waiting.append(mine)
            mine.leads = not self._led
            self._led = True
        # who waits for a call that hangs waits for that one and then for the own
        if not mine.leads and not mine.woken.wait(2 * self._seconds + 1):
            self._leave(mine)
        if mine.leads:
            self._lead(mine)
        return _answer(mine, self._call)

    def _lead(self, mine: _Waiting) -> None:
        self._let_others_join()
        with self._lock:
            together = [self._waiting.popleft() for _ in range(min(MOST_AT_ONCE, len(self._waiting)))]
        try:
            self._send(together)
        finally:
            with self._lock:
                self._led = bool(self._waiting)
                if self._waiting:
                    self._waiting[0].leads = True
                    self._waiting[0].woken.set()

    def _let_others_join(self) -> None:
        end, joined = time.monotonic() + WAIT_SECONDS, 0
        while joined < len(self._waiting) < MOST_AT_ONCE and time.monotonic() < end:
            joined = len(self._waiting)
            time.sleep(STEP_SECONDS)

    def _send(self, together: list[_Waiting]) -> None:
        """Call once for all and wake them, whatever comes of it."""
        try:
            body = {"items": [each.item for each in together]}
            actor, name = together[0].item["actor"], self._call.name
            answer = self._services.send(name, body, actor, self._seconds, uuid.uuid4().hex)
            for each, outcome in zip(together, answer["items"], strict=True):
                each.outcome = outcome
        except BaseException as problem:
            for each in together:
                each.problem = problem
            if not isinstance(problem, Refusal):
                raise
        finally:
            for each in together:
                each.woken.set()

    def _leave(self, mine: _Waiting) -> None:
        """Give up, unless the answer has come or the turn to lead."""
        with self._lock:
            if mine in self._waiting and not mine.leads:
                self._waiting.remove(mine)
                mine.problem = Refusal("unavailable", what=self._call.service)


class Gatherers:
    """The gatherers of a process, one for each call that takes many."""

    def __init__(self, services: Services, seconds: float) -> None:
        self._services, self._seconds = services, seconds
        self._gatherers: dict[str, Gatherer] = {}
        self._lock = threading.Lock()

    def call(self, call: Call, body: dict[str, Any], account: Account | None) -> dict[str, Any]:
        """Send one request of an account among others. Raises its Refusal, `unavailable`."""
        if account is None:
            raise Refusal("gateway.unauthenticated")
        actor = self._services.actors.token(account, call.service)
        with self._lock:
            gatherer = self._gatherers.get(call.name)
            if gatherer is None:
                gatherer = self._gatherers[call.name] = Gatherer(self._services, call, self._seconds)
        return gatherer.send({**body, "actor": actor})


def _answer(mine: _Waiting, call: Call) -> dict[str, Any]:
    if isinstance(mine.problem, Refusal):
        raise mine.problem
    if mine.outcome is None:
        raise Refusal("unavailable", what=call.service)
    if mine.outcome["refused"] is not None:
        raise Refusal.from_dict(mine.outcome["refused"])
    taken: dict[str, Any] = mine.outcome["taken"]
    return taken
