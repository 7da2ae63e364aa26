"""A training project (项目): draft → listed (edition n) → sourcing → awarded → running → closed |
withdrawn.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from contracts.vocabularies import modes, regions
from contracts.vocabularies.errors import Refusal
from services.catalogue.domain.cards import Card, told_card
from services.catalogue.domain.demands import Demand

Fact = tuple[str, dict[str, Any]]
CLASS_STATES: Final = ("confirmed", "under_way", "completed", "stopped")
PUBLIC: Final = ("listed", "sourcing", "awarded", "running", "closed")


@dataclass(frozen=True)
class Plan:
    """What is to be trained, where. seats: people; hours: class hours a person."""

    name: str
    region: str
    occupation: str
    level: str
    mode: str
    programme: str | None
    seats: int
    hours: int


@dataclass(frozen=True)
class Reference:
    """The standard that the rules hold for such a training. fen: for one person; status: of the rule."""

    fen: int
    rule: str
    edition: str
    status: str


@dataclass(frozen=True)
class Listing:
    """How a project is offered.

    standard_fen: for one person, by the rule named; illustrative: no published rate. organisation and
    training_kind: how it is paid, and what it is for (codes of contracts.vocabularies.modes). reference: what
    the rules said of it on the day of listing, None where they have no standard.
    """

    sourcing_way: str
    standard_fen: int
    standard_rule: str
    illustrative: bool
    organisation: str = modes.PROJECT_TYPE
    training_kind: str = modes.EMPLOYMENT_SKILLS
    reference: Reference | None = None


@dataclass(frozen=True)
class Award:
    """Who carries the project out, and for how much a person (fen)."""

    provider_ref: str
    price_fen: int


@dataclass(frozen=True)
class Project:
    """A project. headcount: people in its demands; classes: the state of each class, by id.

    came_from: the drafts that it was split from or merged of; became: what a draft was split or merged into;
    year: of its first listing (Asia/Shanghai); quotas: the rows of programmes that its seats are counted
    in.
    """

    id: str
    status: str
    plan: Plan
    demand_ids: tuple[str, ...]
    headcount: int
    drafted_at: datetime
    edition: int = 0
    listing: Listing | None = None
    sourcing_id: str | None = None
    award: Award | None = None
    classes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    reason: str | None = None
    card: Card | None = None
    came_from: tuple[str, ...] = ()
    became: tuple[str, ...] = ()
    year: int | None = None
    quotas: tuple[str, ...] = ()

    @property
    def public(self) -> bool:
        """Whether anyone may see it."""
        return self.status in PUBLIC


Decision = tuple[Project, list[Fact]]


def draft(
    id: str,
    plan: Plan,
    wanted: Sequence[str],
    demands: Sequence[Demand],
    now: datetime,
    came_from: Sequence[str] = (),
) -> Decision:
    """Merge open demands into a project (→ draft).

    wanted: ids asked for; demands: those of them that exist; came_from: the drafts that they are moved out
    of. Raises Refusal `catalogue.demand_unknown`, `…demand_not_open`, `…demand_taken`, `…demand_differs`,
    `…seats_beyond_demand`.
    """
    headcount = headcount_of(plan, wanted, demands, came_from)
    project = Project(id, "draft", plan, tuple(wanted), headcount, now, came_from=tuple(came_from))
    told = {**told_plan(plan), "demand_ids": list(wanted), "came_from": list(came_from)}
    return project, [("catalogue.project.drafted", told)]


def headcount_of(
    plan: Plan, wanted: Sequence[str], demands: Sequence[Demand], own: Sequence[str] = ()
) -> int:
    """Return how many people these demands ask for, when they may make such a project.

    own: projects that a demand may be taken out of. Raises Refusal as `draft` does.
    """
    known = {demand.id: demand for demand in demands}
    for demand_id in wanted:
        if demand_id not in known:
            raise Refusal("catalogue.demand_unknown", field="demand_ids", demand_id=demand_id)
        demand = known[demand_id]
        _check_open(replace(demand, project_id=None) if demand.project_id in own else demand)
        _check_fits(demand, plan)
    headcount = sum(known[id].headcount for id in wanted)
    if plan.seats > headcount:
        raise Refusal("catalogue.seats_beyond_demand", field="seats", seats=plan.seats, headcount=headcount)
    return headcount


def _check_open(demand: Demand) -> None:
    if demand.project_id is not None:
        raise Refusal(
            "catalogue.demand_taken", field="demand_ids", demand_id=demand.id, project_id=demand.project_id
        )
    if not demand.open:
        raise Refusal(
            "catalogue.demand_not_open", field="demand_ids", demand_id=demand.id, status=demand.status
        )


def _check_fits(demand: Demand, plan: Plan) -> None:
    differs = {
        ("职业", "occupation"): demand.occupation != plan.occupation,
        ("等级", "level"): demand.level != plan.level,
        ("区域", "region"): not regions.covers(plan.region, demand.region),
    }
    for (zh, en), wrong in differs.items():
        if wrong:
            raise Refusal("catalogue.demand_differs", field="demand_ids", demand_id=demand.id, zh=zh, en=en)


def publish(project: Project, listing: Listing, year: int | None = None) -> Decision:
    """List a project, or list it anew with other terms (draft, listed → listed, edition + 1).

    year: of the listing; the first one stays.
    """
    require(project, ("draft", "listed"), "list")
    return _listed(replace(project, listing=listing, year=project.year or year))


def _listed(project: Project) -> Decision:
    listed = replace(project, status="listed", edition=project.edition + 1)
    terms = listed.listing
    if terms is None:
        raise ValueError("a project is listed with its terms")
    told = {**told_plan(listed.plan), **vars(terms), "edition": listed.edition}
    told["reference"] = vars(terms.reference) if terms.reference else None
    told["card"] = told_card(listed.card) if listed.card else None
    return listed, [("catalogue.project.listed", told)]


def withdraw(project: Project, reason: str, became: Sequence[str] = ()) -> Decision:
    """Give a project up before anyone is asked for bids (draft, listed → withdrawn); its demands are free
    again, or in what it became.
    """
    require(project, ("draft", "listed"), "withdraw")
    return replace(project, status="withdrawn", reason=reason, became=tuple(became)), [
        ("catalogue.project.withdrawn", {"reason": reason, "became": list(became)})
    ]


def begin_sourcing(project: Project, sourcing_id: str) -> Decision:
    """A notice asks for bids (listed → sourcing)."""
    if project.status != "listed":
        return project, []
    told = {"sourcing_id": sourcing_id}
    return replace(project, status="sourcing", sourcing_id=sourcing_id), [
        ("catalogue.project.sourcing", told)
    ]


def sourcing_failed(project: Project, sourcing_id: str) -> Decision:
    """Nobody won (sourcing → listed, a new edition, open for another notice)."""
    if project.status != "sourcing" or project.sourcing_id != sourcing_id:
        return project, []
    return _listed(replace(project, sourcing_id=None))


def award_withdrawn(project: Project, sourcing_id: str) -> Decision:
    """The winner is none any more, no class of it goes on: the next one is looked for (→ sourcing).

    Raises LookupError while a class seems to go on: the news that it was stopped is on its way.
    """
    if project.status not in ("awarded", "running") or project.sourcing_id != sourcing_id:
        return project, []
    going_on = _going_on(project)
    if going_on is not None:
        raise LookupError(f"class {going_on} has not been told to be stopped yet")
    back = replace(project, status="sourcing", award=None)
    return back, [("catalogue.project.sourcing", {"sourcing_id": sourcing_id})]


def take_award(project: Project, sourcing_id: str, award: Award) -> Decision:
    """A provider won (sourcing → awarded; → running when news of its first class came before this)."""
    if project.status != "sourcing" or project.sourcing_id != sourcing_id:
        return project, []
    awarded = replace(project, status="awarded", award=award)
    told = {"sourcing_id": sourcing_id, "provider_ref": award.provider_ref, "price_fen": award.price_fen}
    running, facts = _run(awarded)
    return running, [("catalogue.project.awarded", told), *facts]


def hear_of_class(project: Project, class_id: str, state: str) -> Decision:
    """A class of the project was confirmed, began, was completed or stopped (awarded → running at the
    first).
    """
    return _run(replace(project, classes={**project.classes, class_id: state}))


def _run(project: Project) -> Decision:
    first = _going_on(project)
    if project.status != "awarded" or first is None:
        return project, []
    return replace(project, status="running"), [("catalogue.project.running", {"class_id": first})]


def _going_on(project: Project) -> str | None:
    return next((id for id, state in project.classes.items() if state != "stopped"), None)


def close(project: Project, reason: str, unmet: Sequence[str] = ()) -> Decision:
    """End a project whose classes have ended (running → closed).

    unmet: of its demands those that nobody was trained for. Raises Refusal `out_of_order`,
    `catalogue.nothing_completed` or `catalogue.class_under_way`.
    """
    require(project, ("running",), "close")
    if "completed" not in project.classes.values():
        raise Refusal("catalogue.nothing_completed")
    for class_id, state in project.classes.items():
        if state == "under_way":
            raise Refusal("catalogue.class_under_way", class_id=class_id)
    return replace(project, status="closed", reason=reason), [
        ("catalogue.project.closed", {"reason": reason, "unmet_demand_ids": list(unmet)})
    ]


def told_plan(plan: Plan) -> dict[str, Any]:
    """Return the plan as facts have it."""
    return dict(vars(plan))


def require(project: Project, allowed: Sequence[str], step: str) -> None:
    """Raise Refusal `out_of_order` unless the project is in one of these states."""
    if project.status not in allowed:
        raise Refusal("out_of_order", status=project.status, step=step)
