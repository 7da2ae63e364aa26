"""Routes of selection (选单)."""

from contracts.commands import selection as c
from contracts.commands import selection_vouchers as v
from gateway.api.route import One, Route
from gateway.api.routes import selection_records

ROUTES = [
    *selection_records.ROUTES,
    Route(
        "POST",
        "/classes/<class_id>/enrolments",
        c.CHOOSE_SEATS,
        status=201,
        gathered=One(c.ChooseRequest, c.Enrolment),
    ),
    Route("GET", "/classes/<class_id>/enrolments", c.LIST_CLASS_ENROLMENTS),
    Route("GET", "/classes/<class_id>/seating", c.GET_SEATING),
    Route("GET", "/classes/<class_id>/eligibility", c.ELIGIBILITY_OF),
    Route("GET", "/enrolments", c.LIST_ENROLMENTS),
    Route("GET", "/enrolments/<enrolment_id>", c.GET_ENROLMENT),
    Route("POST", "/enrolments/<enrolment_id>/confirmation", c.CONFIRM_SEAT),
    Route("POST", "/enrolments/<enrolment_id>/cancellation", c.CANCEL_SEAT),
    Route("POST", "/enrolments/<enrolment_id>/dropping-out", c.DROP_SEAT),
    Route("POST", "/voucher-batches", v.ISSUE_VOUCHERS, status=201),
    Route("GET", "/voucher-batches", v.LIST_BATCHES),
    Route("GET", "/voucher-batches/<batch_id>", v.GET_BATCH),
    Route("GET", "/voucher-batches/<batch_id>/vouchers", v.LIST_BATCH_VOUCHERS),
    Route("GET", "/vouchers", v.LIST_VOUCHERS),
    Route("GET", "/vouchers/<voucher_id>", v.GET_VOUCHER),
    Route("GET", "/vouchers/<voucher_id>/token", v.VOUCHER_TOKEN),
    Route("POST", "/vouchers/<voucher_id>/claim", v.CLAIM_VOUCHER),
    Route("POST", "/vouchers/<voucher_id>/device", v.BIND_DEVICE),
    Route("POST", "/vouchers/<voucher_id>/binding", v.BIND_VOUCHER),
    Route("POST", "/vouchers/<voucher_id>/non-use", v.TELL_NON_USE),
    Route("POST", "/vouchers/<voucher_id>/revocation", v.REVOKE_VOUCHER),
    Route("POST", "/vouchers/<voucher_id>/replacement", v.REPLACE_VOUCHER, status=201),
    Route("GET", "/classes/<class_id>/voucher-holders", v.CLASS_HOLDERS),
]
