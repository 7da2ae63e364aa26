"""Asking the registries again about what settlement relies on, and telling who shares a phone or an account.

An outage delays and never passes: a question without a usable answer stays and is asked again.
"""

from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Any, Final, TypeVar

import structlog

from services.chassis.calls import Reader
from services.chassis.outside import OutsideUnavailable, Refused
from services.chassis.outside_registry import Certificate, Registry
from services.chassis.unit import Unit
from services.intake import checks, registration
from services.intake.checks import Verdict, scope_text
from services.intake.domain import bodies as body_rules
from services.intake.domain import demands as demand_rules
from services.intake.domain import persons as person_rules
from services.intake.domain.persons import Answer
from services.intake.store import answers, bodies, demands, persons, rechecks
from services.intake.store.vault import Forgotten, Vault

BATCH: Final = 100
T = TypeVar("T")
Document = dict[str, Any]
_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Said:
    """What a registry said on a question; outcome None: the question has no subject any more."""

    question: Document
    outcome: Any
    checked_at: datetime | None = None
    source: str = ""


def take(unit: Unit, body: Mapping[str, Any]) -> dict[str, int]:
    """Keep the questions whose last answers are older than asked for; return how many wait."""
    due, count = body["not_before"], 0
    for ref in dict.fromkeys(body["person_refs"]):
        person = persons.load(unit, ref)
        if person is not None and person.status == "verified" and _older(person.checked_at, due):
            rechecks.ask(unit, "person", ref, body["purpose"], {})
            count += 1
    for ref in dict.fromkeys(body["body_refs"]):
        firm = bodies.load(unit, ref)
        if firm is not None and firm.status == "verified" and _older(firm.checked_at, due):
            rechecks.ask(unit, "body", ref, body["purpose"], {})
            count += 1
    for each in body["certificates"]:
        if _older(rechecks.certificate_checked_at(unit, each["number"], each["person_ref"]), due):
            details = {name: each[name] for name in ("person_ref", "occupation", "level")}
            rechecks.ask(unit, "certificate", each["number"], body["purpose"], details)
            count += 1
    return {"waiting": count}


def take_wages(unit: Unit, body: Mapping[str, Any]) -> dict[str, int]:
    """Keep a question for each person of a payroll who was not found insured yet; return how many wait."""
    count = 0
    about = {name: body[name] for name in ("employer_code", "month")}
    for ref in dict.fromkeys(body["person_refs"]):
        id = f"{about['employer_code']}:{about['month']}:{ref}"
        if not rechecks.wage_known(unit, id):
            rechecks.ask(unit, "wage", id, body["purpose"], {**about, "person_ref": ref})
            count += 1
    return {"waiting": count}


def ask_waiting(reader: Reader, vault: Vault, registry: Registry) -> tuple[list[Said], list[checks.Silence]]:
    """Ask about what waits; return what was said, and about whom no registry gave a usable answer."""
    said: list[Said] = []
    silent: list[checks.Silence] = []
    asks: Mapping[str, Callable[[Document], Said]] = {
        "person": lambda question: _ask_person(reader, vault, registry, question),
        "body": lambda question: _ask_body(reader, registry, question),
        "certificate": lambda question: _ask_certificate(reader, vault, registry, question),
        "wage": lambda question: _ask_wage(reader, vault, registry, question),
    }
    for kind, ask in asks.items():
        for question in rechecks.waiting(reader, kind, BATCH):
            try:
                said.append(ask(question))
            except Forgotten:
                said.append(Said(question, None))
            except OutsideUnavailable as problem:
                _log.warning("a registry gave no answer; asking again later", reason=problem.reason)
                silent.append(checks.Silence(kind, question["ref"], problem.system, problem.reason))
    return said, [each for each in silent if each.kind in ("person", "body")]


def settle(unit: Unit, said: list[Said]) -> None:
    """Take the answers in, each question's once."""
    for each in said:
        if not rechecks.answered(unit, each.question["_id"]) or each.outcome is None:
            continue
        _TAKE[each.question["kind"]](unit, each)


