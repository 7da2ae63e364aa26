"""Routes of settlement (买单)."""

from contracts.commands import settlement as c
from contracts.commands import settlement_checks as checks
from contracts.commands import settlement_estimates as estimates
from contracts.commands import settlement_files as files
from contracts.commands import settlement_funds as funds
from contracts.commands import settlement_payments as payments
from contracts.commands import settlement_records as records
from gateway.api.route import Route
from gateway.api.routes import settlement_bank, settlement_books, settlement_review

ROUTES = [
    Route("POST", "/claims", c.SUBMIT_CLAIM, status=201),
    Route("GET", "/claims", c.LIST_CLAIMS),
    Route("GET", "/claims/<claim_id>", c.GET_CLAIM),
    Route("GET", "/claims/<claim_id>/calculation", c.GET_CALCULATION),
    Route("GET", "/claims/<claim_id>/files", files.LIST_FILES),
    Route("GET", "/claims/<claim_id>/checks", checks.LIST_CHECKS),
    Route("GET", "/claims/<claim_id>/real-name-records", records.CLAIM_RECORDS),
    Route("GET", "/real-name-records/<person_ref>", records.PERSON_RECORD),
    Route("GET", "/claims/<claim_id>/marks", checks.LIST_MARKS),
    Route("POST", "/claims/<claim_id>/marks/<mark>/answer", checks.ANSWER_MARK),
    Route("POST", "/claims/<claim_id>/resubmission", c.RESUBMIT_CLAIM),
    Route("POST", "/claims/<claim_id>/withdrawal", c.WITHDRAW_CLAIM),
    Route("POST", "/claims/<claim_id>/acceptance", c.ACCEPT_CLAIM),
    Route("POST", "/claims/<claim_id>/return", c.SEND_BACK_CLAIM),
    Route("POST", "/claims/<claim_id>/first-review", c.FIRST_REVIEW),
    Route("POST", "/claims/<claim_id>/second-review", c.SECOND_REVIEW),
    Route("POST", "/claims/<claim_id>/notice", c.PUBLISH_NOTICE),
    Route("POST", "/claims/<claim_id>/fund-request", c.REQUEST_FUNDS),
    Route("POST", "/claims/<claim_id>/finance-review", c.FINANCE_REVIEW),
    Route("POST", "/claims/<claim_id>/order", c.ORDER_PAYMENT),
    Route("POST", "/claims/<claim_id>/refusal", c.REFUSE_CLAIM),
    Route("POST", "/claims/<claim_id>/suspension", c.SUSPEND_CLAIM),
    Route("POST", "/claims/<claim_id>/resumption", c.RESUME_CLAIM),
    Route("POST", "/funds", funds.SET_BUDGET),
    Route("GET", "/funds", funds.LIST_FUNDS),
    Route("GET", "/funds/<account_id>", funds.FUND_ACCOUNT),
    Route("GET", "/funds/<account_id>/ledger", funds.LEDGER),
    Route("GET", "/reconciliations", funds.RECONCILE),
    Route("GET", "/payments", payments.LIST_PAYMENTS),
    Route("GET", "/payments/<payment_id>", payments.GET_PAYMENT),
    Route("POST", "/payments/<payment_id>/correction", payments.CORRECT_PAYMENT),
    *settlement_bank.ROUTES,
    *settlement_books.ROUTES,
    *settlement_review.ROUTES,
    Route("GET", "/populations", estimates.LIST_POPULATIONS),
    Route("POST", "/estimates", estimates.START_ESTIMATE, status=201),
    Route("GET", "/estimates", estimates.LIST_ESTIMATES),
    Route("GET", "/estimates/<estimate_id>", estimates.GET_ESTIMATE),
    Route("GET", "/estimates/<estimate_id>/result", estimates.ESTIMATE_RESULT),
    Route("POST", "/estimates/<estimate_id>/cancellation", estimates.CANCEL_ESTIMATE),
]
