"""Routes of settlement's books (买单): the check, transfers, months, reports."""

from contracts.commands import settlement_books as c
from contracts.commands import settlement_periods as p
from contracts.commands import settlement_shares as shares
from contracts.commands import settlement_support as s
from gateway.api.route import Route

ROUTES = [
    Route("GET", "/books/check", c.CHECK_BOOKS),
    Route("GET", "/funds/<account_id>/check", c.CHECK_CHAIN),
    Route("POST", "/fund-transfers", c.TRANSFER_FUNDS, status=201),
    Route("GET", "/fund-transfers", c.LIST_TRANSFERS),
    Route("POST", "/fund-supports", s.ASK_SUPPORT, status=201),
    Route("GET", "/fund-supports", s.LIST_SUPPORTS),
    Route("POST", "/fund-supports/<support_id>/decision", s.DECIDE_SUPPORT),
    Route("POST", "/memorandum-accounts", c.NOTE_MEMORANDUM),
    Route("GET", "/memorandum-accounts", c.LIST_MEMORANDUM),
    Route("POST", "/funds/<account_id>/balances", c.RECORD_BALANCE, status=201),
    Route("POST", "/finance-balances", c.IMPORT_BALANCES, status=201),
    Route("GET", "/reconciliations/daily", p.LIST_RECONCILIATIONS),
    Route("GET", "/months", p.LIST_MONTHS),
    Route("GET", "/funds/<account_id>/months/<month>", p.GET_MONTH),
    Route("POST", "/funds/<account_id>/months/<month>/signature", p.SIGN_MONTH),
    Route("GET", "/fund-reports", p.FUND_REPORT),
    Route("GET", "/fund-reports/watched", shares.WATCHED_REPORT),
    Route("GET", "/classes/<class_id>/cost-shares", shares.CLASS_SHARES),
    Route("GET", "/classes/<class_id>/free-training", shares.FREE_TRAINING),
    Route("GET", "/claims/<claim_id>/cost-shares", shares.CLAIM_SHARES),
]
