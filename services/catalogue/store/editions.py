"""Editions, the rows of their items, and the copies of bodies that directories are gathered from."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import date
from itertools import groupby
from typing import Any, Final

from pymongo.database import Database

from contracts.events import catalogue_editions  # noqa: F401  (newest() finds what is there)
from contracts.registry import newest
from contracts.vocabularies import regions
from services.catalogue.domain.bodies import Body
from services.catalogue.domain.editions import UNDER_WAY, Edition, Fact, Place, Row
from services.chassis import paging
from services.chassis.calls import Reader
from services.chassis.unit import Unit

EDITIONS: Final = "editions"
ROWS: Final = "edition_rows"
HEADS: Final = "edition_heads"
BODIES: Final = "bodies"
_EDITION: Final = tuple(each.name for each in fields(Edition) if each.name != "id")
_BODY: Final = tuple(each.name for each in fields(Body) if each.name != "id")


def edition_rows(database: "Database[dict[str, Any]]") -> None:
    """Collections and indexes of editions."""
    for name in (HEADS, BODIES):
        if name not in database.list_collection_names():
            database.create_collection(name)
    for field in ("kind", "status", "region"):
        database[EDITIONS].create_index([(field, 1), ("opened_at", -1), ("_id", -1)], name=field)
    database[ROWS].create_index([("catalogue", 1), ("key", 1), ("since", 1), ("until", 1)], name="key")
    database[ROWS].create_index([("catalogue", 1), ("since", 1), ("key", 1)], name="since")
    database[ROWS].create_index([("catalogue", 1), ("until", 1), ("key", 1)], name="until")


def load_edition(source: Unit | Reader, id: str) -> Edition | None:
    """Return an edition, or None."""
    doc = source.get(EDITIONS, id)
    return _edition(doc) if doc else None


def target_edition(unit: Unit, id: str) -> Edition:
    """Return the edition a command is about. Raises Refusal `not_found` or `stale_version`."""
    return _edition(unit.target(EDITIONS, id))


def save_edition(unit: Unit, edition: Edition, facts: Iterable[Fact] = ()) -> None:
    """Store an edition and its facts."""
    doc = unit.get(EDITIONS, edition.id)
    values = {name: getattr(edition, name) for name in _EDITION}
    day = edition.publish_on
    new = {
        **values, "_id": edition.id, "hands": list(edition.hands), "publish_on": day and day.isoformat(),
        "source": edition.source and {**edition.source, "day": edition.source["day"].isoformat()},
    }  # fmt: skip
    events = [(newest(type), data) for type, data in facts]
    if doc is None:
        unit.insert(EDITIONS, new, events)
    else:
        unit.save(EDITIONS, {**doc, **new}, events)


def head(unit: Unit, catalogue: str) -> dict[str, Any]:
    """Return a catalogue's row: its edition under way (`open`), the one in force (`current`), its number, and
    how many items it has.
    """
    return unit.get(HEADS, catalogue) or {"open": None, "current": None, "number": 0, "items": 0}


def save_head(unit: Unit, catalogue: str, **values: Any) -> None:
    """Change a catalogue's row: who opens an edition takes it, so that two cannot."""
    doc = unit.get(HEADS, catalogue)
    if doc is None:
        unit.insert(HEADS, {**head(unit, catalogue), **values, "_id": catalogue})
    else:
        unit.save(HEADS, {**doc, **values})


def places(unit: Unit, edition: Edition, keys: Iterable[str]) -> dict[str, Place]:
    """Return what a draft has of these items."""
    wanted = {"catalogue": edition.catalogue, "key": {"$in": list(keys)}}
    docs = unit.find(ROWS, {**wanted, "until": {"$gte": edition.number}}, [("key", 1), ("since", 1)])
    return dict(_places(docs, edition.number))


def every_place(source: Unit | Reader, edition: Edition) -> Iterator[tuple[str, Place]]:
    """Go through all that a draft has, in the order of the keys."""
    wanted = {"catalogue": edition.catalogue, "until": {"$gte": edition.number}}
    return _places(source.find(ROWS, wanted, [("key", 1), ("since", 1)]), edition.number)


def _places(docs: Iterable[Mapping[str, Any]], number: int) -> Iterator[tuple[str, Place]]:
    for key, group in groupby(docs, lambda doc: str(doc["key"])):
        rows = {doc["since"] == number: _row(doc) for doc in group}
        yield key, Place(rows.get(False), rows.get(True))


def save_places(
    unit: Unit, edition: Edition, before: Mapping[str, Place], after: Mapping[str, Place]
) -> None:
    """Store what has changed in a draft."""
    ids = [_row_id(edition, row) for place in (*before.values(), *after.values()) for row in _rows(place)]
    unit.get_all(ROWS, ids)
    for key, place in after.items():
        known = before.get(key, Place())
        if known.own and not place.own:
            unit.delete(ROWS, _row_id(edition, known.own))
        for row in _rows(place):
            _save_row(unit, edition, row)


def _save_row(unit: Unit, edition: Edition, row: Row) -> None:
    id = _row_id(edition, row)
    doc = unit.get(ROWS, id)
    values = {**vars(row), "values": dict(row.values), "catalogue": edition.catalogue}
    if doc is None:
        unit.insert(ROWS, {"_id": id, **values})
    else:
        unit.save(ROWS, {**doc, **values})


