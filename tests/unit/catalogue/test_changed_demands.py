"""A demand that its poster has changed: the catalogue's copy says the new, and stays where it was."""

from datetime import date

from services.catalogue.domain import demands
from services.catalogue.domain.demands import Demand

COPY = Demand(
    "d1", "worker", "p1", "370611", "6-18-02-04", "4", 1, "on_site", None, date(2027, 4, 1), "verified",
    month="2027-03",
)  # fmt: skip


def test_a_changed_demand_waits_again_and_keeps_its_month():
    after = demands.said_anew(COPY, {"level": "3", "wanted_from": date(2027, 9, 1)})
    assert (after.level, after.wanted_from, after.month) == ("3", date(2027, 9, 1), "2027-03")
    assert not after.open
    assert demands.heard(after, "verified").open


def test_a_project_that_took_it_meanwhile_keeps_it():
    after = demands.said_anew(demands.taken(COPY, "q"), {"level": "3"})
    assert after.project_id == "q"
    assert not demands.heard(after, "verified").open
