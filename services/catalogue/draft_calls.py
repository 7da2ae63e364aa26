"""Calls about drafts: proposals from open demands, and drafts revised, split, merged and described."""

from collections import Counter
from typing import Any

from contracts.commands import catalogue_projects as c
from contracts.vocabularies import naming, places
from contracts.vocabularies.errors import Refusal
from services.catalogue.domain import cards, drafts, proposals
from services.catalogue.domain import demands as demand_rules
from services.catalogue.domain.cards import card_of
from services.catalogue.domain.projects import Decision, Plan, Project
from services.catalogue.domain.proposals import Proposal, Wanted
from services.catalogue.scopes import in_public, may_see, region_of
from services.catalogue.store import demands as demand_store
from services.catalogue.store import outcomes
from services.catalogue.store import projects as store
from services.catalogue.store.wanted import wanted as open_demands
from services.catalogue.terms import proposal_limits
from services.chassis.service import Reader, Service, Unit, command, query

_PLAN = ("name", "region", "occupation", "level", "mode", "programme", "seats", "hours")
_PROVINCE = "370000"


class DraftCalls(Service):
    """Demands proposed as projects; drafts until they are listed."""

    @query(c.PROPOSE_PROJECTS)
    def propose_projects(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Group open demands into proposals, with the figures that brought them together."""
        region = region_of(reader.actor, body["region"])
        limits, most, rule = proposal_limits(region or _PROVINCE, body, reader.now, self.settings.mode)
        wanted = open_demands(reader, body, region, most + 1)
        if len(wanted) > most:
            raise Refusal("catalogue.too_many_demands", field="region", found=f"{most}+", most=most)
        made, left = proposals.propose(wanted, limits, places.distance_km)
        first = int(body["cursor"] or 0)
        page = made[first : first + body["limit"]]
        proposed = sum(each.headcount for each in made)
        left_headcount = sum(each.headcount for each in left)
        return {
            "items": [_shown(each) for each in page],
            "next": str(first + len(page)) if first + len(page) < len(made) else None,
            "rule": rule,
            **vars(limits),
            "proposals": len(made),
            "headcount": proposed + left_headcount,
            "proposed_headcount": proposed,
            "left_headcount": left_headcount,
            "left_out": _left_out(left),
        }

    @command(c.REVISE_PROJECT)
    def revise_project(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Give a draft another plan or other demands."""
        project = _target(unit, body["project_id"])
        unit.actor.require_region(body["region"])
        plan = Plan(**{name: body[name] for name in _PLAN})
        demands = demand_store.demands_with_ids(unit, body["demand_ids"])
        decision = drafts.revise(project, plan, body["demand_ids"], demands)
        given_up = [id for id in project.demand_ids if id not in body["demand_ids"]]
        freed = demand_store.demands_with_ids(unit, given_up)
        moved = [demand_rules.freed(each) for each in freed]
        demand_store.save_demands(unit, moved + [demand_rules.taken(each, project.id) for each in demands])
        return _saved(unit, decision)

    @command(c.SPLIT_PROJECT)
    def split_project(self, unit: Unit, body: Any) -> dict[str, Any]:
        """End a draft in favour of its parts."""
        project = _target(unit, body["project_id"])
        parts = []
        for part in body["parts"]:
            unit.actor.require_region(part["region"])
            ids = tuple(part["demand_ids"])
            parts.append(drafts.Part(unit.new_id(), part["name"], part["region"], part["seats"], ids))
        demands = demand_store.demands_with_ids(unit, project.demand_ids)
        ended, made = drafts.split(project, parts, demands, unit.now)
        of = {id: part.id for part in parts for id in part.demand_ids}
        demand_store.save_demands(unit, [demand_rules.taken(each, of[each.id]) for each in demands])
        store.save_project(unit, *ended)
        return {"items": [_saved(unit, each) for each in made]}

    @command(c.MERGE_PROJECTS)
    def merge_projects(self, unit: Unit, body: Any) -> dict[str, Any]:
        """End drafts in favour of one. Hours, mode and programme are the first one's."""
        unit.actor.require_region(body["region"])
        found = store.drafts_of(unit, list(dict.fromkeys(body["project_ids"])))
        for each in found:
            unit.actor.require_region(each.plan.region)
        own = {"name": body["name"], "region": body["region"], "seats": body["seats"]}
        plan = Plan(**{**vars(found[0].plan), **own})
        ids = [id for each in found for id in each.demand_ids]
        demands = demand_store.demands_with_ids(unit, ids)
        ended, made = drafts.merge(unit.new_id(), found, plan, demands, unit.now)
        demand_store.save_demands(unit, [demand_rules.taken(each, made[0].id) for each in demands])
        for each in ended:
            store.save_project(unit, *each)
        return _saved(unit, made)

    @command(c.DESCRIBE_PROJECT)
    def describe_project(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Put a card on a draft or a listed project."""
        project = _target(unit, body["project_id"])
        demands = demand_store.demands_with_ids(unit, project.demand_ids)
        after, facts = drafts.describe(project, card_of(body), demands)
        store.save_project(unit, after, facts)
        return _card(after, demands, 0)

    @query(c.PROJECT_CARD)
    def project_card(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Show a project's card: to anyone once it is listed, before that to officers of its region."""
        project = store.load_project(reader, body["project_id"])
        if project is None or not (project.public or may_see(reader.actor, project.plan.region)):
            raise Refusal("not_found", what=f"projects/{body['project_id']}")
        demands = demand_store.demands_with_ids(reader, project.demand_ids)
        met = outcomes.met_in(reader, project.id)
        officer = may_see(reader.actor, project.plan.region)
        return _card(project, demands, met if officer else in_public(met))


def _target(unit: Unit, id: str) -> Project:
    project = store.target_project(unit, id)
    unit.actor.require_region(project.plan.region)
    return project


def _saved(unit: Unit, decision: Decision) -> dict[str, Any]:
    store.save_project(unit, *decision)
    return store.shown(unit, decision[0])


def _shown(proposal: Proposal) -> dict[str, Any]:
    first, last = proposal.days
    people: Counter[str] = Counter()
    for demand in proposal.demands:
        people[demand.county] += demand.headcount
    counted = Counter(demand.county for demand in proposal.demands)
    counties = [
        {
            "county": county,
            "km": places.distance_km(proposal.centre, county) or 0,
            "demands": counted[county],
            "headcount": people[county],
        }
        for county in proposal.counties
    ]
    firms = [demand for demand in proposal.demands if demand.kind == "enterprise"]
    return {
        "suggested_name": proposal.name,
        "region": proposal.region,
        "occupation": proposal.occupation,
        "level": proposal.level,
        "centre": proposal.centre,
        "counties": counties,
        "first_day": first,
        "last_day": last,
        "farthest_km": max(each["km"] for each in counties),
        "workers": len(proposal.demands) - len(firms),
        "firms": len(firms),
        "firm_headcount": sum(demand.headcount for demand in firms),
        "headcount": proposal.headcount,
        "demand_ids": [demand.id for demand in proposal.demands],
    }


def _left_out(left: list[Wanted]) -> list[dict[str, Any]]:
    lines: dict[tuple[str, str, str], dict[str, Any]] = {}
    for demand in left:
        key = (demand.county, demand.occupation, demand.level)
        names = {"county": demand.county, "occupation": demand.occupation, "level": demand.level}
        line = lines.setdefault(key, {**names, "demands": 0, "headcount": 0})
        line["demands"] += 1
        line["headcount"] += demand.headcount
    return [lines[key] for key in sorted(lines)]


def _card(project: Project, demands: list[Any], met: int | None) -> dict[str, Any]:
    plan, listing, card = project.plan, project.listing, project.card
    firms = [demand for demand in demands if demand.kind == "enterprise"]
    lacking = [(code, *cards.MISSING[code]) for code in cards.missing(card, len(firms))]
    named = naming.warnings(plan.name, plan.region, plan.occupation)
    lacking += [(code, *naming.WARNINGS[code]) for code in named]
    standard = None
    if listing:
        told = listing.reference
        standard = {
            "fen": listing.standard_fen,
            "rule": listing.standard_rule,
            "illustrative": listing.illustrative or (told is not None and told.status == "illustrative"),
            "reference": vars(told) if told else None,
            "differs": told is not None and told.fen != listing.standard_fen,
        }
    empty = {"posts": [], "skills": None, "content": [], "assessment": None, "skill_standard": None}
    return {
        **(cards.told_card(card) if card else {**empty, "services": None}),
        "project_id": project.id,
        "status": project.status,
        "edition": project.edition,
        **vars(plan),
        "suggested_name": naming.suggested(plan.region, plan.occupation),
        "headcount": project.headcount,
        "firm_headcount": sum(demand.headcount for demand in firms),
        "met": met,
        "standard": standard,
        "came_from": list(project.came_from),
        "became": list(project.became),
        "warnings": [{"code": code, "zh": zh, "en": en} for code, zh, en in lacking],
    }
