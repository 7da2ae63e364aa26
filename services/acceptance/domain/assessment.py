"""Assessment by the appointed assessor, makeup, certificates, completion [S14; 37 §7; 7 §17–18]."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from contracts.vocabularies.levels import SPECIAL
from services.acceptance.domain.attendance import Attended
from services.acceptance.domain.classes import Appointment, Result, Training
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
    ability: str | None = None


@dataclass(frozen=True)
class Issued:
    """What an assessor says of one certificate. ability: what a specialised ability certificate is of."""

    person_ref: str
    number: str
    issued_on: date
    kind: str = "ordinary"
    ability: str | None = None


@dataclass(frozen=True)
class Completion:
    """attended_percent: of the hours, to complete; pass_points: of 100 in each part; makeups: a person."""

    attended_percent: int
    pass_points: int
    makeups: int


@dataclass(frozen=True)
class Row:
    """One line of a results sheet. number: of the line; issued: None without a certificate."""

    number: int
    result: Result
    issued: Issued | None


@dataclass(frozen=True)
class Registered:
    """What is registered already. persons: who has a certificate of this class; numbers: those in use;
    here: the class's certificates as they were given.
    """

    persons: Collection[str] = ()
    numbers: Collection[str] = ()
    here: Collection[Issued] = ()


def appoint(
    training: Training, assessor: Body, appointment: Appointment, now: datetime
) -> tuple[Training, list[Fact]]:
    """A supervisor appoints the assessor with its people; another may be appointed until results come in.

    Raises Refusal `out_of_order`, `acceptance.body_unverified`, `acceptance.own_work` (the class's provider),
    `acceptance.examiners` (one of the class's teachers, or somebody twice), `acceptance.held_on` (before the
    last session), `acceptance.assessment_kind`.
    """
    require(training.status(now), ("roster_filed", "running", "carried_out"), "appoint_assessor")
    assessor.require(("assessor",))
    if assessor.id == training.provider_ref:
        raise Refusal("acceptance.own_work")
    check_appointment(training, appointment)
    if (appointment.kind == "special_ability") != (training.level == SPECIAL):
        raise Refusal("acceptance.assessment_kind", field="kind")
    data = {
        "project_id": training.project_id, "assessor_ref": assessor.id, "kind": appointment.kind,
        "held_on": appointment.held_on,
    }  # fmt: skip
    return replace(training, appointment=appointment), [("acceptance.class.assessor_appointed", data)]


def check_appointment(training: Training, appointment: Appointment) -> None:
    """Raise Refusal unless the appointment fits the timetable: `acceptance.examiners` (one of the class's
    teachers, or somebody twice), `acceptance.held_on` (before the last session).
    """
    people = (*appointment.examiners, appointment.quality_supervisor)
    plain = ["".join(name.split()).casefold() for name in people]
    teachers = {"".join(each.teacher.split()).casefold() for each in training.plan.sessions}
    if not distinct(plain) or teachers & set(plain):
        raise Refusal("acceptance.examiners", field="examiners")
    last = today_in_shanghai(training.ends)
    if appointment.held_on < last:
        raise Refusal("acceptance.held_on", field="held_on", day=last.isoformat())


def require_appointed(training: Training, assessor: Body, now: datetime) -> Appointment:
    """Return the appointment of the assessor who acts.

    Raises Refusal `acceptance.body_unverified`, `acceptance.own_work`, `acceptance.not_appointed`,
    `acceptance.held_on` (the test is still ahead).
    """
    assessor.require(("assessor",))
    if assessor.id == training.provider_ref:
        raise Refusal("acceptance.own_work")
    appointment = training.appointment
    if appointment is None or appointment.assessor_ref != assessor.id:
        raise Refusal("acceptance.not_appointed")
    if today_in_shanghai(now) < appointment.held_on:
        raise Refusal("acceptance.held_on", field="results", day=appointment.held_on.isoformat())
    return appointment


def record(
    training: Training, assessor: Body, results: Sequence[Result], terms: Completion, now: datetime
) -> tuple[Training, list[Fact]]:
    """The appointed assessor records results: carried_out → assessed. A second one of somebody who failed is
    the makeup's (补考).

    Raises Refusal `out_of_order`, those of require_appointed, `acceptance.results` (not on the roster, or
    twice), `acceptance.result_known`, `acceptance.makeup_over`, `acceptance.scores`.
    """
    require(training.status(now), ("carried_out", "assessed"), "record_results")
    require_appointed(training, assessor, now)
    if not distinct([each.person_ref for each in results]):
        raise Refusal("acceptance.results", field="results")
    for place, each in enumerate(results):
        _check_result(training, each, terms, f"results.{place}.")
    new = replace(
        training, assessor_ref=assessor.id, results=(*training.results, *results),
        results_at=training.results_at or now,
    )  # fmt: skip
    told = [{"person_ref": each.person_ref, "passed": each.passed} for each in results]
    data = {"project_id": training.project_id, "assessor_ref": assessor.id, "results": told}
    return new, [("acceptance.class.assessed", data)]


def finish(
    training: Training, attendance: Sequence[Attended], terms: Completion, now: datetime
) -> tuple[Training, list[Fact]]:
    """End the assessment: assessed → completed. Who has no result has not passed.

    Completed: attended so many of the hours, and passed. Raises Refusal `out_of_order`.
    """
    require(training.status(now), ("assessed",), "close_assessment")
    needed = sum(each.hours for each in training.plan.sessions) * terms.attended_percent
    there = {each.person_ref for each in attendance if each.hours * 100 >= needed}
    completed = tuple(sorted(there & {each.person_ref for each in training.results if each.passed}))
    failed = [each for each in training.roster if each not in completed]
    data = {"project_id": training.project_id, "completed": list(completed), "failed": failed}
    return replace(training, completed=completed, assessed_at=now), [("acceptance.class.completed", data)]


def closed_for(training: Training, by: str, reason: str | None) -> Training:
    """Return the class as a supervisor closes it in the assessor's place, with the reason.

    Raises Refusal `acceptance.assessment_reason` without one.
    """
    if not reason:
        raise Refusal("acceptance.assessment_reason", field="reason")
    return replace(training, closed_by=by, reason=reason)


def certify(
    training: Training, issued: Sequence[Issued], now: datetime, registered: Registered | None = None
) -> list[tuple[Certificate, Fact]]:
    """Return the certificates of those who passed; that a number is new is held by its row.

    Raises Refusal `acceptance.certificate_person` (did not pass, or twice), `acceptance.certificate_taken`
    (twice in this list), `acceptance.certificate_date`, `acceptance.no_certificates`, `acceptance.ability`.
    """
    passed = {each.person_ref for each in training.results if each.passed}
    persons, numbers = set(registered.persons if registered else ()), set[str]()
    certificates = []
    for place, each in enumerate(issued):
        field = f"certificates.{place}."
        if each.person_ref not in passed or each.person_ref in persons:
            raise Refusal("acceptance.certificate_person", field=f"{field}person_ref")
        if each.number in numbers:
            raise Refusal("acceptance.certificate_taken", field=f"{field}number", number=each.number)
        _check_issued(training, each, now, field)
        persons.add(each.person_ref)
        numbers.add(each.number)
        certificates.append(_certificate(training, each))
    return certificates


def sift(
    training: Training, rows: Sequence[Row], registered: Registered, terms: Completion, now: datetime
) -> tuple[list[Row], list[tuple[int, Refusal]]]:
    """Return the rows of a sheet that hold, and for each other one its number and what is wrong with it.

    A person or a certificate number that is there twice is wrong in each row: nobody can tell which is meant.
    A row that says what is on record already is neither: the same sheet sent again uses up no makeup.
    """
    people = Counter(each.result.person_ref for each in rows)
    numbers = Counter(each.issued.number for each in rows if each.issued)
    good, bad = [], []
    for row in rows:
        try:
            if people[row.result.person_ref] > 1:
                raise Refusal("acceptance.results", field="person_ref")
            if _on_record(training, row, registered):
                continue
            _check_result(training, row.result, terms, "")
            if row.issued:
                if not row.result.passed or row.issued.person_ref in registered.persons:
                    raise Refusal("acceptance.certificate_person", field="number")
                if numbers[row.issued.number] > 1 or row.issued.number in registered.numbers:
                    raise Refusal("acceptance.certificate_taken", field="number", number=row.issued.number)
                _check_issued(training, row.issued, now, "")
        except Refusal as refusal:
            bad.append((row.number, refusal))
        else:
            good.append(row)
    return good, bad


def _on_record(training: Training, row: Row, registered: Registered) -> bool:
    same = training.result_of(row.result.person_ref) == row.result
    return same and (row.issued is None or row.issued in registered.here)


def _check_result(training: Training, result: Result, terms: Completion, field: str) -> None:
    if result.person_ref not in training.roster:
        raise Refusal("acceptance.results", field=f"{field}person_ref")
    earlier = [each for each in training.results if each.person_ref == result.person_ref]
    if any(each.passed for each in earlier):
        raise Refusal("acceptance.result_known", field=f"{field}person_ref")
    if len(earlier) > terms.makeups:
        raise Refusal("acceptance.makeup_over", field=f"{field}person_ref")
    for name in ("theory", "practice"):
        score = getattr(result, name)
        if result.passed and score is not None and score < terms.pass_points:
            raise Refusal("acceptance.scores", field=f"{field}{name}", least=terms.pass_points)


def _check_issued(training: Training, issued: Issued, now: datetime, field: str) -> None:
    if training.appointment is not None and training.appointment.kind == "final_test":
        raise Refusal("acceptance.no_certificates", field=f"{field}number")
    if not today_in_shanghai(training.ends) <= issued.issued_on <= today_in_shanghai(now):
        raise Refusal("acceptance.certificate_date", field=f"{field}issued_on")
    special = training.level == SPECIAL and issued.kind == "ordinary"
    if special != (issued.ability is not None):
        raise Refusal("acceptance.ability", field=f"{field}ability")


def _certificate(training: Training, issued: Issued) -> tuple[Certificate, Fact]:
    assessor = training.assessor_ref or ""
    new = Certificate(
        issued.number, training.project_id, training.id, issued.person_ref, assessor, training.occupation,
        training.level, issued.issued_on, issued.kind, issued.ability,
    )  # fmt: skip
    data = {
        "project_id": new.project_id, "class_id": new.class_id, "person_ref": new.person_ref,
        "assessor_ref": assessor, "occupation": new.occupation, "level": new.level,
        "issued_on": new.issued_on, "kind": new.kind, "ability": new.ability,
    }  # fmt: skip
    return new, ("acceptance.certificate.registered", data)
