"""What registries answered (`registry_results`), and questions that got no answer yet (`registry_waits`)."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from pymongo.database import Database

from services.chassis import paging
from services.chassis.calls import Reader
from services.chassis.unit import Unit

RESULTS: Final = "registry_results"
WAITS: Final = "registry_waits"
# an outage of hours must not write a row for each question every two seconds
_NOTED_EVERY: Final = timedelta(minutes=1)
Document = dict[str, Any]


def registry_answers(database: "Database[Document]") -> None:
    """Indexes of the answers by whom they are about, and of checks that grow old."""
    database[RESULTS].create_index([("ref", 1), ("checked_at", -1), ("_id", -1)], name="of")
    known = set(database.list_collection_names())
    if WAITS not in known:
        database.create_collection(WAITS)
    for name in ("persons", "bodies"):
        database[name].create_index(
            [("status", 1), ("checked_at", 1)],
            name="checked",
            partialFilterExpression={"status": "verified"},
        )


def keep(unit: Unit, kind: str, ref: str, answer: Mapping[str, Any]) -> None:
    """Keep an answer. answer: passed, reason, source, checked_at, purpose. Nothing waits any more."""
    unit.insert(RESULTS, {"_id": unit.new_id(), "kind": kind, "ref": ref, **answer})
    if unit.get(WAITS, ref) is not None:
        unit.delete(WAITS, ref)


def read_ahead(unit: Unit, refs: Iterable[str]) -> None:
    """Read in one query what waits for these."""
    unit.look_at_all(WAITS, refs)


def note_silence(unit: Unit, kind: str, ref: str, system: str, reason: str) -> None:
    """Keep that a question got no usable answer: since when, and why the last time."""
    doc = unit.get(WAITS, ref)
    told = {"last_at": unit.now, "system": system, "reason": reason}
    if doc is None:
        unit.insert(WAITS, {"_id": ref, "kind": kind, "since": unit.now, **told})
    elif unit.now - doc["last_at"] >= _NOTED_EVERY:
        unit.save(WAITS, {**doc, **told})


def waits_of(reader: Reader, refs: Iterable[str]) -> dict[str, Document]:
    """Return the questions about these that got no answer, by reference."""
    return reader.get_all(WAITS, refs)


def latest(reader: Reader, ref: str) -> Document | None:
    """Return the latest answer about somebody, or None."""
    found = reader.find(RESULTS, {"ref": ref}, [("checked_at", -1), ("_id", -1)], 1)
    return found[0] if found else None


def page(reader: Reader, ref: str, asked: Mapping[str, Any]) -> tuple[list[Document], str | None]:
    """Return a page of the answers about somebody, and the next cursor."""
    return paging.newest_first(reader, RESULTS, {"ref": ref}, "checked_at", asked)


def grown_old(reader: Reader, collection: str, before: datetime, limit: int) -> list[str]:
    """Return whom the registries confirmed before a moment, longest ago first."""
    asked = {"status": "verified", "checked_at": {"$lt": before}}
    return [doc["_id"] for doc in reader.find(collection, asked, [("checked_at", 1)], limit)]
