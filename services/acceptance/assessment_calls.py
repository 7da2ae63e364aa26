"""Calls of assessment: the assessor appointed, results and certificates, one by one or as a sheet."""

from typing import Any

from marshmallow import ValidationError

from contracts.commands import acceptance_assessment as c
from contracts.vocabularies import levels, roles
from contracts.vocabularies.errors import CATALOGUE, Refusal
from services.acceptance import store, who
from services.acceptance import terms as terms_of
from services.acceptance.class_calls import in_region, saved
from services.acceptance.domain import assessment, attendance
from services.acceptance.domain.assessment import Certificate, Completion, Issued, Registered, Row
from services.acceptance.domain.attendance import SignIn
from services.acceptance.domain.classes import Appointment, Result, Training
from services.acceptance.domain.copies import Body as Organisation
from services.chassis.calls import field_errors
from services.chassis.service import Reader, Unit, command, query

Body = dict[str, Any]
_OFFICERS = frozenset({roles.SUPERVISOR, roles.CATALOGUE_OFFICER, roles.AUDITOR})


class AssessmentCalls:
    """From the appointment to the certificates."""

    settings: Any

    @command(c.APPOINT_ASSESSOR)
    def appoint_assessor(self, unit: Unit, body: Body) -> Body:
        """A supervisor appoints the assessor of a class."""
        it = in_region(unit, body)
        assessor = store.load(unit, Organisation, body["assessor_ref"], field="assessor_ref")
        appointment = Appointment(
            assessor.id, assessor.name, body["kind"], tuple(body["examiners"]), body["quality_supervisor"],
            body["question_bank"], body["held_on"], unit.actor.account, unit.now,
        )  # fmt: skip
        new, facts = assessment.appoint(it, assessor, appointment, unit.now)
        store.save(unit, new, facts)
        return _appointment(new)

    @query(c.GET_APPOINTMENT)
    def get_appointment(self, reader: Reader, body: Body) -> Body:
        """Who tests the class, with whom and when."""
        it = store.load(reader, Training, body["class_id"])
        who.require_reader(reader, it)
        if it.appointment is None:
            raise Refusal("not_found", what="appointment")
        return _appointment(it)

    @command(c.RECORD_RESULTS)
    def record_results(self, unit: Unit, body: Body) -> Body:
        """→ assessed, and completed when these are all; each certificate number is registered once."""
        it = store.target(unit, Training, body["class_id"])
        results = [Result(**each) for each in body["results"]]
        terms = self._terms(it, unit)
        new, facts = assessment.record(it, who.body_of(unit), results, terms, unit.now)
        issued = [Issued(**each) for each in body["certificates"]]
        _register(unit, new, issued)
        if body["complete"]:
            new, ended = assessment.finish(new, _attendance(unit, new), terms, unit.now)
            facts += ended
        return saved(unit, new, facts)

    @command(c.RECORD_SHEET)
    def record_sheet(self, unit: Unit, body: Body) -> Body:
        """Take the rows of a sheet that hold, or none while one does not; the class stays open for more."""
        it = store.target(unit, Training, body["class_id"])
        assessor = who.body_of(unit)
        assessment.require_appointed(it, assessor, unit.now)
        rows, errors = _read(body["rows"])
        registered = _registered(unit, it, [each.issued.number for each in rows if each.issued])
        terms = self._terms(it, unit)
        good, refused = assessment.sift(it, rows, registered, terms, unit.now)
        known = len(rows) - len(good) - len(refused)
        errors += [_error(number, refusal) for number, refusal in refused]
        if errors and body["take"] == "all_or_none":
            good = []
        if good:
            it, facts = assessment.record(it, assessor, [each.result for each in good], terms, unit.now)
            _register(unit, it, [each.issued for each in good if each.issued])
            store.save(unit, it, facts)
        errors.sort(key=lambda each: int(each["row"]))
        return {
            "class_id": it.id, "status": it.status(unit.now), "taken": len(good), "known": known,
            "errors": errors,
        }  # fmt: skip

    @command(c.CLOSE_ASSESSMENT)
    def close_assessment(self, unit: Unit, body: Body) -> Body:
        """Assessed → completed: no more results, no more makeup. By its assessor, or by a supervisor of the
        region where the assessor cannot or does not act any more.
        """
        it = store.target(unit, Training, body["class_id"])
        if roles.SUPERVISOR in unit.actor.roles:
            unit.actor.require_region(it.region)
            it = assessment.closed_for(it, unit.actor.account, body["reason"])
        else:
            assessment.require_appointed(it, who.body_of(unit), unit.now)
        return saved(unit, *assessment.finish(it, _attendance(unit, it), self._terms(it, unit), unit.now))

    @query(c.CLASS_RESULTS)
    def class_results(self, reader: Reader, body: Body) -> Body:
        """What each learner has: hours, results, certificate."""
        it = store.load(reader, Training, body["class_id"])
        who.require_reader(reader, it)
        numbers = {each.person_ref: each.id for each in store.among(reader, Certificate, class_id=it.id)}
        items = [_line(it, each, numbers.get(each.person_ref)) for each in _attendance(reader, it)]
        return {"class_id": it.id, "status": it.status(reader.now), "level": it.level, "items": items}

    @query(c.GET_CERTIFICATE)
    def get_certificate(self, reader: Reader, body: Body) -> Body:
        """A certificate by its number, for its holder, its assessor, its provider, officers of its region."""
        it = store.load(reader, Certificate, body["number"])
        actor, training = reader.actor, store.load(reader, Training, it.class_id)
        bodies = {it.assessor_ref, training.provider_ref}
        if actor.person_ref != it.person_ref and actor.body_ref not in bodies:
            if not actor.roles & _OFFICERS:
                raise Refusal("owner.forbidden")
            actor.require_region(training.region)
        return _certificate(it)

    @query(c.MY_CERTIFICATES)
    def my_certificates(self, reader: Reader, body: Body) -> Body:
        """The certificates of the person who asks."""
        if reader.actor.person_ref is None:
            raise Refusal("acceptance.no_person")
        found = store.among(reader, Certificate, person_ref=reader.actor.person_ref)
        return {"items": [_certificate(each) for each in found]}

    def _terms(self, it: Training, unit: Unit) -> Completion:
        return terms_of.completion(it.region, unit.now, self.settings.mode)


