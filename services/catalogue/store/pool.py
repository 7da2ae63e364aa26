"""Entries of the pools, the classes they are used in, their ratings and supports.

brands bases teachers materials cases   one collection a kind     uses      one an entry and class, by id
class_copies   classes as acceptance tells them                   ratings   one an entry and account, by id
supports       given to bases
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from pymongo.database import Database

from contracts.events import catalogue_pools as declared
from contracts.pool_entries import DETAILS
from contracts.registry import Event
from services.catalogue.domain.pool import ClassCopy, Entry, Fact, Lesson
from services.catalogue.store.narrowing import within
from services.chassis import paging
from services.chassis.calls import Reader
from services.chassis.events import schema
from services.chassis.unit import Unit

COLLECTIONS: Final = {
    "brand": "brands",
    "base": "bases",
    "teacher": "teachers",
    "material": "materials",
    "case": "cases",
}
CLASSES: Final = "class_copies"
USES: Final = "uses"
RATINGS: Final = "ratings"
SUPPORTS: Final = "supports"
EVENTS: Final = {each.type: each for each in vars(declared).values() if isinstance(each, Event)}
_OWN: Final = (
    "region",
    "proposed_by",
    "proposed_at",
    "owner_ref",
    "status",
    "decided_by",
    "decided_at",
    "batch",
    "reason",
    "marks",
    "raters",
    "uses",
)
_CLASS: Final = (
    "project_id",
    "provider_ref",
    "name",
    "region",
    "occupation",
    "level",
    "capacity",
    "state",
)


def pool_indexes(database: "Database[dict[str, Any]]") -> None:
    """Create the collections (a transaction cannot, when two try at once) and their indexes."""
    known = database.list_collection_names()
    wanted = {*COLLECTIONS.values(), CLASSES, USES, RATINGS, SUPPORTS}
    for name in sorted(wanted - set(known)):
        database.create_collection(name)
    for name in COLLECTIONS.values():
        database[name].create_index([("status", 1), ("proposed_at", -1), ("_id", -1)], name="status")
        database[name].create_index([("region", 1), ("proposed_at", -1), ("_id", -1)], name="region")
    for name in (USES, SUPPORTS):
        database[name].create_index([("entry_id", 1), ("at", -1), ("_id", -1)], name="entry")


def load_entry(source: Unit | Reader, kind: str, id: str) -> Entry | None:
    """Return an entry, or None."""
    doc = source.get(COLLECTIONS[kind], id)
    return read_entry(kind, doc) if doc else None


def target_entry(unit: Unit, kind: str, id: str) -> Entry:
    """Return the entry that a command is about. Raises Refusal `not_found` or `stale_version`."""
    return read_entry(kind, unit.target(COLLECTIONS[kind], id))


def save_entry(unit: Unit, entry: Entry, facts: list[Fact]) -> dict[str, Any]:
    """Store an entry with its facts, and return its document."""
    collection = COLLECTIONS[entry.kind]
    doc = unit.get(collection, entry.id)
    new = {"_id": entry.id, **{name: getattr(entry, name) for name in _OWN}}
    new["details"] = schema(DETAILS[entry.kind]).dump(entry.details)
    events = [(EVENTS[type], data) for type, data in facts]
    if doc is None:
        return unit.insert(collection, new, events)
    return unit.save(collection, {**doc, **new}, events)


def read_entry(kind: str, doc: Mapping[str, Any]) -> Entry:
    """Return the entry in a document."""
    details = schema(DETAILS[kind]).load(doc["details"])
    return Entry(id=doc["_id"], kind=kind, details=details, **{name: doc[name] for name in _OWN})


def entry_page(
    reader: Reader, kind: str, asked: Mapping[str, Any], region: str | None, statuses: Iterable[str]
) -> tuple[list[dict[str, Any]], str | None]:
    """Return a page of documents of a kind, newest first, and the next cursor. region: None: everywhere."""
    filter: dict[str, Any] = {"status": {"$in": list(statuses)}, **within(asked["region"] or region)}
    if asked["occupation"] is not None:
        one, many = "details.occupation", "details.occupations"
        filter["$or"] = [{one: asked["occupation"]}, {many: asked["occupation"]}]
    return paging.newest_first(reader, COLLECTIONS[kind], filter, "proposed_at", asked)


def published_by_city(reader: Reader) -> dict[str, int]:
    """Return how many brands are published, by the region that they are of."""
    pipeline = [{"$match": {"status": "published"}}, {"$group": {"_id": "$region", "brands": {"$sum": 1}}}]
    rows = reader.database[COLLECTIONS["brand"]].aggregate(pipeline)
    return {row["_id"]: row["brands"] for row in rows}


def save_class(unit: Unit, copy: ClassCopy) -> None:
    """Store the copy of a class."""
    doc = unit.get(CLASSES, copy.id)
    new = {"_id": copy.id, **{name: getattr(copy, name) for name in _CLASS}}
    new["lessons"] = [[lesson.starts, lesson.ends] for lesson in copy.lessons]
    if doc is None:
        unit.insert(CLASSES, new)
    else:
        unit.save(CLASSES, {**doc, **new})


def class_moved(unit: Unit, class_id: str, state: str) -> None:
    """Keep where a class stands, if it is known."""
    doc = unit.get(CLASSES, class_id)
    if doc is not None and doc["state"] != state:
        unit.save(CLASSES, {**doc, "state": state})


def load_class(unit: Unit, class_id: str) -> ClassCopy | None:
    """Return the copy of a class, or None."""
    doc = unit.get(CLASSES, class_id)
    return _read_class(doc) if doc else None


def classes_of(unit: Unit, entry_id: str) -> list[ClassCopy]:
    """Return the classes that an entry is linked to and that have not been stopped."""
    ids = [row["class_id"] for row in unit.find(USES, {"entry_id": entry_id})]
    found = [_read_class(doc) for doc in unit.get_all(CLASSES, ids).values()]
    return [each for each in found if each.state != "stopped"]


def _read_class(doc: Mapping[str, Any]) -> ClassCopy:
    lessons = tuple(Lesson(starts, ends) for starts, ends in doc["lessons"])
    return ClassCopy(id=doc["_id"], lessons=lessons, **{name: doc[name] for name in _CLASS})
