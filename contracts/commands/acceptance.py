"""Commands and queries of acceptance (接单): classes, attendance, assessment, employment.

Those of sourcing stand in acceptance_sourcing and are named here too; sealed bids in acceptance_bids, the
opening officers' keys in acceptance_keys.
"""

from marshmallow import fields

from contracts.commands.acceptance_sourcing import (
    ANSWER_OBJECTION,
    AWARD,
    FAIL_SOURCING,
    GET_SOURCING,
    LIST_SOURCINGS,
    NAME_CANDIDATE,
    OBJECT,
    PUBLISH_NOTICE,
    SCORE_BID,
)
from contracts.events.acceptance import Attended, Material, Place, Session
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
from contracts.vocabularies.units import CODES as UNIT_CODES

_SUPERVISOR = {roles.SUPERVISOR}
# providers, and enterprises that train people themselves [600 §3; 37 §6, §9]
_PROVIDER = {roles.PROVIDER, roles.ENTERPRISE}
_CLASS_READERS = _PROVIDER | {roles.SUPERVISOR, roles.ASSESSOR, roles.CATALOGUE_OFFICER, roles.AUDITOR}


class ClassRequest(Contract):
    class_id = Ref(required=True)


class SessionRequest(Contract):
    """One session. hours: class hours (学时) of 45 minutes, which must fit between starts and ends.

    place: when it is not held at the class's place; platform: of an online session, which has no place;
    units: the compulsory units that it teaches [7 §6].
    """

    starts = Moment(required=True)
    ends = Moment(required=True)
    kind = one_of(statuses.SESSION_KINDS, required=True)
    hours = Count(low=1, high=12, required=True)
    topic = Name(required=True)
    teacher = Name(required=True)
    place = fields.Nested(Place, load_default=None, allow_none=True)
    platform = Ref(load_default=None, allow_none=True)
    units = listed(one_of(UNIT_CODES), high=12, load_default=list)


class FiledPlan(Contract):
    name = Name(required=True)
    place = fields.Nested(Place, required=True)
    capacity = Count(low=1, high=MOST_LEARNERS, required=True)
    enrol_until = Moment(required=True)
    sessions = listed(fields.Nested(SessionRequest), low=1, high=200, required=True)
    materials = listed(fields.Nested(Material), high=50, load_default=list)


class FileClassRequest(FiledPlan):
    project_id = Ref(required=True)


class EndClassRequest(ClassRequest):
    reason = LongText(required=True)


class CloseSessionsRequest(ClassRequest):
    """reason: of the supervisor, who alone closes while answers wait for another hand."""

    reason = LongText(load_default=None, allow_none=True)


class LeftOutRequest(Contract):
    person_ref = Ref(required=True)
    reason = LongText(required=True)


class FileRosterRequest(ClassRequest):
    """left_out: who has a confirmed seat but cannot be on the roster, by its check, and why."""

    person_refs = listed(Ref(), low=1, high=MOST_LEARNERS, required=True)
    left_out = listed(fields.Nested(LeftOutRequest), high=MOST_LEARNERS, load_default=list)


class TrainingClass(Contract):
    """A class (班次) as it now is; persons are counted, never named, here.

    plan_since: when this plan came into force; units_missing: compulsory units that no session teaches;
    change: what became of the last change to the plan.
    """

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
    materials = listed(fields.Nested(Material), required=True)
    units_missing = listed(one_of(UNIT_CODES), required=True)
    plan_since = Moment(required=True)
    change = one_of(statuses.CLASS_CHANGE, required=True, allow_none=True)
    on_roster = Count(required=True)
    completed = Count(required=True)
    reason = fields.String(required=True, allow_none=True)


class ListClassesRequest(Page):
    """mine: the provider's own; an assessor's: those that it was appointed to."""

    project_id = Ref(load_default=None, allow_none=True)
    region = RegionCode(load_default=None, allow_none=True)
    mine = fields.Boolean(load_default=False)


class ClassList(Contract):
    """next: the cursor of the next page, null on the last."""

    items = listed(fields.Nested(TrainingClass), high=100, required=True)
    next = Ref(required=True, allow_none=True)


class Learner(Attended):
    """A learner on the roster: attendance so far, result (null: none yet), completed."""

    passed = fields.Boolean(required=True, allow_none=True)
    completed = fields.Boolean(required=True)


class Roster(Contract):
    class_id = Ref(required=True)
    status = one_of(statuses.CLASS, required=True)
    items = listed(fields.Nested(Learner), high=MOST_LEARNERS, required=True)


class ReportEmploymentRequest(ClassRequest):
    """proof: SHA-256 of the document of proof; basis: an insurance record that the registry must find, or a
    contract, which an officer checks where the registry finds none.
    """

    person_ref = Ref(required=True)
    employer_code = CreditCode(required=True)
    since = Day(required=True)
    proof = Sha256(required=True)
    basis = one_of(("insurance", "contract"), load_default="insurance")


class Employment(Contract):
    """employer_code, proof (SHA-256 of the document), reported_by: for the officers who decide it."""

    id = Ref(required=True)
    version = Count(low=1, required=True)
    status = one_of(statuses.EMPLOYMENT, required=True)
    project_id = Ref(required=True)
    class_id = Ref(required=True)
    person_ref = Ref(required=True)
    since = Day(required=True)
    reported_at = Moment(required=True)
    checked_at = Moment(required=True, allow_none=True)
    basis = one_of(statuses.EMPLOYMENT_BASES, required=True)
    registry_found = fields.Boolean(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)
    employer_code = CreditCode(required=True, allow_none=True)
    proof = Sha256(required=True, allow_none=True)
    reported_by = Ref(required=True, allow_none=True)


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
CLASS_ROSTER = query("acceptance.class_roster", ClassRequest, Roster, _CLASS_READERS)
CLOSE_SESSIONS = command(
    "acceptance.close_sessions", CloseSessionsRequest, TrainingClass, _PROVIDER | {roles.SUPERVISOR}
)
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
    "NAME_CANDIDATE",
    "OBJECT",
    "PUBLISH_NOTICE",
    "REPORT_EMPLOYMENT",
    "RETURN_CLASS",
    "SCORE_BID",
    "STOP_CLASS",
]
