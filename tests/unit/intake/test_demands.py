"""The life of a demand: what each step needs, and what it tells."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.events import intake as declared
from contracts.registry import newest
from contracts.vocabularies.errors import Refusal
from contracts.vocabularies.statuses import DEMAND
from services.intake.domain import demands
from services.intake.domain.demands import Demand, Wish

NOW = datetime(2027, 3, 1, 1, tzinfo=UTC)
WISH = Wish("worker", "370611", "6-18-02-04", "4", "on_site", date(2027, 4, 1))
NEW = Demand("d1", "submitted", WISH, "p1", NOW)


def told(facts):
    """Return the types of facts, each checked against its contract."""
    for type, data in facts:
        schema = newest(type).data()
        assert schema.validate(schema.dump(data)) == {}
    return [type.removeprefix("intake.demand.") for type, _ in facts]


def in_status(status, project_id=None):
    return replace(NEW, status=status, project_id=project_id)


def test_a_demand_waits_for_its_posters_check():
    demand, facts = demands.post(NEW, None, None)
    assert demand.status == "submitted"
    assert told(facts) == ["posted"]


def test_a_demand_of_a_checked_poster_is_verified_at_once():
    demand, facts = demands.post(NEW, None, NOW)
    assert demand.status == "verified"
    assert told(facts) == ["posted", "verified"]


def test_a_second_open_demand_is_returned_and_kept():
    demand, facts = demands.post(NEW, "d0", NOW)
    assert (demand.status, demand.duplicate_of) == ("returned", "d0")
    assert told(facts) == ["posted", "returned"]
    assert facts[1][1]["duplicate_of"] == "d0"


def test_only_a_persons_demands_are_unique():
    assert NEW.unique_key == "p1:6-18-02-04:4"
    assert replace(NEW, wish=replace(WISH, kind="enterprise")).unique_key is None


@pytest.mark.parametrize(
    ("wanted", "fine"),
    [
        (date(2027, 2, 28), False),
        (date(2027, 3, 1), True),
        (date(2029, 2, 28), True),
        (date(2029, 3, 1), False),
    ],
)
def test_the_wanted_start_is_between_today_in_shanghai_and_two_years_on(wanted, fine):
    demand = replace(NEW, wish=replace(WISH, wanted_from=wanted))
    if fine:
        demands.post(demand, None, None)
    else:
        with pytest.raises(Refusal, match=r"intake\.wanted_from at wanted_from"):
            demands.post(demand, None, None)


def test_today_is_shanghais_day():
    # 17:00 UTC on the last of February is already March in Shanghai
    late = replace(NEW, posted_at=datetime(2027, 2, 28, 17, tzinfo=UTC))
    with pytest.raises(Refusal):
        demands.post(replace(late, wish=replace(WISH, wanted_from=date(2027, 2, 28))), None, None)


STEPS = {
    "verify": (lambda demand: demands.verify(demand, NOW), {"submitted": "verified"}),
    "send_back": (lambda demand: demands.send_back(demand, "原因"), {"submitted": "returned"}),
    "list_in": (lambda demand: demands.list_in(demand, "q"), {"verified": "listed", "listed": "listed"}),
    "set_free": (lambda demand: demands.set_free(demand, "q", NOW), {}),
    "set_free_own": (lambda demand: demands.set_free(demand, "p", NOW), {"listed": "verified"}),
    "meet": (lambda demand: demands.meet(demand, "q"), {}),
    "meet_own": (lambda demand: demands.meet(demand, "p"), {"listed": "met"}),
    "lapse": (
        lambda demand: demands.lapse(demand, NOW + timedelta(days=400)),
        {"submitted": "lapsed", "verified": "lapsed"},
    ),
    "lapse_early": (lambda demand: demands.lapse(demand, NOW + timedelta(days=390)), {}),
}


@pytest.mark.parametrize("status", DEMAND)
@pytest.mark.parametrize("step", STEPS)
def test_a_step_that_does_not_apply_changes_and_tells_nothing(step, status):
    take, changes = STEPS[step]
    before = in_status(status, "p" if status in ("listed", "met") else None)
    after, facts = take(before)
    if status in changes:
        assert after.status == changes[status]
        assert len(told(facts)) == 1
    else:
        assert (after, facts) == (before, [])


@pytest.mark.parametrize("status", DEMAND)
def test_what_is_open_can_be_withdrawn_and_nothing_else(status):
    if status in demands.OPEN:
        after, facts = demands.withdraw(in_status(status), "不需要了")
        assert after.status == "withdrawn"
        assert told(facts) == ["withdrawn"]
        assert not after.open
    else:
        with pytest.raises(Refusal, match="out_of_order"):
            demands.withdraw(in_status(status), "不需要了")


def test_news_of_two_projects_may_come_crossed():
    listed, _ = demands.list_in(in_status("verified"), "old")
    moved, facts = demands.list_in(listed, "new")
    assert told(facts) == ["listed"]
    after, facts = demands.set_free(moved, "old", NOW)
    assert (after.project_id, facts) == ("new", [])


@given(
    st.lists(
        st.sampled_from(
            [
                lambda demand: demands.verify(demand, NOW),
                lambda demand: demands.send_back(demand, "r"),
                lambda demand: demands.list_in(demand, "p"),
                lambda demand: demands.list_in(demand, "q"),
                lambda demand: demands.set_free(demand, "p", NOW),
                lambda demand: demands.meet(demand, "q"),
                lambda demand: demands.lapse(demand, NOW + timedelta(days=800)),
            ]
        ),
        max_size=12,
    )
)
def test_no_order_of_news_brings_back_what_has_ended(steps):
    demand, ended = NEW, False
    for step in steps:
        after, facts = step(demand)
        told(facts)
        if ended:
            assert (after, facts) == (demand, [])
        demand, ended = after, not after.open
        assert (demand.project_id is not None) == (demand.status in ("listed", "met"))


def test_every_fact_of_a_demand_can_be_told():
    assert {event.type for event in vars(declared).values() if hasattr(event, "data")} >= {
        f"intake.demand.{verb}"
        for verb in ("posted", "verified", "returned", "listed", "withdrawn", "met", "lapsed")
    }
