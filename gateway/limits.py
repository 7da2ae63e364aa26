"""Rate limits that all workers and hosts share, counted in the gateway's database by the `limits` library.

A worker takes hits in blocks, so that a request rarely costs a write; a block is small beside the limit,
and the limit is never passed. Without the database requests pass: it must not take the map down with it.
"""

import threading
import time
from typing import Any, Final

from limits import RateLimitItemPerMinute
from limits.storage import MongoDBStorage
from limits.strategies import FixedWindowRateLimiter

from contracts.vocabularies.errors import Refusal
from services.chassis import logs

_KEPT: Final = 20_000
_QUIET_SECONDS: Final = 5.0


class _Storage(MongoDBStorage):
    """The library's storage on the client that the process has already; set-up makes the index."""

    def __init__(self, database: Any) -> None:
        super().__init__("mongodb://", database.name, "rate_limits", "rate_limit_windows")
        self._storage = database.client


class SharedLimit:
    """At most so many hits a minute for each caller; block: hits taken from the shared count at once."""

    def __init__(self, database: Any, name: str, a_minute: int, block: int = 1) -> None:
        self._limiter = FixedWindowRateLimiter(_Storage(database))
        self._item = RateLimitItemPerMinute(a_minute, namespace=name) if a_minute else None
        self._block = max(1, min(block, a_minute // 10 or 1))
        self._held: dict[str, tuple[int, float]] = {}
        self._lock = threading.Lock()
        self._quiet_until = 0.0

    def hit(self, who: str) -> None:
        """Count one request. Raises Refusal `gateway.too_many` when the minute's share is used up."""
        if self._item is None or self._from_held(who) or time.monotonic() < self._quiet_until:
            return
        try:
            if not self._limiter.hit(self._item, who, cost=self._block):
                self._refuse(self._item, who)
            reset = self._limiter.get_window_stats(self._item, who).reset_time if self._block > 1 else 0.0
        except Refusal:
            raise
        except Exception as problem:
            self._quiet_until = time.monotonic() + _QUIET_SECONDS
            logs.get().warning("rate limits not counted", reason=type(problem).__name__)
            return
        with self._lock:
            if len(self._held) > _KEPT:
                self._held.clear()
            left, until = self._held.get(who, (0, 0.0))
            self._held[who] = ((left if until == reset else 0) + self._block - 1, reset)

    def _from_held(self, who: str) -> bool:
        with self._lock:
            left, until = self._held.get(who, (0, 0.0))
            if left <= 0 or until <= time.time():
                return False
            self._held[who] = (left - 1, until)
            return True

    def _refuse(self, item: RateLimitItemPerMinute, who: str) -> None:
        reset = self._limiter.get_window_stats(item, who).reset_time
        raise Refusal("gateway.too_many", seconds=max(1, int(reset - time.time()) + 1))
