"""Commands and queries of settlement (买单): payment lines. Amounts in fen."""

from marshmallow import fields

from contracts.commands.settlement_roles import PAYMENT, READERS
from contracts.fields import (
    Contract,
    Count,
    Day,
    Fen,
    LongText,
    Moment,
    Ref,
    listed,
    one_of,
)
from contracts.paging import Page
from contracts.registry import command, query
from contracts.vocabularies import roles, statuses


class Payment(Contract):
    """A payment line. instruction: the bank's reference of this attempt; batch_id: the file it is in."""

    id = Ref(required=True)
    version = Count(low=1, required=True)
    status = one_of(statuses.PAYMENT_LINE, required=True)
    claim_id = Ref(required=True)
    payee_kind = one_of(("person", "body"), required=True)
    payee_ref = Ref(required=True)
    amount_fen = Fen(required=True)
    attempt = Count(low=1, required=True)
    instruction = Ref(required=True)
    batch_id = Ref(required=True, allow_none=True)
    sent_at = Moment(required=True, allow_none=True)
    settled_at = Moment(required=True, allow_none=True)
    paid_on = Day(required=True, allow_none=True)
    bank_reason = LongText(required=True, allow_none=True)
    corrected_by = Ref(required=True, allow_none=True)
    correction = LongText(required=True, allow_none=True)


class PaymentRequest(Contract):
    payment_id = Ref(required=True)


class CorrectPaymentRequest(PaymentRequest):
    reason = LongText(required=True)


class ListPaymentsRequest(Page):
    """A worker sees the payments to themselves, a provider those of its claims, officers those of their
    region.
    """

    claim_id = Ref(load_default=None, allow_none=True)
    status = one_of(statuses.PAYMENT_LINE, load_default=None, allow_none=True)


class PaymentList(Contract):
    items = listed(fields.Nested(Payment), high=100, required=True)
    next = Ref(required=True, allow_none=True)


CORRECT_PAYMENT = command("settlement.correct_payment", CorrectPaymentRequest, Payment, PAYMENT)
GET_PAYMENT = query("settlement.get_payment", PaymentRequest, Payment, READERS | {roles.WORKER})
LIST_PAYMENTS = query("settlement.list_payments", ListPaymentsRequest, PaymentList, READERS | {roles.WORKER})
