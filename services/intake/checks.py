"""联网核查: what waits is asked of the registries outside any unit, then the answers are taken in.

An outage delays and never passes a check: what got no usable answer stays as it is and is asked again.
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Generic, TypeVar

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
from services.intake.domain.demands import Demand
from services.intake.domain.employments import Employment, Insured
from services.intake.domain.persons import Person
from services.intake.store import answers, bodies, demands, employments, persons
from services.intake.store.vault import Forgotten, Vault

BATCH: Final = 50
# questions under way at a time; the connections to the registries are a few more
_AT_ONCE: Final = 8
_PURPOSE: Final = "登记核验 / registration"
_SCOPE_LIMIT: Final = 2000
T = TypeVar("T")
_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Verdict:
    """The registries' word. reason: why refused, None when confirmed; scope: of a body's licence.

    source: the system that said so.
    """

    checked_at: datetime
    reason: str | None = None
    draws_pension: bool = False
    scope: str = ""
    source: str = "registry"


@dataclass(frozen=True)
class Finding:
    """A verdict on the state that was asked about; a later state is asked about anew."""

    ref: str
    version: int
    verdict: Verdict


@dataclass(frozen=True)
class Silence:
    """A question that got no usable answer; reason: without personal data."""

    kind: str
    ref: str
    system: str
    reason: str


@dataclass(frozen=True)
class Round(Generic[T]):
    """What came of one batch of questions. asked: of whom; silent: who waits on."""

    asked: tuple[str, ...] = ()
    found: list[T] = field(default_factory=list)
    silent: list[Silence] = field(default_factory=list)


def check_persons(
    reader: Reader, vault: Vault, registry: Registry, done: Iterable[str] = ()
) -> Round[Finding]:
    """Ask about persons who wait. done: those asked about already."""
    waiting = [each for each in persons.waiting(reader, BATCH) if each[0].id not in done]
    return _asked(
        "person",
        waiting,
        lambda each: each[0].id,
        lambda each: Finding(each[0].id, each[1], ask_person(each[0], vault, registry)),
    )


def check_bodies(reader: Reader, registry: Registry, done: Iterable[str] = ()) -> Round[Finding]:
    """Ask about bodies that wait."""
    waiting = [each for each in bodies.waiting(reader, BATCH) if each[0].id not in done]
    return _asked(
        "body",
        waiting,
        lambda each: each[0].id,
        lambda each: Finding(each[0].id, each[1], ask_body(each[0], registry)),
    )


def check_employments(
    reader: Reader, vault: Vault, registry: Registry, done: Iterable[str] = ()
) -> Round[tuple[str, bool]]:
    """Ask about reports of employment that wait; found: (report, whether it is so)."""
    waiting = [each for each in employments.waiting(reader, BATCH) if each.id not in done]
    return _asked(
        "employment",
        waiting,
        lambda report: report.id,
        lambda report: (report.id, ask_employment(report, reader, vault, registry)),
    )


def _asked(
    kind: str, waiting: Sequence[Any], ref_of: Callable[[Any], str], ask: Callable[[Any], T]
) -> Round[T]:
    """Ask about all, a few at a time."""
    result: Round[T] = Round(tuple(ref_of(each) for each in waiting))

    def one(each: Any) -> T | Silence | None:
        try:
            return ask(each)
        except Forgotten:
            return None
        except OutsideUnavailable as problem:
            return Silence(kind, ref_of(each), problem.system, problem.reason)

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for answer in pool.map(one, waiting) if waiting else ():
            if isinstance(answer, Silence):
                result.silent.append(answer)
            elif answer is not None:
                result.found.append(answer)
    if result.silent:
        last = result.silent[-1]
        _log.warning(
            "a registry gave no answer; asking again later",
            system=last.system,
            reason=last.reason,
            questions=len(result.silent),
        )
    return result


def run(
    reader: Reader, vault: Vault, registry: Registry, transact: Callable[..., Any], once: bool = False
) -> None:
    """Ask about all that waits, the kinds in turns, until each is answered or the registries are silent.

    once: one batch of each kind and no more, to leave the process to other work.
    """
    steps: dict[str, tuple[Callable[[set[str]], Round[Any]], Callable[[Unit, Iterable[Any]], None]]] = {
        "person": (lambda done: check_persons(reader, vault, registry, done), settle_persons),
        "body": (lambda done: check_bodies(reader, registry, done), settle_bodies),
        "employment": (lambda done: check_employments(reader, vault, registry, done), settle_employments),
    }
    done: dict[str, set[str]] = {kind: set() for kind in steps}
    while steps:
        for kind, (ask, settle) in list(steps.items()):
            answer = ask(done[kind])
            if answer.found:
                transact(lambda unit, settle=settle, found=answer.found: settle(unit, found))
            if answer.silent and kind != "employment":
                transact(lambda unit, silent=answer.silent: note(unit, silent))
            done[kind].update(answer.asked)
            if once or answer.silent or not answer.asked:
                del steps[kind]


def note(unit: Unit, silent: Iterable[Silence]) -> None:
    """Keep who waits for a registry, and since when: their demands say so."""
    silent = list(silent)
    answers.read_ahead(unit, [each.ref for each in silent])
    for each in silent:
        answers.note_silence(unit, each.kind, each.ref, each.system, each.reason)


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
    return Verdict(pension.checked_at, draws_pension=pension.value.draws, source=pension.source)


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
    return Verdict(answer.checked_at, scope=scope_text(answer.value.licence_scope), source=answer.source)


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
    findings = list(findings)
    held = _demands_of(unit, findings)
    unit.get_all(persons.PERSONS, [each.ref for each in findings])
    for finding in findings:
        person = persons.load(unit, finding.ref)
        if person is None or persons.version(unit, person.id) != finding.version:
            continue
        verdict = finding.verdict
        if verdict.reason is None:
            persons.save(unit, *person_rules.verify(person, verdict.draws_pension, verdict.checked_at))
        else:
            persons.save(unit, *person_rules.refuse(person, verdict.reason, verdict.checked_at))
        _keep(unit, "person", finding)
        settle_demands(unit, held.get(person.id, []), verdict)


def settle_bodies(unit: Unit, findings: Iterable[Finding]) -> None:
    """Take in the answers on bodies, and what follows for their demands."""
    findings = list(findings)
    held = _demands_of(unit, findings)
    for finding in findings:
        body = bodies.load(unit, finding.ref)
        if body is None or bodies.version(unit, body.id) != finding.version:
            continue
        verdict = finding.verdict
        if verdict.reason is None:
            bodies.save(unit, *body_rules.verify(body, verdict.scope, verdict.checked_at))
        else:
            bodies.save(unit, *body_rules.refuse(body, verdict.reason, verdict.checked_at))
        _keep(unit, "body", finding)
        settle_demands(unit, held.get(body.id, []), verdict)


def _demands_of(unit: Unit, findings: list[Finding]) -> dict[str, list[Demand]]:
    """Return the demands that wait for these, by poster: one query, before anything is staged."""
    refs = [each.ref for each in findings]
    answers.read_ahead(unit, refs)
    found: dict[str, list[Demand]] = {}
    for doc in unit.find(demands.DEMANDS, {"poster_ref": {"$in": refs}, "status": "submitted"}):
        found.setdefault(doc["poster_ref"], []).append(demands.read(doc))
    return found


def _keep(unit: Unit, kind: str, finding: Finding) -> None:
    verdict = finding.verdict
    answer = {"passed": verdict.reason is None, "reason": verdict.reason, "purpose": _PURPOSE}
    told = {"source": verdict.source, "checked_at": verdict.checked_at}
    answers.keep(unit, kind, finding.ref, answer | told)


def settle_demands(unit: Unit, waiting: Iterable[Demand], verdict: Verdict) -> None:
    """Take in what a poster's check means for these demands."""
    for demand in waiting:
        if verdict.reason is None:
            demands.save(unit, *demand_rules.verify(demand, verdict.checked_at))
        else:
            demands.save(unit, *demand_rules.send_back(demand, verdict.reason))


def settle_employments(unit: Unit, found: Iterable[tuple[str, bool]]) -> None:
    """Take in the answers on reports of employment."""
    for id, so in found:
        report = employments.load(unit, id)
        if report is not None:
            employments.save(unit, *employment_rules.check(report, so, unit.now))
