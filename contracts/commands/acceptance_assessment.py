"""Commands and queries of assessment (考核): the assessor appointed, results, makeup, certificates [S14]."""

from marshmallow import fields, validate

from contracts.commands.acceptance import ClassRequest, TrainingClass
from contracts.fields import (
    Contract,
    Count,
    Day,
    LongText,
    Moment,
    Name,
    OccupationCode,
    Ref,
    level,
    listed,
    one_of,
)
from contracts.registry import command, query
from contracts.vocabularies import roles, statuses
from contracts.vocabularies.classes import MOST_LEARNERS

MOST_ROWS = MOST_LEARNERS
_NUMBER = validate.Regexp(r"^[A-Z0-9]{8,40}\Z")
_ASSESSOR = {roles.ASSESSOR}


class AppointAssessorRequest(ClassRequest):
    """examiners 考评员, quality_supervisor 质量督导员, question_bank 题库: by their numbers or names;
    held_on: the day of the test.
    """

    assessor_ref = Ref(required=True)
    kind = one_of(statuses.ASSESSMENT_KINDS, required=True)
    examiners = listed(Name(), low=1, high=20, required=True)
    quality_supervisor = Name(required=True)
    question_bank = Name(required=True)
    held_on = Day(required=True)


class Appointment(Contract):
    class_id = Ref(required=True)
    assessor_ref = Ref(required=True)
    assessor_name = Name(required=True)
    kind = one_of(statuses.ASSESSMENT_KINDS, required=True)
    examiners = listed(Name(), required=True)
    quality_supervisor = Name(required=True)
    question_bank = Name(required=True)
    held_on = Day(required=True)
    appointed_at = Moment(required=True)


class ResultRequest(Contract):
    """theory, practice: scores of 0 to 100, where the test has these parts."""

    person_ref = Ref(required=True)
    passed = fields.Boolean(required=True)
    theory = Count(high=100, load_default=None, allow_none=True)
    practice = Count(high=100, load_default=None, allow_none=True)


class CertificateRequest(Contract):
    """number: 8 to 40 capital letters and digits, registered once. kind: operation for 特种作业操作证 and
    特种设备作业人员证. ability: what a specialised ability certificate is of.
    """

    person_ref = Ref(required=True)
    number = fields.String(required=True, validate=_NUMBER)
    issued_on = Day(required=True)
    kind = one_of(statuses.CERTIFICATE_KINDS, load_default="ordinary")
    ability = Name(load_default=None, allow_none=True)


class RecordResultsRequest(ClassRequest):
    """complete: these are the last results, who has none has not passed; otherwise more may follow, and a
    makeup (补考) of those who failed.
    """

    results = listed(fields.Nested(ResultRequest), low=1, high=MOST_LEARNERS, required=True)
    certificates = listed(fields.Nested(CertificateRequest), high=MOST_LEARNERS, load_default=list)
    complete = fields.Boolean(load_default=True)


class SheetRow(Contract):
    """A line of a results sheet as it was read; row: its number there. SheetLine says what is valid."""

    row = Count(low=1, high=100_000, required=True)
    cells = fields.Dict(keys=fields.String(), values=fields.Raw(allow_none=True), required=True)


class SheetLine(Contract):
    """One person's result, with the certificate of who passed."""

    person_ref = Ref(required=True)
    passed = fields.Boolean(required=True)
    theory = Count(high=100, load_default=None, allow_none=True)
    practice = Count(high=100, load_default=None, allow_none=True)
    number = fields.String(load_default=None, allow_none=True, validate=_NUMBER)
    issued_on = Day(load_default=None, allow_none=True)
    kind = one_of(statuses.CERTIFICATE_KINDS, load_default="ordinary")
    ability = Name(load_default=None, allow_none=True)


class RecordSheetRequest(ClassRequest):
    """take: all_or_none takes nothing while one row is wrong, good_rows takes those that are right."""

    take = one_of(statuses.RESULTS_TAKEN, required=True)
    rows = listed(fields.Nested(SheetRow), low=1, high=MOST_ROWS, required=True)


class RowError(Contract):
    """What is wrong with a row, and the way out; field: the column."""

    row = Count(required=True)
    field = fields.String(required=True, allow_none=True)
    code = fields.String(required=True)
    zh = LongText(required=True)
    en = LongText(required=True)
    way_zh = LongText(required=True)
    way_en = LongText(required=True)


class SheetAnswer(Contract):
    """taken: rows recorded; known: rows that say what is on record already, nothing new is recorded of them;
    errors: of those that were not taken.
    """

    class_id = Ref(required=True)
    status = one_of(statuses.CLASS, required=True)
    taken = Count(required=True)
    known = Count(required=True)
    errors = listed(fields.Nested(RowError), high=MOST_ROWS, required=True)


class CloseAssessmentRequest(ClassRequest):
    """reason: of a supervisor who closes where the assessor cannot or does not act any more."""

    reason = LongText(load_default=None, allow_none=True)


class LearnerResult(Contract):
    """attempts: 2 with the makeup. passed: null without a result; certificate: its number."""

    person_ref = Ref(required=True)
    hours = Count(required=True)
    attempts = Count(required=True)
    passed = fields.Boolean(required=True, allow_none=True)
    theory = Count(required=True, allow_none=True)
    practice = Count(required=True, allow_none=True)
    certificate = fields.String(required=True, allow_none=True)


class ClassResults(Contract):
    class_id = Ref(required=True)
    status = one_of(statuses.CLASS, required=True)
    level = level(required=True)
    items = listed(fields.Nested(LearnerResult), high=MOST_LEARNERS, required=True)


class CertificateNumber(Contract):
    number = fields.String(required=True, validate=_NUMBER)


class Certificate(Contract):
    """level_name: as a certificate writes it, 四级（中级工）."""

    number = fields.String(required=True)
    class_id = Ref(required=True)
    person_ref = Ref(required=True)
    assessor_ref = Ref(required=True)
    occupation = OccupationCode(required=True)
    level = level(required=True)
    level_name = Name(required=True)
    issued_on = Day(required=True)
    kind = one_of(statuses.CERTIFICATE_KINDS, required=True)
    ability = Name(required=True, allow_none=True)


class NoFields(Contract):
    """Nothing is asked for."""


class Certificates(Contract):
    items = listed(fields.Nested(Certificate), required=True)


_READERS = {
    roles.PROVIDER, roles.ENTERPRISE, roles.ASSESSOR, roles.SUPERVISOR, roles.CATALOGUE_OFFICER,
    roles.AUDITOR,
}  # fmt: skip
APPOINT_ASSESSOR = command(
    "acceptance.appoint_assessor", AppointAssessorRequest, Appointment, {roles.SUPERVISOR}
)
GET_APPOINTMENT = query("acceptance.get_appointment", ClassRequest, Appointment, _READERS)
RECORD_RESULTS = command("acceptance.record_results", RecordResultsRequest, TrainingClass, _ASSESSOR)
RECORD_SHEET = command("acceptance.record_sheet", RecordSheetRequest, SheetAnswer, _ASSESSOR)
CLOSE_ASSESSMENT = command(
    "acceptance.close_assessment", CloseAssessmentRequest, TrainingClass, _ASSESSOR | {roles.SUPERVISOR}
)
CLASS_RESULTS = query("acceptance.class_results", ClassRequest, ClassResults, _READERS)
GET_CERTIFICATE = query(
    "acceptance.get_certificate", CertificateNumber, Certificate, _READERS | {roles.WORKER}
)
MY_CERTIFICATES = query("acceptance.my_certificates", NoFields, Certificates, {roles.WORKER})
