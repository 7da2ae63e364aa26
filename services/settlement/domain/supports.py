"""Support from the province (省级调剂、奖补): asked by one officer, decided by another of the province.

asked → granted | refused. Source: AP, 37 §18; the two hands are good practice of such funds, not in the
texts.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from services.policy import NoRule, Reason, RuleSet, provincial_support
from services.settlement.domain.transfers import PROVINCIAL_SUPPORT, Key, check

ASKED: Final = "asked"
GRANTED: Final = "granted"


@dataclass(frozen=True)
class Support:
    """One request in fen. document: what it rests on (文号); months_of_benefits: that the fund can pay."""

    id: str
    fund: str
    year: int
    from_account: str
    to_account: str
    from_region: str
    to_region: str
    amount_fen: int
    document: str
    months_of_benefits: int | None
    reason: str
    asked_by: str
    asked_at: datetime
    status: str = ASKED
    decided_by: str | None = None
    decided_at: datetime | None = None
    decision_reason: str | None = None
    transfer_id: str | None = None


def check_support(giver: Key, taker: Key, year: int) -> None:
    """Raise Refusal unless the province may give to the other account this year.

    As `transfers.check`; `settlement.support_from_province` within a city, which needs no support.
    """
    if check(giver, taker, year) != PROVINCIAL_SUPPORT:
        raise Refusal("settlement.support_from_province", field="from_account", giver=giver.region)


def decided(support: Support, outcome: str, by: str, reason: str, at: datetime) -> Support:
    """Decide a request by another hand. Raises Refusal `out_of_order` or `settlement.other_hand`."""
    if support.status != ASKED:
        raise Refusal("out_of_order", status=support.status, step="decide_support")
    if by == support.asked_by:
        raise Refusal("settlement.other_hand", held=f"support/{support.id}")
    return replace(support, status=outcome, decided_by=by, decided_at=at, decision_reason=reason)


def watched(support: Support, rules: RuleSet) -> Reason | None:
    """Return what a text says of the months given; None without any, or where none is about this fund.

    It refuses nothing: the officer of the province decides.
    """
    if support.months_of_benefits is None:
        return None
    day = today_in_shanghai(support.asked_at)
    try:
        about = rules.latest("provincial_support", day)
    except NoRule:
        return None
    if support.fund not in about.fund:
        return None
    return provincial_support(support.months_of_benefits, day, rules.jurisdiction, rules=rules).lines[0]
