"""The map as pages and API read it: from the database, or from memory as long as the watermark stands.

The watermark is asked for at most ten times a second. When the database does not answer, what is in memory is
served on, and `as_of` says when it was last right.
"""

import json
import threading
import time
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from contracts.vocabularies.errors import Refusal
from gateway.map.cards import plain
from gateway.map.store import MapStore, Outage, State

_ASK_EVERY: Final = 0.1
_KEPT: Final = 2000
_POLL: Final = 0.025


@dataclass(frozen=True)
class Listing:
    """A page of a list. body: its JSON without the moment it was last right."""

    body: bytes
    watermark: int


class MapReader:
    """Reads with a cache; safe under threads."""

    def __init__(self, store: MapStore) -> None:
        self._store = store
        self._state = State(-1, None)
        self._asked = 0.0
        self._asking = threading.Lock()
        self._listings: dict[Hashable, Listing] = {}

    def state(self) -> State:
        """Return the watermark and when the map was last right, at most a tenth of a second old.

        Raises Refusal `unavailable` when the database has not answered since this process began.
        """
        if time.monotonic() - self._asked > _ASK_EVERY and self._asking.acquire(
            blocking=self._state.watermark < 0
        ):
            try:
                self._renew()
            finally:
                self._asking.release()
        return self._state

    def known(self, key: Hashable) -> Listing | None:
        """Return a listing that is in memory and stands."""
        found = self._listings.get(key)
        return found if found is not None and found.watermark == self.state().watermark else None

    def listing(
        self,
        key: Hashable,
        collection: str,
        filters: Mapping[str, Any],
        after: str | None,
        limit: int,
        seal: Any,
    ) -> Listing:
        """Read a page and keep it under a key; seal: makes the public form of the next page's cursor.

        Raises Refusal `unavailable` when the database does not answer and the page was never read.
        """
        watermark = self.state().watermark
        try:
            found, following = self._store.page(collection, filters, after, limit)
        except Outage as problem:
            last = self._listings.get(key)
            if last is None:
                raise Refusal("unavailable", what="map") from problem
            return last
        tail = json.dumps({"next": seal(following) if following else None, "watermark": watermark})
        listing = Listing(f'"items":[{",".join(found)}],{tail[1:]}'.encode(), watermark)
        if len(self._listings) >= _KEPT:
            self._listings.clear()
        self._listings[key] = listing
        return listing

    def dated(self, listing: Listing) -> bytes:
        """Return a listing's JSON with `as_of`."""
        return b'{"as_of":' + json.dumps(plain(self.state().as_of)).encode() + b"," + listing.body

    def detail(
        self, collection: str, id: str, at_least: int = 0, seconds: float = 1.0
    ) -> tuple[str, int] | None:
        """Return one thing's JSON and version, None when it is not shown.

        at_least: a version that must be there, waited for up to `seconds`. Refusal `pending` if it has not,
        `unavailable` when the database does not answer.
        """
        until = time.monotonic() + seconds
        try:
            found = self._store.detail(collection, id)
            while at_least and (found is None or found[1] < at_least):
                if time.monotonic() > until:
                    raise Refusal("pending")
                time.sleep(_POLL)
                found = self._store.detail(collection, id)
        except Outage as problem:
            raise Refusal("unavailable", what="map") from problem
        return found

    def _renew(self) -> None:
        try:
            self._state = self._store.state()
        except Outage as problem:
            if self._state.watermark < 0:
                raise Refusal("unavailable", what="map") from problem
        finally:
            self._asked = time.monotonic()
