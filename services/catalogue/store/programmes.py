"""Programmes, their quotas, and one county one project.

programmes        one a year, programme and region, by id
quotas            one a programme and region, by id; listing a project writes it, so that two cannot both take
                  what is left
county_projects   one a year and county, by id
"""

from collections.abc import Mapping
from typing import Any, Final

from pymongo.database import Database

from contracts.events import catalogue_programmes as declared
from contracts.vocabularies import regions
from services.catalogue.domain import programmes as rules
from services.catalogue.domain.programmes import Fact, Programme, programme_id, quota_id
from services.catalogue.domain.projects import PUBLIC, Project
from services.catalogue.store.narrowing import within
from services.catalogue.store.projects import PROJECTS
from services.chassis.calls import Reader
from services.chassis.unit import Unit

PROGRAMMES: Final = "programmes"
QUOTAS: Final = "quotas"
COUNTY_PROJECTS: Final = "county_projects"


def programme_indexes(database: "Database[dict[str, Any]]") -> None:
    """Create the collections (a transaction cannot, when two try at once) and their indexes."""
    known = database.list_collection_names()
    for name in sorted({PROGRAMMES, QUOTAS, COUNTY_PROJECTS} - set(known)):
        database.create_collection(name)
    database[QUOTAS].create_index("programme_id", name="programme")
    database[PROGRAMMES].create_index([("year", 1), ("region", 1)], name="year")
    database[COUNTY_PROJECTS].create_index([("year", 1), ("county", 1)], name="year")
    database[PROJECTS].create_index([("year", 1), ("programme", 1), ("region", 1)], name="year")


def seats_listed(unit: Unit, programme: Programme) -> dict[str, int]:
    """Return the seats listed by now in each region that has a quota, or is to have one."""
    projects = _listed_projects(unit, programme)
    known = [row["region"] for row in unit.find(QUOTAS, {"programme_id": programme.id})]
    return {
        region: sum(each["seats"] for each in projects if regions.covers(region, each["region"]))
        for region in {*known, *programme.quotas}
    }


def save_programme(
    unit: Unit, programme: Programme, listed: Mapping[str, int], facts: list[Fact]
) -> dict[str, Any]:
    """Store a programme with the rows of its quotas, and return its document.

    listed: as seats_listed gave it; the projects counted in a new row are marked with it.
    """
    doc = unit.get(PROGRAMMES, programme.id)
    names = ("year", "code", "region", "target")
    new = {"_id": programme.id, **{name: getattr(programme, name) for name in names}}
    new["quotas"] = dict(programme.quotas)
    events = [(declared.PROGRAMME_SET, data) for _, data in facts]
    _touch(unit, programme.year, programme.code)
    rows = {row["region"]: row for row in unit.find(QUOTAS, {"programme_id": programme.id})}
    for region in rows.keys() - programme.quotas.keys():
        unit.delete(QUOTAS, rows[region]["_id"])
    for region, people in programme.quotas.items():
        if region in rows:
            unit.save(QUOTAS, {**rows[region], "people": people})
        else:
            _new_quota(unit, programme, region, people, listed[region])
    if doc is None:
        return unit.insert(PROGRAMMES, new, events)
    return unit.save(PROGRAMMES, {**doc, **new}, events)


def _new_quota(unit: Unit, programme: Programme, region: str, people: int, listed: int) -> None:
    id = quota_id(programme.id, region)
    row = {"_id": id, "programme_id": programme.id, "region": region, "people": people, "listed": listed}
    unit.insert(QUOTAS, row)
    for project in _listed_projects(unit, programme):
        if regions.covers(region, project["region"]):
            unit.save(PROJECTS, {**project, "quotas": [*project.get("quotas", []), id]})


def _listed_projects(unit: Unit, programme: Programme) -> list[dict[str, Any]]:
    own = {"year": programme.year, "programme": programme.code, **within(programme.region)}
    return unit.find(PROJECTS, {**own, "status": {"$in": list(PUBLIC)}})


def _touch(unit: Unit, year: int, code: str) -> None:
    """Write the row of a programme and year, so that listing a project and setting a quota do not cross."""
    id = f"{year}-{code}"
    row = unit.get(QUOTAS, id)
    if row is None:
        unit.insert(QUOTAS, {"_id": id, "programme_id": None})
    else:
        unit.save(QUOTAS, row)


def take_quotas(unit: Unit, project: Project) -> tuple[str, ...]:
    """Count a project's seats in every quota that covers it; return the rows' ids.

    A project that is listed again is counted already. Raises Refusal `catalogue.quota_exceeded`.
    """
    plan = project.plan
    if plan.programme is None or project.year is None or project.edition > 1:
        return project.quotas
    _touch(unit, project.year, plan.programme)
    places = (plan.region, *regions.ancestors(plan.region))
    owners = [programme_id(project.year, plan.programme, owner) for owner in places]
    found = unit.get_all(QUOTAS, [quota_id(owner, region) for owner in owners for region in places])
    for id, row in found.items():
        listed = rules.take(row["people"], row["listed"], plan.seats, row["region"])
        unit.save(QUOTAS, {**row, "_id": id, "listed": listed})
    return tuple(found)


def free_quotas(unit: Unit, project: Project) -> None:
    """Give the seats of a withdrawn project back."""
    for row in unit.get_all(QUOTAS, project.quotas).values():
        unit.save(QUOTAS, {**row, "listed": row["listed"] - project.plan.seats})


def programme_docs(reader: Reader, year: int, region: str) -> dict[str, dict[str, Any]]:
    """Return the documents of a region's programmes of a year, by programme."""
    docs = reader.find(PROGRAMMES, {"year": year, "region": region})
    return {doc["code"]: doc for doc in docs}


def quota_rows(reader: Reader, programme_id: str) -> list[dict[str, Any]]:
    """Return the rows of a programme's quotas, by region."""
    return reader.find(QUOTAS, {"programme_id": programme_id}, [("region", 1)])


def projects_of_year(reader: Reader, year: int, region: str) -> list[dict[str, Any]]:
    """Return id, programme and seats of the projects of a region that were listed in a year."""
    filter = {"year": year, "status": {"$in": list(PUBLIC)}, **within(region)}
    found = reader.database[PROJECTS].find(filter, {"programme": 1, "seats": 1})
    return list(found)


def county_docs(reader: Reader, year: int, region: str) -> dict[str, dict[str, Any]]:
    """Return what stands on the list of one county one project, by county."""
    inside = [code for code in regions.COUNTIES if regions.covers(region, code)]
    docs = reader.find(COUNTY_PROJECTS, {"year": year, "county": {"$in": inside}, "status": "on_list"})
    return {doc["county"]: doc for doc in docs}
