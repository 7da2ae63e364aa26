"""Commands and queries of settlement (买单): fund accounts, the ledger, reconciliation. Amounts in fen."""

from marshmallow import fields

from contracts.commands.settlement_roles import BOOKS, FINANCE
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
    listed,
    one_of,
)
from contracts.paging import Page
from contracts.registry import command, query
from contracts.vocabularies.money import FUNDS


class SetBudgetRequest(Contract):
    fund = one_of(FUNDS.codes, required=True)
    region = RegionCode(required=True)
    year = Count(low=2000, high=2100, required=True)
    budget_fen = Fen(required=True)
    reason = LongText(load_default="年度预算")


class FundAccountRequest(Contract):
    account_id = Ref(required=True)


class FundAccount(Contract):
    """One fund, region and year. entries and head: length and last hash of its chain.

    transferred_fen: received from other accounts less given to them; due_fen: demanded back and not yet
    recovered or written off; closed_through: the last signed-off month, empty while none is.
    """

    id = Ref(required=True)
    version = Count(low=1, required=True)
    status = fields.Constant("open")
    fund = one_of(FUNDS.codes, required=True)
    region = RegionCode(required=True)
    year = Count(low=2000, high=2100, required=True)
    budget_fen = Fen(required=True)
    encumbered_fen = Fen(required=True)
    ordered_fen = Fen(required=True)
    paid_fen = Fen(required=True)
    recovered_fen = Fen(required=True)
    transferred_fen = SignedFen(required=True)
    due_fen = Fen(required=True)
    written_off_fen = Fen(required=True)
    closed_through = fields.String(required=True)
    available_fen = Fen(required=True)
    entries = Count(required=True)
    head = Sha256(required=True)


class ByAccount(Contract):
    """A part of a list in the order of the accounts' ids. cursor: the `next` of the part before."""

    cursor = Ref(load_default=None, allow_none=True)
    limit = Count(low=1, high=1000, load_default=1000)


class ListFundsRequest(ByAccount):
    year = Count(low=2000, high=2100, load_default=None, allow_none=True)


class FundList(Contract):
    """next: the cursor of the next part, null at the end."""

    items = listed(fields.Nested(FundAccount), high=1000, required=True)
    next = Ref(required=True, allow_none=True)


class LedgerRequest(Page):
    account_id = Ref(required=True)


class Posting(Contract):
    """payment_id: the payment line that it is, in an entry that pays several."""

    account = fields.String(required=True)
    amount_fen = SignedFen(required=True)
    payment_id = Ref(required=True, allow_none=True)


class Entry(Contract):
    """One balanced entry; previous and hash chain it to the one before. about: its transfer or recovery."""

    id = Ref(required=True)
    number = Count(low=1, required=True)
    at = Moment(required=True)
    kind = fields.String(required=True)
    by = Ref(required=True)
    reason = LongText(required=True)
    claim_id = Ref(required=True, allow_none=True)
    payment_id = Ref(required=True, allow_none=True)
    about = Ref(required=True, allow_none=True)
    postings = listed(fields.Nested(Posting), low=2, high=2000, required=True)
    previous = Sha256(required=True)
    hash = Sha256(required=True)


class Ledger(Contract):
    items = listed(fields.Nested(Entry), high=100, required=True)
    next = Ref(required=True, allow_none=True)


class ReconcileRequest(ByAccount):
    """Without account_id: the accounts of the officer's region, part by part."""

    account_id = Ref(load_default=None, allow_none=True)


class Difference(Contract):
    """One difference, with its likely cause. amount_fen: how much it makes out."""

    kind = fields.String(required=True)
    account_id = Ref(required=True, allow_none=True)
    about = fields.String(required=True)
    amount_fen = SignedFen(required=True)
    zh = LongText(required=True)
    en = LongText(required=True)


class Agreement(Contract):
    """Paid sums of one account by each of the three: bank statement, ledger, claims.

    finance_fen: what the finance bureau says is left on a day, null while it has said nothing; cash_fen: what
    the books say of that day (of now).
    """

    account_id = Ref(required=True)
    bank_fen = SignedFen(required=True)
    ledger_fen = SignedFen(required=True)
    claims_fen = SignedFen(required=True)
    finance_fen = SignedFen(required=True, allow_none=True)
    cash_fen = SignedFen(required=True)
    entries = Count(required=True)
    agrees = fields.Boolean(required=True)


class Reconciliation(Contract):
    """statement_day: the last day of the bank's statement that was read, null while none was.

    next: the cursor of the next part, null at the end; there the bank's bookings of strangers are named too.
    """

    at = Moment(required=True)
    statement_day = Day(required=True, allow_none=True)
    agrees = fields.Boolean(required=True)
    accounts = listed(fields.Nested(Agreement), high=1000, required=True)
    differences = listed(fields.Nested(Difference), high=10000, required=True)
    next = Ref(required=True, allow_none=True)


SET_BUDGET = command("settlement.set_budget", SetBudgetRequest, FundAccount, FINANCE)
FUND_ACCOUNT = query("settlement.fund_account", FundAccountRequest, FundAccount, BOOKS)
LIST_FUNDS = query("settlement.list_funds", ListFundsRequest, FundList, BOOKS)
LEDGER = query("settlement.ledger", LedgerRequest, Ledger, BOOKS)
RECONCILE = query("settlement.reconcile", ReconcileRequest, Reconciliation, BOOKS)
