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
from contracts.vocabularies.files import KINDS as FILE_KINDS
from contracts.vocabularies.files import LARGEST_OF_ALL, SCANS
from contracts.vocabularies.money import PAYEES
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


class AnyClaimSubmitted(ClaimSubmitted):
    """A claim of any kind; certificates and wage months belong to no project. month: YYYY-MM.

    person_ref: the person who claims for the own training or days; null where a body claims.
    """

    project_id = Ref(load_default=None, allow_none=True)
    person_ref = Ref(load_default=None, allow_none=True)
    payee = one_of(PAYEES.codes, load_default=None, allow_none=True)
    month = fields.String(load_default=None, allow_none=True)


class ClaimStep(Contract):
    """One reviewed step, with its reason."""

    reason = LongText(required=True)


class ClaimNotice(Contract):
    until = Moment(required=True)


class ClaimResumed(ClaimStep):
    """notice_until: the new end of the public notice where the claim was on notice; null elsewhere."""

    notice_until = Moment(load_default=None, allow_none=True)


class ClaimOrdered(Contract):
    lines = Count(required=True)
    total_fen = Fen(required=True)


class ClaimPaid(Contract):
    total_fen = Fen(required=True)
    paid_on = Day(required=True)


class ClaimFileAdded(Contract):
    """content_type: found in the content; scan: whether a scanner has looked at it."""

    file_id = Ref(required=True)
    kind = one_of(FILE_KINDS, required=True)
    sha256 = Sha256(required=True)
    size = Count(high=LARGEST_OF_ALL, required=True)
    content_type = fields.String(required=True)
    scan = one_of(SCANS, required=True)


class ClaimFileEdited(Contract):
    """A file's bytes were found to differ from the hash that was kept, here repeated."""

    file_id = Ref(required=True)
    sha256 = Sha256(required=True)


class ClaimMarkAnswered(Contract):
    """A first reviewer's answer to a risk mark."""

    mark = Ref(required=True)
    code = fields.String(required=True)
    reason = LongText(required=True)


class ClaimDecided(ClaimStep):
    """percent: of the balance, decided below the employment rate."""

    percent = Count(high=100, required=True)
    total_fen = SignedFen(required=True)


class ClaimRecovered(Contract):
    """All that was paid for the claim has been given back or set off."""

    recovered_fen = Fen(required=True)


class ClaimObjection(Contract):
    """round: of the claim's review."""

    claim_id = Ref(required=True)
    round = Count(low=1, required=True)


class ObjectionAnswered(ClaimObjection):
    reason = LongText(required=True)


class ReviewCommissioned(Contract):
    """A third party prepares the review of a claim, and decides nothing."""

    claim_id = Ref(required=True)
    body_ref = Ref(required=True)


class ReviewPrepared(ReviewCommissioned):
    advice = fields.String(required=True)
    findings = Count(required=True)


class RecoveryOrdered(Contract):
    """Money demanded back from one payee of a claim, on a ground of a clause."""

    claim_id = Ref(required=True)
    payee_ref = Ref(required=True)
    ground = fields.String(required=True)
    clause = fields.String(required=True)
    amount_fen = Fen(required=True)


class RecoveryPlanned(Contract):
    instalments = Count(low=1, required=True)
    last_due = Day(required=True)


class RecoveryMoved(Contract):
    """A part was received, set off or written off, or a receipt taken back; outstanding_fen: what is left."""

    claim_id = Ref(required=True)
    payee_ref = Ref(required=True)
    amount_fen = Fen(required=True)
    outstanding_fen = Fen(required=True)


class SanctionRecorded(Contract):
    """A body was sanctioned. clause: document and paragraph; until: the last day of a bar from claims."""

    body_ref = Ref(required=True)
    region = RegionCode(required=True)
    ground = fields.String(required=True)
    clause = fields.String(required=True)
    measure = fields.String(required=True)
    until = Day(load_default=None, allow_none=True)
    claim_id = Ref(load_default=None, allow_none=True)
    reason = LongText(required=True)


class SanctionLifted(Contract):
    """A sanction holds no longer; it stays on the body's record with the reason."""

    body_ref = Ref(required=True)
    region = RegionCode(required=True)
    measure = fields.String(required=True)
    reason = LongText(required=True)


class ClaimPaymentReturned(Contract):
    """Lines that were paid came back from the bank, so the claim is not paid in full; total_fen: theirs."""

    lines = Count(low=1, required=True)
    total_fen = Fen(required=True)


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


