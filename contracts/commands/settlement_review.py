"""Commands and queries of settlement (买单): public notice, objections, prepared reviews, the decision
below the employment rate. Amounts in fen.
"""

from marshmallow import fields, validate

from contracts.commands.settlement import Calculation, Claim, ClaimRequest, StepRequest
from contracts.commands.settlement_roles import FIRST, REVIEWERS, SECOND, SUPERVISION
from contracts.fields import (
    Contract,
    Count,
    Fen,
    LongText,
    Moment,
    Name,
    Ref,
    RegionCode,
    SignedFen,
    listed,
    one_of,
)
from contracts.paging import Page
from contracts.registry import command, query
from contracts.vocabularies import roles, statuses
from contracts.vocabularies.money import FUNDS

ANYBODY = set(roles.NAMES) - {roles.AUDITOR, roles.ADMINISTRATOR}
OFFICERS = REVIEWERS | {roles.AUDITOR}
FINDINGS = ("body", "process", "person", "amount")
ADVICE = ("pass", "return", "refuse")


class ListNoticesRequest(Page):
    """region: notices there and below; none: all."""

    region = RegionCode(load_default=None, allow_none=True)


class Notice(Contract):
    """A claim on public notice. claim_id: its number, which an objection names."""

    claim_id = Ref(required=True)
    kind = one_of(statuses.CLAIM_KINDS, required=True)
    project_id = Ref(required=True, allow_none=True)
    class_id = Ref(required=True, allow_none=True)
    project_name = Name(required=True, allow_none=True)
    class_name = Name(required=True, allow_none=True)
    claimant_name = fields.String(required=True)
    region = RegionCode(required=True)
    fund = one_of(FUNDS.codes, required=True)
    people = Count(required=True)
    total_fen = Fen(required=True)
    until = Moment(required=True)


class NoticeList(Contract):
    """next: the cursor of the next page, null on the last."""

    items = listed(fields.Nested(Notice), high=100, required=True)
    next = Ref(required=True, allow_none=True)


class NoticeRequest(Page):
    claim_id = Ref(required=True)


class NoticeLine(Contract):
    """One person of a notice. name: its first character and stars; null once the person is forgotten."""

    number = Count(low=1, required=True)
    name = fields.String(required=True, allow_none=True)
    amount_fen = SignedFen(required=True)


class NoticePage(Contract):
    notice = fields.Nested(Notice, required=True)
    items = listed(fields.Nested(NoticeLine), high=100, required=True)
    next = Ref(required=True, allow_none=True)


class ObjectRequest(ClaimRequest):
    grounds = LongText(required=True)


class Objection(Contract):
    """filed_by: shown to officers only, null to the objector's own eyes too."""

    id = Ref(required=True)
    version = Count(low=1, required=True)
    status = one_of(statuses.CLAIM_OBJECTION, required=True)
    claim_id = Ref(required=True)
    round = Count(low=1, required=True)
    region = RegionCode(required=True)
    grounds = LongText(required=True)
    filed_by = Ref(required=True, allow_none=True)
    filed_at = Moment(required=True)
    answer = LongText(required=True, allow_none=True)
    answered_at = Moment(required=True, allow_none=True)


class ObjectionRequest(Contract):
    objection_id = Ref(required=True)


class AnswerObjectionRequest(ObjectionRequest):
    """An upheld objection sends the claim back to its first review; a rejected one lets the notice go on."""

    outcome = one_of(("upheld", "rejected"), required=True)
    reason = LongText(required=True)


class ListObjectionsRequest(Page):
    """Officers see those to claims of their region, others their own."""

    claim_id = Ref(load_default=None, allow_none=True)
    status = one_of(statuses.CLAIM_OBJECTION, load_default=None, allow_none=True)


class ObjectionList(Contract):
    items = listed(fields.Nested(Objection), high=100, required=True)
    next = Ref(required=True, allow_none=True)


class CommissionRequest(StepRequest):
    """body_ref: a verified agency without relation to the claim."""

    body_ref = Ref(required=True)


class Finding(Contract):
    """One finding of a third party; person_ref where it is about one person of the claim."""

    about = one_of(FINDINGS, required=True)
    person_ref = Ref(load_default=None, allow_none=True)
    sound = fields.Boolean(required=True)
    text = LongText(required=True)


class PrepareReviewRequest(ClaimRequest):
    """What the third party found. advice: never a decision; unrelated: its word that it has no interest."""

    findings = listed(fields.Nested(Finding), low=1, high=500, required=True)
    advice = one_of(ADVICE, required=True)
    unrelated = fields.Boolean(required=True, validate=validate.Equal(True))


class PreparedReview(Contract):
    """attempt: the calculation that it is about; read_by: the first reviewer who has taken note of it."""

    id = Ref(required=True)
    version = Count(low=1, required=True)
    status = one_of(statuses.PREPARED_REVIEW, required=True)
    claim_id = Ref(required=True)
    attempt = Count(low=1, required=True)
    body_ref = Ref(required=True)
    commissioned_by = Ref(required=True)
    commissioned_at = Moment(required=True)
    findings = listed(fields.Nested(Finding), high=500, required=True)
    advice = one_of(ADVICE, required=True, allow_none=True)
    prepared_at = Moment(required=True, allow_none=True)
    read_by = Ref(required=True, allow_none=True)
    read_at = Moment(required=True, allow_none=True)
    remark = LongText(required=True, allow_none=True)


class PreparedReviewList(Contract):
    items = listed(fields.Nested(PreparedReview), high=100, required=True)
    next = Ref(required=True, allow_none=True)


class ListPreparedReviewsRequest(Page):
    """Officers see those of their region, a third party its own commissions."""

    claim_id = Ref(load_default=None, allow_none=True)
    status = one_of(statuses.PREPARED_REVIEW, load_default=None, allow_none=True)


class DecideBalanceRequest(StepRequest):
    """percent: how much of the balance is paid: 0 nothing, 100 in full, else within the parameter."""

    percent = Count(high=100, required=True)


LIST_NOTICES = query("settlement.list_notices", ListNoticesRequest, NoticeList, set())
GET_NOTICE = query("settlement.get_notice", NoticeRequest, NoticePage, set())
OBJECT_TO_CLAIM = command("settlement.object_to_claim", ObjectRequest, Objection, ANYBODY)
ANSWER_OBJECTION = command("settlement.answer_objection", AnswerObjectionRequest, Objection, SUPERVISION)
GET_OBJECTION = query("settlement.get_objection", ObjectionRequest, Objection, set(roles.NAMES))
LIST_OBJECTIONS = query("settlement.list_objections", ListObjectionsRequest, ObjectionList, set(roles.NAMES))
COMMISSION_REVIEW = command("settlement.commission_review", CommissionRequest, PreparedReview, FIRST)
CALL_OFF_REVIEW = command("settlement.call_off_review", StepRequest, PreparedReview, FIRST)
PREPARE_REVIEW = command("settlement.prepare_review", PrepareReviewRequest, PreparedReview, {roles.AGENCY})
READ_REVIEW = command("settlement.read_review", StepRequest, PreparedReview, FIRST)
LIST_REVIEWS = query(
    "settlement.list_reviews", ListPreparedReviewsRequest, PreparedReviewList, OFFICERS | {roles.AGENCY}
)
REVIEW_MATERIAL = query("settlement.review_material", ClaimRequest, Calculation, {roles.AGENCY})
DECIDE_BALANCE = command("settlement.decide_balance", DecideBalanceRequest, Claim, SECOND)
