"""The dated parameters and standards that projects go by, for a region and a moment."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from contracts.vocabularies import regions
from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from services.catalogue.domain.projects import Listing, Plan, Reference
from services.catalogue.domain.proposals import Limits
from services.policy import NoRule, RuleSet, rules_for
from services.policy.standards import standard


def rules_of(region: str, mode: str) -> RuleSet:
    """Return the rules of the province that a region lies in."""
    return rules_for(regions.province_of(region), demonstration=mode == "demonstration")


def proposal_limits(
    region: str, asked: Mapping[str, Any], now: datetime, mode: str
) -> tuple[Limits, int, str]:
    """Return by what demands are grouped, how many at once, and the rule's id.

    asked: figures in place of the rule's, None to keep them. Raises Refusal `catalogue.no_figures`.
    """
    rule = rules_of(region, mode).find("project_proposals", today_in_shanghai(now), region)
    if rule is None:
        raise Refusal("catalogue.no_figures", region=region)
    names = ("within_km", "within_days", "at_least", "at_most")
    figures = {name: rule.values[name] if asked[name] is None else asked[name] for name in names}
    return Limits(**figures), rule.values["demands"], rule.id


def reference(plan: Plan, listing: Listing, now: datetime, mode: str) -> Reference | None:
    """Return the standard that the rules hold for such a training now, None where they have none [37 §3]."""
    rules = rules_of(plan.region, mode)
    try:
        found = standard(
            rules,
            today_in_shanghai(now),
            plan.region,
            organisation=listing.organisation,
            kind=listing.training_kind,
            occupation=plan.occupation,
            level=plan.level,
            hours=plan.hours,
        )
    except NoRule:
        return None
    return Reference(found.fen, found.rule.id, rules.edition, found.status)
