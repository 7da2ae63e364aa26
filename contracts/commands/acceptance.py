"""Commands and queries of acceptance (接单): classes, attendance, assessment, employment.

Those of sourcing stand in acceptance_sourcing and are named here too.
"""

from marshmallow import ValidationError, fields, validate, validates_schema

from contracts.commands.acceptance_sourcing import (
    ANSWER_OBJECTION,
    AWARD,
    FAIL_SOURCING,
    GET_SOURCING,
    LIST_SOURCINGS,
    MY_BID,
    NAME_CANDIDATE,
    OBJECT,
    OPEN_LAYER,
    OPENED_BIDS,
    PUBLISH_NOTICE,
    SCORE_BID,
    SEALED_BIDS,
    SUBMIT_BID,
    WITHDRAW_BID,
)
from contracts.events.acceptance import Attended, Place, Session
from contracts.fields import (
    Contract,
    Count,
    CreditCode,
    Day,
    LongText,
    Moment,
    Name,
    OccupationCode,
    Ref,
    RegionCode,
    Sha256,
    level,
    listed,
    mode,
    one_of,
)
from contracts.paging import Page
from contracts.registry import command, query
from contracts.vocabularies import roles, statuses
from contracts.vocabularies.classes import MOST_LEARNERS

_SUPERVISOR = {roles.SUPERVISOR}
# providers, and enterprises that train people themselves [600 §3; 37 §6, §9]
_PROVIDER = {roles.PROVIDER, roles.ENTERPRISE}
_CLASS_READERS = _PROVIDER | {roles.SUPERVISOR, roles.ASSESSOR, roles.CATALOGUE_OFFICER, roles.AUDITOR}


class ClassRequest(Contract):
    class_id = Ref(required=True)


class SessionRequest(Contract):
    """One session. hours: class hours (学时) of 45 minutes, which must fit between starts and ends."""

    starts = Moment(required=True)
    ends = Moment(required=True)
    kind = one_of(statuses.SESSION_KINDS, required=True)
    hours = Count(low=1, high=12, required=True)
    topic = Name(required=True)
    teacher = Name(required=True)


class FileClassRequest(Contract):
    project_id = Ref(required=True)
    name = Name(required=True)
    place = fields.Nested(Place, required=True)
    capacity = Count(low=1, high=MOST_LEARNERS, required=True)
    enrol_until = Moment(required=True)
    sessions = listed(fields.Nested(SessionRequest), low=1, high=200, required=True)


class EndClassRequest(ClassRequest):
    reason = LongText(required=True)


class FileRosterRequest(ClassRequest):
    person_refs = listed(Ref(), low=1, high=MOST_LEARNERS, required=True)


class TrainingClass(Contract):
    """A class (班次) as it now is; persons are counted, never named, here."""

    id = Ref(required=True)
    version = Count(low=1, required=True)
    status = one_of(statuses.CLASS, required=True)
    project_id = Ref(required=True)
    sourcing_id = Ref(required=True)
    provider_ref = Ref(required=True)
    provider_name = Name(required=True)
    name = Name(required=True)
    occupation = OccupationCode(required=True)
    level = level(required=True)
    mode = mode(required=True)
    region = RegionCode(required=True)
    place = fields.Nested(Place, required=True)
    capacity = Count(required=True)
    enrol_until = Moment(required=True)
    begins = Moment(required=True)
    ends = Moment(required=True)
    sessions = listed(fields.Nested(Session), required=True)
    on_roster = Count(required=True)
    completed = Count(required=True)
    reason = fields.String(required=True, allow_none=True)


class ListClassesRequest(Page):
    """mine: the provider's own."""

    project_id = Ref(load_default=None, allow_none=True)
    region = RegionCode(load_default=None, allow_none=True)
    mine = fields.Boolean(load_default=False)


class ClassList(Contract):
    """next: the cursor of the next page, null on the last."""

    items = listed(fields.Nested(TrainingClass), high=100, required=True)
    next = Ref(required=True, allow_none=True)


class SignInRequest(ClassRequest):
    """longitude, latitude: where the phone is (WGS 84), both or neither."""

    session_id = Ref(required=True)
    voucher_id = Ref(required=True)
    longitude = fields.Float(load_default=None, allow_none=True, validate=validate.Range(-180, 180))
    latitude = fields.Float(load_default=None, allow_none=True, validate=validate.Range(-90, 90))

    @validates_schema
    def both_or_neither(self, data: dict[str, object], **_: object) -> None:
        """Refuse half a position."""
        if (data.get("longitude") is None) != (data.get("latitude") is None):
            raise ValidationError("经度和纬度须同时提供 / give both longitude and latitude", "longitude")


class SignIn(Contract):
    id = Ref(required=True)
    version = Count(low=1, required=True)
    status = one_of(statuses.ATTENDANCE, required=True)
    class_id = Ref(required=True)
    session_id = Ref(required=True)
    person_ref = Ref(required=True)
    at = Moment(required=True)


