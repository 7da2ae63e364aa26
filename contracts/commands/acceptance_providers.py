"""Commands and queries of acceptance: the register of training bodies (机构名录)."""

from marshmallow import fields, validate

from contracts.events.acceptance import Place
from contracts.fields import (
    Contract,
    Count,
    Day,
    LongText,
    Moment,
    Name,
    OccupationCode,
    Ref,
    RegionCode,
    listed,
    one_of,
)
from contracts.paging import Page
from contracts.registry import command, query
from contracts.vocabularies import roles, statuses

_TRAINERS = {roles.PROVIDER, roles.ENTERPRISE}
_CATALOGUE = {roles.CATALOGUE_OFFICER}
_SUPERVISOR = {roles.SUPERVISOR}


class Licence(Contract):
    """A training licence, the charter of a public body, or a firm's own training centre.

    occupations: what it may train for; valid_until: its last day, null without one.
    """

    number = fields.String(required=True, validate=validate.Regexp(r"^[A-Za-z0-9-]{4,40}\Z"))
    issued_by = Name(required=True)
    valid_until = Day(required=True, allow_none=True)
    occupations = listed(OccupationCode(), low=1, high=100, required=True)


class Teacher(Contract):
    """occupation: what is taught; certificate: number of the qualification."""

    name = Name(required=True)
    occupation = OccupationCode(required=True)
    certificate = fields.String(required=True, validate=validate.Regexp(r"^[A-Za-z0-9-]{4,40}\Z"))


class Room(Contract):
    place = fields.Nested(Place, required=True)
    seats = Count(low=1, high=2000, required=True)


class ApplyRequest(Contract):
    """ownership: public or private, which no rule looks at."""

    ownership = one_of(statuses.OWNERSHIP, required=True)
    licence = fields.Nested(Licence, required=True)
    teachers = listed(fields.Nested(Teacher), low=1, high=200, required=True)
    rooms = listed(fields.Nested(Room), low=1, high=50, required=True)


class ProviderRequest(Contract):
    provider_ref = Ref(required=True)


class ReasonRequest(ProviderRequest):
    reason = LongText(required=True)


class LeaveRequest(Contract):
    reason = LongText(required=True)


class MeasureRequest(ReasonRequest):
    """clause: document and paragraph that the measure rests on; until: the last day, null until it is lifted
    (an exit has none).
    """

    kind = one_of(statuses.MEASURES, required=True)
    clause = Name(required=True)
    until = Day(load_default=None, allow_none=True)


class LiftRequest(ReasonRequest):
    measure_id = Ref(required=True)


class Measure(Contract):
    id = Ref(required=True)
    kind = one_of(statuses.MEASURES, required=True)
    reason = LongText(required=True)
    clause = Name(required=True)
    day = Day(required=True)
    until = Day(required=True, allow_none=True)
    holds = fields.Boolean(required=True)
    lifted_on = Day(required=True, allow_none=True)
    lifted_reason = fields.String(required=True, allow_none=True)


class Check(Contract):
    """What the enterprise registry said. passed null: no answer yet, and the filing waits."""

    asked_at = Moment(required=True)
    answered_at = Moment(required=True, allow_none=True)
    passed = fields.Boolean(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)


class Application(Contract):
    """A filing on its way; for the body itself and the officers of its region."""

    state = one_of(statuses.APPLICATION, required=True)
    filed_at = Moment(required=True)
    check = fields.Nested(Check, required=True)
    reason = fields.String(required=True, allow_none=True)
    particulars = fields.Nested(ApplyRequest, required=True)


class Provider(Contract):
    """A body on the register as everybody sees it.

    teachers: null but for the body itself and its officers, who also see a filing on its way; grade: null
    while unrated; preferred: on the priority list (优选计划).
    """

    id = Ref(required=True)
    version = Count(low=1, required=True)
    status = one_of(statuses.PROVIDER, required=True)
    kind = one_of(statuses.BODY_KINDS, required=True)
    name = Name(required=True)
    region = RegionCode(required=True)
    ownership = one_of(statuses.OWNERSHIP, required=True, allow_none=True)
    licence = fields.Nested(Licence, required=True, allow_none=True)
    rooms = listed(fields.Nested(Room), high=50, required=True)
    teacher_count = Count(required=True)
    teachers = listed(fields.Nested(Teacher), high=200, required=True, allow_none=True)
    since = Day(required=True, allow_none=True)
    exited_on = Day(required=True, allow_none=True)
    measures = listed(fields.Nested(Measure), required=True)
    grade = one_of(statuses.GRADES, required=True, allow_none=True)
    preferred = fields.Boolean(required=True)
    application = fields.Nested(Application, required=True, allow_none=True)


class ListProvidersRequest(Page):
    """to_decide: those with a filing on its way, for officers; else those that were admitted."""

    region = RegionCode(load_default=None, allow_none=True)
    occupation = OccupationCode(load_default=None, allow_none=True)
    grade = one_of(statuses.GRADES, load_default=None, allow_none=True)
    preferred = fields.Boolean(load_default=False)
    to_decide = fields.Boolean(load_default=False)


class ProviderList(Contract):
    """next: the cursor of the next page, null on the last."""

    items = listed(fields.Nested(Provider), high=100, required=True)
    next = Ref(required=True, allow_none=True)


APPLY = command("acceptance.apply_as_provider", ApplyRequest, Provider, _TRAINERS)
ADMIT = command("acceptance.admit_provider", ProviderRequest, Provider, _CATALOGUE)
RETURN_APPLICATION = command("acceptance.return_application", ReasonRequest, Provider, _CATALOGUE)
TAKE_MEASURE = command("acceptance.take_measure", MeasureRequest, Provider, _SUPERVISOR)
LIFT_MEASURE = command("acceptance.lift_measure", LiftRequest, Provider, _SUPERVISOR)
LEAVE_REGISTER = command("acceptance.leave_register", LeaveRequest, Provider, _TRAINERS)
GET_PROVIDER = query("acceptance.get_provider", ProviderRequest, Provider, set())
LIST_PROVIDERS = query("acceptance.list_providers", ListProvidersRequest, ProviderList, set())
