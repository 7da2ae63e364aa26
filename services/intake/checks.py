"""联网核查: what waits is asked of the registries outside any unit, then the answers are taken in.

An outage delays and never passes a check: what got no usable answer stays as it is and is asked again.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVar

import structlog

from services.chassis.calls import Reader
from services.chassis.outside import OutsideUnavailable, Refused
from services.chassis.outside_registry import Registry
from services.chassis.unit import Unit
from services.intake.domain import bodies as body_rules
from services.intake.domain import demands as demand_rules
from services.intake.domain import employments as employment_rules
from services.intake.domain import persons as person_rules
from services.intake.domain.bodies import Body
from services.intake.domain.employments import Employment, Insured
from services.intake.domain.persons import Person
from services.intake.store import bodies, demands, employments, persons
from services.intake.store.vault import Forgotten, Vault

BATCH: Final = 50
_SCOPE_LIMIT: Final = 2000
T = TypeVar("T")
_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Verdict:
    """The registries' word. reason: why refused, None when confirmed; scope: of a body's licence."""

    checked_at: datetime
    reason: str | None = None
    draws_pension: bool = False
    scope: str = ""


@dataclass(frozen=True)
class Finding:
    """A verdict on the state that was asked about; a later state is asked about anew."""

    ref: str
    version: int
    verdict: Verdict


def check_persons(reader: Reader, vault: Vault, registry: Registry) -> list[Finding]:
    """Ask about persons who wait."""
    waiting = persons.waiting(reader, BATCH)
    return _asked(waiting, lambda each: Finding(each[0].id, each[1], ask_person(each[0], vault, registry)))


def check_bodies(reader: Reader, registry: Registry) -> list[Finding]:
    """Ask about bodies that wait."""
    return _asked(
        bodies.waiting(reader, BATCH), lambda each: Finding(each[0].id, each[1], ask_body(each[0], registry))
    )


def check_employments(reader: Reader, vault: Vault, registry: Registry) -> list[tuple[str, bool]]:
    """Ask about reports of employment that wait; return (report, found)."""
    return _asked(
        employments.waiting(reader, BATCH),
        lambda report: (report.id, ask_employment(report, reader, vault, registry)),
    )


def _asked(waiting: Iterable[Any], ask: Callable[[Any], T]) -> list[T]:
    answers = []
    for each in waiting:
        try:
            answers.append(ask(each))
        except Forgotten:
            continue
        except OutsideUnavailable as problem:
            _log.warning(
                "a registry gave no answer; asking again later", system=problem.system, reason=problem.reason
            )
    return answers


def ask_person(person: Person, vault: Vault, registry: Registry) -> Verdict:
    """Ask whether the person exists under this name and draws a pension.

    Raises OutsideUnavailable, Forgotten.
    """
    clear = vault.open(person.details.sealed, "id_number", "name")
    identity = registry.person_exists(clear["id_number"], clear["name"])
    if isinstance(identity, Refused):
        return Verdict(
            identity.checked_at, f"人口库不受理：{identity.code} / the registry declines: {identity.code}"
        )
    found = identity.value
    if not found.found or not found.name_matches:
        return Verdict(
            identity.checked_at, "姓名与身份证号码不符 / name and citizen number do not belong together"
        )
    if not found.alive:
        return Verdict(identity.checked_at, "人口库状态异常 / the registry records a death")
    pension = registry.pension(clear["id_number"])
    if isinstance(pension, Refused):
        return Verdict(
            pension.checked_at, f"社保库不受理：{pension.code} / the registry declines: {pension.code}"
        )
    return Verdict(pension.checked_at, draws_pension=pension.value.draws)


def ask_body(body: Body, registry: Registry) -> Verdict:
    """Ask whether the body exists under this name and is active. Raises OutsideUnavailable."""
    answer = registry.enterprise(body.credit_code)
    if isinstance(answer, Refused):
        return Verdict(
            answer.checked_at, f"登记库不受理：{answer.code} / the registry declines: {answer.code}"
        )
    if answer.value is None or answer.value.name != body.name:
        return Verdict(
            answer.checked_at, "名称与统一社会信用代码不符 / name and credit code do not belong together"
        )
    if answer.value.status != "active":
        return Verdict(answer.checked_at, "登记状态非存续 / the body is not active")
    return Verdict(answer.checked_at, scope=scope_text(answer.value.licence_scope))


def scope_text(lines: Iterable[str]) -> str:
    """Return registered lines of business as one text."""
    return "；".join(lines)[:_SCOPE_LIMIT] or "未载明 / not stated"


def ask_employment(report: Employment, reader: Reader, vault: Vault, registry: Registry) -> bool:
    """Ask whether the person was insured as reported. A forgotten person cannot be asked about: not found."""
    person = persons.load(reader, report.person_ref)
    if person is None or person.status == "forgotten":
        return False
    number = vault.open(person.details.sealed, "id_number")["id_number"]
    answer = registry.employment(number, report.since)
    if isinstance(answer, Refused):
        return False
    lines = [Insured(line.credit_code, line.from_day, line.to_day) for line in answer.value]
    return employment_rules.is_found(report, lines)


def settle_persons(unit: Unit, findings: Iterable[Finding]) -> None:
    """Take in the answers on persons, and what follows for their demands."""
    for finding in findings:
        person = persons.load(unit, finding.ref)
        if person is None or persons.version(unit, person.id) != finding.version:
            continue
        verdict = finding.verdict
        if verdict.reason is None:
            persons.save(unit, *person_rules.verify(person, verdict.draws_pension, verdict.checked_at))
        else:
            persons.save(unit, *person_rules.refuse(person, verdict.reason, verdict.checked_at))
        _settle_demands(unit, person.id, verdict)


def settle_bodies(unit: Unit, findings: Iterable[Finding]) -> None:
    """Take in the answers on bodies, and what follows for their demands."""
    for finding in findings:
        body = bodies.load(unit, finding.ref)
        if body is None or bodies.version(unit, body.id) != finding.version:
            continue
        verdict = finding.verdict
        if verdict.reason is None:
            bodies.save(unit, *body_rules.verify(body, verdict.scope, verdict.checked_at))
        else:
            bodies.save(unit, *body_rules.refuse(body, verdict.reason, verdict.checked_at))
        _settle_demands(unit, body.id, verdict)


def _settle_demands(unit: Unit, poster_ref: str, verdict: Verdict) -> None:
    for demand in demands.of_poster(unit, poster_ref, "submitted"):
        if verdict.reason is None:
            demands.save(unit, *demand_rules.verify(demand, verdict.checked_at))
        else:
            demands.save(unit, *demand_rules.send_back(demand, verdict.reason))


def settle_employments(unit: Unit, answers: Iterable[tuple[str, bool]]) -> None:
    """Take in the answers on reports of employment."""
    for id, found in answers:
        report = employments.load(unit, id)
        if report is not None:
            employments.save(unit, *employment_rules.check(report, found, unit.now))
