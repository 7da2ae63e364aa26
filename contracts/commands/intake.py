"""Commands and queries of intake (提单): persons, bodies, training demands."""

from marshmallow import ValidationError, fields, validates_schema

from contracts.commands.intake_content import DemandContent, Post, ProofShown
from contracts.commands.intake_registry import DemandCheck
from contracts.fields import (
    BankAccount,
    ChineseMobile,
    CitizenId,
    Contract,
    Count,
    CreditCode,
    Day,
    Fen,
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
from contracts.paging import Page
from contracts.registry import command, query
from contracts.vocabularies import roles, statuses

_BODIES = {roles.ENTERPRISE, roles.PROVIDER, roles.ASSESSOR, roles.AGENCY}
_OFFICERS = {roles.CATALOGUE_OFFICER, roles.SUPERVISOR, roles.AUDITOR}
_POSTERS = {roles.WORKER, roles.ENTERPRISE, roles.AGENCY}


class PersonDetails(Contract):
    """Who a person is. Everything but region and groups is kept encrypted under the person's own key."""

    id_number = CitizenId(required=True)
    name = Name(required=True)
    phone = ChineseMobile(required=True)
    region = RegionCode(required=True)
    groups = listed(group(), high=20, load_default=list)
    bank_account = BankAccount(load_default=None, allow_none=True)


class Registered(Contract):
    """A person as anyone but the person sees them: an opaque id and what eligibility needs."""

    id = Ref(required=True)
    version = Count(low=1, required=True)
    status = one_of(statuses.PERSON, required=True)
    region = RegionCode(required=True)
    groups = listed(fields.String(), required=True)
    account_given = fields.Boolean(required=True)
    reason = LongText(required=True, allow_none=True)


class OwnPerson(Registered):
    """The person's own page: masked, so that a shoulder surfer learns nothing."""

    name = fields.String(required=True)
    id_number = fields.String(required=True)
    phone = fields.String(required=True)
    bank_account = fields.String(required=True, allow_none=True)


class BodyDetails(Contract):
    credit_code = CreditCode(required=True)
    name = Name(required=True)
    region = RegionCode(required=True)


class RegisterBodyRequest(BodyDetails):
    """agency_kind: what kind of agency it is, for agencies only."""

    kind = one_of(statuses.BODY_KINDS, required=True)
    agency_kind = one_of(statuses.AGENCY_KINDS, load_default=None, allow_none=True)
    bank_account = BankAccount(load_default=None, allow_none=True)

    @validates_schema
    def of_agencies(self, data: dict[str, object], **_: object) -> None:
        """Refuse a kind of agency for another body."""
        if data["agency_kind"] is not None and data["kind"] != roles.AGENCY:
            raise ValidationError("仅代办机构填写 / for agencies only", "agency_kind")


class Body(BodyDetails):
    """A firm, a provider, an assessment body or an agency."""

    id = Ref(required=True)
    version = Count(low=1, required=True)
    status = one_of(statuses.BODY, required=True)
    kind = one_of(statuses.BODY_KINDS, required=True)
    agency_kind = fields.String(required=True, allow_none=True)
    scope = LongText(required=True, allow_none=True)
    account_given = fields.Boolean(required=True)
    reason = LongText(required=True, allow_none=True)


class BodyRequest(Contract):
    """body_ref: null for the caller's own."""

    body_ref = Ref(load_default=None, allow_none=True)


class ChangePayeeRequest(Contract):
    bank_account = BankAccount(required=True)


class Payee(Contract):
    """id: the person or body whose bank account was changed."""

    id = Ref(required=True)
    version = Count(low=1, required=True)
    status = fields.String(required=True)
    account_given = fields.Boolean(required=True)


class ForgetRequest(Contract):
    reason = LongText(load_default="本人申请 / asked for by the person")


class PostDemandRequest(DemandContent):
    """A demand (需求单), whose it is, and on what ground an agency enters it.

    `person` is needed with the account's first demand, and always from an agency that posts for a worker;
    `enterprise` likewise from an agency that posts for a firm. An agency needs a mandate: one that stands
    (mandate_id, or the one known for these two), or the words of a paper one, which is then recorded until
    mandate_until.
    """

    person = fields.Nested(PersonDetails, load_default=None, allow_none=True)
    enterprise = fields.Nested(BodyDetails, load_default=None, allow_none=True)
    mandate = LongText(load_default=None, allow_none=True)
    mandate_id = Ref(load_default=None, allow_none=True)
    mandate_until = Day(load_default=None, allow_none=True)


class Demand(Contract):
    """A demand as it now is. poster_ref: whose it is; posted_by_ref: the agency that entered it.

    duplicate_of: the open demand for which this one was returned at once; suspected_of: one that it may
    double, which an officer has yet to look at; merged_into, merged_ids: what an officer merged. lapses_on:
    the day after which it ends if nobody serves it. contact_given: whether a contact is kept.
    """

    id = Ref(required=True)
    version = Count(low=1, required=True)
    status = one_of(statuses.DEMAND, required=True)
    kind = one_of(statuses.DEMAND_KINDS, required=True)
    poster_ref = Ref(required=True)
    posted_by_ref = Ref(required=True, allow_none=True)
    region = RegionCode(required=True)
    occupation = OccupationCode(required=True)
    level = level(required=True)
    mode = mode(required=True)
    group = group(required=True, allow_none=True)
    headcount = Count(low=1, required=True)
    wanted_from = Day(required=True)
    hours = Count(required=True, allow_none=True)
    skills = LongText(required=True, allow_none=True)
    wage_low_fen = Fen(required=True, allow_none=True)
    wage_high_fen = Fen(required=True, allow_none=True)
    training_kind = fields.String(required=True, allow_none=True)
    share_percent = Count(required=True, allow_none=True)
    posts = listed(fields.Nested(Post), high=50, required=True)
    study_times = listed(fields.String(), high=5, required=True)
    place = Name(required=True, allow_none=True)
    proof = fields.Nested(ProofShown, required=True, allow_none=True)
    contact_given = fields.Boolean(required=True)
    mandate = LongText(required=True, allow_none=True)
    mandate_id = Ref(required=True, allow_none=True)
    project_id = Ref(required=True, allow_none=True)
    duplicate_of = Ref(required=True, allow_none=True)
    suspected_of = Ref(required=True, allow_none=True)
    suspect_ground = fields.String(required=True, allow_none=True)
    merged_into = Ref(required=True, allow_none=True)
    merged_ids = listed(Ref(), high=1000, required=True)
    lapses_on = Day(required=True, allow_none=True)
    reason = LongText(required=True, allow_none=True)
    posted_at = Moment(required=True)
    check = fields.Nested(DemandCheck, allow_none=True)


class DemandRequest(Contract):
    demand_id = Ref(required=True)


class WithdrawDemandRequest(DemandRequest):
    reason = LongText(load_default="提单人撤回 / withdrawn by the poster")


class ListDemandsRequest(Page):
    """Posters see their own; officers see those of their region, narrowed by `region`."""

    status = one_of(statuses.DEMAND, load_default=None, allow_none=True)
    region = RegionCode(load_default=None, allow_none=True)
    occupation = OccupationCode(load_default=None, allow_none=True)
    level = level(load_default=None, allow_none=True)


class DemandList(Contract):
    """next: the cursor of the next page, null on the last."""

    items = listed(fields.Nested(Demand), high=100, required=True)
    next = Ref(required=True, allow_none=True)


class Empty(Contract):
    pass


class IdentityRequest(Contract):
    account = Ref(required=True)


class Identity(Contract):
    """The person and the body that an account stands for, null where it has registered none."""

    person_ref = Ref(required=True, allow_none=True)
    body_ref = Ref(required=True, allow_none=True)


class PayeeDetailsRequest(Contract):
    """payee_refs: persons or bodies; purpose: written into the record of disclosures of each."""

    payee_refs = listed(Ref(), low=1, high=200, required=True)
    purpose = LongText(required=True)


class PayeeDetail(Contract):
    """What the bank needs of one payee."""

    payee_ref = Ref(required=True)
    name = Name(required=True)
    bank_account = BankAccount(required=True)


class MissingPayee(Contract):
    """A payee who cannot be paid; code: the refusal that says why (`not_found`, `intake.no_account`)."""

    payee_ref = Ref(required=True)
    code = fields.String(required=True)


class PayeeDetails(Contract):
    """Every payee asked for, in one of the two lists. Never stored by who asks."""

    items = listed(fields.Nested(PayeeDetail), high=200, required=True)
    missing = listed(fields.Nested(MissingPayee), high=200, required=True)


REGISTER_PERSON = command("intake.register_person", PersonDetails, Registered, {roles.WORKER})
CHANGE_PAYEE = command("intake.change_payee", ChangePayeeRequest, Payee, {roles.WORKER, *_BODIES})
FORGET_PERSON = command("intake.forget_person", ForgetRequest, Registered, {roles.WORKER})
GET_PERSON = query("intake.get_person", Empty, OwnPerson, {roles.WORKER})
REGISTER_BODY = command("intake.register_body", RegisterBodyRequest, Body, _BODIES)
GET_BODY = query("intake.get_body", BodyRequest, Body, {*_BODIES, *_OFFICERS})
POST_DEMAND = command("intake.post_demand", PostDemandRequest, Demand, _POSTERS)
WITHDRAW_DEMAND = command("intake.withdraw_demand", WithdrawDemandRequest, Demand, _POSTERS)
GET_DEMAND = query("intake.get_demand", DemandRequest, Demand, {*_POSTERS, *_OFFICERS})
LIST_DEMANDS = query("intake.list_demands", ListDemandsRequest, DemandList, {*_POSTERS, *_OFFICERS})
IDENTITY_OF = query("intake.identity_of", IdentityRequest, Identity, {roles.WORKER, *_BODIES})
PAYEE_DETAILS = query(
    "intake.payee_details", PayeeDetailsRequest, PayeeDetails, {roles.service_role("settlement")}
)
