"""A small cache whose entries end after some seconds of real time; safe under threads."""

import threading
import time
from collections import OrderedDict
from typing import Any, Final, Generic, TypeVar

V = TypeVar("V")


class Expiring(Generic[V]):
    """Keeps at most `size` entries for `seconds` each."""

    MISSING: Final[Any] = object()

    def __init__(self, seconds: float, size: int) -> None:
        self._seconds = seconds
        self._size = size
        self._entries: OrderedDict[str, tuple[float, V]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> Any:
        """Return the value, or MISSING."""
        with self._lock:
            entry = self._entries.get(key)
        return self.MISSING if entry is None or entry[0] <= time.monotonic() else entry[1]

    def put(self, key: str, value: V) -> None:
        """Keep a value; the oldest entry goes when there are too many."""
        with self._lock:
            self._entries[key] = (time.monotonic() + self._seconds, value)
            self._entries.move_to_end(key)
            while len(self._entries) > self._size:
                self._entries.popitem(last=False)

    def drop(self, key: str) -> None:
        """Forget one entry."""
        with self._lock:
            self._entries.pop(key, None)

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._entries.clear()
