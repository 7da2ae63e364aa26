"""The dated parameters of demand intake for a region and a moment (services/policy)."""

from datetime import date, datetime
from functools import lru_cache

from contracts.vocabularies import regions
from contracts.vocabularies.dates import today_in_shanghai
from services.intake.domain.terms import Terms
from services.policy import rules_for


def terms_of(region: str, now: datetime) -> Terms:
    """Return the parameters of the province that a region lies in, on the day of a moment."""
    return _terms(regions.province_of(region), today_in_shanghai(now))


@lru_cache(maxsize=64)
def _terms(province: str, day: date) -> Terms:
    rules = rules_for(province)
    demand = rules.one("demand_terms", day, province).values
    mandate = rules.one("mandate_terms", day, province).values
    return Terms(
        wanted_within=demand["wanted_within_days"],
        lapses_after=demand["lapses_after_days"],
        warned_before=demand["warned_before_days"],
        mandate=mandate["days"],
        mandate_most=mandate["most_days"],
    )
