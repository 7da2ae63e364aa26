"""The unit of work: what one command or one event reads and writes inside a group-committed transaction.

A unit stages its writes; they reach the group only when its handler ends well, so a refusal writes nothing.
A group keeps what its units have read and written, so that a later unit sees an earlier one's work, and sends
the writes in one bulk a collection just before the commit (or before a query that needs them).
"""

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from pymongo import DeleteOne, InsertOne, ReplaceOne
from pymongo.client_session import ClientSession
from pymongo.database import Database

from contracts.registry import Event
from contracts.vocabularies.errors import Refusal
from services.chassis.actor import Actor
from services.chassis.events import event_row
from services.chassis.mongo import Document

T = TypeVar("T")
Key = tuple[str, str]
EventPairs = Iterable[tuple[Event, Mapping[str, Any]]]
OUTBOX = "outbox"


class Duplicate(Exception):
    """A document with this id exists; the reader of the row did not see it, so the unit runs again."""


class FlushedThenRefused(Exception):
    """A unit was refused after its writes had been sent for a query: the group is undone and runs again."""


class CannotUndo(Exception):
    """A part of a unit was refused after its writes had been sent for a query: run it in a unit alone."""


def copied(value: T) -> T:
    """Return a deep copy of a document's plain values."""
    copy: Any = value
    if isinstance(value, dict):
        copy = {key: copied(item) for key, item in value.items()}
    elif isinstance(value, list):
        copy = [copied(item) for item in value]
    result: T = copy
    return result


class Group:
    """Several units in one transaction."""

    def __init__(self, database: "Database[Document]", session: ClientSession, now: datetime) -> None:
        self.database = database
        self.session = session
        self.now = now
        self._seen: dict[Key, Document | None] = {}
        self._stored: dict[Key, bool] = {}
        self._dirty: dict[Key, None] = {}

    def prefetch(self, keys: Iterable[Key]) -> None:
        """Read the documents of these keys in one query a collection."""
        wanted: dict[str, list[str]] = {}
        for collection, id in keys:
            if (collection, id) not in self._seen:
                wanted.setdefault(collection, []).append(id)
        for collection, ids in wanted.items():
            found = {doc["_id"]: doc for doc in self._query(collection, {"_id": {"$in": ids}}, None, 0)}
            for id in ids:
                self._remember((collection, id), found.get(id))

    def read(self, collection: str, id: str) -> Document | None:
        """Return the document as the group sees it (not a copy)."""
        key = (collection, id)
        if key not in self._seen:
            self._remember(key, self.database[collection].find_one({"_id": id}, session=self.session))
        return self._seen[key]

    def find(
        self, collection: str, filter: Mapping[str, Any], sort: Sequence[tuple[str, int]] | None, limit: int
    ) -> list[Document]:
        """Query, seeing the group's own writes."""
        self.flush(collection)
        found = self._query(collection, filter, sort, limit)
        for doc in found:
            self._remember((collection, doc["_id"]), doc)
        return found

    def accept(self, staged: Mapping[Key, Document | None]) -> None:
        """Take over a unit's writes."""
        for key, doc in staged.items():
            self._stored.setdefault(key, False)
            self._seen[key] = doc
            self._dirty[key] = None

    def flush(self, collection: str | None = None) -> None:
        """Send the writes of one collection, or of all."""
        bulks: dict[str, list[Any]] = {}
        for key in [key for key in self._dirty if collection in (None, key[0])]:
            del self._dirty[key]
            operation = self._operation(key)
            if operation is not None:
                bulks.setdefault(key[0], []).append(operation)
        for name, operations in bulks.items():
            self.database[name].bulk_write(operations, ordered=True, session=self.session)

    def _operation(self, key: Key) -> Any:
        doc, stored = self._seen[key], self._stored[key]
        self._stored[key] = doc is not None
        if doc is None:
            return DeleteOne({"_id": key[1]}) if stored else None
        return ReplaceOne({"_id": key[1]}, doc) if stored else InsertOne(doc)

    def _query(
        self, collection: str, filter: Mapping[str, Any], sort: Sequence[tuple[str, int]] | None, limit: int
    ) -> list[Document]:
        cursor = self.database[collection].find(filter, session=self.session, limit=limit)
        return list(cursor.sort(list(sort)) if sort else cursor)

    def _remember(self, key: Key, doc: Document | None) -> None:
        if key not in self._dirty:
            self._seen[key] = doc
            self._stored[key] = doc is not None


