"""Entrypoints of the catalogue (列单)."""

from typing import Any

from contracts.commands import catalogue as c
from contracts.events import acceptance as from_acceptance
from contracts.events import acceptance_sourcing as sourcing
from contracts.events import intake as from_intake
from contracts.vocabularies import roles
from contracts.vocabularies.errors import Refusal
from services.catalogue import store
from services.catalogue.domain import demands as demand_rules
from services.catalogue.domain import projects as rules
from services.catalogue.domain.demands import Demand
from services.catalogue.domain.projects import Award, Decision, Listing, Plan, Project
from services.chassis.actor import Actor
from services.chassis.service import Fact, Reader, Service, Unit, command, on, query

_PLAN = ("name", "region", "occupation", "level", "mode", "programme", "seats", "hours")
_LISTING = (
    "sourcing_way",
    "standard_fen",
    "standard_rule",
    "illustrative",
    "organisation",
    "training_kind",
)
_POSTED = ("kind", "poster_ref", "region", "occupation", "level", "headcount", "mode", "group", "wanted_from")


class CatalogueService(Service):
    """Demands summarised, projects drafted and listed."""

    name = "catalogue"

    @query(c.SUMMARISE_DEMANDS)
    def summarise_demands(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Sum open demands by occupation, level and county."""
        lines = store.summarise(reader, body, _region(reader.actor, body["region"]))
        sums = {name: sum(line[name] for line in lines) for name in ("workers", "firms", "firm_headcount")}
        return {"lines": lines, **sums}

    @query(c.OPEN_DEMANDS)
    def open_demands(self, reader: Reader, body: Any) -> dict[str, Any]:
        """List demands that a project may take in."""
        items, next = store.open_page(reader, body, _region(reader.actor, body["region"]))
        return {"items": items, "next": next}

    @command(c.DRAFT_PROJECT)
    def draft_project(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Merge demands into a project."""
        unit.actor.require_region(body["region"])
        plan = Plan(**{name: body[name] for name in _PLAN})
        demands = store.demands_with_ids(unit, body["demand_ids"])
        project, facts = rules.draft(unit.new_id(), plan, body["demand_ids"], demands, unit.now)
        for demand in demands:
            store.save_demand(unit, demand_rules.taken(demand, project.id))
        store.save_project(unit, project, facts)
        return store.shown(unit, project)

    @command(c.LIST_PROJECT)
    def list_project(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Publish a project, or publish it anew."""
        listing = Listing(**{name: body[name] for name in _LISTING})
        return self._decided(unit, rules.publish(_target(unit, body), listing))

    @command(c.WITHDRAW_PROJECT)
    def withdraw_project(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Give a project up and set its demands free."""
        decision = rules.withdraw(_target(unit, body), body["reason"])
        for demand in store.demands_with_ids(unit, decision[0].demand_ids):
            store.save_demand(unit, demand_rules.freed(demand))
        return self._decided(unit, decision)

    @command(c.CLOSE_PROJECT)
    def close_project(self, unit: Unit, body: Any) -> dict[str, Any]:
        """End a project whose classes have ended."""
        return self._decided(unit, rules.close(_target(unit, body), body["reason"]))

    @query(c.GET_PROJECT)
    def get_project(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Show a project: to anyone once it is listed, before that to officers of its region."""
        project = store.load_project(reader, body["project_id"])
        if project is None or not (project.public or _may_see(reader.actor, project)):
            raise Refusal("not_found", what=f"projects/{body['project_id']}")
        return store.shown(reader, project)

    @query(c.LIST_PROJECTS)
    def list_projects(self, reader: Reader, body: Any) -> dict[str, Any]:
        """List projects: the listed ones to anyone, all of their region to officers."""
        officer = bool(reader.actor.roles & roles.OFFICERS)
        region = _region(reader.actor, body["region"]) if officer else None
        items, next = store.project_page(reader, body, region, public_only=not officer)
        return {"items": items, "next": next}

    @on(from_intake.DEMAND_POSTED)
    def demand_posted(self, unit: Unit, fact: Fact) -> None:
        """Keep a copy of a demand."""
        values = {name: fact.data[name] for name in _POSTED}
        store.save_demand(unit, Demand(id=fact.aggregate_id, **values))

    @on(
        from_intake.DEMAND_VERIFIED,
        from_intake.DEMAND_RETURNED,
        from_intake.DEMAND_LISTED,
        from_intake.DEMAND_WITHDRAWN,
        from_intake.DEMAND_MET,
        from_intake.DEMAND_LAPSED,
    )
    def demand_changed(self, unit: Unit, fact: Fact) -> None:
        """Keep the copy's status."""
        demand = store.load_demand(unit, fact.aggregate_id)
        if demand is None:
            raise LookupError(f"demand {fact.aggregate_id} was never posted")
        store.save_demand(unit, demand_rules.heard(demand, fact.type.rpartition(".")[2]))

    @on(from_acceptance.NOTICE_PUBLISHED)
    def notice_published(self, unit: Unit, fact: Fact) -> None:
        """Bids are asked for."""
        project = _project_of(unit, fact)
        _save(unit, project, rules.begin_sourcing(project, fact.aggregate_id))

    @on(from_acceptance.SOURCING_AWARDED)
    def sourcing_awarded(self, unit: Unit, fact: Fact) -> None:
        """A provider won."""
        project = _project_of(unit, fact)
        award = Award(fact.data["provider_ref"], fact.data["price_fen"])
        _save(unit, project, rules.take_award(project, fact.aggregate_id, award))

    @on(sourcing.AWARD_WITHDRAWN)
    def award_withdrawn(self, unit: Unit, fact: Fact) -> None:
        """The winner stepped back before the contract."""
        project = _project_of(unit, fact)
        _save(unit, project, rules.award_withdrawn(project, fact.aggregate_id))

    @on(from_acceptance.SOURCING_FAILED, sourcing.SOURCING_CANCELLED)
    def sourcing_failed(self, unit: Unit, fact: Fact) -> None:
        """Nobody won, or the officer gave it up."""
        project = _project_of(unit, fact)
        _save(unit, project, rules.sourcing_failed(project, fact.aggregate_id))

    @on(from_acceptance.CLASS_CONFIRMED)
    def class_confirmed(self, unit: Unit, fact: Fact) -> None:
        """A class of the project will be held."""
        self._class(unit, fact, "confirmed")

    @on(from_acceptance.ROSTER_FILED)
    def roster_filed(self, unit: Unit, fact: Fact) -> None:
        """A class is about to begin."""
        self._class(unit, fact, "under_way")

    @on(from_acceptance.CLASS_COMPLETED)
    def class_completed(self, unit: Unit, fact: Fact) -> None:
        """A class has been completed."""
        self._class(unit, fact, "completed")

    @on(from_acceptance.CLASS_STOPPED)
    def class_stopped(self, unit: Unit, fact: Fact) -> None:
        """A class was given up."""
        self._class(unit, fact, "stopped")

    def _class(self, unit: Unit, fact: Fact, state: str) -> None:
        project = _project_of(unit, fact)
        _save(unit, project, rules.hear_of_class(project, fact.aggregate_id, state))

    def _decided(self, unit: Unit, decision: Decision) -> dict[str, Any]:
        project, facts = decision
        store.save_project(unit, project, facts)
        return store.shown(unit, project)


def _target(unit: Unit, body: Any) -> Project:
    """Return the project of a command. Raises Refusal `not_found`, `stale_version` or `region.forbidden`."""
    project = store.target_project(unit, body["project_id"])
    unit.actor.require_region(project.plan.region)
    return project


def _project_of(unit: Unit, fact: Fact) -> Project:
    """Return the project that a fact of acceptance names. Raises LookupError (the fact is retried)."""
    project = store.load_project(unit, fact.data["project_id"])
    if project is None:
        raise LookupError(f"project {fact.data['project_id']} is not known")
    return project


def _save(unit: Unit, project: Project, decision: Decision) -> None:
    """Store a decision that changed something."""
    after, facts = decision
    if after != project:
        store.save_project(unit, after, facts)


def _reads_all(actor: Actor) -> bool:
    return roles.AUDITOR in actor.roles and actor.region is None


def _region(actor: Actor, asked: str | None) -> str | None:
    """Return the region to read: the one asked for, else the officer's own (None: everywhere, for
    auditors).
    """
    if _reads_all(actor):
        return asked
    region = asked or actor.region
    if region is None:
        raise Refusal("region.forbidden", region="-")
    actor.require_region(region)
    return region


def _may_see(actor: Actor, project: Project) -> bool:
    if not actor.roles & roles.OFFICERS:
        return False
    if _reads_all(actor):
        return True
    try:
        actor.require_region(project.plan.region)
    except Refusal:
        return False
    return True


SERVICE = CatalogueService
