"""Between the domain's dataclasses and documents, by their type hints: days as ISO text, tuples as arrays."""

from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import cache
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
Document = dict[str, Any]


def to_doc(value: Any) -> Document:
    """Return the document of an aggregate; its `id` is the document's."""
    doc: Document = _plain(value)
    doc["_id"] = doc.pop("id")
    return doc


def from_doc(kind: type[T], doc: Document) -> T:
    """Return the aggregate in a document; fields that an older document lacks take their defaults."""
    result: T = _read(kind, {**doc, "id": doc["_id"]})
    return result


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    return value


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _read(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if get_origin(kind) is tuple:
        inner = get_args(kind)[0]
        return tuple(_read(inner, each) for each in value)
    if get_origin(kind) in (Union, UnionType):
        return _read(next(each for each in get_args(kind) if each is not type(None)), value)
    if is_dataclass(kind):
        hints = _hints(kind)  # type: ignore[arg-type]
        known = [field.name for field in fields(kind) if field.name in value]
        return kind(**{name: _read(hints[name], value[name]) for name in known})  # type: ignore[operator]
    return date.fromisoformat(value) if kind is date else value
