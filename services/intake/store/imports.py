"""Spreadsheets of demands in MongoDB: `imports`, and their rows in `import_parts`, sealed."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, Final

from pymongo.database import Database

from services.chassis import paging
from services.chassis.calls import Reader
from services.chassis.unit import Unit
from services.intake.domain.imports import NOTHING, Counts, Import
from services.intake.store import kept
from services.intake.store.bodies import CODES
from services.intake.store.persons import NUMBERS
from services.intake.store.vault import BODIES, IMPORTS, PERSONS, Vault, destroy_key

PARTS: Final = "import_parts"
# what one unit of work posts: its transaction must not keep the calls of others waiting
PART_ROWS: Final = 50
_COUNTS: Final = tuple(field.name for field in fields(Counts))
_OWN: Final = tuple(field.name for field in fields(Import) if field.name not in ("id", "counts"))
Row = dict[str, Any]


@dataclass(frozen=True)
class Part:
    """Rows that are posted together. next: the first that was not dealt with; last_row: in the sheet.

    sealed: all rows, None when each was dealt with; sealed_wrong: those that are wrong, with their errors.
    """

    id: str
    import_id: str
    rows: int
    last_row: int
    sealed: bytes | None
    sealed_wrong: bytes | None = None
    next: int = 0
    counts: Counts = NOTHING

    @property
    def waiting(self) -> bool:
        """Whether rows of it are still to be posted."""
        return self.sealed is not None


def demand_imports(database: "Database[dict[str, Any]]") -> None:
    """Indexes of the posting, of the rows given back, and of the lists."""
    parts = database[PARTS]
    parts.create_index([("import_id", 1), ("last_row", 1)], name="import")
    parts.create_index(
        [("import_id", 1), ("_id", 1)], name="waiting", partialFilterExpression={"waiting": True}
    )
    database[IMPORTS].create_index([("owner_ref", 1), ("started_at", -1), ("_id", -1)], name="own")
    database[IMPORTS].create_index([("status", 1), ("started_at", 1)], name="status")


def load(source: Unit | Reader, id: str) -> Import | None:
    """Return an import, or None."""
    doc = source.get(IMPORTS, id)
    return read(doc) if doc else None


def version(source: Unit | Reader, id: str) -> int:
    """Return a stored import's version."""
    doc = source.get(IMPORTS, id)
    return int(doc["version"]) if doc else 0


def save(unit: Unit, it: Import) -> int:
    """Store an import; return its version."""
    doc = unit.get(IMPORTS, it.id)
    new = {"_id": it.id, **{name: getattr(it, name) for name in _OWN}, **_counts(it.counts)}
    new |= {"roles": list(it.roles), "missing": list(it.missing)}
    stored = unit.insert(IMPORTS, new) if doc is None else unit.save(IMPORTS, {**doc, **new})
    return int(stored["version"])


def insert_rows(unit: Unit, vault: Vault, it: Import, number: int, rows: list[Row]) -> None:
    """Store a chunk's rows, sealed, in parts."""
    for place in range(0, len(rows), PART_ROWS):
        some = rows[place : place + PART_ROWS]
        id = f"{it.id}:{number:04d}:{place // PART_ROWS:02d}:{unit.new_id()[:8]}"
        part = Part(id, it.id, len(some), some[-1]["row"], seal(vault, it.key_id, some))
        unit.insert(PARTS, _write_part(part))


def load_part(unit: Unit, id: str) -> Part | None:
    """Return a part, or None."""
    doc = unit.get(PARTS, id)
    return _read_part(doc) if doc else None


def save_part(unit: Unit, part: Part) -> None:
    """Store a part that was dealt with, whole or to some row."""
    doc = unit.get(PARTS, part.id)
    if doc is not None:
        unit.save(PARTS, {**doc, **_write_part(part)})


def seal(vault: Vault, key_id: bytes, rows: list[Row]) -> bytes:
    """Return rows encrypted under an import's key."""
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    return vault.seal(key_id, {"rows": text})["rows"]


def opened(vault: Vault, sealed: bytes | None) -> list[Row]:
    """Return rows in clear. Raises Forgotten when the key is gone."""
    if sealed is None:
        return []
    rows: list[Row] = json.loads(vault.open({"rows": sealed}, "rows")["rows"])
    return rows


def in_status(reader: Reader, status: str) -> list[Import]:
    """Return the imports in a status, oldest first."""
    return [read(doc) for doc in reader.find(IMPORTS, {"status": status}, [("started_at", 1)])]


def waiting(reader: Reader, ids: Iterable[str], limit: int) -> list[Part]:
    """Return parts of these imports that are to be posted, in the order of their rows."""
    asked = {"import_id": {"$in": list(ids)}, "waiting": True}
    return [_read_part(doc) for doc in reader.find(PARTS, asked, [("_id", 1)], limit)]


