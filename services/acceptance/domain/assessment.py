"""Assessment by an assessor, certificates, completion [S14; 37 §7; 7 §17]."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from services.acceptance.domain import parameters
from services.acceptance.domain.attendance import Attended
from services.acceptance.domain.classes import Result, Training
from services.acceptance.domain.copies import Body
from services.acceptance.domain.facts import Fact, distinct, require


@dataclass(frozen=True)
class Certificate:
    """A certificate; its number is its id, so it is registered once in the province."""

    id: str
    project_id: str
    class_id: str
    person_ref: str
    assessor_ref: str
    occupation: str
    level: str
    issued_on: date
    kind: str = "ordinary"


@dataclass(frozen=True)
class Issued:
    """What an assessor says of one certificate."""

    person_ref: str
    number: str
    issued_on: date
    kind: str = "ordinary"


def record(
    training: Training,
    assessor: Body,
    results: tuple[Result, ...],
    attendance: tuple[Attended, ...],
    now: datetime,
) -> tuple[Training, list[Fact]]:
    """An assessor records the results: carried_out → completed. Who has no result has not passed.

    Completed: attended 80 % of the hours (parameter) and passed.
    Raises Refusal `out_of_order`, `acceptance.body_unverified`, `acceptance.own_work`, `acceptance.results`.
    """
    require(training.status(now), ("carried_out",), "record_results")
    assessor.require("assessor")
    if assessor.id == training.provider_ref:
        raise Refusal("acceptance.own_work")
    persons = [each.person_ref for each in results]
    if not distinct(persons) or not set(persons) <= set(training.roster):
        raise Refusal("acceptance.results", field="results")
    needed = sum(each.hours for each in training.plan.sessions) * parameters.ATTENDED_PERCENT
    there = {each.person_ref for each in attendance if each.hours * 100 >= needed}
    completed = tuple(sorted(there & {each.person_ref for each in results if each.passed}))
    new = replace(training, assessor_ref=assessor.id, results=results, completed=completed, assessed_at=now)
    told = [{"person_ref": each.person_ref, "passed": each.passed} for each in results]
    failed = [each for each in training.roster if each not in completed]
    return new, [
        ("acceptance.class.assessed", {
            "project_id": training.project_id, "assessor_ref": assessor.id, "results": told,
        }),
        ("acceptance.class.completed", {
            "project_id": training.project_id, "completed": list(completed), "failed": failed,
        }),
    ]  # fmt: skip


def certify(training: Training, issued: tuple[Issued, ...], now: datetime) -> list[tuple[Certificate, Fact]]:
    """Return the certificates of those who passed; that a number is new is held by its row.

    Raises Refusal `acceptance.certificate_person` (did not pass, or twice), `acceptance.certificate_taken`
    (twice in this list), `acceptance.certificate_date`.
    """
    passed = {each.person_ref for each in training.results if each.passed}
    persons: set[str] = set()
    numbers: set[str] = set()
    certificates = []
    for place, each in enumerate(issued):
        field = f"certificates.{place}"
        if each.person_ref not in passed or each.person_ref in persons:
            raise Refusal("acceptance.certificate_person", field=f"{field}.person_ref")
        if each.number in numbers:
            raise Refusal("acceptance.certificate_taken", field=f"{field}.number", number=each.number)
        if not today_in_shanghai(training.ends) <= each.issued_on <= today_in_shanghai(now):
            raise Refusal("acceptance.certificate_date", field=f"{field}.issued_on")
        persons.add(each.person_ref)
        numbers.add(each.number)
        certificates.append(_certificate(training, each))
    return certificates


def _certificate(training: Training, issued: Issued) -> tuple[Certificate, Fact]:
    assessor = training.assessor_ref or ""
    new = Certificate(
        issued.number, training.project_id, training.id, issued.person_ref, assessor, training.occupation,
        training.level, issued.issued_on, issued.kind,
    )  # fmt: skip
    data = {
        "project_id": new.project_id, "class_id": new.class_id, "person_ref": new.person_ref,
        "assessor_ref": assessor, "occupation": new.occupation, "level": new.level,
        "issued_on": new.issued_on, "kind": new.kind,
    }  # fmt: skip
    return new, ("acceptance.certificate.registered", data)