CLAIM_SUBMITTED_1 = event("settlement.claim.submitted", 1, ClaimSubmitted)
CLAIM_SUBMITTED = event("settlement.claim.submitted", 2, AnyClaimSubmitted)
CLAIM_RESUBMITTED_1 = event("settlement.claim.resubmitted", 1, ClaimSubmitted)
CLAIM_RESUBMITTED = event("settlement.claim.resubmitted", 2, AnyClaimSubmitted)
CLAIM_ACCEPTED = event("settlement.claim.accepted", 1, ClaimStep)
CLAIM_SENT_BACK = event("settlement.claim.sent_back", 1, ClaimStep)
CLAIM_FIRST_REVIEWED = event("settlement.claim.first_reviewed", 1, ClaimStep)
CLAIM_SECOND_REVIEWED = event("settlement.claim.second_reviewed", 1, ClaimStep)
CLAIM_NOTICE = event("settlement.claim.notice_published", 1, ClaimNotice)
CLAIM_FUNDS_REQUESTED = event("settlement.claim.funds_requested", 1, ClaimStep)
CLAIM_FINANCE_REVIEWED = event("settlement.claim.finance_reviewed", 1, ClaimStep)
CLAIM_ORDERED = event("settlement.claim.ordered", 1, ClaimOrdered)
CLAIM_PAID = event("settlement.claim.paid", 1, ClaimPaid)
CLAIM_PAYMENT_RETURNED = event("settlement.claim.payment_returned", 1, ClaimPaymentReturned)
CLAIM_REFUSED = event("settlement.claim.refused", 1, ClaimStep)
CLAIM_WITHDRAWN = event("settlement.claim.withdrawn", 1, ClaimStep)
CLAIM_SUSPENDED = event("settlement.claim.suspended", 1, ClaimStep)
CLAIM_RESUMED = event("settlement.claim.resumed", 1, ClaimResumed)
CLAIM_FILE_ADDED = event("settlement.claim.file_added", 1, ClaimFileAdded)
CLAIM_FILE_EDITED = event("settlement.claim.file_edited", 1, ClaimFileEdited)
CLAIM_MARK_ANSWERED = event("settlement.claim.mark_answered", 1, ClaimMarkAnswered)
CLAIM_OBJECTION_UPHELD = event("settlement.claim.objection_upheld", 1, ClaimStep)
CLAIM_DECIDED = event("settlement.claim.decided", 1, ClaimDecided)
CLAIM_RECOVERED = event("settlement.claim.recovered", 1, ClaimRecovered)
OBJECTION_FILED = event("settlement.objection.filed", 1, ClaimObjection)
OBJECTION_UPHELD = event("settlement.objection.upheld", 1, ObjectionAnswered)
OBJECTION_REJECTED = event("settlement.objection.rejected", 1, ObjectionAnswered)
OBJECTION_LAPSED = event("settlement.objection.lapsed", 1, ObjectionAnswered)
REVIEW_COMMISSIONED = event("settlement.prepared_review.commissioned", 1, ReviewCommissioned)
REVIEW_PREPARED = event("settlement.prepared_review.prepared", 1, ReviewPrepared)
REVIEW_READ = event("settlement.prepared_review.read", 1, ReviewCommissioned)
REVIEW_CALLED_OFF = event("settlement.prepared_review.called_off", 1, ReviewCommissioned)
RECOVERY_ORDERED = event("settlement.recovery.ordered", 1, RecoveryOrdered)
RECOVERY_PLANNED = event("settlement.recovery.planned", 1, RecoveryPlanned)
RECOVERY_RECEIVED = event("settlement.recovery.received", 1, RecoveryMoved)
RECOVERY_OFFSET = event("settlement.recovery.offset", 1, RecoveryMoved)
RECOVERY_CORRECTED = event("settlement.recovery.corrected", 1, RecoveryMoved)
RECOVERY_WRITTEN_OFF = event("settlement.recovery.written_off", 1, RecoveryMoved)
SANCTION_RECORDED = event("settlement.sanction.recorded", 1, SanctionRecorded)
SANCTION_LIFTED = event("settlement.sanction.lifted", 1, SanctionLifted)
PAYMENT_SENT = event("settlement.payment.sent", 1, PaymentLine)
PAYMENT_PAID = event("settlement.payment.paid", 1, PaymentLine)
PAYMENT_RETURNED = event("settlement.payment.returned", 1, PaymentReturned)
PAYMENT_STOPPED = event("settlement.payment.stopped", 1, PaymentLine)
PAYMENT_CORRECTED = event("settlement.payment.corrected", 1, PaymentLine)
BUDGET_SET = event("settlement.fund.budget_set", 1, BudgetSet)
POSTED = event("settlement.fund.posted", 1, Posted)