def touched(source: Unit | Reader, edition: Edition, most: int) -> list[str]:
    """Return keys of items that a draft has changed."""
    wanted = {"catalogue": edition.catalogue, "$or": [{"since": edition.number}, {"until": edition.number}]}
    return list(dict.fromkeys(doc["key"] for doc in source.find(ROWS, wanted, [("key", 1)], most)))


def page_of_items(reader: Reader, edition: Edition, asked: Mapping[str, Any]) -> tuple[list[Row], str | None]:
    """Return a page of an edition's items by their keys, and the next cursor."""
    wanted = {
        "catalogue": edition.catalogue,
        "key": {"$gt": asked["cursor"] or ""},
        "since": {"$lte": edition.number},
        "until": {"$gt": edition.number},
    }
    docs = reader.find(ROWS, wanted, [("key", 1)], asked["limit"] + 1)
    rows = [_row(doc) for doc in docs[: asked["limit"]]]
    return rows, rows[-1].key if len(docs) > len(rows) else None


def page_of_changes(
    reader: Reader, edition: Edition, asked: Mapping[str, Any]
) -> tuple[list[tuple[str, Place]], str | None]:
    """Return a page of what an edition changed, by key, and the next cursor."""
    number, most = edition.number, asked["limit"]
    wanted = {
        "catalogue": edition.catalogue,
        "key": {"$gt": asked["cursor"] or ""},
        "$or": [{"since": number}, {"until": number}],
    }
    docs = reader.find(ROWS, wanted, [("key", 1), ("since", 1)], 2 * most + 2)
    found = list(_places(docs, number))
    # an item has two rows at most; the last one's second may lie beyond what was read
    return found[:most], found[most - 1][0] if len(found) > most else None


def page_of_editions(
    reader: Reader, asked: Mapping[str, Any], within: str | None, officer: bool
) -> tuple[list[tuple[Edition, int]], str | None]:
    """Return a page of editions with their versions, newest first. within: the officer's region; others see
    what was published.
    """
    filter: dict[str, Any] = {name: asked[name] for name in ("kind", "region", "status") if asked[name]}
    if asked["current"]:
        filter["current"] = True
    conditions: list[dict[str, Any]] = [filter]
    if not officer:
        conditions.append({"status": "published"})
    elif within is not None:
        own = [code for code in regions.CODES if regions.covers(within, code)]
        conditions.append({"$or": [{"status": "published"}, {"region": {"$in": own}}]})
    docs, next = paging.newest_first(reader, EDITIONS, {"$and": conditions}, "opened_at", asked)
    return [(_edition(doc), doc["version"]) for doc in docs], next


def editions_in(reader: Reader, status: str, most: int) -> list[Edition]:
    """Return editions with a status that stand under way."""
    if status not in UNDER_WAY:
        raise ValueError(f"{status} is no status of an edition under way")
    return [_edition(doc) for doc in reader.find(EDITIONS, {"status": status}, [("opened_at", 1)], most)]


def discarded(reader: Reader, most: int) -> list[str]:
    """Return discarded editions whose catalogue is not free again yet."""
    under_way = [doc["open"] for doc in reader.find(HEADS, {"open": {"$ne": None}})]
    wanted = {"_id": {"$in": under_way}, "status": "discarded"}
    return [doc["_id"] for doc in reader.find(EDITIONS, wanted, [("_id", 1)], most)]


def load_body(source: Unit | Reader, id: str) -> Body | None:
    """Return the copy of a body, or None."""
    doc = source.get(BODIES, id)
    return _body(doc) if doc else None


def save_body(unit: Unit, body: Body) -> None:
    """Store the copy of a body."""
    doc = unit.get(BODIES, body.id)
    values = {"_id": body.id, **{n: getattr(body, n) for n in _BODY}, "occupations": list(body.occupations)}
    if doc is None:
        unit.insert(BODIES, values)
    else:
        unit.save(BODIES, {**doc, **values})


def bodies(reader: Reader, codes: Sequence[str]) -> Iterator[Body]:
    """Go through the bodies of these regions."""
    return map(_body, reader.database[BODIES].find({"region": {"$in": list(codes)}}).sort("_id", 1))


def _body(doc: Mapping[str, Any]) -> Body:
    values = {name: doc[name] for name in _BODY}
    return Body(id=doc["_id"], **{**values, "occupations": tuple(doc["occupations"])})


def _rows(place: Place) -> list[Row]:
    return [row for row in (place.base, place.own) if row is not None]


def _row_id(edition: Edition, row: Row) -> str:
    return f"{edition.catalogue}|{row.key}|{row.since}"


def _row(doc: Mapping[str, Any]) -> Row:
    return Row(**{name: doc[name] for name in ("key", "values", "since", "reason", "until", "left")})


def _edition(doc: Mapping[str, Any]) -> Edition:
    values = {name: doc[name] for name in _EDITION}
    values["hands"] = tuple(doc["hands"])
    values["publish_on"] = date.fromisoformat(doc["publish_on"]) if doc["publish_on"] else None
    source = doc["source"]
    values["source"] = source and {**source, "day": date.fromisoformat(source["day"])}
    return Edition(id=doc["_id"], **values)
