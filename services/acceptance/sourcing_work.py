"""What the calls of sourcing share: whose process it is, its bids, its rules, what comes back."""

from typing import Any

from contracts.vocabularies import regions
from contracts.vocabularies.errors import Refusal
from services.acceptance import store, terms, views
from services.acceptance.domain.awarding import attempt_after
from services.acceptance.domain.bids import Bid
from services.acceptance.domain.copies import Project
from services.acceptance.domain.facts import Fact
from services.acceptance.domain.panel import Expert
from services.acceptance.domain.records import Rules
from services.acceptance.domain.sourcing import Sourcing

Body = dict[str, Any]


def sourcing_row(project_id: str) -> str:
    """Return the key of the row that holds a project's one process."""
    return f"sourcing:{project_id}"


def free_project(unit: Any, project_id: str) -> tuple[Project, int]:
    """Return a project of the actor's region that no process holds, and which attempt the next one is.

    Raises Refusal `acceptance.project_unknown`, `region.forbidden`, `acceptance.project_sourced`.
    """
    project = store.load(unit, Project, project_id, "acceptance.project_unknown", field="project_id")
    unit.actor.require_region(project.region)
    held = store.claimed(unit, sourcing_row(project.id))
    if held is not None:
        raise Refusal("acceptance.project_sourced", sourcing_id=held)
    return project, attempt_after(store.among(unit, Sourcing, project_id=project.id))


def rules_at(project: Project, now: Any, mode: str) -> Rules:
    """Return the parameters of the project's way on this day."""
    return Rules(**terms.sourcing(project.region, project.sourcing_way or "", now, mode))


def in_region(unit: Any, body: Body) -> Sourcing:
    """Return the process of a command of an officer of its region."""
    it = store.target(unit, Sourcing, body["sourcing_id"])
    unit.actor.require_region(it.region)
    return it


def pool_of(unit: Any, it: Sourcing) -> list[Expert]:
    """Return the experts of the process's region and those above it."""
    above = [code for code in regions.CODES if regions.covers(code, it.region)]
    return store.among(unit, Expert, region={"$in": above})


def bids_of(reader: Any, it: Sourcing) -> list[Bid]:
    """Return all bids of a process, those taken back too."""
    return store.among(reader, Bid, sourcing_id=it.id)


def shown(reader: Any, it: Sourcing) -> list[Bid]:
    """Return the bids that everybody may see: those opened."""
    return [bid for bid in bids_of(reader, it) if bid.withdrawn_at is None] if it.opened_at else []


def view(reader: Any, it: Sourcing, version: int) -> Body:
    """Return the process as everybody sees it."""
    return views.sourcing(it, version, reader.now, shown(reader, it))


def saved(unit: Any, it: Sourcing, facts: list[Fact]) -> Body:
    """Write the process with its facts, and return it."""
    return view(unit, it, store.save(unit, it, facts))
