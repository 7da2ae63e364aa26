"""Commands and queries of settlement's books: the check, transfers, memorandum accounts, the finance account.

Amounts in fen. Months are closed and reports made in settlement_periods.
"""

from marshmallow import fields, validate

from contracts.commands.settlement_funds import ByAccount
from contracts.commands.settlement_roles import BOOKS, FINANCE
from contracts.fields import (
    Contract,
    Count,
    Day,
    Fen,
    LongText,
    Moment,
    Name,
    Ref,
    RegionCode,
    Sha256,
    SignedFen,
    listed,
    one_of,
)
from contracts.paging import Page
from contracts.registry import command, query
from contracts.vocabularies.money import FUNDS, MEMORANDUM
from contracts.vocabularies.statuses import TRANSFER_KINDS

# a line for each of 1,600 accounts; larger files come in parts
FILE_CHARACTERS = 90_000


class CheckBooksRequest(Contract):
    """Without account_id: all chains of the officer's region."""

    account_id = Ref(load_default=None, allow_none=True)


class Fault(Contract):
    """number: of the entry, null when it is the chain's; detail: account, transfer or amount."""

    account_id = Ref(required=True)
    number = Count(high=10**9, required=True, allow_none=True)
    kind = fields.String(required=True)
    detail = fields.String(required=True)
    zh = LongText(required=True)
    en = LongText(required=True)


class LedgerSum(Contract):
    account = fields.String(required=True)
    amount_fen = SignedFen(required=True)


class ChainCheck(Contract):
    """One fund account's chain: faults counts all that is wrong, first names the first of them."""

    account_id = Ref(required=True)
    entries = Count(high=10**9, required=True)
    head = Sha256(required=True)
    sound = fields.Boolean(required=True)
    sums = listed(fields.Nested(LedgerSum), required=True)
    faults = Count(high=10**9, required=True)
    first = fields.Nested(Fault, required=True, allow_none=True)


class BooksCheck(Contract):
    sound = fields.Boolean(required=True)
    first = fields.Nested(Fault, required=True, allow_none=True)
    chains = listed(fields.Nested(ChainCheck), high=10_000, required=True)


class CheckChainRequest(Contract):
    """A part of one account's chain: the entries after that number, in their order."""

    account_id = Ref(required=True)
    after = Count(high=10**9, load_default=0)
    limit = Count(low=1, high=10_000, load_default=5_000)


class ChainPart(Contract):
    """sums: through the part's end. next: the number to go on after, null once the end was compared with what
    the account says. The two sides of transfers are compared by the check of whole chains.
    """

    account_id = Ref(required=True)
    after = Count(high=10**9, required=True)
    entries = Count(high=10_000, required=True)
    next = Count(high=10**9, required=True, allow_none=True)
    head = Sha256(required=True)
    sound = fields.Boolean(required=True)
    sums = listed(fields.Nested(LedgerSum), required=True)
    faults = Count(high=10**9, required=True)
    first = fields.Nested(Fault, required=True, allow_none=True)


class TransferFundsRequest(Contract):
    """Within one city; same fund, this year. What comes from the province is asked for (settlement_support).

    document: 文号.
    """

    from_account = Ref(required=True)
    to_account = Ref(required=True)
    amount_fen = Fen(required=True)
    document = Name(required=True)
    reason = LongText(required=True)


class Transfer(Contract):
    id = Ref(required=True)
    kind = one_of(TRANSFER_KINDS, required=True)
    fund = one_of(FUNDS.codes, required=True)
    year = Count(low=2000, high=2100, required=True)
    from_account = Ref(required=True)
    to_account = Ref(required=True)
    amount_fen = Fen(required=True)
    document = Name(required=True)
    by = Ref(required=True)
    reason = LongText(required=True)
    at = Moment(required=True)


class ListTransfersRequest(Page):
    """Those from or to an account of the officer's region, newest first."""


class TransferList(Contract):
    items = listed(fields.Nested(Transfer), high=100, required=True)
    next = Ref(required=True, allow_none=True)


class NoteMemorandumRequest(Contract):
    """What firms or persons pay beside the subsidy. amount_fen below zero corrects what was noted.

    about: the firm, for what is reported of firms (settlement_shares).
    """

    fund = one_of(MEMORANDUM.codes, required=True)
    region = RegionCode(required=True)
    amount_fen = SignedFen(required=True)
    claim_id = Ref(load_default=None, allow_none=True)
    about = Ref(load_default=None, allow_none=True)
    reason = LongText(required=True)


class Memorandum(Contract):
    """Others' money by region and year: noted, never encumbered. entries and head: of its chain."""

    id = Ref(required=True)
    version = Count(low=1, required=True)
    fund = one_of(MEMORANDUM.codes, required=True)
    region = RegionCode(required=True)
    year = Count(low=2000, high=2100, required=True)
    noted_fen = Fen(required=True)
    entries = Count(high=10**9, required=True)
    head = Sha256(required=True)


class ListMemorandumRequest(ByAccount):
    year = Count(low=2000, high=2100, load_default=None, allow_none=True)


class MemorandumList(Contract):
    """next: the cursor of the next part, null at the end."""

    items = listed(fields.Nested(Memorandum), high=1000, required=True)
    next = Ref(required=True, allow_none=True)


class ImportBalancesRequest(Contract):
    """The finance bureau's balances as CSV: account_id,day,balance (yuan) with a line of headings.

    source: the number of the bureau's document. All lines are taken in, or none.
    """

    source = Name(required=True)
    content = fields.String(required=True, validate=validate.Length(1, FILE_CHARACTERS))


class RecordBalanceRequest(Contract):
    """The finance bureau's balance of one account at the end of a day."""

    account_id = Ref(required=True)
    day = Day(required=True)
    balance_fen = Fen(required=True)
    source = Name(required=True)


class FinanceBalance(Contract):
    """by and at: who took it in, and when."""

    account_id = Ref(required=True)
    day = Day(required=True)
    balance_fen = Fen(required=True)
    source = Name(required=True)
    by = Ref(required=True)
    at = Moment(required=True)


class FinanceBalances(Contract):
    items = listed(fields.Nested(FinanceBalance), high=10_000, required=True)


CHECK_BOOKS = query("settlement.check_books", CheckBooksRequest, BooksCheck, BOOKS)
CHECK_CHAIN = query("settlement.check_chain", CheckChainRequest, ChainPart, BOOKS)
TRANSFER_FUNDS = command("settlement.transfer_funds", TransferFundsRequest, Transfer, FINANCE)
LIST_TRANSFERS = query("settlement.list_transfers", ListTransfersRequest, TransferList, BOOKS)
NOTE_MEMORANDUM = command("settlement.note_memorandum", NoteMemorandumRequest, Memorandum, FINANCE)
LIST_MEMORANDUM = query("settlement.list_memorandum", ListMemorandumRequest, MemorandumList, BOOKS)
RECORD_BALANCE = command("settlement.record_balance", RecordBalanceRequest, FinanceBalance, FINANCE)
IMPORT_BALANCES = command("settlement.import_balances", ImportBalancesRequest, FinanceBalances, FINANCE)
