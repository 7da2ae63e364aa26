"""What settlement's code, its contracts and its vocabularies say of the same things."""

from contracts.events import settlement as told
from contracts.registry import EVENTS
from contracts.vocabularies import statuses
from services.chassis.topology import FOLLOWS
from services.settlement.domain import review
from services.settlement.service import SettlementService
from services.settlement.store import books, claims


def test_every_fact_that_is_declared_is_told() -> None:
    told_here = {*claims.EVENTS.values(), *books.PAYMENT_EVENTS.values(), told.BUDGET_SET, told.POSTED}
    assert {event.type for event in told_here} == {type for type in EVENTS if type.startswith("settlement.")}


def test_every_step_tells_a_fact_and_leads_to_a_known_status() -> None:
    for step in review.STEPS.values():
        assert step.event in claims.EVENTS
        assert {step.after, *step.before} <= set(statuses.CLAIM)


def test_what_is_bound_is_followed() -> None:
    followed = {type.rpartition(".")[0] for type in SettlementService.handlers}
    assert followed == set(FOLLOWS["settlement"])
