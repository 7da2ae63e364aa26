"""Mandates in MongoDB: `mandates`, one document for an agency and a principal."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date
from typing import Any, Final

from contracts.vocabularies import regions
from services.chassis import paging
from services.chassis.calls import Reader
from services.chassis.unit import Unit
from services.intake.domain.facts import Fact
from services.intake.domain.mandates import Mandate
from services.intake.store.events import pairs

MANDATES: Final = "mandates"
_FIELDS: Final = tuple(field.name for field in fields(Mandate) if field.name != "id")
_DAYS: Final = ("valid_from", "valid_until")


def load(source: Unit | Reader, id: str) -> Mandate | None:
    """Return a mandate, or None."""
    doc = source.get(MANDATES, id)
    return _read(doc) if doc else None


def target(unit: Unit, id: str) -> Mandate:
    """Return the mandate that a command is about. Raises Refusal `not_found` or `stale_version`."""
    return _read(unit.target(MANDATES, id))


def save(unit: Unit, mandate: Mandate, facts: list[Fact]) -> dict[str, Any]:
    """Store a mandate; return it as the contract has it."""
    doc, new = unit.get(MANDATES, mandate.id), {"_id": mandate.id, **_write(mandate)}
    events = pairs(facts)
    stored = (
        unit.insert(MANDATES, new, events) if doc is None else unit.save(MANDATES, {**doc, **new}, events)
    )
    return _shown(stored)


def over(reader: Reader, today: date, limit: int) -> list[str]:
    """Return ids of mandates whose term is over though nobody said so."""
    query = {"status": "recorded", "valid_until": {"$lt": today.isoformat()}}
    return [doc["_id"] for doc in reader.find(MANDATES, query, [("valid_until", 1)], limit)]


def given_by(unit: Unit, principal_ref: str) -> list[Mandate]:
    """Return the mandates that a person or firm gave and that were not ended."""
    query = {"principal_ref": principal_ref, "status": "recorded"}
    return [_read(doc) for doc in unit.find(MANDATES, query, [("_id", 1)])]


def with_ids(unit: Unit, ids: Iterable[str]) -> list[Mandate]:
    """Return the mandates with these ids, those that exist."""
    return [_read(doc) for doc in unit.find(MANDATES, {"_id": {"$in": list(ids)}}, [("_id", 1)])]


def own_page(
    reader: Reader, refs: list[str], asked: Mapping[str, Any]
) -> tuple[list[dict[str, Any]], str | None]:
    """Return a page of what these persons or bodies gave or hold, and the next cursor."""
    return _page(reader, {"$or": [{name: {"$in": refs}} for name in ("principal_ref", "agency_ref")]}, asked)


def region_page(
    reader: Reader, region: str | None, asked: Mapping[str, Any]
) -> tuple[list[dict[str, Any]], str | None]:
    """Return a page of the mandates of a region's people and firms (None: all), and the next cursor."""
    if region is None:
        return _page(reader, {}, asked)
    return _page(
        reader, {"region": {"$in": [code for code in regions.CODES if regions.covers(region, code)]}}, asked
    )


def _page(
    reader: Reader, filter: dict[str, Any], asked: Mapping[str, Any]
) -> tuple[list[dict[str, Any]], str | None]:
    if asked["status"] is not None:
        filter["status"] = asked["status"]
    docs, next = paging.newest_first(reader, MANDATES, filter, "recorded_at", asked)
    return [_shown(doc) for doc in docs], next


def _shown(doc: Mapping[str, Any]) -> dict[str, Any]:
    mandate = _read(doc)
    values = {name: getattr(mandate, name) for name in _FIELDS if name != "past"}
    return {"id": mandate.id, "version": doc["version"], **values}


def _write(mandate: Mandate) -> dict[str, Any]:
    doc = {name: getattr(mandate, name) for name in _FIELDS}
    past = [{**each, **{name: str(each[name]) for name in _DAYS}} for each in mandate.past]
    return {**doc, **{name: doc[name].isoformat() for name in _DAYS}, "past": past}


def _read(doc: Mapping[str, Any]) -> Mandate:
    values = {name: doc[name] for name in _FIELDS}
    values |= {name: date.fromisoformat(doc[name]) for name in _DAYS}
    return Mandate(id=doc["_id"], **{**values, "past": tuple(doc["past"])})