def shared_contacts(reader: Reader, body: Mapping[str, Any]) -> Document:
    """Return which of these people share a phone or an account with so many others, by reference."""
    known = rechecks.hashes_of(reader, body["person_refs"])
    clusters: list[Document] = []
    for kind, field in rechecks.HASHES.items():
        held: dict[str, list[str]] = {}
        for doc in known:
            if doc.get(field):
                held.setdefault(doc[field], []).append(doc["_id"])
        for hash, people in sorted(rechecks.sharers(reader, field, held, body["people"]).items()):
            clusters.append({"kind": kind, "person_refs": sorted(held[hash]), "people": people})
    return {"clusters": clusters, "unread": sum(doc.get("phone_hash") is None for doc in known)}


def hash_contacts(reader: Reader, vault: Vault, transact: Callable[[Callable[[Unit], Any]], Any]) -> None:
    """Give persons registered before there were hashes theirs."""
    for ref in rechecks.unhashed(reader, BATCH):
        person = persons.load(reader, ref)
        try:
            clear = vault.open(person.details.sealed, "phone", "bank_account") if person else {}
        except Forgotten:
            continue
        hashes = registration.contact_hashes(vault, clear)
        transact(partial(_put_hashes, ref=ref, hashes=hashes))


def _put_hashes(unit: Unit, ref: str, hashes: Mapping[str, str]) -> None:
    person = persons.load(unit, ref)
    # changed meanwhile: its own change wrote the hashes
    if person is not None and person.status != "forgotten" and not person.details.phone_hash:
        details = replace(
            person.details, phone_hash=hashes["phone_hash"], account_hash=hashes["account_hash"]
        )
        persons.save(unit, replace(person, details=details), [])


def _older(checked_at: datetime | None, due: datetime) -> bool:
    return checked_at is None or checked_at < due


def _ask_person(reader: Reader, vault: Vault, registry: Registry, question: Document) -> Said:
    person = persons.load(reader, question["ref"])
    if person is None or person.status != "verified":
        return Said(question, None)
    clear = vault.open(person.details.sealed, "id_number", "name")
    identity = registry.person_exists(clear["id_number"], clear["name"])
    pension = registry.pension(clear["id_number"])
    if isinstance(identity, Refused):
        return _declined(question, identity)
    if isinstance(pension, Refused):
        return _declined(question, pension)
    found = identity.value
    known = found.found and found.name_matches
    reason = None
    if not known:
        reason = "姓名与身份证号码不符 / name and citizen number do not belong together"
    elif not found.alive:
        reason = "人口库记录已死亡 / the registry records a death"
    answer = Answer(known, found.alive, pension.value.draws, reason)
    return Said(question, answer, pension.checked_at, pension.source)


def _declined(question: Document, refused: Refused) -> Said:
    reason = f"登记库不受理：{refused.code} / the registry declines: {refused.code}"
    return Said(question, Answer(False, True, False, reason), refused.checked_at, refused.source)


def _ask_body(reader: Reader, registry: Registry, question: Document) -> Said:
    body = bodies.load(reader, question["ref"])
    if body is None or body.status != "verified":
        return Said(question, None)
    answer = registry.enterprise(body.credit_code)
    if isinstance(answer, Refused) or answer.value is None or answer.value.name != body.name:
        reason = "查无此名称和代码的登记 / nothing is registered under this name and code"
        return Said(question, ("unknown", reason, None), answer.checked_at, answer.source)
    state = answer.value.status
    words = {
        "dormant": "登记状态为休眠 / the registration is dormant",
        "revoked": "登记已吊销 / it was revoked",
    }
    scope = scope_text(answer.value.licence_scope)
    return Said(question, (state, words.get(state), scope), answer.checked_at, answer.source)


