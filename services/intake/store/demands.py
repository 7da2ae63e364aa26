"""Demands in MongoDB: `demands`, and a row in `open_demands` for what one person may have open once."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date
from typing import Any, Final

from contracts.vocabularies import regions
from services.chassis import paging
from services.chassis.calls import Reader
from services.chassis.unit import Unit
from services.intake.domain.demands import Demand, Wish
from services.intake.domain.facts import Fact
from services.intake.store.events import pairs

DEMANDS: Final = "demands"
OPEN: Final = "open_demands"
_WISH: Final = tuple(field.name for field in fields(Wish))
_OWN: Final = tuple(field.name for field in fields(Demand) if field.name not in ("id", "wish"))


def load(source: Unit | Reader, id: str) -> Demand | None:
    """Return a demand, or None."""
    doc = source.get(DEMANDS, id)
    return read(doc) if doc else None


def target(unit: Unit, id: str) -> Demand:
    """Return the demand that a command is about. Raises Refusal `not_found` or `stale_version`."""
    return read(unit.target(DEMANDS, id))


def version(source: Unit | Reader, id: str) -> int:
    """Return a stored demand's version."""
    doc = source.get(DEMANDS, id)
    return int(doc["version"]) if doc else 0


def open_with_key(unit: Unit, demand: Demand) -> str | None:
    """Return the id of the open demand that has the same unique key, or None."""
    row = unit.get(OPEN, demand.unique_key) if demand.unique_key else None
    return str(row["demand_id"]) if row else None


def save(unit: Unit, demand: Demand, facts: list[Fact]) -> int:
    """Store a demand and take or give back its unique row; return its version."""
    doc = unit.get(DEMANDS, demand.id)
    if doc is None:
        stored = unit.insert(DEMANDS, _write(demand), pairs(facts))
    else:
        stored = unit.save(DEMANDS, {**doc, **_write(demand)}, pairs(facts))
    key = demand.unique_key
    row = unit.get(OPEN, key) if key else None
    if key and demand.open and row is None:
        unit.insert(OPEN, {"_id": key, "demand_id": demand.id})
    elif key and not demand.open and row is not None and row["demand_id"] == demand.id:
        unit.delete(OPEN, key)
    return int(stored["version"])


def save_change(unit: Unit, before: Demand, decision: tuple[Demand, list[Fact]]) -> None:
    """Store a decision on a demand when it changed something."""
    after, facts = decision
    if after != before:
        save(unit, after, facts)


def with_ids(unit: Unit, ids: Iterable[str]) -> list[Demand]:
    """Return the demands with these ids, those that exist."""
    return [read(doc) for doc in unit.find(DEMANDS, {"_id": {"$in": list(ids)}}, [("_id", 1)])]


def in_project(unit: Unit, project_id: str) -> list[Demand]:
    """Return the demands that a project took in."""
    return [read(doc) for doc in unit.find(DEMANDS, {"project_id": project_id}, [("_id", 1)])]


def of_poster(unit: Unit, ref: str, *states: str) -> list[Demand]:
    """Return a poster's demands in one of these states."""
    found = unit.find(DEMANDS, {"poster_ref": ref, "status": {"$in": list(states)}}, [("_id", 1)])
    return [read(doc) for doc in found]


def wanted_before(reader: Reader, day: date, limit: int) -> list[str]:
    """Return ids of demands that still wait though they were wanted before a day."""
    query = {"status": {"$in": ["submitted", "verified"]}, "wanted_from": {"$lt": day.isoformat()}}
    return [doc["_id"] for doc in reader.find(DEMANDS, query, [("wanted_from", 1)], limit)]


def own_page(
    reader: Reader, refs: list[str], asked: Mapping[str, Any]
) -> tuple[list[dict[str, Any]], str | None]:
    """Return a page of what these persons or bodies posted or entered, and the next cursor."""
    mine = {"$or": [{"poster_ref": {"$in": refs}}, {"posted_by_ref": {"$in": refs}}]}
    return _page(reader, {**mine, **_narrowed(asked)}, asked)


def region_page(
    reader: Reader, region: str | None, asked: Mapping[str, Any]
) -> tuple[list[dict[str, Any]], str | None]:
    """Return a page of the demands in a region (None: everywhere), and the next cursor."""
    return _page(reader, _narrowed({**asked, "region": region}), asked)


def _page(
    reader: Reader, filter: Mapping[str, Any], asked: Mapping[str, Any]
) -> tuple[list[dict[str, Any]], str | None]:
    docs, next = paging.newest_first(reader, DEMANDS, filter, "posted_at", asked)
    return [{**shown(read(doc)), "version": doc["version"]} for doc in docs], next


def _narrowed(asked: Mapping[str, Any]) -> dict[str, Any]:
    filter = {name: asked[name] for name in ("status", "occupation", "level") if asked[name] is not None}
    if asked["region"] is not None:
        filter["region"] = {"$in": [code for code in regions.CODES if regions.covers(asked["region"], code)]}
    return filter


def shown(demand: Demand) -> dict[str, Any]:
    """Return the demand's fields as the contract has them, without its version."""
    wish = {name: getattr(demand.wish, name) for name in _WISH}
    return {"id": demand.id, **wish, **{name: getattr(demand, name) for name in _OWN}}


def _write(demand: Demand) -> dict[str, Any]:
    doc = shown(demand)
    return {"_id": doc.pop("id"), **doc, "wanted_from": demand.wish.wanted_from.isoformat()}


def read(doc: Mapping[str, Any]) -> Demand:
    """Return the demand of a document."""
    wish = {name: doc[name] for name in _WISH}
    wish["wanted_from"] = date.fromisoformat(doc["wanted_from"])
    return Demand(id=doc["_id"], wish=Wish(**wish), **{name: doc[name] for name in _OWN})
