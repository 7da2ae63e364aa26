"""Commands and queries of settlement (买单): the suspense account (暂收暂付), the bank reconciliation.

What the bank booked and no fund's books explain: money in that nobody owes (暂收款), and fees (银行手续费).
One finance officer proposes, another decides, both for booking and for settling it. Amounts in fen.
"""

from marshmallow import fields

from contracts.commands.settlement_roles import BOOKS, FINANCE
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
    SignedFen,
    listed,
    one_of,
)
from contracts.paging import Page
from contracts.registry import command, query
from contracts.vocabularies.statuses import BANK_ITEMS, SUSPENSE, SUSPENSE_KINDS, SUSPENSE_WAYS


class ProposeSuspenseRequest(Contract):
    """entry: of a booking at the bank that is of no payment of ours and booked as nothing else. A credit is
    money held for others, a debit a fee.
    """

    entry = BankReference(required=True)
    reason = LongText(required=True)


class SettleSuspenseRequest(Contract):
    """about: for `given_back` the debit that gave it back, for `made_good` the credit that made a fee good,
    each of at most what is left; for `recovered` the recovery that it is of, up to what is outstanding.
    """

    suspense_id = Ref(required=True)
    way = one_of(SUSPENSE_WAYS, required=True)
    about = BankReference(required=True)
    reason = LongText(required=True)


class DecideSuspenseRequest(Contract):
    """By another officer than proposed it. agreed: whether it is booked so."""

    suspense_id = Ref(required=True)
    agreed = fields.Boolean(required=True)
    reason = LongText(required=True)


class Hand(Contract):
    by = Ref(required=True)
    at = Moment(required=True)
    reason = LongText(required=True)


class SuspenseSettlement(Contract):
    way = one_of(SUSPENSE_WAYS, required=True)
    about = BankReference(required=True)
    amount_fen = Fen(required=True)
    proposed = fields.Nested(Hand, required=True)
    decided = fields.Nested(Hand, required=True, allow_none=True)


class SuspenseItem(Contract):
    """A booking at the bank, or the part of a return beyond what its payee owed (recovery_id). account_id:
    the chain it is booked in, null until it is; pending: the settlement that waits for another hand.
    """

    id = Ref(required=True)
    version = Count(low=1, required=True)
    kind = one_of(SUSPENSE_KINDS, required=True)
    status = one_of(SUSPENSE, required=True)
    region = RegionCode(required=True)
    entry = BankReference(required=True)
    booked_on = Day(required=True)
    amount_fen = Fen(required=True)
    left_fen = Fen(required=True)
    recovery_id = Ref(required=True, allow_none=True)
    account_id = Ref(required=True, allow_none=True)
    proposed = fields.Nested(Hand, required=True)
    decided = fields.Nested(Hand, required=True, allow_none=True)
    pending = fields.Nested(SuspenseSettlement, required=True, allow_none=True)
    settlements = listed(fields.Nested(SuspenseSettlement), high=1000, required=True)


class ListSuspenseRequest(Page):
    """Those of the officer's region, newest first."""

    kind = one_of(SUSPENSE_KINDS, load_default=None, allow_none=True)
    status = one_of(SUSPENSE, load_default=None, allow_none=True)


class SuspenseList(Contract):
    items = listed(fields.Nested(SuspenseItem), high=100, required=True)
    next = Ref(required=True, allow_none=True)


class BankBalanceRequest(Contract):
    """The payer's account, as of now."""


class BankItem(Contract):
    """What one side has and the other has not, by how much it moves the side that has it."""

    kind = one_of(BANK_ITEMS, required=True)
    about = fields.String(required=True)
    amount_fen = SignedFen(required=True)
    zh = LongText(required=True)
    en = LongText(required=True)


class BankBalance(Contract):
    """余额调节表. bank_fen: as the bank stated it last, of that day; book_fen: as the ledger has it now.
    Adjusted: each after what only the other side has; unexplained_fen is between those.
    more: items were left out.
    """

    account = Ref(required=True)
    day = Day(required=True)
    bank_fen = SignedFen(required=True)
    book_fen = SignedFen(required=True)
    adjusted_bank_fen = SignedFen(required=True)
    adjusted_book_fen = SignedFen(required=True)
    unexplained_fen = SignedFen(required=True)
    agrees = fields.Boolean(required=True)
    more = fields.Boolean(required=True)
    items = listed(fields.Nested(BankItem), high=3001, required=True)


PROPOSE_SUSPENSE = command("settlement.propose_suspense", ProposeSuspenseRequest, SuspenseItem, FINANCE)
SETTLE_SUSPENSE = command("settlement.settle_suspense", SettleSuspenseRequest, SuspenseItem, FINANCE)
DECIDE_SUSPENSE = command("settlement.decide_suspense", DecideSuspenseRequest, SuspenseItem, FINANCE)
LIST_SUSPENSE = query("settlement.list_suspense", ListSuspenseRequest, SuspenseList, BOOKS)
BANK_BALANCE = query("settlement.bank_balance", BankBalanceRequest, BankBalance, BOOKS)
