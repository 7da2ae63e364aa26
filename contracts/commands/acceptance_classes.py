"""Commands and queries of classes (班次): corrected and changed plans, the roster's check, platforms."""

from marshmallow import fields, validate

from contracts.commands.acceptance import (
    ClassRequest,
    EndClassRequest,
    FiledPlan,
    SessionRequest,
    TrainingClass,
)
from contracts.events.acceptance import Material, Place, Session
from contracts.fields import (
    Base64,
    Contract,
    Count,
    CreditCode,
    LongText,
    Moment,
    Name,
    Ref,
    RegionCode,
    listed,
    one_of,
)
from contracts.paging import Page
from contracts.registry import command, query
from contracts.vocabularies import roles, statuses

_SUPERVISOR = {roles.SUPERVISOR}
_PROVIDER = {roles.PROVIDER, roles.ENTERPRISE}
_OFFICER = {roles.CATALOGUE_OFFICER}
STATEMENT_CHARACTERS = 90_000


class RefileClassRequest(FiledPlan):
    class_id = Ref(required=True)


class ChangedSession(SessionRequest):
    """session_id: which one it was; without one it is new. Those left out of the list are dropped."""

    session_id = Ref(load_default=None, allow_none=True)


class ChangeClassRequest(ClassRequest):
    """A changed plan as a whole; capacity and enrolment stay. It holds once the supervisor accepts it."""

    name = Name(required=True)
    place = fields.Nested(Place, required=True)
    sessions = listed(fields.Nested(ChangedSession), low=1, high=200, required=True)
    materials = listed(fields.Nested(Material), high=50, load_default=list)
    reason = LongText(required=True)


class ClassChange(Contract):
    """The change that waits for its decision."""

    class_id = Ref(required=True)
    reason = LongText(required=True)
    filed_at = Moment(required=True)
    name = Name(required=True)
    place = fields.Nested(Place, required=True)
    sessions = listed(fields.Nested(Session), required=True)
    materials = listed(fields.Nested(Material), required=True)


class CheckedLearner(Contract):
    """findings: why the person cannot be on the roster; none: nothing speaks against it."""

    person_ref = Ref(required=True)
    findings = listed(one_of(statuses.ROSTER_FINDINGS), required=True)


class RosterCheck(Contract):
    """Who has a confirmed seat and a bound voucher."""

    class_id = Ref(required=True)
    items = listed(fields.Nested(CheckedLearner), required=True)


class AdmitPlatformRequest(Contract):
    """public_key: the Ed25519 key (32 bytes, base64) that the platform signs its statements of hours with."""

    name = Name(required=True)
    region = RegionCode(required=True)
    credit_code = CreditCode(required=True)
    public_key = Base64(32, 32, required=True)


class PlatformRequest(Contract):
    platform_id = Ref(required=True)


class EvaluatePlatformRequest(PlatformRequest):
    """One that did not pass is suspended until it passes."""

    passed = fields.Boolean(required=True)
    findings = LongText(required=True)


class RemovePlatformRequest(PlatformRequest):
    reason = LongText(required=True)


class PlatformEvaluation(Contract):
    passed = fields.Boolean(required=True)
    findings = LongText(required=True)
    at = Moment(required=True)


class OnlinePlatform(Contract):
    id = Ref(required=True)
    version = Count(low=1, required=True)
    status = one_of(statuses.PLATFORM, required=True)
    name = Name(required=True)
    region = RegionCode(required=True)
    credit_code = CreditCode(required=True)
    public_key = Base64(32, 32, required=True)
    admitted_at = Moment(required=True)
    evaluations = listed(fields.Nested(PlatformEvaluation), required=True)
    reason = fields.String(required=True, allow_none=True)


class PlatformList(Contract):
    items = listed(fields.Nested(OnlinePlatform), high=100, required=True)
    next = Ref(required=True, allow_none=True)


class StudiedRow(Contract):
    """begun, ended: within the session's time; minutes: really studied, by the platform's measure."""

    person_ref = Ref(required=True)
    begun = Moment(required=True)
    ended = Moment(required=True)
    minutes = Count(low=1, high=1440, required=True)


class OnlineStatement(Contract):
    """What a platform signs: the hours of one session of a class, as JSON."""

    class_id = Ref(required=True)
    session_id = Ref(required=True)
    rows = listed(fields.Nested(StudiedRow), low=1, required=True)


class RecordOnlineRequest(ClassRequest):
    """statement: the platform's text, unchanged; signature: Ed25519 over its UTF-8 bytes, base64."""

    platform_id = Ref(required=True)
    statement = fields.String(required=True, validate=validate.Length(2, STATEMENT_CHARACTERS))
    signature = Base64(64, 64, required=True)


class OnlineHours(Contract):
    """confirmed: whose attendance the statement confirms; short: too few minutes, or no bound voucher;
    elsewhere: signed in to another class at that time; known: recorded before.
    """

    class_id = Ref(required=True)
    session_id = Ref(required=True)
    confirmed = Count(required=True)
    short = listed(Ref(), required=True)
    elsewhere = listed(Ref(), required=True)
    known = Count(required=True)


_CHANGE_READERS = _PROVIDER | {roles.SUPERVISOR, roles.CATALOGUE_OFFICER, roles.AUDITOR}
REFILE_CLASS = command("acceptance.refile_class", RefileClassRequest, TrainingClass, _PROVIDER)
CHANGE_CLASS = command("acceptance.change_class", ChangeClassRequest, TrainingClass, _PROVIDER)
GET_CLASS_CHANGE = query("acceptance.get_class_change", ClassRequest, ClassChange, _CHANGE_READERS)
ACCEPT_CHANGE = command("acceptance.accept_change", ClassRequest, TrainingClass, _SUPERVISOR)
REFUSE_CHANGE = command("acceptance.refuse_change", EndClassRequest, TrainingClass, _SUPERVISOR)
CHECK_ROSTER = query("acceptance.check_roster", ClassRequest, RosterCheck, _CHANGE_READERS)
ADMIT_PLATFORM = command("acceptance.admit_platform", AdmitPlatformRequest, OnlinePlatform, _OFFICER)
EVALUATE_PLATFORM = command("acceptance.evaluate_platform", EvaluatePlatformRequest, OnlinePlatform, _OFFICER)
REMOVE_PLATFORM = command("acceptance.remove_platform", RemovePlatformRequest, OnlinePlatform, _OFFICER)
LIST_PLATFORMS = query("acceptance.list_platforms", Page, PlatformList, set())
RECORD_ONLINE_HOURS = command("acceptance.record_online_hours", RecordOnlineRequest, OnlineHours, _PROVIDER)
