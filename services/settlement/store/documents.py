"""Between dataclasses and documents: days as ISO text (BSON has no days), tuples as lists, nothing else
changed.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, Protocol, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
Document = dict[str, Any]
BOOKKEEPING = ("version", "seq")


class Source(Protocol):
    """What a unit of work and a reader have in common."""

    def get(self, collection: str, id: str) -> Document | None:
        """Return a document or None."""

    def get_all(self, collection: str, ids: Iterable[str]) -> dict[str, Document]:
        """Return the documents that exist among these ids, by id."""

    def find(
        self, collection: str, filter: Mapping[str, Any], sort: Any = None, limit: int = 0
    ) -> list[Document]:
        """Return the documents a query finds."""


def plain(value: Any) -> Any:
    """Return a value as documents hold it: dataclasses become dicts, days text, tuples lists."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    return value


def restored(kind: type[T], doc: Mapping[str, Any]) -> T:
    """Return the dataclass that plain() made a document of; what it no longer has is left out."""
    shape: Any = kind
    made: T = _reader(shape)(doc)
    return made


def day(text: str | None) -> date | None:
    """Return a day that plain() made text of."""
    return None if text is None else date.fromisoformat(text)


def content(doc: Mapping[str, Any]) -> Document:
    """Return a document's own fields, its `_id` named `id`."""
    rest = {key: value for key, value in doc.items() if key not in (*BOOKKEEPING, "_id")}
    return {"id": doc["_id"], **rest}


def renewed(doc: Mapping[str, Any] | None, new: Mapping[str, Any]) -> Document:
    """Return a document with new fields and the bookkeeping of the one that was read."""
    kept = {key: doc[key] for key in ("_id", *BOOKKEEPING)} if doc is not None else {}
    fresh = {key: value for key, value in new.items() if key != "id"}
    return {"_id": new.get("id", kept.get("_id")), **fresh, **kept}


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    """Return what reads a value of a type back from its plain form."""
    if kind is date:
        return date.fromisoformat
    if isinstance(kind, type) and is_dataclass(kind):
        return _dataclass_reader(kind)
    origin, inner = get_origin(kind), get_args(kind)
    if origin is tuple and len(inner) == 2 and inner[1] is ...:
        each = _reader(inner[0])
        return lambda value: tuple([each(item) for item in value])
    if origin in (Union, UnionType) and NoneType in inner:
        some = _reader(next(each for each in inner if each is not NoneType))
        return lambda value: None if value is None else some(value)
    return lambda value: value


def _dataclass_reader(kind: Any) -> Callable[[Any], Any]:
    hints = get_type_hints(kind)
    readers = {field.name: _reader(hints[field.name]) for field in fields(kind)}
    return lambda doc: kind(**{name: read(doc[name]) for name, read in readers.items() if name in doc})
