"""Calls of projects, and the facts of acceptance that move them."""

from dataclasses import replace
from typing import Any

from contracts.commands import catalogue as c
from contracts.events import acceptance as from_acceptance
from contracts.events import acceptance_sourcing as sourcing
from contracts.vocabularies import roles
from contracts.vocabularies.dates import calendar_year
from contracts.vocabularies.errors import Refusal
from services.catalogue.domain import demands as demand_rules
from services.catalogue.domain import projects as rules
from services.catalogue.domain.projects import Award, Decision, Listing, Plan, Project
from services.catalogue.headcount_calls import completed, unmet_of
from services.catalogue.scopes import may_see, region_of
from services.catalogue.store import demands as demand_store
from services.catalogue.store import programmes as programme_store
from services.catalogue.store import projects as store
from services.catalogue.store.pool import class_moved
from services.catalogue.terms import reference
from services.catalogue.use_calls import keep_class
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


class ProjectCalls(Service):
    """Projects from their draft to their end."""

    @command(c.DRAFT_PROJECT)
    def draft_project(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Merge demands into a project."""
        unit.actor.require_region(body["region"])
        plan = Plan(**{name: body[name] for name in _PLAN})
        demands = demand_store.demands_with_ids(unit, body["demand_ids"])
        project, facts = rules.draft(unit.new_id(), plan, body["demand_ids"], demands, unit.now)
        for demand in demands:
            demand_store.save_demand(unit, demand_rules.taken(demand, project.id))
        store.save_project(unit, project, facts)
        return store.shown(unit, project)

    @command(c.LIST_PROJECT)
    def list_project(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Publish a project, or publish it anew."""
        project = _target(unit, body)
        listing = Listing(**{name: body[name] for name in _LISTING})
        told = reference(project.plan, listing, unit.now, self.settings.mode)
        year = calendar_year(unit.now)
        after, facts = rules.publish(project, replace(listing, reference=told), year)
        quotas = programme_store.take_quotas(unit, after)
        return self._decided(unit, (replace(after, quotas=quotas), facts))

    @command(c.WITHDRAW_PROJECT)
    def withdraw_project(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Give a project up and set its demands free."""
        decision = rules.withdraw(_target(unit, body), body["reason"])
        programme_store.free_quotas(unit, decision[0])
        for demand in demand_store.demands_with_ids(unit, decision[0].demand_ids):
            demand_store.save_demand(unit, demand_rules.freed(demand))
        return self._decided(unit, decision)

    @command(c.CLOSE_PROJECT)
    def close_project(self, unit: Unit, body: Any) -> dict[str, Any]:
        """End a project whose classes have ended; demands that nobody was trained for are free again."""
        project = _target(unit, body)
        demands = demand_store.demands_with_ids(unit, project.demand_ids)
        unmet = unmet_of(unit, [demand for demand in demands if demand.standing])
        decision = rules.close(project, body["reason"], [demand.id for demand in unmet])
        demand_store.save_demands(unit, [demand_rules.freed(demand) for demand in unmet])
        return self._decided(unit, decision)

    @query(c.GET_PROJECT)
    def get_project(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Show a project: to anyone once it is listed, before that to officers of its region."""
        project = store.load_project(reader, body["project_id"])
        if project is None or not (project.public or may_see(reader.actor, project.plan.region)):
            raise Refusal("not_found", what=f"projects/{body['project_id']}")
        return store.shown(reader, project)

    @query(c.LIST_PROJECTS)
    def list_projects(self, reader: Reader, body: Any) -> dict[str, Any]:
        """List projects: the listed ones to anyone, all of their region to officers."""
        officer = bool(reader.actor.roles & roles.OFFICERS)
        region = region_of(reader.actor, body["region"]) if officer else None
        items, next = store.project_page(reader, body, region, public_only=not officer)
        return {"items": items, "next": next}

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
        keep_class(unit, fact)
        self._class(unit, fact, "confirmed")

    @on(from_acceptance.ROSTER_FILED)
    def roster_filed(self, unit: Unit, fact: Fact) -> None:
        """A class is about to begin."""
        self._class(unit, fact, "under_way")

    @on(from_acceptance.CLASS_COMPLETED)
    def class_completed(self, unit: Unit, fact: Fact) -> None:
        """A class has been completed."""
        self._class(unit, fact, "completed")
        completed(unit, fact.aggregate_id, fact.data["project_id"], fact.data["completed"])

    @on(from_acceptance.CLASS_STOPPED)
    def class_stopped(self, unit: Unit, fact: Fact) -> None:
        """A class was given up."""
        self._class(unit, fact, "stopped")

    def _class(self, unit: Unit, fact: Fact, state: str) -> None:
        project = _project_of(unit, fact)
        class_moved(unit, fact.aggregate_id, state)
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
