"""Facts of settlement's books (买单): transfers, closed months, memorandum accounts. Amounts in fen."""

from marshmallow import fields

from contracts.fields import Contract, Count, Fen, LongText, Ref, RegionCode, Sha256, SignedFen, one_of
from contracts.registry import event
from contracts.vocabularies.money import MEMORANDUM
from contracts.vocabularies.statuses import TRANSFER_KINDS


class Transferred(Contract):
    """Told of the account that gives. Both sides are posted in the same transaction."""

    transfer_id = Ref(required=True)
    kind = one_of(TRANSFER_KINDS, required=True)
    to_account = Ref(required=True)
    amount_fen = Fen(required=True)
    document = LongText(required=True)


class SupportAsked(Contract):
    """An account's region asks the province's account for support."""

    from_account = Ref(required=True)
    to_account = Ref(required=True)
    amount_fen = Fen(required=True)
    document = LongText(required=True)


class SupportDecided(SupportAsked):
    """By another hand. Granted, the transfer is told beside it."""

    reason = LongText(required=True)


class MonthClosed(Contract):
    """Two officers have signed; statement: SHA-256 of what they saw; head: last entry's hash."""

    month = fields.String(required=True)
    statement = Sha256(required=True)
    entries = Count(high=10**9, required=True)
    head = Sha256(required=True)


class Noted(Contract):
    """An entry of a memorandum account; below zero it corrects."""

    fund = one_of(MEMORANDUM.codes, required=True)
    region = RegionCode(required=True)
    entry = fields.String(required=True)
    amount_fen = SignedFen(required=True)
    hash = Sha256(required=True)


FUNDS_TRANSFERRED = event("settlement.fund.transferred", 1, Transferred)
SUPPORT_ASKED = event("settlement.support.asked", 1, SupportAsked)
SUPPORT_GRANTED = event("settlement.support.granted", 1, SupportDecided)
SUPPORT_REFUSED = event("settlement.support.refused", 1, SupportDecided)
MONTH_CLOSED = event("settlement.fund.month_closed", 1, MonthClosed)
MEMORANDUM_NOTED = event("settlement.memorandum.noted", 1, Noted)
