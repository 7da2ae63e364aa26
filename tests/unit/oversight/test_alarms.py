"""Gaps: suspected, raised, cleared."""

from datetime import UTC, datetime, timedelta

import pytest

from services.oversight.domain import alarms
from services.oversight.domain.alarms import PATIENCE, Alarm

NOW = datetime(2027, 3, 1, tzinfo=UTC)
THING = ("intake.demand", "d1")


@pytest.mark.parametrize(
    ("last", "arrived", "gaps"),
    [(0, [2], (1,)), (3, [5, 8], (4, 6, 7)), (3, [], ()), (3, [4], ()), (0, [500], tuple(range(1, 101)))],
)
def test_what_is_missing_lies_between_the_last_applied_and_the_highest(last, arrived, gaps):
    assert alarms.missing(last, arrived) == gaps


def test_a_gap_is_suspected_first_then_raised_then_cleared():
    (suspected,), dropped = alarms.watch([], {THING: (2,)}, NOW)
    assert (suspected.status, suspected.id, dropped) == ("suspected", "intake.demand:d1:2", [])
    assert alarms.watch([suspected], {THING: (2,)}, NOW + PATIENCE / 2) == ([], [])
    (raised,), _ = alarms.watch([suspected], {THING: (2,)}, NOW + PATIENCE)
    assert (raised.status, raised.since) == ("open", NOW)
    assert alarms.watch([raised], {THING: (2,)}, NOW + 2 * PATIENCE) == ([], [])
    (cleared,), dropped = alarms.watch([raised], {}, NOW + 3 * PATIENCE)
    assert (cleared.status, cleared.cleared_at, dropped) == ("cleared", NOW + 3 * PATIENCE, [])


def test_a_suspicion_that_came_to_nothing_is_dropped():
    suspected = Alarm("x", *THING, (2,), NOW)
    assert alarms.watch([suspected], {}, NOW + timedelta(seconds=5)) == ([], ["x"])


def test_a_growing_gap_stays_one_alarm():
    raised = Alarm("x", *THING, (2,), NOW, "open")
    (grown,), _ = alarms.watch([raised], {THING: (2, 4)}, NOW)
    assert (grown.id, grown.status, grown.missing) == ("x", "open", (2, 4))


def test_each_thing_has_its_own_alarm():
    stored, _ = alarms.watch([], {THING: (2,), ("intake.demand", "d2"): (1,)}, NOW)
    assert {alarm.aggregate_id for alarm in stored} == {"d1", "d2"}