def with_wrong(reader: Reader, id: str, after: int, limit: int) -> list[Part]:
    """Return parts with wrong rows beyond a row of the sheet, in its order."""
    asked = {"import_id": id, "wrong": {"$gt": 0}, "last_row": {"$gt": after}}
    return [_read_part(doc) for doc in reader.find(PARTS, asked, [("last_row", 1)], limit)]


def counted(reader: Reader, id: str) -> Counts:
    """Return what was dealt with of an import that has not ended."""
    sums = {name: {"$sum": f"${name}"} for name in _COUNTS}
    found = reader.database[PARTS].aggregate([{"$match": {"import_id": id}}, {"$group": {"_id": 0, **sums}}])
    row = next(iter(found), {})
    return Counts(**{name: int(row.get(name, 0)) for name in _COUNTS})


def counted_by(unit: Unit, id: str) -> Counts:
    """Return the same inside a unit, so that no part is posted meanwhile."""
    docs = unit.find(PARTS, {"import_id": id})
    return Counts(**{name: sum(doc[name] for doc in docs) for name in _COUNTS})


def kept_until(reader: Reader, now: datetime) -> list[Import]:
    """Return the imports that may have rows to let go."""
    asked = {"$or": [{"status": "receiving"}, {"wrong_until": {"$lte": now}}]}
    return [read(doc) for doc in reader.find(IMPORTS, asked)]


def save_change(unit: Unit, before: Import, after: Import) -> int:
    """Store an import; the rows that it keeps no more go, and their key when none is left."""
    if after == before:
        return version(unit, after.id)
    gone: dict[str, Any] = {"import_id": after.id}
    if after.key_id:
        gone["wrong"] = 0
    elif before.key_id:
        destroy_key(unit, before.key_id)
    if after.ended:
        for doc in unit.find(PARTS, gone):
            unit.delete(PARTS, doc["_id"])
    return save(unit, after)


def own_page(reader: Reader, owner: str, asked: Mapping[str, Any]) -> tuple[list[Import], str | None]:
    """Return a page of a body's imports, and the next cursor."""
    filter = {"owner_ref": owner} | ({"status": asked["status"]} if asked["status"] else {})
    docs, next = paging.newest_first(reader, IMPORTS, filter, "started_at", asked)
    return [read(doc) for doc in docs], next


def read(doc: Mapping[str, Any]) -> Import:
    """Return the import of a document."""
    values = {name: doc[name] for name in _OWN}
    values |= {"roles": tuple(doc["roles"]), "missing": tuple(doc["missing"])}
    return Import(id=doc["_id"], counts=_read_counts(doc), **values)


def _counts(counts: Counts) -> dict[str, int]:
    return {name: getattr(counts, name) for name in _COUNTS}


def _read_counts(doc: Mapping[str, Any]) -> Counts:
    return Counts(**{name: doc[name] for name in _COUNTS})


def _write_part(part: Part) -> dict[str, Any]:
    return {
        "_id": part.id,
        "import_id": part.import_id,
        "rows": part.rows,
        "last_row": part.last_row,
        "waiting": part.waiting,
        "sealed": part.sealed,
        "sealed_wrong": part.sealed_wrong,
        "next": part.next,
        **_counts(part.counts),
    }


def _read_part(doc: Mapping[str, Any]) -> Part:
    names = ("import_id", "rows", "last_row", "sealed", "sealed_wrong", "next")
    return Part(id=doc["_id"], counts=_read_counts(doc), **{name: doc[name] for name in names})


def dealt_with(part: Part, next: int, counts: Counts, sealed_wrong: bytes | None) -> Part:
    """Return the part after its rows up to `next`; what is sealed goes with the last."""
    sealed = None if next == part.rows else part.sealed
    return replace(part, next=next, counts=counts, sealed=sealed, sealed_wrong=sealed_wrong)


def people_of(unit: Unit, number_hashes: Iterable[str]) -> dict[str, str]:
    """Return who has these citizen numbers, by hash; each person is read ahead too."""
    hashes = list(number_hashes)
    unit.look_at_all(kept.NUMBERS, hashes)
    rows = unit.look_at_all(NUMBERS, hashes)
    refs = {hash: str(row["person_ref"]) for hash, row in rows.items()}
    unit.look_at_all(PERSONS, refs.values())
    return refs


def firms_of(unit: Unit, credit_codes: Iterable[str]) -> None:
    """Read ahead the firms that have these codes."""
    rows = unit.look_at_all(CODES, [f"enterprise:{code}" for code in credit_codes])
    unit.look_at_all(BODIES, [row["body_ref"] for row in rows.values()])
