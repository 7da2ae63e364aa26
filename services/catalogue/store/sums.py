"""The rows of the live summary: changed in the unit that changes a demand, summed when somebody asks."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from pymongo.client_session import ClientSession
from pymongo.database import Database

from contracts.vocabularies import regions
from services.catalogue.domain.summary import COUNTS, GRAINS, Difference, Row, differences, grain_for
from services.chassis.calls import Reader
from services.chassis.unit import Unit

DEMANDS: Final = "demands"
_AT_ONCE: Final = 1000


def summary_rows(database: "Database[dict[str, Any]]") -> None:
    """Make the rows of demands that were there before them.

    Their month of posting was not kept: that of the day wanted stands for it.
    """
    month = {"$set": {"month": {"$substrBytes": ["$wanted_from", 0, 7]}}}
    database[DEMANDS].update_many({"month": {"$exists": False}}, [month])
    for grain in GRAINS:
        database[grain].delete_many({})
        for rows in _batches(reckoned(database, grain)):
            database[grain].insert_many([_document(row) | {"version": 1, "seq": 0} for row in rows])
    for grain in ("demand_sums", "demand_cells"):
        database[grain].create_index([("region", 1), ("occupation", 1)], name="region")
        database[grain].create_index([("occupation", 1), ("region", 1)], name="occupation")
    database["demand_months"].create_index([("region", 1), ("month", 1)], name="region")


def apply(unit: Unit, changes: Sequence[Row]) -> None:
    """Add what changed to the rows, in the unit of the demands themselves."""
    for grain in GRAINS:
        unit.get_all(grain, [row.id for row in changes if row.grain == grain])
    for row in changes:
        doc = unit.get(row.grain, row.id)
        if doc is None:
            unit.insert(row.grain, _document(row))
        else:
            unit.save(row.grain, doc | {name: doc[name] + by for name, by in row.counts.items()})


def _document(row: Row) -> dict[str, Any]:
    names = dict(zip(GRAINS[row.grain], row.key, strict=True))
    return {"_id": row.id, **names, **{name: row.counts.get(name, 0) for name in COUNTS}}


def total(
    reader: Reader, by: Sequence[str], where: Mapping[str, Any], region: str | None, counts: Sequence[str]
) -> list[dict[str, Any]]:
    """Return the rows summed by these fields, those without any of the counts left out.

    where: fields and what they must be (a value or a MongoDB condition); region: None for everywhere.
    """
    filter = {**where, **_inside(region)}
    whole = region is None or region in regions.PROVINCES
    pipeline: list[dict[str, Any]] = [
        {"$match": filter},
        {"$group": {"_id": {n: f"${n}" for n in by}, **{name: {"$sum": f"${name}"} for name in counts}}},
        {"$match": {"$or": [{name: {"$gt": 0}} for name in counts]}},
        {"$sort": {"_id": 1}},
    ]
    # most of the rows are wanted: reading all of them is quicker than through an index
    hint = {"hint": {"$natural": 1}} if whole and not where.get("occupation") else {}
    rows = reader.database[grain_for([*by, *where])].aggregate(pipeline, **hint)  # type: ignore[arg-type]
    return [{**row.pop("_id"), **row} for row in rows]


def _inside(region: str | None) -> dict[str, Any]:
    """A region's code begins with those above it: 370000, 370600, 370611."""
    if region is None:
        return {}
    return {"region": {"$gte": _stem(region), "$lte": _stem(region) + "~"}}


def _stem(region: str) -> str:
    if region in regions.PROVINCES:
        return region[:2]
    return region[:4] if region in regions.CITIES else region


def check(reader: Reader, region: str | None, most: int) -> dict[str, Any]:
    """Compare the rows of a region with its demands at one moment; name the first differences."""
    stem = _stem(region) if region else ""
    seen = different = 0
    found: list[Difference] = []

    def counted(rows: Iterator[Row]) -> Iterator[Row]:
        nonlocal seen
        for row in rows:
            seen += 1
            yield row

    with reader.database.client.start_session(snapshot=True) as session:
        for grain in GRAINS:
            rows = counted(kept(reader.database, grain, stem, session))
            for each in differences(rows, reckoned(reader.database, grain, stem, session)):
                different += 1
                found += [each] if len(found) < most else []
    return {"rows": seen, "different": different, "differences": found}


def kept(
    database: "Database[dict[str, Any]]", grain: str, stem: str = "", session: ClientSession | None = None
) -> Iterator[Row]:
    """Go through the rows as they are kept, by id, those that count something."""
    found = database[grain].find(_beginning("_id", stem), session=session, batch_size=_AT_ONCE).sort("_id", 1)
    yield from (row for row in map(_row(grain), found) if row.counts)


def reckoned(
    database: "Database[dict[str, Any]]", grain: str, stem: str = "", session: ClientSession | None = None
) -> Iterator[Row]:
    """Go through the rows as they follow from the demands, by id: what the rows kept must be equal to."""
    names = GRAINS[grain]
    pipeline: list[dict[str, Any]] = [
        {"$match": _beginning("region", stem)},
        {"$group": {"_id": _joined(names), **{name: {"$first": f"${name}"} for name in names}, **_sums()}},
        {"$sort": {"_id": 1}},
    ]
    found = database[DEMANDS].aggregate(pipeline, session=session, allowDiskUse=True, batchSize=_AT_ONCE)
    yield from map(_row(grain), found)


def _beginning(field: str, stem: str) -> dict[str, Any]:
    return {field: {"$gte": stem, "$lt": stem + "~"}} if stem else {}


def _joined(names: Sequence[str]) -> dict[str, Any]:
    parts = [part for name in names for part in ("|", f"${name}")]
    return {"$concat": parts[1:]}


def _sums() -> dict[str, Any]:
    """The counts by the database's own means, so that a mistake in one way of counting shows."""
    standing = {"$in": ["$status", ["verified", "listed"]]}
    free = {"$eq": ["$project_id", None]}
    tests: dict[str, Any] = {
        "posted": True,
        "open": {"$and": [standing, free]},
        "taken": {"$and": [standing, {"$not": [free]}]},
        "met": {"$eq": ["$status", "met"]},
        "gone": {"$in": ["$status", ["withdrawn", "lapsed"]]},
    }
    return {
        f"{state}{tail}": {"$sum": {"$cond": [test, value, 0]}}
        for state, test in tests.items()
        for tail, value in (("", 1), ("_heads", "$headcount"))
    }


def _row(grain: str) -> Any:
    def read(doc: Mapping[str, Any]) -> Row:
        counts = {name: doc[name] for name in COUNTS if doc[name]}
        return Row(grain, tuple(doc[name] for name in GRAINS[grain]), counts)

    return read


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(islice(rows, _AT_ONCE)):
        yield batch