class Learner(Attended):
    """A learner on the roster: attendance so far, result (null: none yet), completed."""

    passed = fields.Boolean(required=True, allow_none=True)
    completed = fields.Boolean(required=True)


class Roster(Contract):
    class_id = Ref(required=True)
    status = one_of(statuses.CLASS, required=True)
    items = listed(fields.Nested(Learner), high=MOST_LEARNERS, required=True)


class ResultRequest(Contract):
    person_ref = Ref(required=True)
    passed = fields.Boolean(required=True)


class CertificateRequest(Contract):
    """number: 8 to 40 capital letters and digits, registered once. kind: operation for 特种作业操作证 and
    特种设备作业人员证.
    """

    person_ref = Ref(required=True)
    number = fields.String(required=True, validate=validate.Regexp(r"^[A-Z0-9]{8,40}\Z"))
    issued_on = Day(required=True)
    kind = one_of(statuses.CERTIFICATE_KINDS, load_default="ordinary")


class RecordResultsRequest(ClassRequest):
    results = listed(fields.Nested(ResultRequest), low=1, high=MOST_LEARNERS, required=True)
    certificates = listed(fields.Nested(CertificateRequest), high=MOST_LEARNERS, load_default=list)


class ReportEmploymentRequest(ClassRequest):
    """proof: SHA-256 of the document of proof."""

    person_ref = Ref(required=True)
    employer_code = CreditCode(required=True)
    since = Day(required=True)
    proof = Sha256(required=True)


class Employment(Contract):
    id = Ref(required=True)
    version = Count(low=1, required=True)
    status = one_of(statuses.EMPLOYMENT, required=True)
    project_id = Ref(required=True)
    class_id = Ref(required=True)
    person_ref = Ref(required=True)
    since = Day(required=True)
    reported_at = Moment(required=True)
    checked_at = Moment(required=True, allow_none=True)


class Employments(Contract):
    class_id = Ref(required=True)
    items = listed(fields.Nested(Employment), high=MOST_LEARNERS, required=True)


class RateRequest(Contract):
    project_id = Ref(required=True)


class EmploymentRate(Contract):
    """Employed with proof of those who completed, in whole percent rounded down (so 84.9 is not 85)."""

    project_id = Ref(required=True)
    completed = Count(required=True)
    proven = Count(required=True)
    percent = Count(required=True)


FILE_CLASS = command("acceptance.file_class", FileClassRequest, TrainingClass, _PROVIDER)
CONFIRM_CLASS = command("acceptance.confirm_class", ClassRequest, TrainingClass, _SUPERVISOR)
RETURN_CLASS = command("acceptance.return_class", EndClassRequest, TrainingClass, _SUPERVISOR)
STOP_CLASS = command("acceptance.stop_class", EndClassRequest, TrainingClass, _SUPERVISOR)
FILE_ROSTER = command("acceptance.file_roster", FileRosterRequest, TrainingClass, _PROVIDER)
GET_CLASS = query("acceptance.get_class", ClassRequest, TrainingClass, set())
LIST_CLASSES = query("acceptance.list_classes", ListClassesRequest, ClassList, set())
SIGN_IN = command("acceptance.sign_in", SignInRequest, SignIn, {roles.WORKER})
CLASS_ROSTER = query("acceptance.class_roster", ClassRequest, Roster, _CLASS_READERS)
CLOSE_SESSIONS = command("acceptance.close_sessions", ClassRequest, TrainingClass, _PROVIDER)
RECORD_RESULTS = command("acceptance.record_results", RecordResultsRequest, TrainingClass, {roles.ASSESSOR})
REPORT_EMPLOYMENT = command("acceptance.report_employment", ReportEmploymentRequest, Employment, _PROVIDER)
CLASS_EMPLOYMENTS = query("acceptance.class_employments", ClassRequest, Employments, _CLASS_READERS)
EMPLOYMENT_RATE = query("acceptance.employment_rate", RateRequest, EmploymentRate, _CLASS_READERS)

__all__ = [
    "ANSWER_OBJECTION",
    "AWARD",
    "CLASS_EMPLOYMENTS",
    "CLASS_ROSTER",
    "CLOSE_SESSIONS",
    "CONFIRM_CLASS",
    "EMPLOYMENT_RATE",
    "FAIL_SOURCING",
    "FILE_CLASS",
    "FILE_ROSTER",
    "GET_CLASS",
    "GET_SOURCING",
    "LIST_CLASSES",
    "LIST_SOURCINGS",
    "MY_BID",
    "NAME_CANDIDATE",
    "OBJECT",
    "OPENED_BIDS",
    "OPEN_LAYER",
    "PUBLISH_NOTICE",
    "RECORD_RESULTS",
    "REPORT_EMPLOYMENT",
    "RETURN_CLASS",
    "SCORE_BID",
    "SEALED_BIDS",
    "SIGN_IN",
    "STOP_CLASS",
    "SUBMIT_BID",
    "WITHDRAW_BID",
]
