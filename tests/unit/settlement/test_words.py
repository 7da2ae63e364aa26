"""What settlement's code, its contracts and its vocabularies say of the same things."""

import ast
from importlib import import_module
from pathlib import Path

from contracts.events import settlement as told
from contracts.registry import Event, newest
from contracts.vocabularies import statuses
from services import settlement
from services.chassis.topology import FOLLOWS
from services.settlement.domain import review
from services.settlement.service import SettlementService
from services.settlement.store import claims


def test_every_fact_that_is_declared_is_told() -> None:
    # in code: `told.CLAIM_PAID`; what has a newer version is read and not told any more
    used = {
        node.attr
        for path in Path(settlement.__file__).parent.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute)
    }
    declared = {
        name
        for path in Path(told.__file__).parent.glob("settlement*.py")
        for name, event in vars(import_module(f"contracts.events.{path.stem}")).items()
        if isinstance(event, Event) and newest(event.type) is event
    }
    assert len(declared) > 20
    assert declared - used == set()


def test_every_step_tells_a_fact_and_leads_to_a_known_status() -> None:
    for step in review.STEPS.values():
        assert step.event in claims.EVENTS
        assert {step.after, *step.before} <= set(statuses.CLAIM)


def test_what_is_bound_is_followed() -> None:
    followed = {type.rpartition(".")[0] for type in SettlementService.handlers}
    assert followed == set(FOLLOWS["settlement"])
