"""Transfers within a city and from the province down; memorandum accounts."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from contracts.vocabularies.errors import Refusal
from contracts.vocabularies.money import FUNDS, MEMORANDUM
from services.settlement.domain import audit, funds, ledger, memorandum, transfers
from services.settlement.domain.funds import FundAccount
from services.settlement.domain.ledger import Cause, Unbalanced

NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
WHY = Cause("transfer", "finance", "调剂", about="transfer1")
PROVINCE, CITY, COUNTY, SISTER, ELSEWHERE = "370000", "370600", "370611", "370612", "370202"


def funded(region: str, fen: int) -> FundAccount:
    account = funds.opened("employment_subsidy", region, 2026)
    change = funds.set_budget(account, fen, NOW, WHY)
    return change[0] if change else account


def key(region: str, fund: str = "employment_subsidy", year: int = 2026) -> transfers.Key:
    return transfers.Key(fund, region, year)


@pytest.mark.parametrize(
    ("giver", "taker", "kind"),
    [
        (COUNTY, SISTER, "within_city"),
        (CITY, COUNTY, "within_city"),
        (COUNTY, CITY, "within_city"),
        (PROVINCE, COUNTY, "provincial_support"),
        (PROVINCE, CITY, "provincial_support"),
        (PROVINCE, ELSEWHERE, "provincial_support"),
    ],
)
def test_what_may_be_transferred(giver: str, taker: str, kind: str) -> None:
    assert transfers.check(key(giver), key(taker), 2026) == kind


@pytest.mark.parametrize(
    ("giver", "taker", "code"),
    [
        (key(COUNTY), key(ELSEWHERE), "settlement.transfer_region"),
        (key(COUNTY), key(PROVINCE), "settlement.transfer_region"),
        (key(CITY), key("370200"), "settlement.transfer_region"),
        (key(COUNTY), key(COUNTY), "settlement.transfer_region"),
        (key(PROVINCE), key(PROVINCE), "settlement.transfer_region"),
        (key("140000"), key(COUNTY), "settlement.transfer_region"),
        (key(COUNTY), key(SISTER, "special_account"), "settlement.transfer_fund"),
        (key(COUNTY), key(SISTER, year=2025), "settlement.transfer_year"),
        (key(COUNTY, year=2025), key(SISTER, year=2025), "settlement.transfer_year"),
    ],
)
def test_what_may_not(giver: transfers.Key, taker: transfers.Key, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        transfers.check(giver, taker, 2026)
    assert (refused.value.code, refused.value.field) == (code, "to_account")


@pytest.mark.parametrize(
    "id",
    [
        "staff_education:370611:2026",
        "employment_subsidy:999999:2026",
        "employment_subsidy:370611:26",
        "x",
        "",
    ],
)
def test_what_is_no_fund_account(id: str) -> None:
    with pytest.raises(Refusal, match="not_found"):
        transfers.key_of(id, "from_account")


def test_two_entries_that_cancel_out_in_the_current_accounts() -> None:
    giver, taker = funded(COUNTY, 1000), funds.opened("employment_subsidy", SISTER, 2026)
    (giver, out), (taker, into) = transfers.transfer(giver, taker, 400, NOW, WHY)
    assert (giver.available_fen, taker.available_fen) == (600, 400)
    assert giver.budget_fen == 1000
    current = [
        line.amount_fen for entry in (out, into) for line in entry.postings if line.account == "current"
    ]
    assert current == [400, -400]
    assert (
        sum(line.amount_fen for line in out.postings) == sum(line.amount_fen for line in into.postings) == 0
    )
    # what was received may be used, and not taken away by a lower budget
    taker, _ = funds.encumber(taker, 400, NOW, WHY)
    assert taker.available_fen == 0
    with pytest.raises(Refusal, match="budget_below_use"):
        funds.set_budget(giver, 399, NOW, WHY)
    assert funds.set_budget(giver, 400, NOW, WHY) is not None


def test_an_account_gives_no_more_than_it_has_free() -> None:
    giver, taker = funded(COUNTY, 1000), funds.opened("employment_subsidy", SISTER, 2026)
    giver, _ = funds.encumber(giver, 700, NOW, WHY)
    with pytest.raises(Refusal) as refused:
        transfers.transfer(giver, taker, 301, NOW, WHY)
    assert (refused.value.code, refused.value.facts["available_fen"]) == (
        "settlement.transfer_overdraft",
        300,
    )
    for fen in (0, -5):
        with pytest.raises(Unbalanced):
            transfers.transfer(giver, taker, fen, NOW, WHY)
    for closed in (replace(giver, closed_through="2026-03"), giver):
        other = taker if closed is not giver else replace(taker, closed_through="2026-03")
        with pytest.raises(Refusal, match="month_closed"):
            transfers.transfer(closed, other, 300, NOW, WHY)


def test_memorandum_accounts_are_noted_and_nothing_else() -> None:
    assert not set(MEMORANDUM.codes) & set(FUNDS.codes)
    account = memorandum.opened("staff_education", COUNTY, 2026)
    account, first = memorandum.note(account, 500, NOW, WHY)
    account, second = memorandum.note(account, -200, NOW, WHY)
    walk = audit.walk(account.id, [first, second], audit.Told(account.head, account.sums()))
    assert (walk.faults, account.noted_fen) == ([], 300)
    with pytest.raises(Refusal, match="memorandum_below_zero"):
        memorandum.note(account, -301, NOW, WHY)
    with pytest.raises(Unbalanced):
        memorandum.note(account, 0, NOW, WHY)
    assert not set(ledger.MEMORANDUM_ACCOUNTS) & set(ledger.ACCOUNTS)
