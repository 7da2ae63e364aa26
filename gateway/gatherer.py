"""Many phones, few calls: what comes while a call is under way travels together in the next one.

A call over the broker costs the same for one sign-in as for fifty. The first who waits leads: it gives others
some milliseconds to join, sends all that wait in one call, and hands everybody the own answer after the
service has committed. One call is under way at a time, so the calls grow with the load by themselves.

A service that hangs must not hold every thread: no more wait than a service's share, none of them longer than
a second for a turn, and nobody joins behind a call that has been under way for as long.
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
from gateway.accounts.store import Holder
from gateway.rpc import TURN_SECONDS, Services

# how long the first waits for others: until nobody joined within a step, and no longer than the whole
STEP_SECONDS: Final = 0.02
WAIT_SECONDS: Final = 0.1


@dataclass(eq=False)
class _Waiting:
    """One who waits. leads: has to send what waits."""

    item: dict[str, Any]
    woken: threading.Event = field(default_factory=threading.Event)
    leads: bool = False
    outcome: dict[str, Any] | None = None
    problem: BaseException | None = None


class Gatherer:
    """Gathers requests for one call, which takes and answers `items`. Safe under threads.

    keyed: each item carries the key of its request, where a repetition is not known by what it asks for.
    """

    def __init__(self, services: Services, call: Call, seconds: float) -> None:
        self._services, self._call, self._seconds = services, call, seconds
        self._most = min(MOST_AT_ONCE, services.share)
        items: Any = call.request().fields["items"]
        self.keyed = "key" in items.inner.schema.fields
        self._began: float | None = None
        self._waiting: deque[_Waiting] = deque()
        self._led = False
        self._lock = threading.Lock()

    def send(self, item: dict[str, Any]) -> dict[str, Any]:
        """Send one, with whatever else waits; return its answer. Raises its Refusal, or that of the call,
        `unavailable` at once when too many wait or the call under way hangs.
        """
        mine = _Waiting(item)
        with self._lock:
            if len(self._waiting) >= self._most or self._hangs():
                raise self._unavailable()
            self._waiting.append(mine)
            mine.leads = not self._led
            self._led = True
        if not mine.leads and not mine.woken.wait(TURN_SECONDS) and not self._left(mine):
            mine.woken.wait(self._seconds + TURN_SECONDS)
        if mine.leads:
            self._lead(mine)
        return _answer(mine, self._call)

    def _lead(self, mine: _Waiting) -> None:
        self._let_others_join()
        with self._lock:
            together = [self._waiting.popleft() for _ in range(min(self._most, len(self._waiting)))]
            self._began = time.monotonic()
        try:
            self._send(together)
        finally:
            with self._lock:
                self._began, self._led = None, bool(self._waiting)
                if self._waiting:
                    self._waiting[0].leads = True
                    self._waiting[0].woken.set()

    def _let_others_join(self) -> None:
        end, joined = time.monotonic() + WAIT_SECONDS, 0
        while joined < len(self._waiting) < self._most and time.monotonic() < end:
            joined = len(self._waiting)
            time.sleep(STEP_SECONDS)

    def _send(self, together: list[_Waiting]) -> None:
        """Call once for all and wake them, whatever comes of it."""
        try:
            body = {"items": [each.item for each in together]}
            # the newest one's token lasts longest
            actor, name = together[-1].item["actor"], self._call.name
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

    def _left(self, mine: _Waiting) -> bool:
        """Give up, unless the turn has come; return whether that was done."""
        with self._lock:
            waits = mine in self._waiting and not mine.leads
            if waits:
                self._waiting.remove(mine)
                mine.problem = self._unavailable()
            return waits

    def _hangs(self) -> bool:
        return self._began is not None and time.monotonic() - self._began > TURN_SECONDS

    def _unavailable(self) -> Refusal:
        return Refusal("unavailable", what=self._call.service)


class Gatherers:
    """The gatherers of a process, one for each call that takes many."""

    def __init__(self, services: Services, seconds: float) -> None:
        self._services, self._seconds = services, seconds
        self._gatherers: dict[str, Gatherer] = {}
        self._lock = threading.Lock()

    def call(self, call: Call, body: dict[str, Any], account: Holder | None, key: str) -> dict[str, Any]:
        """Send one request of an account among others, with its key when the call asks for it.

        Raises its Refusal, `unavailable`.
        """
        if account is None:
            raise Refusal("gateway.unauthenticated")
        actor = self._services.actors.token(account, call.service)
        with self._lock:
            gatherer = self._gatherers.get(call.name)
            if gatherer is None:
                gatherer = self._gatherers[call.name] = Gatherer(self._services, call, self._seconds)
        return gatherer.send({**body, "actor": actor, **({"key": key} if gatherer.keyed else {})})


def _answer(mine: _Waiting, call: Call) -> dict[str, Any]:
    if isinstance(mine.problem, Refusal):
        raise mine.problem
    if mine.outcome is None:
        raise Refusal("unavailable", what=call.service)
    if mine.outcome["refused"] is not None:
        raise Refusal.from_dict(mine.outcome["refused"])
    taken: dict[str, Any] = mine.outcome["taken"]
    return taken
