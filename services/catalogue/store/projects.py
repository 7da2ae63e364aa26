"""Projects, as they are stored and shown."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from typing import Any, Final

from pymongo.database import Database

from contracts.events import catalogue as declared
from contracts.registry import Event
from contracts.vocabularies.errors import Refusal
from services.catalogue.domain.cards import card_of, told_card
from services.catalogue.domain.projects import PUBLIC, Award, Fact, Listing, Plan, Project, Reference
from services.catalogue.store.narrowing import narrowed, within
from services.chassis import paging
from services.chassis.calls import Reader
from services.chassis.unit import Unit

PROJECTS: Final = "projects"
EVENTS: Final = {each.type: each for each in vars(declared).values() if isinstance(each, Event)}
_PLAN: Final = tuple(field.name for field in fields(Plan))
_LISTING: Final = tuple(field.name for field in fields(Listing))
_OWN: Final = ("status", "headcount", "drafted_at", "edition", "sourcing_id", "reason")


def project_indexes(database: "Database[dict[str, Any]]") -> None:
    """Indexes of the lists of projects."""
    database[PROJECTS].create_index([("region", 1), ("drafted_at", -1), ("_id", -1)], name="region")
    database[PROJECTS].create_index([("status", 1), ("drafted_at", -1), ("_id", -1)], name="status")


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
        **{name: getattr(project.listing, name, None) for name in _LISTING if name != "reference"},
        "provider_ref": project.award.provider_ref if project.award else None,
        "price_fen": project.award.price_fen if project.award else None,
        "demands": len(project.demand_ids),
        "came_from": list(project.came_from),
        "became": list(project.became),
    }


def drafts_of(unit: Unit, ids: Iterable[str]) -> list[Project]:
    """Return the projects with these ids, in that order. Raises Refusal `not_found`."""
    found = unit.get_all(PROJECTS, ids)
    for id in ids:
        if id not in found:
            raise Refusal("not_found", what=f"projects/{id}")
    return [_read_project(found[id]) for id in ids]


def project_page(
    reader: Reader, asked: Mapping[str, Any], region: str | None, public_only: bool
) -> tuple[list[dict[str, Any]], str | None]:
    """Return a page of projects, and the next cursor. region: None for everywhere."""
    filter = {**narrowed(asked), **within(asked["region"] or region)}
    if public_only:
        chosen = [asked["status"]] if asked["status"] else PUBLIC
        filter["status"] = {"$in": [status for status in chosen if status in PUBLIC]}
    docs, next = paging.newest_first(reader, PROJECTS, filter, "drafted_at", asked)
    return [_shown(_read_project(doc), doc["version"]) for doc in docs], next


def _write_project(project: Project) -> dict[str, Any]:
    return {
        "_id": project.id,
        **{name: getattr(project, name) for name in _OWN},
        **asdict(project.plan),
        "listing": asdict(project.listing) if project.listing else None,
        "award": asdict(project.award) if project.award else None,
        "demand_ids": list(project.demand_ids),
        "classes": dict(project.classes),
        "card": told_card(project.card) if project.card else None,
        "came_from": list(project.came_from),
        "became": list(project.became),
        "year": project.year,
        "quotas": list(project.quotas),
    }


def _read_project(doc: Mapping[str, Any]) -> Project:
    return Project(
        id=doc["_id"],
        plan=Plan(**{name: doc[name] for name in _PLAN}),
        demand_ids=tuple(doc["demand_ids"]),
        listing=_read_listing(doc["listing"]) if doc["listing"] else None,
        card=card_of(doc["card"]) if doc.get("card") else None,
        came_from=tuple(doc.get("came_from", ())),
        became=tuple(doc.get("became", ())),
        year=doc.get("year"),
        quotas=tuple(doc.get("quotas", ())),
        award=Award(**doc["award"]) if doc["award"] else None,
        classes=doc["classes"],
        **{name: doc[name] for name in _OWN},
    )


def _read_listing(doc: Mapping[str, Any]) -> Listing:
    reference = doc.get("reference")
    return Listing(**{**doc, "reference": Reference(**reference) if reference else None})
