"""Transfers between fund accounts (调剂、奖补): within a city, and from the province down.

Source: AP, 600 §7, 37 §18. Two entries, one in each chain, that cancel out in the current accounts (往来).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from contracts.vocabularies import regions
from contracts.vocabularies.errors import Refusal
from contracts.vocabularies.money import FUNDS
from services.settlement.domain import funds
from services.settlement.domain.funds import Change, FundAccount
from services.settlement.domain.ledger import Cause

WITHIN_CITY: Final = "within_city"
PROVINCIAL_SUPPORT: Final = "provincial_support"


@dataclass(frozen=True)
class Transfer:
    """One transfer in fen between two accounts of one fund and year. document: what ordered it (文号)."""

    id: str
    kind: str
    fund: str
    year: int
    from_account: str
    to_account: str
    from_region: str
    to_region: str
    amount_fen: int
    document: str
    by: str
    reason: str
    at: datetime


@dataclass(frozen=True)
class Key:
    """What an account's id says: fund, region (GB/T 2260) and calendar year."""

    fund: str
    region: str
    year: int


def key_of(account_id: str, field: str) -> Key:
    """Read an account's id. Raises Refusal `not_found` for what can be no fund account."""
    fund, _, rest = account_id.partition(":")
    region, _, year = rest.partition(":")
    if not (FUNDS.exists(fund) and regions.exists(region) and year.isdigit() and len(year) == 4):
        raise Refusal("not_found", field=field, what=f"fund/{account_id}")
    return Key(fund, region, int(year))


def check(giver: Key, taker: Key, year: int) -> str:
    """Return the kind of a transfer that may be. year: the calendar year of now.

    Raises Refusal `settlement.transfer_fund`, `settlement.transfer_year` or `settlement.transfer_region`.
    """
    if giver.fund != taker.fund:
        raise Refusal("settlement.transfer_fund", field="to_account", fund=giver.fund, other=taker.fund)
    if giver.year != taker.year or giver.year != year:
        raise Refusal("settlement.transfer_year", field="to_account", year=year)
    return _kind(giver.region, taker.region)


def check_within_city(kind: str) -> None:
    """Raise Refusal `settlement.support_two_hands` for what one hand may not move."""
    if kind == PROVINCIAL_SUPPORT:
        raise Refusal("settlement.support_two_hands", field="from_account")


def transfer(
    giver: FundAccount, taker: FundAccount, amount_fen: int, at: datetime, cause: Cause
) -> tuple[Change, Change]:
    """Return both accounts after a transfer, each with its entry; cause.about names the transfer.

    Raises Refusal `settlement.transfer_overdraft` or `settlement.month_closed`.
    """
    return funds.give(giver, amount_fen, at, cause), funds.receive(taker, amount_fen, at, cause)


def _kind(giver: str, taker: str) -> str:
    if giver != taker and giver == regions.province_of(taker):
        return PROVINCIAL_SUPPORT
    city = regions.city_of(giver)
    if giver != taker and city is not None and city == regions.city_of(taker):
        return WITHIN_CITY
    raise Refusal("settlement.transfer_region", field="to_account", giver=giver, taker=taker)
