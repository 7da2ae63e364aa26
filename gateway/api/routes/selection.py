"""Routes of selection (选单)."""

from contracts.commands import selection as c
from gateway.api.route import Route

ROUTES = [
    Route("POST", "/classes/<class_id>/enrolments", c.CHOOSE_SEAT, status=201),
    Route("GET", "/classes/<class_id>/enrolments", c.LIST_CLASS_ENROLMENTS),
    Route("GET", "/classes/<class_id>/seating", c.GET_SEATING),
    Route("GET", "/classes/<class_id>/eligibility", c.ELIGIBILITY_OF),
    Route("GET", "/enrolments", c.LIST_ENROLMENTS),
    Route("GET", "/enrolments/<enrolment_id>", c.GET_ENROLMENT),
    Route("POST", "/enrolments/<enrolment_id>/confirmation", c.CONFIRM_SEAT),
    Route("POST", "/enrolments/<enrolment_id>/cancellation", c.CANCEL_SEAT),
    Route("POST", "/voucher-batches", c.ISSUE_VOUCHERS, status=201),
    Route("GET", "/voucher-batches/<batch_id>", c.GET_BATCH),
    Route("GET", "/vouchers", c.LIST_VOUCHERS),
    Route("GET", "/vouchers/<voucher_id>", c.GET_VOUCHER),
    Route("POST", "/vouchers/<voucher_id>/claim", c.CLAIM_VOUCHER),
    Route("POST", "/vouchers/<voucher_id>/device", c.BIND_DEVICE),
    Route("POST", "/vouchers/<voucher_id>/binding", c.BIND_VOUCHER),
]
