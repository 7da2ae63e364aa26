"""Facts of settlement (买单): claims, payment lines, fund accounts."""

from marshmallow import fields

from contracts.fields import (
    Contract,
    Count,
    Day,
    Fen,
    LongText,
    Moment,
    Ref,
    RegionCode,
    Sha256,
    SignedFen,
    one_of,
)
from contracts.registry import event
from contracts.vocabularies.statuses import CLAIM_KINDS


class ClaimSubmitted(Contract):
    """rules_edition and rules_hash: the rules that computed it."""

    kind = one_of(CLAIM_KINDS, required=True)
    project_id = Ref(required=True)
    class_id = Ref(load_default=None, allow_none=True)
    claimant_ref = Ref(required=True)
    region = RegionCode(required=True)
    fund = fields.String(required=True)
    people = Count(required=True)
    total_fen = Fen(required=True)
    rules_edition = fields.String(required=True)
    rules_hash = Sha256(required=True)


class ClaimStep(Contract):
    """One reviewed step, with its reason."""

    reason = LongText(required=True)


class ClaimNotice(Contract):
    until = Moment(required=True)


class ClaimOrdered(Contract):
    lines = Count(required=True)
    total_fen = Fen(required=True)


class ClaimPaid(Contract):
    total_fen = Fen(required=True)
    paid_on = Day(required=True)


class PaymentLine(Contract):
    claim_id = Ref(required=True)
    payee_ref = Ref(required=True)
    amount_fen = Fen(required=True)


class PaymentReturned(PaymentLine):
    bank_reason = LongText(required=True)


class BudgetSet(Contract):
    fund = fields.String(required=True)
    region = RegionCode(required=True)
    year = Count(low=2000, high=2100, required=True)
    budget_fen = Fen(required=True)


class Posted(Contract):
    """One balanced entry: the sum of its lines is zero; hash chains it to the one before."""

    entry = fields.String(required=True)
    claim_id = Ref(load_default=None, allow_none=True)
    amount_fen = SignedFen(required=True)
    hash = Sha256(required=True)


CLAIM_SUBMITTED = event("settlement.claim.submitted", 1, ClaimSubmitted)
CLAIM_RESUBMITTED = event("settlement.claim.resubmitted", 1, ClaimSubmitted)
CLAIM_ACCEPTED = event("settlement.claim.accepted", 1, ClaimStep)
CLAIM_SENT_BACK = event("settlement.claim.sent_back", 1, ClaimStep)
CLAIM_FIRST_REVIEWED = event("settlement.claim.first_reviewed", 1, ClaimStep)
CLAIM_SECOND_REVIEWED = event("settlement.claim.second_reviewed", 1, ClaimStep)
CLAIM_NOTICE = event("settlement.claim.notice_published", 1, ClaimNotice)
CLAIM_FUNDS_REQUESTED = event("settlement.claim.funds_requested", 1, ClaimStep)
CLAIM_FINANCE_REVIEWED = event("settlement.claim.finance_reviewed", 1, ClaimStep)
CLAIM_ORDERED = event("settlement.claim.ordered", 1, ClaimOrdered)
CLAIM_PAID = event("settlement.claim.paid", 1, ClaimPaid)
CLAIM_REFUSED = event("settlement.claim.refused", 1, ClaimStep)
CLAIM_WITHDRAWN = event("settlement.claim.withdrawn", 1, ClaimStep)
CLAIM_SUSPENDED = event("settlement.claim.suspended", 1, ClaimStep)
CLAIM_RESUMED = event("settlement.claim.resumed", 1, ClaimStep)
PAYMENT_SENT = event("settlement.payment.sent", 1, PaymentLine)
PAYMENT_PAID = event("settlement.payment.paid", 1, PaymentLine)
PAYMENT_RETURNED = event("settlement.payment.returned", 1, PaymentReturned)
PAYMENT_CORRECTED = event("settlement.payment.corrected", 1, PaymentLine)
BUDGET_SET = event("settlement.fund.budget_set", 1, BudgetSet)
POSTED = event("settlement.fund.posted", 1, Posted)
