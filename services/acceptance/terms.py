"""The dated parameters of the register, of grades and of follow-up, for a region and a moment."""

from datetime import datetime

from contracts.vocabularies import regions
from contracts.vocabularies.dates import today_in_shanghai
from services.acceptance.domain.assessment import Completion
from services.acceptance.domain.providers import Terms
from services.policy import RuleSet, rules_for


def rules_of(region: str, mode: str) -> RuleSet:
    """Return the rules of the province that a region lies in."""
    return rules_for(regions.province_of(region), demonstration=mode == "demonstration")


def admission(region: str, now: datetime, mode: str) -> Terms:
    """Return what is asked of a body of this region that files for the register now."""
    rules, day = rules_of(region, mode), today_in_shanghai(now)
    asked = rules.one("provider_admission", day, region).values
    fresh = rules.one("registry_fresh", day, region).values["days"]
    again = rules.one("provider_reentry", day, region).values["months"]
    return Terms(asked["teachers"], asked["places"], fresh, again)


def visits(region: str, now: datetime, mode: str) -> tuple[int, ...]:
    """Return the months after a training at which graduates are revisited."""
    rule = rules_of(region, mode).one("follow_up_visits", today_in_shanghai(now), region)
    return tuple(sorted(rule.values.values()))


def completion(region: str, now: datetime, mode: str) -> Completion:
    """Return what completes a class and how often somebody is tested, here and now."""
    rule = rules_of(region, mode).one("class_completion", today_in_shanghai(now), region)
    return Completion(**rule.values)


def sourcing(region: str, way: str, now: datetime, mode: str) -> dict[str, int]:
    """Return the parameters of a way of finding a provider here and now."""
    rules, day = rules_of(region, mode), today_in_shanghai(now)
    return dict(rules.one("sourcing_rules", day, region, way=way).values)
