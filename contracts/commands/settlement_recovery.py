"""Commands and queries of settlement (买单): recovery (追回) and sanctions (处理). Amounts in fen."""

from marshmallow import fields

from contracts.commands.settlement_payments import Payment
from contracts.commands.settlement_roles import BOOKS, FINANCE, REVIEWERS, SUPERVISION
from contracts.fields import (
    BankReference,
    Contract,
    Count,
    Day,
    Fen,
    LongText,
    Moment,
    Ref,
    RegionCode,
    listed,
    one_of,
)
from contracts.paging import Page
from contracts.registry import command, query
from contracts.vocabularies import roles, statuses
from contracts.vocabularies.grounds import MEASURES, RECOVERY_GROUNDS, SANCTION_GROUNDS

DEBTORS = {roles.WORKER, roles.ENTERPRISE, roles.PROVIDER, roles.ASSESSOR}
BODIES = {roles.ENTERPRISE, roles.PROVIDER, roles.ASSESSOR, roles.AGENCY}
MOVEMENTS = ("receipt", "offset", "write_off", "reversal")


class PersonShare(Contract):
    """amount_fen: how much of what was paid for this person; null: all of it."""

    person_ref = Ref(required=True)
    amount_fen = Fen(load_default=None, allow_none=True)


class OrderRecoveryRequest(Contract):
    """people: whose subsidy is demanded back; none: the whole claim."""

    claim_id = Ref(required=True)
    people = listed(fields.Nested(PersonShare), high=3000, load_default=list)
    ground = one_of(RECOVERY_GROUNDS.codes, required=True)
    reason = LongText(required=True)


class Share(Contract):
    """What is demanded back for one person, of so much that was paid for them."""

    person_ref = Ref(required=True)
    amount_fen = Fen(required=True)
    paid_fen = Fen(required=True)


class Instalment(Contract):
    due = Day(required=True)
    amount_fen = Fen(required=True)


class Movement(Contract):
    """A part that was settled, or a receipt taken back (reversal). reference: the bank's for a receipt
    and its reversal, the later claim for an offset.
    """

    kind = one_of(MOVEMENTS, required=True)
    amount_fen = Fen(required=True)
    by = Ref(required=True)
    at = Moment(required=True)
    day = Day(required=True)
    reason = LongText(required=True)
    reference = BankReference(required=True, allow_none=True)


class Recovery(Contract):
    """What one payee of one claim owes back. overdue_fen: of the instalments due before today."""

    id = Ref(required=True)
    version = Count(low=1, required=True)
    status = one_of(statuses.RECOVERY, required=True)
    claim_id = Ref(required=True)
    region = RegionCode(required=True)
    fund_account = Ref(required=True)
    payee_kind = one_of(("person", "body"), required=True)
    payee_ref = Ref(required=True)
    ground = one_of(RECOVERY_GROUNDS.codes, required=True)
    clause = fields.String(required=True)
    reason = LongText(required=True)
    amount_fen = Fen(required=True)
    outstanding_fen = Fen(required=True)
    overdue_fen = Fen(required=True)
    ordered_by = Ref(required=True)
    ordered_at = Moment(required=True)
    people = listed(fields.Nested(Share), high=10000, required=True)
    plan = listed(fields.Nested(Instalment), high=120, required=True)
    movements = listed(fields.Nested(Movement), high=1000, required=True)


class Ordered(Contract):
    """One recovery for each payee."""

    items = listed(fields.Nested(Recovery), high=10000, required=True)


class RecoveryRequest(Contract):
    recovery_id = Ref(required=True)


class PlanRequest(RecoveryRequest):
    """The instalments sum to what is outstanding."""

    instalments = listed(fields.Nested(Instalment), low=1, high=120, required=True)
    reason = LongText(required=True)


class ReceiptRequest(RecoveryRequest):
    """bank_reference: of the booking at the bank; it is taken once. Amount and day have to be the statement's
    where it has that booking. recorded_as: another reference under which this money was recorded already;
    then the booking is matched to that receipt, and nothing is booked again.
    """

    amount_fen = Fen(required=True)
    bank_reference = BankReference(required=True)
    received_on = Day(required=True)
    recorded_as = BankReference(load_default=None, allow_none=True)
    reason = LongText(load_default="银行回单")


class CorrectReceiptRequest(RecoveryRequest):
    """By another officer than recorded it. bank_reference: under which it was recorded; amount_fen: as it
    should have been, null where there is no such receipt; received_on: null for the day that was recorded.
    """

    bank_reference = BankReference(required=True)
    amount_fen = Fen(load_default=None, allow_none=True)
    received_on = Day(load_default=None, allow_none=True)
    reason = LongText(required=True)


