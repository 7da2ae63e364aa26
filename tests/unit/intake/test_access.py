"""Whose demand it is: the poster's always, the agency's as long as its mandate stands."""

from dataclasses import replace
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from services.intake import access
from services.intake.domain.content import Wish
from services.intake.domain.demands import Demand, end_agency
from services.intake.domain.mandates import Mandate, withdraw
from services.intake.store import mandates as store

NOW = datetime(2027, 3, 1, 1, tzinfo=UTC)
DEMAND = Demand(
    "d1", "verified", Wish("worker", "370611", "6-18-02-04", "4", "on_site", date(2027, 4, 1)), "p1", NOW,
    posted_by_ref="agency", mandate_id="agency:p1",
)  # fmt: skip
MANDATE = Mandate(
    "agency:p1", "p1", "agency", "示例代办机构", "worker", "370611", "paper", date(2027, 1, 1),
    date(2027, 3, 1), NOW,
)  # fmt: skip
LOGINS = {
    "worker": {"person_ref": "p1", "body_ref": None},
    "agent": {"person_ref": None, "body_ref": "agency"},
    "stranger": {"person_ref": "p2", "body_ref": None},
}


def source(account, mandate=MANDATE, now=NOW):
    """Return what an account's call reads."""
    rows = {("mandates", "agency:p1"): store._write(mandate) | {"_id": mandate.id} if mandate else None}
    rows |= {("logins", name): row for name, row in LOGINS.items()}
    return SimpleNamespace(
        actor=SimpleNamespace(account=account), now=now, get=lambda collection, id: rows.get((collection, id))
    )


@pytest.mark.parametrize(("account", "own"), [("worker", True), ("agent", True), ("stranger", False)])
def test_a_demand_is_the_posters_and_the_agencys(account, own):
    assert access.is_own(source(account), DEMAND) is own


def test_an_agency_whose_term_is_over_is_out_before_any_job_has_said_so():
    # the last day in Shanghai, then the next one
    assert access.is_own(source("agent", now=datetime(2027, 3, 1, 15, 59, tzinfo=UTC)), DEMAND)
    over = datetime(2027, 3, 1, 16, 0, tzinfo=UTC)
    assert not access.is_own(source("agent", now=over), DEMAND)
    assert access.is_own(source("worker", now=over), DEMAND)


def test_an_agency_whose_mandate_has_ended_is_out():
    ended, _ = withdraw(MANDATE, "principal", "不再授权")
    assert not access.is_own(source("agent", mandate=ended), DEMAND)
    assert not access.is_own(source("agent"), end_agency(DEMAND))
    assert not access.is_own(source("agent", mandate=None), DEMAND)


def test_what_was_entered_before_there_were_mandates_stays_the_agencys():
    assert access.is_own(source("agent", mandate=None), replace(DEMAND, mandate_id=None))
