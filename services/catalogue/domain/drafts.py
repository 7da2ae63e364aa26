"""Changing drafts: another plan or other demands, one split into several, several merged into one.

A draft that is split or merged ends, and names what it became; what it became names where it came from. So
each demand is in one project at every moment, and its way can be told.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from contracts.vocabularies.errors import Refusal
from services.catalogue.domain import projects as rules
from services.catalogue.domain.cards import Card, told_card
from services.catalogue.domain.cards import check as check_card
from services.catalogue.domain.demands import Demand
from services.catalogue.domain.projects import Decision, Plan, Project

SPLIT: Final = "拆分 / split"
MERGED: Final = "合并 / merged"


@dataclass(frozen=True)
class Part:
    """What one part of a split draft is to be. id: of the new project."""

    id: str
    name: str
    region: str
    seats: int
    demand_ids: tuple[str, ...]


def revise(project: Project, plan: Plan, wanted: Sequence[str], demands: Sequence[Demand]) -> Decision:
    """Give a draft another plan and other demands.

    demands: those of `wanted` that exist. Raises Refusal as `projects.draft` does, `out_of_order` once it was
    listed, and as `cards.check` does when what its card says does not fit any more.
    """
    rules.require(project, ("draft",), "revise")
    headcount = rules.headcount_of(plan, wanted, demands, (project.id,))
    if project.card:
        check_card(project.card, plan.hours, demands)
    told = {
        **rules.told_plan(plan),
        "demand_ids": list(wanted),
        "added": [id for id in wanted if id not in project.demand_ids],
        "removed": [id for id in project.demand_ids if id not in wanted],
    }
    revised = replace(project, plan=plan, demand_ids=tuple(wanted), headcount=headcount)
    return revised, [("catalogue.project.revised", told)]


def describe(project: Project, card: Card, demands: Sequence[Demand]) -> Decision:
    """Put a card on a draft or a listed project. demands: its own. Raises Refusal `out_of_order`, and as
    `cards.check`.
    """
    rules.require(project, ("draft", "listed"), "describe")
    check_card(card, project.plan.hours, demands)
    return replace(project, card=card), [("catalogue.project.described", told_card(card))]


def split(
    project: Project, parts: Sequence[Part], demands: Sequence[Demand], now: datetime
) -> tuple[Decision, list[Decision]]:
    """End a draft in favour of its parts; return the ended one and the new ones.

    demands: all of the draft's. Raises Refusal `catalogue.split_demands` unless each demand is in exactly one
    part, and as `projects.draft` does for each part.
    """
    rules.require(project, ("draft",), "split")
    named = [id for part in parts for id in part.demand_ids]
    if sorted(named) != sorted(project.demand_ids):
        doubled = len(named) - len(set(named))
        lacking = len(set(project.demand_ids) - set(named))
        raise Refusal("catalogue.split_demands", field="parts", doubled=doubled, lacking=lacking)
    made = []
    for part in parts:
        plan = replace(project.plan, name=part.name, region=part.region, seats=part.seats)
        own = [demand for demand in demands if demand.id in part.demand_ids]
        made.append(rules.draft(part.id, plan, part.demand_ids, own, now, (project.id,)))
    return rules.withdraw(project, SPLIT, [part.id for part in parts]), made


def merge(
    id: str, drafts: Sequence[Project], plan: Plan, demands: Sequence[Demand], now: datetime
) -> tuple[list[Decision], Decision]:
    """End drafts in favour of one; return the ended ones and the new one.

    demands: all of theirs. Raises Refusal `out_of_order` when one is no draft, and as `projects.draft` does.
    """
    for project in drafts:
        rules.require(project, ("draft",), "merge")
    wanted = [demand_id for project in drafts for demand_id in project.demand_ids]
    made = rules.draft(id, plan, wanted, demands, now, [project.id for project in drafts])
    return [rules.withdraw(project, MERGED, [id]) for project in drafts], made
