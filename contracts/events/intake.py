"""Facts of intake (提单): persons, bodies, demands. No personal data: persons are opaque references."""

from marshmallow import fields

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
    group,
    level,
    listed,
    mode,
    one_of,
)
from contracts.registry import event
from contracts.vocabularies.statuses import AGENCY_KINDS, BODY_KINDS, BODY_STATES, DEMAND_KINDS


class PersonRegistered(Contract):
    region = RegionCode(required=True)
    groups = listed(group(), high=20, required=True)


class PersonVerified(Contract):
    """Registry facts that eligibility needs. draws_pension: entitlement, not age."""

    draws_pension = fields.Boolean(required=True)
    checked_at = Moment(required=True)


class PersonRefused(Contract):
    reason = LongText(required=True)


class PayeeChanged(Contract):
    """The bank account was given or corrected; only its last four digits travel."""

    account_tail = fields.String(required=True)


class PersonForgotten(Contract):
    reason = LongText(required=True)


class BodyRegistered(Contract):
    """agency_kind: of an agency that said so."""

    kind = one_of(BODY_KINDS, required=True)
    agency_kind = one_of(AGENCY_KINDS, load_default=None, allow_none=True)
    name = Name(required=True)
    credit_code = CreditCode(required=True)
    region = RegionCode(required=True)


class BodyVerified(Contract):
    scope = LongText(required=True)
    checked_at = Moment(required=True)


class BodyRefused(Contract):
    reason = LongText(required=True)


class DemandPosted(Contract):
    """poster_ref: whose demand it is (person or body); posted_by_ref: who entered it, when another."""

    kind = one_of(DEMAND_KINDS, required=True)
    poster_ref = Ref(required=True)
    posted_by_ref = Ref(load_default=None, allow_none=True)
    region = RegionCode(required=True)
    occupation = OccupationCode(required=True)
    level = level(required=True)
    headcount = Count(low=1, required=True)
    mode = mode(required=True)
    group = group(load_default=None, allow_none=True)
    wanted_from = Day(required=True)


class OfDemand(Contract):
    """Whose demand it is and of what, so that its poster can be told; null where it was not told yet."""

    poster_ref = Ref(load_default=None, allow_none=True)
    posted_by_ref = Ref(load_default=None, allow_none=True)
    occupation = OccupationCode(load_default=None, allow_none=True)
    level = level(load_default=None, allow_none=True)


class DemandVerified(OfDemand):
    checked_at = Moment(required=True)


class DemandReturned(OfDemand):
    reason = LongText(required=True)
    duplicate_of = Ref(load_default=None, allow_none=True)


class DemandListed(OfDemand):
    project_id = Ref(required=True)


class DemandWithdrawn(OfDemand):
    """merged_into: the demand that an officer found to be the same, null when it was given up."""

    reason = LongText(required=True)
    merged_into = Ref(load_default=None, allow_none=True)


class DemandMet(OfDemand):
    project_id = Ref(required=True)


class DemandLapsed(OfDemand):
    reason = LongText(required=True)


class EmploymentChecked(Contract):
    """The employment registry's answer on a report of acceptance; the aggregate's id is that report's."""

    project_id = Ref(required=True)
    class_id = Ref(required=True)
    person_ref = Ref(required=True)
    since = Day(required=True)
    found = fields.Boolean(required=True)
    checked_at = Moment(required=True)


class PersonRechecked(Contract):
    """The registries' answer when asked again.

    known: number and name belong together; passed: known and alive.
    """

    passed = fields.Boolean(required=True)
    known = fields.Boolean(required=True)
    alive = fields.Boolean(required=True)
    draws_pension = fields.Boolean(required=True)
    reason = LongText(required=True, allow_none=True)
    source = fields.String(required=True)
    checked_at = Moment(required=True)


class BodyRechecked(Contract):
    """state: of the registration, `unknown` when the registry has none under this name and code.

    scope: its lines of business, null where they were not told.
    """

    state = one_of(BODY_STATES, required=True)
    reason = LongText(required=True, allow_none=True)
    source = fields.String(required=True)
    checked_at = Moment(required=True)
    scope = LongText(load_default=None, allow_none=True)


class CertificateChecked(Contract):
    """The certificate registry's answer. valid: registered to this very person, occupation and level."""

    person_ref = Ref(required=True)
    valid = fields.Boolean(required=True)
    reason = LongText(required=True, allow_none=True)
    source = fields.String(required=True)
    checked_at = Moment(required=True)


class WageCompared(Contract):
    """Whether the employment registry knows a person as insured by a firm in a month (YYYY-MM) [600 §2]."""

    person_ref = Ref(required=True)
    employer_code = CreditCode(required=True)
    month = fields.String(required=True)
    insured = fields.Boolean(required=True)
    source = fields.String(required=True)
    checked_at = Moment(required=True)


PERSON_REGISTERED = event("intake.person.registered", 1, PersonRegistered)
PERSON_VERIFIED = event("intake.person.verified", 1, PersonVerified)
PERSON_REFUSED = event("intake.person.refused", 1, PersonRefused)
PAYEE_CHANGED = event("intake.person.payee_changed", 1, PayeeChanged)
PERSON_FORGOTTEN = event("intake.person.forgotten", 1, PersonForgotten)
PERSON_RECHECKED = event("intake.person.rechecked", 1, PersonRechecked)
BODY_REGISTERED = event("intake.body.registered", 1, BodyRegistered)
BODY_VERIFIED = event("intake.body.verified", 1, BodyVerified)
BODY_REFUSED = event("intake.body.refused", 1, BodyRefused)
BODY_RECHECKED = event("intake.body.rechecked", 1, BodyRechecked)
BODY_PAYEE_CHANGED = event("intake.body.payee_changed", 1, PayeeChanged)
DEMAND_POSTED = event("intake.demand.posted", 1, DemandPosted)
DEMAND_VERIFIED = event("intake.demand.verified", 1, DemandVerified)
DEMAND_RETURNED = event("intake.demand.returned", 1, DemandReturned)
DEMAND_LISTED = event("intake.demand.listed", 1, DemandListed)
DEMAND_WITHDRAWN = event("intake.demand.withdrawn", 1, DemandWithdrawn)
DEMAND_MET = event("intake.demand.met", 1, DemandMet)
DEMAND_LAPSED = event("intake.demand.lapsed", 1, DemandLapsed)
EMPLOYMENT_CHECKED = event("intake.employment.checked", 1, EmploymentChecked)
CERTIFICATE_CHECKED = event("intake.certificate.checked", 1, CertificateChecked)
WAGE_COMPARED = event("intake.wage.compared", 1, WageCompared)