def _read(given: list[Body]) -> tuple[list[Row], list[Body]]:
    """Return the rows that are well formed, and what is wrong with each other one."""
    rows: list[Row] = []
    errors: list[Body] = []
    for each in given:
        try:
            line = c.SheetLine().load(each["cells"])
            if line["number"] is not None and line["issued_on"] is None:
                raise ValidationError({"issued_on": ["须填发证日期 / the date of issue is missing"]})
        except ValidationError as problem:
            first = field_errors(problem.messages)[0]
            errors.append(_error(each["row"], Refusal("invalid", **first)))
            continue
        result = Result(*(line[name] for name in ("person_ref", "passed", "theory", "practice")))
        named = ("person_ref", "number", "issued_on", "kind", "ability")
        issued = Issued(*(line[name] for name in named)) if line["number"] else None
        rows.append(Row(each["row"], result, issued))
    return rows, errors


def _error(row: int, refusal: Refusal) -> Body:
    text = CATALOGUE[refusal.code]
    facts = {**refusal.facts, "field": refusal.field or ""}
    return {
        "row": row, "field": refusal.field, "code": refusal.code, "zh": text.say("zh", facts),
        "en": text.say("en", facts), "way_zh": text.way_out("zh", facts), "way_en": text.way_out("en", facts),
    }  # fmt: skip


def _registered(unit: Any, it: Training, numbers: list[str]) -> Registered:
    """Return who of the class has a certificate, and which of these numbers are in use."""
    here = store.among(unit, Certificate, class_id=it.id)
    issued = {Issued(each.person_ref, each.id, each.issued_on, each.kind, each.ability) for each in here}
    taken = set(unit.get_all("certificates", numbers))
    return Registered({each.person_ref for each in here}, taken, issued)


def _register(unit: Unit, it: Training, issued: list[Issued]) -> None:
    registered = _registered(unit, it, [each.number for each in issued])
    for place, (certificate, fact) in enumerate(assessment.certify(it, issued, unit.now, registered)):
        store.add_certificate(unit, certificate, fact, f"certificates.{place}.number")


def _attendance(reader: Any, it: Training) -> tuple[attendance.Attended, ...]:
    return attendance.attendance_of(it, store.among(reader, SignIn, class_id=it.id))


def _appointment(it: Training) -> Body:
    """Return how the appointment of a class looks that has one."""
    made = it.appointment
    names = (
        "assessor_ref", "assessor_name", "kind", "quality_supervisor", "question_bank", "held_on",
        "appointed_at",
    )  # fmt: skip
    examiners = list(made.examiners) if made else []
    return {"class_id": it.id, "examiners": examiners, **{name: getattr(made, name) for name in names}}


def _line(it: Training, attended: attendance.Attended, number: str | None) -> Body:
    last = it.result_of(attended.person_ref)
    attempts = sum(each.person_ref == attended.person_ref for each in it.results)
    return {
        "person_ref": attended.person_ref, "hours": attended.hours, "attempts": attempts,
        "passed": last.passed if last else None, "theory": last.theory if last else None,
        "practice": last.practice if last else None, "certificate": number,
    }  # fmt: skip


def _certificate(it: Certificate) -> Body:
    return {
        "number": it.id, "class_id": it.class_id, "person_ref": it.person_ref,
        "assessor_ref": it.assessor_ref, "occupation": it.occupation, "level": it.level,
        "level_name": levels.written(it.level),
        "issued_on": it.issued_on, "kind": it.kind, "ability": it.ability,
    }  # fmt: skip
