"""What the catalogue keeps, and how it looks in MongoDB."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date
from typing import Any, Final

from pymongo.database import Database

from contracts.events import catalogue as declared
from contracts.registry import Event
from contracts.vocabularies import regions
from services.catalogue.domain.demands import Demand
from services.catalogue.domain.projects import PUBLIC, Award, Fact, Listing, Plan, Project
from services.chassis import paging
from services.chassis.calls import Reader
from services.chassis.migrate import Step
from services.chassis.unit import Unit

DEMANDS: Final = "demands"
PROJECTS: Final = "projects"
EVENTS: Final = {each.type: each for each in vars(declared).values() if isinstance(each, Event)}
_DEMAND: Final = tuple(field.name for field in fields(Demand) if field.name != "id")
_PLAN: Final = tuple(field.name for field in fields(Plan))
_LISTING: Final = tuple(field.name for field in fields(Listing))
_OWN: Final = ("status", "headcount", "drafted_at", "edition", "sourcing_id", "reason")
_NARROW: Final = ("occupation", "level", "kind", "status")


def indexes(database: "Database[dict[str, Any]]") -> None:
    """Indexes of the lists and of the summary."""
    by_place = [("region", 1), ("occupation", 1), ("level", 1)]
    database[DEMANDS].create_index(by_place, name="open", partialFilterExpression={"open": True})
    database[DEMANDS].create_index([("open", 1), ("_id", 1)], name="page")
    database[DEMANDS].create_index("project_id", name="project")
    database[PROJECTS].create_index([("region", 1), ("drafted_at", -1), ("_id", -1)], name="region")
    database[PROJECTS].create_index([("status", 1), ("drafted_at", -1), ("_id", -1)], name="status")


MIGRATIONS: Final[Sequence[Step]] = (indexes,)


def load_demand(source: Unit | Reader, id: str) -> Demand | None:
    """Return the copy of a demand, or None."""
    doc = source.get(DEMANDS, id)
    return _read_demand(doc) if doc else None


def demands_with_ids(unit: Unit, ids: Iterable[str]) -> list[Demand]:
    """Return the demands with these ids, those that exist."""
    return [_read_demand(doc) for doc in unit.find(DEMANDS, {"_id": {"$in": list(ids)}}, [("_id", 1)])]


def save_demand(unit: Unit, demand: Demand) -> None:
    """Store the copy of a demand.

    Its row is what keeps it in one project: two writers of it cannot both win.
    """
    doc = unit.get(DEMANDS, demand.id)
    values = {name: getattr(demand, name) for name in _DEMAND}
    new = {"_id": demand.id, **values, "wanted_from": demand.wanted_from.isoformat(), "open": demand.open}
    if doc is None:
        unit.insert(DEMANDS, new)
    else:
        unit.save(DEMANDS, {**doc, **new})


def load_project(source: Unit | Reader, id: str) -> Project | None:
    """Return a project, or None."""
    doc = source.get(PROJECTS, id)
    return _read_project(doc) if doc else None


def target_project(unit: Unit, id: str) -> Project:
    """Return the project that a command is about. Raises Refusal `not_found` or `stale_version`."""
    return _read_project(unit.target(PROJECTS, id))


def save_project(unit: Unit, project: Project, facts: list[Fact]) -> None:
    """Store a project and its facts."""
    doc = unit.get(PROJECTS, project.id)
    events = [(EVENTS[type], data) for type, data in facts]
    if doc is None:
        unit.insert(PROJECTS, _write_project(project), events)
    else:
        unit.save(PROJECTS, {**doc, **_write_project(project)}, events)


def shown(source: Unit | Reader, project: Project) -> dict[str, Any]:
    """Return a project as the contract has it."""
    doc = source.get(PROJECTS, project.id)
    return _shown(project, doc["version"] if doc else 0)


def _shown(project: Project, version: int) -> dict[str, Any]:
    return {
        "id": project.id,
        "version": version,
        **{name: getattr(project, name) for name in _OWN},
        **asdict(project.plan),
        **{name: getattr(project.listing, name, None) for name in _LISTING},
        "provider_ref": project.award.provider_ref if project.award else None,
        "price_fen": project.award.price_fen if project.award else None,
        "demands": len(project.demand_ids),
    }


def project_page(
    reader: Reader, asked: Mapping[str, Any], region: str | None, public_only: bool
) -> tuple[list[dict[str, Any]], str | None]:
    """Return a page of projects, and the next cursor. region: None for everywhere."""
    filter = {**_narrowed(asked), **_within(asked["region"] or region)}
    if public_only:
        chosen = [asked["status"]] if asked["status"] else PUBLIC
        filter["status"] = {"$in": [status for status in chosen if status in PUBLIC]}
    docs, next = paging.newest_first(reader, PROJECTS, filter, "drafted_at", asked)
    return [_shown(_read_project(doc), doc["version"]) for doc in docs], next


def open_page(
    reader: Reader, asked: Mapping[str, Any], region: str | None
) -> tuple[list[dict[str, Any]], str | None]:
    """Return a page of open demands by id, and the next cursor."""
    filter = {"open": True, **_narrowed(asked), **_within(asked["region"] or region)}
    if asked["cursor"] is not None:
        filter["_id"] = {"$gt": asked["cursor"]}
    found = reader.find(DEMANDS, filter, [("_id", 1)], asked["limit"] + 1)
    shown = [vars(_read_demand(doc)) for doc in found[: asked["limit"]]]
    return shown, shown[-1]["id"] if len(found) > len(shown) else None


def summarise(reader: Reader, asked: Mapping[str, Any], region: str | None) -> list[dict[str, Any]]:
    """Return open demands summed by region, occupation and level."""
    worker = {"$eq": ["$kind", "worker"]}
    pipeline: list[dict[str, Any]] = [
        {"$match": {"open": True, **_narrowed(asked), **_within(asked["region"] or region)}},
        {
            "$group": {
                "_id": {"county": "$region", "occupation": "$occupation", "level": "$level"},
                "workers": {"$sum": {"$cond": [worker, "$headcount", 0]}},
                "firms": {"$sum": {"$cond": [worker, 0, 1]}},
                "firm_headcount": {"$sum": {"$cond": [worker, 0, "$headcount"]}},
            }
        },
        {"$sort": {"_id": 1}},
    ]
    rows = reader.database[DEMANDS].aggregate(pipeline)
    return [{**row.pop("_id"), **row} for row in rows]


def _narrowed(asked: Mapping[str, Any]) -> dict[str, Any]:
    return {name: asked[name] for name in _NARROW if asked.get(name) is not None}


def _within(region: str | None) -> dict[str, Any]:
    if region is None:
        return {}
    return {"region": {"$in": [code for code in regions.CODES if regions.covers(region, code)]}}


def _read_demand(doc: Mapping[str, Any]) -> Demand:
    values = {name: doc[name] for name in _DEMAND}
    values["wanted_from"] = date.fromisoformat(doc["wanted_from"])
    return Demand(id=doc["_id"], **values)


def _write_project(project: Project) -> dict[str, Any]:
    return {
        "_id": project.id,
        **{name: getattr(project, name) for name in _OWN},
        **asdict(project.plan),
        "listing": asdict(project.listing) if project.listing else None,
        "award": asdict(project.award) if project.award else None,
        "demand_ids": list(project.demand_ids),
        "classes": dict(project.classes),
    }


def _read_project(doc: Mapping[str, Any]) -> Project:
    return Project(
        id=doc["_id"],
        plan=Plan(**{name: doc[name] for name in _PLAN}),
        demand_ids=tuple(doc["demand_ids"]),
        listing=Listing(**doc["listing"]) if doc["listing"] else None,
        award=Award(**doc["award"]) if doc["award"] else None,
        classes=doc["classes"],
        **{name: doc[name] for name in _OWN},
    )
