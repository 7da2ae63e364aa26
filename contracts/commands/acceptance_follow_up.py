"""Commands and queries of acceptance: follow-up of graduates (就业跟踪): revisits, guidance, proof, rates."""

from marshmallow import fields

from contracts.commands.acceptance import ClassRequest, Employment
from contracts.fields import (
    Contract,
    Count,
    CreditCode,
    Day,
    LongText,
    Moment,
    Name,
    Ref,
    RegionCode,
    Sha256,
    listed,
    one_of,
)
from contracts.paging import Page
from contracts.registry import command, query
from contracts.vocabularies import roles, statuses

_FOLLOWERS = {roles.PROVIDER, roles.ENTERPRISE, roles.SUPERVISOR}
_READERS = _FOLLOWERS | {roles.CATALOGUE_OFFICER, roles.AUDITOR}
RATES_OF = ("class", "project", "provider")


class ReportOwnRequest(ClassRequest):
    """The graduate's own report; proof: SHA-256 of a document."""

    employer_code = CreditCode(required=True)
    since = Day(required=True)
    proof = Sha256(required=True)


class CheckRequest(ClassRequest):
    """An officer's check of a report that the registry did not find. reason: what was looked at."""

    person_ref = Ref(required=True)
    confirmed = fields.Boolean(required=True)
    reason = LongText(required=True)


class UndecidedRequest(Page):
    """Reports that wait for an officer of the region or of what lies in it."""

    region = RegionCode(required=True)


class Undecided(Contract):
    """next: the cursor of the next page, null on the last."""

    items = listed(fields.Nested(Employment), required=True)
    next = fields.String(required=True, allow_none=True)


class VisitRequest(ClassRequest):
    """month: of the plan; note: without names, numbers and addresses of people."""

    person_ref = Ref(required=True)
    month = Count(low=1, high=60, required=True)
    way = one_of(statuses.VISIT_WAYS, required=True)
    outcome = one_of(statuses.VISIT_OUTCOMES, required=True)
    note = Name(load_default=None, allow_none=True)


class Visit(Contract):
    id = Ref(required=True)
    version = Count(low=1, required=True)
    class_id = Ref(required=True)
    person_ref = Ref(required=True)
    month = Count(required=True)
    way = one_of(statuses.VISIT_WAYS, required=True)
    outcome = one_of(statuses.VISIT_OUTCOMES, required=True)
    at = Moment(required=True)
    note = fields.String(required=True, allow_none=True)


class GuidanceRequest(ClassRequest):
    """employer_code, post: of a recommended job."""

    person_ref = Ref(required=True)
    kind = one_of(statuses.GUIDANCE, required=True)
    words = LongText(required=True)
    employer_code = CreditCode(load_default=None, allow_none=True)
    post = Name(load_default=None, allow_none=True)


class Guidance(Contract):
    id = Ref(required=True)
    version = Count(low=1, required=True)
    class_id = Ref(required=True)
    person_ref = Ref(required=True)
    kind = one_of(statuses.GUIDANCE, required=True)
    words = LongText(required=True)
    employer_code = fields.String(required=True, allow_none=True)
    post = fields.String(required=True, allow_none=True)
    at = Moment(required=True)


class Time(Contract):
    """A time of the plan: due from that day; done: reached, of so many people; open: who is not yet."""

    month = Count(required=True)
    due = Day(required=True)
    done = Count(required=True)
    people = Count(required=True)
    open = listed(Ref(), required=True)


class FollowUp(Contract):
    """A class's follow-up as its provider and the officers of its region see it."""

    class_id = Ref(required=True)
    plan = listed(fields.Nested(Time), required=True)
    visits = listed(fields.Nested(Visit), high=5000, required=True)
    guidance = listed(fields.Nested(Guidance), high=5000, required=True)
    employments = listed(fields.Nested(Employment), required=True)


class RatesRequest(Contract):
    """Rates of a class, a project or a provider."""

    of = one_of(RATES_OF, required=True)
    id = Ref(required=True)


class Rate(Contract):
    """Employed with proof by that month after the training, of those who completed; percent rounded down.

    not_due: graduates whose month is still to come, counted nowhere else.
    """

    month = Count(required=True)
    completed = Count(required=True)
    employed = Count(required=True)
    percent = Count(required=True)
    not_due = Count(required=True)


class Rates(Contract):
    of = one_of(RATES_OF, required=True)
    id = Ref(required=True)
    classes = Count(required=True)
    items = listed(fields.Nested(Rate), required=True)


REPORT_OWN = command("acceptance.report_own_employment", ReportOwnRequest, Employment, {roles.WORKER})
CHECK_EMPLOYMENT = command("acceptance.check_employment", CheckRequest, Employment, {roles.SUPERVISOR})
UNDECIDED_EMPLOYMENTS = query(
    "acceptance.undecided_employments", UndecidedRequest, Undecided, {roles.SUPERVISOR}
)
RECORD_VISIT = command("acceptance.record_visit", VisitRequest, Visit, _FOLLOWERS)
RECORD_GUIDANCE = command("acceptance.record_guidance", GuidanceRequest, Guidance, _FOLLOWERS)
CLASS_FOLLOW_UP = query("acceptance.class_follow_up", ClassRequest, FollowUp, _READERS)
EMPLOYMENT_RATES = query("acceptance.employment_rates", RatesRequest, Rates, _READERS)