class Unit:
    """What a handler works with. Nothing it writes is visible to others before the group's commit."""

    def __init__(
        self,
        group: Group,
        actor: Actor,
        expected_version: int | None = None,
        correlation: str = "none",
        traceparent: str = "",
    ) -> None:
        self.actor = actor
        self.now = group.now
        self.correlation = correlation
        self.traceparent = traceparent
        self._expected = expected_version
        self._group = group
        self._staged: dict[Key, Document | None] = {}
        self._minted: set[str] = set()
        self.flushed = False
        self._sent = 0

    def new_id(self) -> str:
        """Return a new opaque id. Reading it, or a row that its id names (`id:…`), asks no database."""
        id = uuid.uuid4().hex
        self._minted.add(id)
        return id

    def get(self, collection: str, id: str) -> Document | None:
        """Return a copy of a document, or None."""
        key = (collection, id)
        if key in self._staged:
            doc = self._staged[key]
        elif not self.flushed and not self._minted.isdisjoint(str(id).split(":")):
            doc = None
        else:
            doc = self._group.read(collection, id)
        return None if doc is None else copied(doc)

    def get_all(self, collection: str, ids: Iterable[str]) -> dict[str, Document]:
        """Return copies of the documents that exist among these ids, by id; one query for all not yet read.

        Reading or inserting any of them afterwards asks the database no more.
        """
        wanted = list(dict.fromkeys(ids))
        self._group.prefetch((collection, id) for id in wanted if (collection, id) not in self._staged)
        found = ((id, self.get(collection, id)) for id in wanted)
        return {id: doc for id, doc in found if doc is not None}

    def look_at_all(self, collection: str, ids: Iterable[str]) -> dict[str, Document]:
        """As get_all, without copying: what is returned is the group's own and must not be changed."""
        wanted = list(dict.fromkeys(ids))
        self._group.prefetch((collection, id) for id in wanted)
        found = (
            (id, self._staged.get((collection, id)) or self._group.read(collection, id)) for id in wanted
        )
        return {id: doc for id, doc in found if doc is not None}

    def target(self, collection: str, id: str) -> Document:
        """Return the document a command is about.

        Raises Refusal `not_found`, or `stale_version` when the caller worked from another version.
        """
        doc = self.get(collection, id)
        if doc is None:
            raise Refusal("not_found", what=f"{collection}/{id}")
        if self._expected is not None and self._expected != doc["version"]:
            raise Refusal("stale_version", current=doc["version"], expected=self._expected)
        return doc

    def find(
        self,
        collection: str,
        filter: Mapping[str, Any],
        sort: Sequence[tuple[str, int]] | None = None,
        limit: int = 0,
    ) -> list[Document]:
        """Return copies of the documents a query finds, this unit's own writes included."""
        if any(key[0] == collection for key in self._staged):
            self._hand_over()
            self.flushed = True
            self._sent += 1
        return [copied(doc) for doc in self._group.find(collection, filter, sort, limit)]

    def insert(self, collection: str, doc: Document, events: EventPairs = ()) -> Document:
        """Stage a new document (version 1) and its events. Raises Duplicate when the group knows its id."""
        key = (collection, doc["_id"])
        known = self._staged[key] if key in self._staged else self._group._seen.get(key)
        if known is not None:
            raise Duplicate(f"{collection}/{doc['_id']}")
        return self._stage(key, {**doc, "version": 1, "seq": 0}, events)

    def save(self, collection: str, doc: Document, events: EventPairs = ()) -> Document:
        """Stage the new state of a document that was read (version + 1) and its events."""
        return self._stage((collection, doc["_id"]), {**doc, "version": doc["version"] + 1}, events)

    def delete(self, collection: str, id: str) -> None:
        """Stage a deletion."""
        self.get(collection, id)
        self._staged[(collection, id)] = None

    def attempt(self, run: Callable[[], T]) -> T:
        """Run a part of the handler that may be refused by itself: then nothing of that part is written.

        Raises what `run` raises; CannotUndo when a query of it has sent its writes already.
        """
        before, sent = dict(self._staged), self._sent
        try:
            return run()
        except Refusal as refusal:
            if self._sent != sent:
                raise CannotUndo from refusal
            self._staged = before
            raise

    def finish(self) -> None:
        """Hand the staged writes to the group."""
        self._hand_over()

    def _stage(self, key: Key, doc: Document, events: EventPairs) -> Document:
        for event, data in events:
            doc["seq"] += 1
            row = event_row(event, data, doc, self)
            self._staged[(OUTBOX, row["_id"])] = row
        self._staged[key] = doc
        return copied(doc)

    def _hand_over(self) -> None:
        self._group.accept(self._staged)
        self._staged = {}
