"""Where the people stand who were asked for, and the demands behind each figure."""

from datetime import date
from typing import Any

from contracts.commands import catalogue_projects as c
from contracts.vocabularies.errors import Refusal
from services.catalogue.domain import headcounts
from services.catalogue.domain.demands import Demand
from services.catalogue.scopes import region_of
from services.catalogue.store import demands as demand_store
from services.catalogue.store import outcomes as store
from services.catalogue.store import projects as project_store
from services.chassis.service import Reader, Unit, query


class HeadcountCalls:
    """Headcount met and unmet."""

    @query(c.HEADCOUNT)
    def headcount(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Sum the people asked for by where they stand."""
        return store.headcount(reader, body, _region(reader, body))

    @query(c.HEADCOUNT_DEMANDS)
    def headcount_demands(self, reader: Reader, body: Any) -> dict[str, Any]:
        """List the demands behind the figures."""
        rows, next = store.headcount_page(reader, body, _region(reader, body))
        return {"items": [_shown(row) for row in rows], "next": next}


def completed(unit: Unit, class_id: str, project_id: str, people: list[str]) -> None:
    """Take in who completed a class of a project, and reckon anew what came of its demands."""
    project = project_store.load_project(unit, project_id)
    if project is None:
        raise LookupError(f"project {project_id} is not known")
    store.add_completion(unit, class_id, project_id, people)
    demands = demand_store.demands_with_ids(unit, project.demand_ids)
    found = headcounts.outcomes(demands, store.completed_in(unit, project_id))
    store.save_outcomes(unit, project_id, found)


def unmet_of(unit: Unit, demands: list[Demand]) -> list[Demand]:
    """Return the demands that nobody was trained for."""
    known = store.outcomes_of(unit, [demand.id for demand in demands])
    return [demand for demand in demands if demand.id not in known or not known[demand.id]["met"]]


def _region(reader: Reader, body: Any) -> str | None:
    if body["project_id"] is None:
        return region_of(reader.actor, body["region"])
    project = project_store.load_project(reader, body["project_id"])
    if project is None:
        raise Refusal("not_found", what=f"projects/{body['project_id']}")
    return region_of(reader.actor, project.plan.region)


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    names = ("kind", "poster_ref", "region", "occupation", "level", "status", "project_id", "headcount")
    by_class = row["by_class"]
    return {
        "demand_id": row["_id"],
        **{name: row[name] for name in (*names, "met", "state")},
        "wanted_from": date.fromisoformat(row["wanted_from"]),
        "met_in": [{"class_id": id, "people": by_class[id]} for id in sorted(by_class)],
    }