class ListCreditsRequest(Page):
    """What was paid into the account and is no return of a payment, latest first. matched: to a recovery or
    to an item of the suspense account.
    """

    matched = fields.Boolean(load_default=None, allow_none=True)


class Credit(Contract):
    """id: of the booking at the bank, the reference of a receipt. candidates: recoveries it may be of."""

    id = BankReference(required=True)
    amount_fen = Fen(required=True)
    booked_on = Day(required=True)
    recovery_id = Ref(required=True, allow_none=True)
    suspense_id = Ref(required=True, allow_none=True)
    candidates = listed(Ref(), high=10, required=True)


class CreditList(Contract):
    items = listed(fields.Nested(Credit), high=100, required=True)
    next = Ref(required=True, allow_none=True)


class WriteOffRequest(RecoveryRequest):
    """amount_fen: null for all that is outstanding."""

    amount_fen = Fen(load_default=None, allow_none=True)
    reason = LongText(required=True)


class ListRecoveriesRequest(Page):
    """Officers see those of their region, a payee its own."""

    claim_id = Ref(load_default=None, allow_none=True)
    payee_ref = Ref(load_default=None, allow_none=True)
    status = one_of(statuses.RECOVERY, load_default=None, allow_none=True)


class RecoveryList(Contract):
    items = listed(fields.Nested(Recovery), high=100, required=True)
    next = Ref(required=True, allow_none=True)


class SanctionRequest(Contract):
    """until: the last day of a bar from claims; handed_to: the authority that a case is handed on to."""

    body_ref = Ref(required=True)
    ground = one_of(SANCTION_GROUNDS.codes, required=True)
    measure = one_of(MEASURES.codes, required=True)
    until = Day(load_default=None, allow_none=True)
    handed_to = LongText(load_default=None, allow_none=True)
    claim_id = Ref(load_default=None, allow_none=True)
    reason = LongText(required=True)


class Sanction(Contract):
    id = Ref(required=True)
    version = Count(low=1, required=True)
    status = one_of(statuses.SANCTION, required=True)
    body_ref = Ref(required=True)
    body_name = fields.String(required=True)
    region = RegionCode(required=True)
    ground = one_of(SANCTION_GROUNDS.codes, required=True)
    clause = fields.String(required=True)
    measure = one_of(MEASURES.codes, required=True)
    until = Day(required=True, allow_none=True)
    handed_to = LongText(required=True, allow_none=True)
    claim_id = Ref(required=True, allow_none=True)
    reason = LongText(required=True)
    by = Ref(required=True)
    at = Moment(required=True)
    lifted_by = Ref(required=True, allow_none=True)
    lifted_at = Moment(required=True, allow_none=True)
    lift_reason = LongText(required=True, allow_none=True)


class LiftSanctionRequest(Contract):
    """By another hand than recorded it."""

    sanction_id = Ref(required=True)
    reason = LongText(required=True)


class ListSanctionsRequest(Page):
    """Officers see those of bodies of their region, a body its own."""

    body_ref = Ref(load_default=None, allow_none=True)


class SanctionList(Contract):
    items = listed(fields.Nested(Sanction), high=100, required=True)
    next = Ref(required=True, allow_none=True)


class StopPaymentRequest(Contract):
    payment_id = Ref(required=True)
    reason = LongText(required=True)


STOP_PAYMENT = command("settlement.stop_payment", StopPaymentRequest, Payment, SUPERVISION)
ORDER_RECOVERY = command("settlement.order_recovery", OrderRecoveryRequest, Ordered, SUPERVISION)
PLAN_RECOVERY = command("settlement.plan_recovery", PlanRequest, Recovery, FINANCE)
RECORD_RECEIPT = command("settlement.record_receipt", ReceiptRequest, Recovery, FINANCE)
WRITE_OFF = command("settlement.write_off", WriteOffRequest, Recovery, SUPERVISION)
CORRECT_RECEIPT = command("settlement.correct_receipt", CorrectReceiptRequest, Recovery, FINANCE)
LIST_CREDITS = query("settlement.list_credits", ListCreditsRequest, CreditList, BOOKS)
GET_RECOVERY = query("settlement.get_recovery", RecoveryRequest, Recovery, BOOKS | DEBTORS)
LIST_RECOVERIES = query("settlement.list_recoveries", ListRecoveriesRequest, RecoveryList, BOOKS | DEBTORS)
RECORD_SANCTION = command("settlement.record_sanction", SanctionRequest, Sanction, SUPERVISION)
LIFT_SANCTION = command("settlement.lift_sanction", LiftSanctionRequest, Sanction, SUPERVISION)
LIST_SANCTIONS = query(
    "settlement.list_sanctions", ListSanctionsRequest, SanctionList, REVIEWERS | BODIES | {roles.AUDITOR}
)
