"""Support from the province: who decides, and what a text says of a city's months."""

from datetime import UTC, datetime

import pytest

from contracts.vocabularies.errors import Refusal
from services.policy import rules_for
from services.settlement.domain import supports, transfers
from services.settlement.domain.supports import Support

IN_FORCE = datetime(2021, 12, 31, 15, 59, tzinfo=UTC)
ENDED = datetime(2021, 12, 31, 16, 0, tzinfo=UTC)
PROVINCE, COUNTY, SISTER = "370000", "370611", "370612"


def support(
    months: int | None = 23, fund: str = "unemployment_insurance", at: datetime = IN_FORCE
) -> Support:
    giver, taker = f"{fund}:{PROVINCE}:2021", f"{fund}:{COUNTY}:2021"
    return Support("s1", fund, 2021, giver, taker, PROVINCE, COUNTY, 5, "文号", months, "理由", "a", at)


def test_another_hand_decides_once() -> None:
    with pytest.raises(Refusal, match="other_hand"):
        supports.decided(support(), "granted", "a", "同意", IN_FORCE)
    done = supports.decided(support(), "refused", "b", "不足", IN_FORCE)
    assert (done.status, done.decided_by, done.decision_reason) == ("refused", "b", "不足")
    with pytest.raises(Refusal, match="out_of_order"):
        supports.decided(done, "granted", "c", "同意", IN_FORCE)


def test_only_the_province_supports() -> None:
    fund = "unemployment_insurance"
    taker = transfers.Key(fund, COUNTY, 2021)
    supports.check_support(transfers.Key(fund, PROVINCE, 2021), taker, 2021)
    with pytest.raises(Refusal, match="support_from_province"):
        supports.check_support(transfers.Key(fund, SISTER, 2021), taker, 2021)


@pytest.mark.parametrize(
    ("asked", "fact"),
    [
        (support(23), "below_months"),
        (support(24), "enough_months"),
        (support(23, at=ENDED), "no_text_in_force"),
        (support(None), None),
        (support(23, fund="employment_subsidy"), None),
    ],
)
def test_what_the_text_says_of_the_months_ap(asked: Support, fact: str | None) -> None:
    seen = supports.watched(asked, rules_for(PROVINCE))
    assert (seen.fact if seen else None) == fact
    assert seen is None or seen.document == "AP"


def test_where_no_text_speaks_of_it_nothing_is_said() -> None:
    assert supports.watched(support(), rules_for("140000")) is None
