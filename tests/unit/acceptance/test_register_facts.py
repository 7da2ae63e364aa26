"""The facts of the register and of follow-up keep their contracts, and each declared one is told."""

from dataclasses import replace

import pytest

from contracts.events import acceptance_follow_up, acceptance_providers
from contracts.registry import Event, newest
from services.acceptance.domain import follow_up, grades, providers
from tests.unit.acceptance import test_follow_up as following
from tests.unit.acceptance import test_grades as grading
from tests.unit.acceptance import test_providers as registering
from tests.unit.acceptance.samples import NOW

TODAY = registering.TODAY


def of_the_register():
    stale = replace(registering.BODY, checked_at=None)
    yield from providers.apply(stale, None, registering.particulars(), registering.TERMS, "by", NOW)[1]
    filed = registering.applied()
    yield from providers.send_back(filed, "理由", NOW)[1]
    yield from providers.admit(filed, registering.TERMS, "by", NOW)[1]
    admitted = registering.admitted()
    for kind in ("warning", "suspension", "exit"):
        yield from providers.take_measure(admitted, registering.measure(kind), TODAY)[1]
    suspended = providers.take_measure(admitted, registering.measure(), TODAY)[0]
    yield from providers.lift(suspended, "m", "by", "理由", TODAY)[1]
    yield from providers.leave(admitted, "理由", TODAY)[1]
    for record in (grading.GOOD, grades.Record()):
        found = grades.grade(record, grading.FORMULA, "admitted", TODAY)
        yield from grades.told(admitted, found, grading.FORMULA)[1]


def of_follow_up():
    at = following.after(1)
    yield from follow_up.visit(following.CLASS, None, following.visit(1, at), following.PLAN)[1]
    given = follow_up.Guidance("g", "class", "a", "guidance", "指导", "by", at)
    yield from follow_up.guide(following.CLASS, given)[1]


FACTS = [*of_the_register(), *of_follow_up()]


@pytest.mark.parametrize(("type", "data"), FACTS, ids=[type for type, _ in FACTS])
def test_a_fact_keeps_its_contract(type, data):
    schema = newest(type).data()
    assert schema.validate(schema.dump(data)) == {}


def test_each_declared_fact_is_among_them():
    modules = (acceptance_providers, acceptance_follow_up)
    declared = {each.type for module in modules for each in vars(module).values() if isinstance(each, Event)}
    assert declared == {type for type, _ in FACTS}