def _ask_certificate(reader: Reader, vault: Vault, registry: Registry, question: Document) -> Said:
    person = persons.load(reader, question["person_ref"])
    if person is None or person.status == "forgotten":
        return Said(question, None)
    number = vault.open(person.details.sealed, "id_number")["id_number"]
    answer = registry.certificate(question["ref"])
    if isinstance(answer, Refused):
        reason: str | None = f"登记库不受理：{answer.code} / the registry declines: {answer.code}"
    else:
        reason = _fault(answer.value, number, question)
    return Said(question, {"valid": reason is None, "reason": reason}, answer.checked_at, answer.source)


def _fault(found: Certificate | None, id_number: str, question: Document) -> str | None:
    if found is None:
        return "证书库查无此证 / no such certificate is registered"
    if found.id_number != id_number:
        return "证书不属于此人 / the certificate is somebody else's"
    if found.status != "valid":
        return "证书已撤销 / the certificate was revoked"
    if (found.occupation, found.level) != (question["occupation"], question["level"]):
        return "证书职业或等级不符 / the certificate is of another occupation or level"
    return None


def _take_person(unit: Unit, said: Said) -> None:
    person = persons.load(unit, said.question["ref"])
    if person is not None and said.checked_at is not None:
        persons.save(unit, *person_rules.recheck(person, said.outcome, said.checked_at, said.source))
        _keep(unit, "person", said, said.outcome.reason)


def _take_body(unit: Unit, said: Said) -> None:
    body = bodies.load(unit, said.question["ref"])
    if body is not None and said.checked_at is not None:
        state, reason, scope = said.outcome
        answer = body_rules.Answer(state, reason, scope)
        bodies.save(unit, *body_rules.recheck(body, answer, said.checked_at, said.source))
        _keep(unit, "body", said, reason)


def _keep(unit: Unit, kind: str, said: Said, reason: str | None) -> None:
    """Keep an answer, and take in what it means for the demands: those that waited for it, and those that
    were verified by an older one when the registries confirm their poster no more.
    """
    ref, source, at = said.question["ref"], said.source, said.checked_at
    told = {"passed": reason is None, "reason": reason, "source": source, "checked_at": at}
    answers.keep(unit, kind, ref, {**told, "purpose": said.question["purpose"]})
    if at is None:
        return
    verdict = Verdict(at, reason, source=source)
    held = demands.of_poster(unit, ref, "submitted", *(() if reason is None else ("verified",)))
    checks.settle_demands(unit, [each for each in held if each.status == "submitted"], verdict)
    for each in held:
        if each.status == "verified" and reason is not None:
            demands.save(unit, *demand_rules.doubt(each, reason))


def _take_certificate(unit: Unit, said: Said) -> None:
    answer = {"person_ref": said.question["person_ref"], **said.outcome}
    told = {**answer, "source": said.source, "checked_at": said.checked_at}
    rechecks.save_certificate(unit, said.question["ref"], told)


def _ask_wage(reader: Reader, vault: Vault, registry: Registry, question: Document) -> Said:
    """Ask whether an insurance by the firm touches the month. Raises OutsideUnavailable, Forgotten."""
    person = persons.load(reader, question["person_ref"])
    if person is None or person.status == "forgotten":
        return Said(question, None)
    year, month = int(question["month"][:4]), int(question["month"][5:])
    first, last = date(year, month, 1), date(year, month, monthrange(year, month)[1])
    number = vault.open(person.details.sealed, "id_number")["id_number"]
    answer = registry.employment(number, first)
    lines = () if isinstance(answer, Refused) else answer.value
    insured = any(
        line.credit_code == question["employer_code"]
        and line.from_day <= last
        and (line.to_day is None or line.to_day >= first)
        for line in lines
    )
    return Said(question, {"insured": insured}, answer.checked_at, answer.source)


def _take_wage(unit: Unit, said: Said) -> None:
    about = {name: said.question[name] for name in ("person_ref", "employer_code", "month")}
    told = {**about, **said.outcome, "source": said.source, "checked_at": said.checked_at}
    rechecks.save_wage(unit, said.question["ref"], told)


_TAKE: Final[Mapping[str, Callable[[Unit, Said], None]]] = {
    "person": _take_person,
    "body": _take_body,
    "certificate": _take_certificate,
    "wage": _take_wage,
}
