"""Budgets of the fund accounts."""

from collections.abc import Mapping
from typing import Any

from contracts.vocabularies.dates import calendar_year
from contracts.vocabularies.errors import Refusal
from services.chassis.unit import Unit
from services.settlement.domain import funds
from services.settlement.domain.ledger import Cause
from services.settlement.store import books
from services.settlement.store.documents import Document


def set_budget(unit: Unit, body: Mapping[str, Any]) -> Document:
    """Set a year's budget of a fund in the officer's region; the account is opened with its first one.

    Raises Refusal `region.forbidden`, `settlement.year_mismatch` or `settlement.budget_below_use`.
    """
    fund, region, year = body["fund"], body["region"], body["year"]
    unit.actor.require_region(region)
    if year not in (calendar_year(unit.now), calendar_year(unit.now) + 1):
        raise Refusal("settlement.year_mismatch", field="year", year=year)
    account = books.account_for(unit, fund, region, year) or funds.opened(fund, region, year)
    cause = Cause("set_budget", unit.actor.account, body["reason"])
    change = funds.set_budget(account, body["budget_fen"], unit.now, cause)
    if change is None:
        known = unit.get("fund_accounts", account.id)
        if known is None:
            raise Refusal(
                "invalid", field="budget_fen", reason="首次预算应大于零 / a first budget is above zero"
            )
        return known
    told = {"fund": fund, "region": region, "year": year, "budget_fen": body["budget_fen"]}
    return books.save_account(unit, change[0], change[1], told)
