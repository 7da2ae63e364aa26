"""Estimates, their results and outputs, and the populations that officers sent."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from bson import Binary
from pymongo.database import Database

from contracts.events import settlement_estimates as told
from contracts.registry import Event
from contracts.vocabularies.errors import Refusal
from services.chassis.clock import real_now
from services.chassis.unit import Unit
from services.settlement.domain.estimates import OPEN, Estimate
from services.settlement.store.documents import Document, Source, content, plain, renewed

ESTIMATES: Final = "estimates"
RESULTS: Final = "estimate_results"
OUTPUTS: Final = "estimate_outputs"
POPULATIONS: Final = "populations"
PARTS: Final = "population_parts"
_SWEPT: Final = 100


def estimate_indexes(database: "Database[dict[str, Any]]") -> None:
    """Create the collections of estimates and their indexes."""
    known = set(database.list_collection_names())
    for name in (ESTIMATES, RESULTS, OUTPUTS, POPULATIONS, PARTS):
        if name not in known:
            database.create_collection(name)
    database[ESTIMATES].create_index([("status", 1), ("requested_at", 1)])
    database[ESTIMATES].create_index([("region", 1), ("requested_at", -1)])
    database[POPULATIONS].create_index([("region", 1), ("added_at", -1)])
    database[PARTS].create_index([("population_id", 1), ("number", 1)], unique=True)
    database[PARTS].create_index("at")


def target(unit: Unit, id: str) -> Estimate:
    """Return the estimate that a command is about. Raises Refusal `not_found` or `stale_version`."""
    return estimate_of(unit.target(ESTIMATES, id))


def load(source: Source, id: str) -> Estimate | None:
    """Return an estimate or None."""
    doc = source.get(ESTIMATES, id)
    return estimate_of(doc) if doc else None


def save(unit: Unit, estimate: Estimate) -> Document:
    """Write an estimate, tell what became of it, and return its document."""
    known = unit.get(ESTIMATES, estimate.id)
    doc = renewed(known, plain(estimate))
    if known is None:
        return unit.insert(ESTIMATES, doc, _told(estimate))
    return unit.save(ESTIMATES, doc, _told(estimate) if known["status"] != estimate.status else [])


def estimate_of(doc: Document) -> Estimate:
    """Return the estimate in a document."""
    fields = content(doc)
    lists = {name: tuple(fields[name]) for name in ("changes", "rules", "problems")}
    return Estimate(**{**fields, **lists})


def open_ones(source: Source, region: str | None = None) -> list[Estimate]:
    """Return the estimates that wait or run, of all or of one region, the first asked for first."""
    filter: Document = {"status": {"$in": list(OPEN)}} | ({"region": region} if region else {})
    return [estimate_of(doc) for doc in source.find(ESTIMATES, filter, [("requested_at", 1), ("_id", 1)])]


def _told(estimate: Estimate) -> list[tuple[Event, dict[str, Any]]]:
    if estimate.status == "waiting":
        names = ("name", "region", "year", "edition", "population_id")
        return [(told.ESTIMATE_REQUESTED, {name: getattr(estimate, name) for name in names})]
    if estimate.status == "done" and estimate.baseline and estimate.scenario:
        sums = {
            "baseline_fen": estimate.baseline["total_fen"],
            "scenario_fen": estimate.scenario["total_fen"],
        }
        return [(told.ESTIMATE_DONE, {"rows": estimate.rows, **sums})]
    if estimate.status == "failed":
        return [(told.ESTIMATE_FAILED, {"problems": len(estimate.problems)})]
    if estimate.status == "cancelled":
        return [(told.ESTIMATE_CANCELLED, {"reason": estimate.reason})]
    return []


def put_outcome(unit: Unit, id: str, cells: Sequence[Document], outputs: dict[str, bytes]) -> None:
    """Write what came out of an estimate."""
    unit.insert(RESULTS, {"_id": id, "cells": list(cells)})
    for format, raw in outputs.items():
        unit.insert(OUTPUTS, {"_id": f"{id}:{format}", "data": Binary(raw)})


def cells(source: Source, id: str) -> list[Document]:
    """Return the cells of a finished estimate."""
    doc = source.get(RESULTS, id)
    return list(doc["cells"]) if doc else []


def output(source: Source, id: str, format: str) -> bytes | None:
    """Return one output of a finished estimate."""
    doc = source.get(OUTPUTS, f"{id}:{format}")
    return bytes(doc["data"]) if doc else None


def put_part(unit: Unit, owner: str, upload_id: str, number: int, raw: bytes) -> None:
    """Write one part of a population; the same again changes nothing. owner: the account that sends it.

    Raises Refusal `settlement.population_incomplete` for another content or another's upload.
    """
    id = f"{upload_id}:{number:04d}"
    known = unit.get(PARTS, id)
    if known is None:
        unit.insert(
            PARTS,
            {
                "_id": id,
                "population_id": upload_id,
                "number": number,
                "owner": owner,
                "data": Binary(raw),
                "at": real_now(),
            },
        )
    elif bytes(known["data"]) != raw or known["owner"] != owner:
        raise Refusal("settlement.population_incomplete", field="content")


def parts(database: "Database[dict[str, Any]]", id: str, owner: str | None = None) -> Iterator[bytes]:
    """Return the bytes of a population, part by part; owner: only what that account sent."""
    filter = {"population_id": id} | ({"owner": owner} if owner else {})
    for row in database[PARTS].find(filter).sort("number", 1):
        yield bytes(row["data"])


def put_population(unit: Unit, id: str, row: Document) -> Document:
    """Write the row of a whole population."""
    about = {name: row[name] for name in ("region", "sha256", "size")}
    return unit.insert(POPULATIONS, {"_id": id, **row}, [(told.POPULATION_ADDED, about)])


def population(source: Source, id: str) -> Document | None:
    """Return a population's row or None."""
    doc = source.get(POPULATIONS, id)
    return content(doc) if doc else None


def populations_of(source: Source, region: str) -> int:
    """Return how many populations a region has."""
    return len(source.find(POPULATIONS, {"region": region}))


def sweep(database: "Database[dict[str, Any]]", abandoned: datetime, old: datetime) -> None:
    """Delete populations from before `old`, and parts from before `abandoned` that became none."""
    for row in database[POPULATIONS].find({"added_at": {"$lt": old}}, {"_id": 1}).limit(_SWEPT):
        database[PARTS].delete_many({"population_id": row["_id"]})
        database[POPULATIONS].delete_one({"_id": row["_id"]})
    for id in database[PARTS].distinct("population_id", {"at": {"$lt": abandoned}})[:_SWEPT]:
        if database[POPULATIONS].find_one({"_id": id}, {"_id": 1}) is None:
            database[PARTS].delete_many({"population_id": id})
