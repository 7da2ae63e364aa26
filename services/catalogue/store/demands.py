"""Copies of demands, and what the summary reads."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any, Final

from pymongo.database import Database

from services.catalogue.domain import summary
from services.catalogue.domain.demands import Demand
from services.catalogue.store import sums
from services.catalogue.store.narrowing import narrowed, within
from services.chassis.calls import Reader
from services.chassis.unit import Unit

DEMANDS: Final = "demands"
_DEMAND: Final = tuple(field.name for field in fields(Demand) if field.name != "id")


def demand_indexes(database: "Database[dict[str, Any]]") -> None:
    """Indexes of the copies of demands."""
    by_place = [("region", 1), ("occupation", 1), ("level", 1)]
    database[DEMANDS].create_index(by_place, name="open", partialFilterExpression={"open": True})
    database[DEMANDS].create_index([("open", 1), ("_id", 1)], name="page")
    database[DEMANDS].create_index("project_id", name="project")


def load_demand(source: Unit | Reader, id: str) -> Demand | None:
    """Return the copy of a demand, or None."""
    doc = source.get(DEMANDS, id)
    return _read_demand(doc) if doc else None


def demands_with_ids(unit: Unit, ids: Iterable[str]) -> list[Demand]:
    """Return the demands with these ids, those that exist."""
    return [_read_demand(doc) for doc in unit.find(DEMANDS, {"_id": {"$in": list(ids)}}, [("_id", 1)])]


def save_demand(unit: Unit, demand: Demand) -> None:
    """Store the copy of a demand and what it changes in the summary."""
    save_demands(unit, [demand])


def save_demands(unit: Unit, demands: Sequence[Demand]) -> None:
    """Store copies of demands, and what they change in the summary's rows.

    Its row is what keeps a demand in one project: two writers of it cannot both win.
    """
    known = unit.get_all(DEMANDS, [demand.id for demand in demands])
    pairs = []
    for demand in demands:
        doc = known.get(demand.id)
        values = {name: getattr(demand, name) for name in _DEMAND}
        new = {"_id": demand.id, **values, "wanted_from": demand.wanted_from.isoformat(), "open": demand.open}
        pairs.append((_read_demand(doc) if doc else None, demand))
        if doc is None:
            unit.insert(DEMANDS, new)
        else:
            unit.save(DEMANDS, {**doc, **new})
    sums.apply(unit, summary.changes(pairs))


def open_page(
    reader: Reader, asked: Mapping[str, Any], region: str | None
) -> tuple[list[dict[str, Any]], str | None]:
    """Return a page of open demands by id, and the next cursor."""
    filter = {"open": True, **narrowed(asked), **within(asked["region"] or region)}
    if asked["cursor"] is not None:
        filter["_id"] = {"$gt": asked["cursor"]}
    found = reader.find(DEMANDS, filter, [("_id", 1)], asked["limit"] + 1)
    shown = [vars(_read_demand(doc)) for doc in found[: asked["limit"]]]
    return shown, shown[-1]["id"] if len(found) > len(shown) else None


def _read_demand(doc: Mapping[str, Any]) -> Demand:
    values = {name: doc[name] for name in _DEMAND}
    values["wanted_from"] = date.fromisoformat(doc["wanted_from"])
    return Demand(id=doc["_id"], **values)
