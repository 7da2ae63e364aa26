"""Facts of settlement's suspense account (暂收暂付). Amounts in fen."""

from marshmallow import fields

from contracts.fields import Contract, Fen, Ref, RegionCode, Sha256, one_of
from contracts.registry import event
from contracts.vocabularies.statuses import SUSPENSE_KINDS


class SuspensePosted(Contract):
    """An entry of a suspense account. item_id: what it books or settles."""

    region = RegionCode(required=True)
    item_id = Ref(required=True)
    entry = fields.String(required=True)
    amount_fen = Fen(required=True)
    hash = Sha256(required=True)


class SuspenseItem(Contract):
    """A booking at the bank that is no fund's."""

    kind = one_of(SUSPENSE_KINDS, required=True)
    region = RegionCode(required=True)
    amount_fen = Fen(required=True)


SUSPENSE_POSTED = event("settlement.suspense.posted", 1, SuspensePosted)
SUSPENSE_BOOKED = event("settlement.suspense_item.booked", 1, SuspenseItem)
SUSPENSE_SETTLED = event("settlement.suspense_item.settled", 1, SuspenseItem)
