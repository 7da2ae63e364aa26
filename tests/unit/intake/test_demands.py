"""The life of a demand: what each step needs, and what it tells."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.events import intake as declared
from contracts.events import intake_demands
from contracts.registry import newest
from contracts.vocabularies.errors import Refusal
from contracts.vocabularies.statuses import DEMAND
from services.intake.domain import demands
from services.intake.domain.content import Contact, Proof, Wish
from services.intake.domain.demands import Demand
from services.intake.domain.terms import Terms

NOW = datetime(2027, 3, 1, 1, tzinfo=UTC)
WISH = Wish("worker", "370611", "6-18-02-04", "4", "on_site", date(2027, 4, 1))
NEW = Demand("d1", "submitted", WISH, "p1", NOW, lapses_on=date(2028, 3, 31), warns_on=date(2028, 3, 1))
TERMS = Terms(wanted_within=730, lapses_after=365, warned_before=30, mandate=365, mandate_most=1095)


def told(facts):
    """Return the types of facts, each checked against its contract."""
    for type, data in facts:
        schema = newest(type).data()
        assert schema.validate(schema.dump(data)) == {}
    return [type.removeprefix("intake.demand.") for type, _ in facts]


def in_status(status, project_id=None):
    return replace(NEW, status=status, project_id=project_id)


def test_a_demand_waits_for_its_posters_check():
    demand, facts = demands.post(NEW, None, None, TERMS)
    assert demand.status == "submitted"
    assert told(facts) == ["posted"]


def test_a_demand_of_a_checked_poster_is_verified_at_once():
    demand, facts = demands.post(NEW, None, NOW, TERMS)
    assert demand.status == "verified"
    assert told(facts) == ["posted", "verified"]


def test_a_second_open_demand_is_returned_and_kept():
    demand, facts = demands.post(NEW, "d0", NOW, TERMS)
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
        demands.post(demand, None, None, TERMS)
    else:
        with pytest.raises(Refusal, match=r"intake\.wanted_from at wanted_from"):
            demands.post(demand, None, None, TERMS)


def test_today_is_shanghais_day():
    # 17:00 UTC on the last of February is already March in Shanghai
    late = replace(NEW, posted_at=datetime(2027, 2, 28, 17, tzinfo=UTC))
    with pytest.raises(Refusal):
        demands.post(replace(late, wish=replace(WISH, wanted_from=date(2027, 2, 28))), None, None, TERMS)


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
    "warn_early": (lambda demand: demands.warn(demand, NOW + timedelta(days=365)), {}),
    "warn_late": (lambda demand: demands.warn(demand, NOW + timedelta(days=400)), {}),
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


def test_a_demand_says_until_when_it_stands():
    demand, _ = demands.post(NEW, None, NOW, TERMS)
    assert (demand.lapses_on, demand.warns_on) == (date(2028, 3, 31), date(2028, 3, 1))
    # the last day in Shanghai, then the next one
    assert demands.lapse(demand, datetime(2028, 3, 31, 15, 59, tzinfo=UTC)) == (demand, [])
    after, facts = demands.lapse(demand, datetime(2028, 3, 31, 16, 0, tzinfo=UTC))
    assert (after.status, told(facts)) == ("lapsed", ["lapsed"])


@pytest.mark.parametrize("status", DEMAND)
def test_the_poster_is_told_once_that_it_will_lapse(status):
    waiting = in_status(status)
    warned, facts = demands.warn(waiting, NOW + timedelta(days=366))
    if status in ("submitted", "verified"):
        assert told(facts) == ["lapsing"]
        assert facts[0][1]["lapses_on"] == date(2028, 3, 31)
        assert demands.warn(warned, NOW + timedelta(days=367)) == (warned, [])
    else:
        assert (warned, facts) == (waiting, [])


def test_every_fact_says_whose_demand_it_is():
    agents = replace(NEW, posted_by_ref="agency")
    for demand, seen in ((agents, "agency"), (demands.end_agency(agents), None)):
        _, facts = demands.verify(demand, NOW)
        data = facts[0][1]
        assert (data["poster_ref"], data["posted_by_ref"]) == ("p1", seen)
        assert (data["occupation"], data["level"]) == ("6-18-02-04", "4")


LATER = replace(WISH, wanted_from=date(2027, 9, 1))


def changed(demand, wish=LATER, earlier=None, checked=NOW, now=NOW, also=()):
    return demands.change(demand, wish, now, earlier, checked, TERMS, also)


@pytest.mark.parametrize("status", DEMAND)
def test_what_waits_or_was_returned_can_be_changed_and_nothing_else(status):
    before = replace(in_status(status), reason="原因", warned=True)
    if status in demands.CHANGEABLE:
        after, facts = changed(before)
        assert (after.status, after.wish, after.reason, after.warned) == ("verified", LATER, None, False)
        assert (after.lapses_on, after.id) == (date(2028, 8, 31), before.id)
        assert told(facts) == ["changed", "verified"]
        assert facts[0][1]["changed"] == ["wanted_from"]
    else:
        with pytest.raises(Refusal, match=r"intake\.demand_listed" if status == "listed" else "out_of_order"):
            changed(before)


def test_a_changed_demand_waits_for_its_poster_again():
    after, facts = changed(in_status("submitted"), checked=None)
    assert (after.status, told(facts)) == ("submitted", ["changed"])


def test_a_returned_demand_may_be_handed_in_as_it_was_and_nothing_else_unchanged():
    after, facts = changed(in_status("returned"), wish=WISH)
    assert (after.status, told(facts)) == ("verified", ["changed", "verified"])
    with pytest.raises(Refusal, match=r"intake\.nothing_changed"):
        changed(in_status("verified"), wish=WISH)
    after, facts = changed(in_status("verified"), wish=WISH, also=["contact"])
    assert facts[0][1]["changed"] == ["contact"]


def test_a_returned_demand_whose_start_is_past_needs_another():
    with pytest.raises(Refusal, match=r"intake\.wanted_from"):
        changed(in_status("returned"), wish=WISH, now=NOW + timedelta(days=60))
    # one that stands may be mended in its other words
    after, _ = changed(in_status("verified"), wish=replace(WISH, hours=80), now=NOW + timedelta(days=60))
    assert after.wish.hours == 80


def test_a_change_into_a_double_is_returned():
    after, facts = changed(in_status("verified"), wish=replace(WISH, level="3"), earlier="d9")
    assert (after.status, after.duplicate_of) == ("returned", "d9")
    assert told(facts) == ["changed", "returned"]


def test_the_kind_of_a_demand_stays():
    with pytest.raises(Refusal, match=r"intake\.kind_fixed at kind"):
        changed(in_status("verified"), wish=replace(WISH, kind="enterprise"))


@pytest.mark.parametrize("status", DEMAND)
def test_an_officer_returns_what_waits(status):
    if status in ("submitted", "verified"):
        after, facts = demands.send_back_by_officer(in_status(status), "人数不实")
        assert (after.status, after.reason, told(facts)) == ("returned", "人数不实", ["returned"])
    else:
        with pytest.raises(Refusal, match="out_of_order"):
            demands.send_back_by_officer(in_status(status), "人数不实")


PROVEN = replace(
    NEW, wish=replace(WISH, group="disabled"), proof=Proof("disability_card", "1234", sealed={"number": b"x"})
)


def test_a_proof_is_looked_at():
    after, facts = demands.decide_proof(PROVEN, True, None)
    assert (after.proof.state, told(facts)) == ("accepted", ["proof_decided"])
    after, facts = demands.decide_proof(PROVEN, False, "证件已过期")
    assert (after.proof.state, after.proof.reason) == ("refused", "证件已过期")
    assert facts[0][1]["accepted"] is False
    with pytest.raises(Refusal, match="invalid at reason"):
        demands.decide_proof(PROVEN, False, None)
    with pytest.raises(Refusal, match=r"intake\.no_proof"):
        demands.decide_proof(NEW, True, None)


def test_nothing_personal_is_told_or_printed():
    private = replace(PROVEN, contact=Contact({"name": b"secret-name"}))
    steps = [demands.post(private, None, NOW, TERMS), demands.decide_proof(private, True, None)]
    assert "secret" not in str([facts for _, facts in steps]) + repr(private)
    assert "1234" not in str([facts for _, facts in steps])


def test_later_facts_can_be_told_too():
    assert {event.type for event in vars(intake_demands).values() if hasattr(event, "data")} == {
        f"intake.demand.{verb}"
        for verb in (
            "changed", "lapsing", "duplicate_found", "duplicate_dismissed", "merged", "proof_decided",
        )
    }  # fmt: skip
