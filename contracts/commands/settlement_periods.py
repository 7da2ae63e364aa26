"""Commands and queries of settlement's books by period: daily reconciliations, months, fund reports.

Amounts in fen. A month is written 2026-03; a report's period 2026, 2026Q1 or 2026-03.
"""

from marshmallow import fields, validate

from contracts.commands.settlement_funds import Difference
from contracts.commands.settlement_roles import BOOKS, FINANCE, PAYMENT
from contracts.fields import (
    Contract,
    Count,
    Day,
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
from contracts.vocabularies.money import FUNDS, MEMORANDUM, PAYEES
from contracts.vocabularies.statuses import CLAIM_KINDS, MONTH

MONTH_FORM = validate.Regexp(r"^20\d\d-(0[1-9]|1[0-2])\Z", error="应写作 2026-03 / written like 2026-03")
PERIOD_FORM = validate.Regexp(
    r"^20\d\d(Q[1-4]|-(0[1-9]|1[0-2]))?\Z",
    error="应写作 2026、2026Q1 或 2026-03 / written like 2026, 2026Q1 or 2026-03",
)
FORMATS = ("csv", "xlsx")


class ListReconciliationsRequest(Page):
    """Stored ones of the officer's region, of the end of each day, newest first."""

    account_id = Ref(load_default=None, allow_none=True)
    agrees = fields.Boolean(load_default=None, allow_none=True)


class DailyReconciliation(Contract):
    """One account as it was compared at the end of a day."""

    id = Ref(required=True)
    account_id = Ref(required=True)
    day = Day(required=True)
    at = Moment(required=True)
    statement_day = Day(required=True, allow_none=True)
    agrees = fields.Boolean(required=True)
    bank_fen = SignedFen(required=True)
    ledger_fen = SignedFen(required=True)
    claims_fen = SignedFen(required=True)
    finance_fen = SignedFen(required=True, allow_none=True)
    cash_fen = SignedFen(required=True)
    entries = Count(high=10**9, required=True)
    differences = listed(fields.Nested(Difference), high=10000, required=True)


class DailyReconciliations(Contract):
    items = listed(fields.Nested(DailyReconciliation), high=100, required=True)
    next = Ref(required=True, allow_none=True)


class MonthRequest(Contract):
    account_id = Ref(required=True)
    month = fields.String(required=True, validate=MONTH_FORM)


class SignMonthRequest(MonthRequest):
    """hash: of the statement that the officer has seen."""

    hash = Sha256(required=True)
    reason = LongText(load_default="核对无误")


class StatementSum(Contract):
    """One ledger account over the month."""

    account = fields.String(required=True)
    opening_fen = SignedFen(required=True)
    turnover_fen = SignedFen(required=True)
    closing_fen = SignedFen(required=True)


class StatementDifference(Difference):
    """holds: whether it has to be cleared before the month is closed."""

    holds = fields.Boolean(required=True)


class Statement(Contract):
    """Cumulated through the month's end. entries and head: number and hash of the last entry in it."""

    account_id = Ref(required=True)
    month = fields.String(required=True)
    statement_read = fields.Boolean(required=True)
    entries = Count(high=10**9, required=True)
    head = Sha256(required=True)
    sums = listed(fields.Nested(StatementSum), required=True)
    bank_fen = SignedFen(required=True)
    ledger_fen = SignedFen(required=True)
    claims_fen = SignedFen(required=True)
    finance_fen = SignedFen(required=True, allow_none=True)
    cash_fen = SignedFen(required=True)
    differences = listed(fields.Nested(StatementDifference), high=10000, required=True)


class Signature(Contract):
    by = Ref(required=True)
    at = Moment(required=True)
    reason = LongText(required=True)


class MonthShown(Contract):
    """A closed month is shown as it was signed. holding: differences that have to be cleared first."""

    id = Ref(required=True)
    version = Count(low=1, required=True)
    account_id = Ref(required=True)
    month = fields.String(required=True)
    status = one_of(MONTH, required=True)
    prepared_at = Moment(required=True)
    ready = fields.Boolean(required=True)
    holding = Count(required=True)
    hash = Sha256(required=True)
    statement = fields.Nested(Statement, required=True)
    signatures = listed(fields.Nested(Signature), high=2, required=True)


class ListMonthsRequest(Page):
    """Of the officer's region, the latest month first, each month by account."""

    account_id = Ref(load_default=None, allow_none=True)
    month = fields.String(load_default=None, allow_none=True, validate=MONTH_FORM)
    status = one_of(MONTH, load_default=None, allow_none=True)


class MonthSummary(Contract):
    id = Ref(required=True)
    account_id = Ref(required=True)
    month = fields.String(required=True)
    status = one_of(MONTH, required=True)
    ready = fields.Boolean(required=True)
    holding = Count(required=True)
    hash = Sha256(required=True)


class MonthList(Contract):
    """next: the cursor of the next page, null on the last."""

    items = listed(fields.Nested(MonthSummary), high=100, required=True)
    next = Ref(required=True, allow_none=True)


class FundReportRequest(Contract):
    """Without region: the officer's whole region."""

    period = fields.String(required=True, validate=PERIOD_FORM)
    region = RegionCode(load_default=None, allow_none=True)


class FundReportFileRequest(FundReportRequest):
    format = one_of(FORMATS, load_default="xlsx")


class ReportAccount(Contract):
    """One fund account at the period's end; paid and recovered in the period stand beside."""

    account_id = Ref(required=True)
    fund = one_of(FUNDS.codes, required=True)
    region = RegionCode(required=True)
    year = Count(low=2000, high=2100, required=True)
    budget_fen = SignedFen(required=True)
    transferred_fen = SignedFen(required=True)
    encumbered_fen = SignedFen(required=True)
    ordered_fen = SignedFen(required=True)
    paid_fen = SignedFen(required=True)
    recovered_fen = SignedFen(required=True)
    due_fen = SignedFen(required=True)
    written_off_fen = SignedFen(required=True)
    available_fen = SignedFen(required=True)
    period_paid_fen = SignedFen(required=True)
    period_recovered_fen = SignedFen(required=True)


class ReportRow(Contract):
    """Claims of one kind and payee role in one account.

    encumbered and ordered: at the period's end; the others, claims and people: in the period. paid: through
    the bank; offset: set off against debts of the payees; to date: paid and offset since the account's begin.
    """

    fund = one_of(FUNDS.codes, required=True)
    region = RegionCode(required=True)
    year = Count(low=2000, high=2100, required=True)
    kind = one_of(CLAIM_KINDS, required=True)
    payee = one_of(PAYEES.codes, required=True)
    claims = Count(high=10**9, required=True)
    people = Count(high=10**9, required=True)
    encumbered_fen = SignedFen(required=True)
    ordered_fen = SignedFen(required=True)
    paid_fen = SignedFen(required=True)
    offset_fen = SignedFen(required=True)
    recovered_fen = SignedFen(required=True)
    to_date_fen = SignedFen(required=True)


class ReportMemorandum(Contract):
    """Others' money (职工教育经费, firms, persons): noted in the period, and to date."""

    fund = one_of(MEMORANDUM.codes, required=True)
    region = RegionCode(required=True)
    year = Count(low=2000, high=2100, required=True)
    noted_fen = SignedFen(required=True)
    to_date_fen = SignedFen(required=True)


class FundReport(Contract):
    """From the ledger; differences: where the claim table says something else (帐表相符)."""

    period = fields.String(required=True)
    first = Day(required=True)
    last = Day(required=True)
    region = RegionCode(required=True)
    at = Moment(required=True)
    accounts = listed(fields.Nested(ReportAccount), high=2000, required=True)
    rows = listed(fields.Nested(ReportRow), high=20000, required=True)
    memorandum = listed(fields.Nested(ReportMemorandum), high=2000, required=True)
    agrees = fields.Boolean(required=True)
    differences = listed(fields.Nested(Difference), high=10000, required=True)


class FundReportFile(Contract):
    """content: base64."""

    name = Name(required=True)
    media_type = fields.String(required=True)
    content = fields.String(required=True)


LIST_RECONCILIATIONS = query(
    "settlement.list_reconciliations", ListReconciliationsRequest, DailyReconciliations, BOOKS
)
LIST_MONTHS = query("settlement.list_months", ListMonthsRequest, MonthList, BOOKS)
GET_MONTH = query("settlement.get_month", MonthRequest, MonthShown, BOOKS)
SIGN_MONTH = command("settlement.sign_month", SignMonthRequest, MonthShown, FINANCE | PAYMENT)
FUND_REPORT = query("settlement.fund_report", FundReportRequest, FundReport, BOOKS)
FUND_REPORT_FILE = query("settlement.fund_report_file", FundReportFileRequest, FundReportFile, BOOKS)
