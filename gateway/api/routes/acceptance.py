"""Routes of acceptance (接单)."""

from contracts.commands import acceptance as c
from contracts.commands import acceptance_bids as bids
from contracts.commands import acceptance_keys as keys
from gateway.api.route import MEGABYTE, Route
from gateway.api.routes import (
    acceptance_attendance,
    acceptance_classes,
    acceptance_register,
    acceptance_sourcing,
)

ROUTES = [
    *acceptance_sourcing.ROUTES,
    *acceptance_register.ROUTES,
    *acceptance_attendance.ROUTES,
    *acceptance_classes.ROUTES,
    Route("POST", "/opening-keys", keys.REGISTER_OPENING_KEY, status=201),
    Route("GET", "/opening-keys", keys.LIST_OPENING_KEYS),
    Route("POST", "/opening-keys/<key_id>/confirmation", keys.CONFIRM_OPENING_KEY),
    Route("POST", "/opening-keys/<key_id>/retirement", keys.RETIRE_OPENING_KEY),
    Route("POST", "/sourcings", c.PUBLISH_NOTICE, status=201),
    Route("GET", "/sourcings", c.LIST_SOURCINGS),
    Route("GET", "/sourcings/<sourcing_id>", c.GET_SOURCING),
    Route("POST", "/sourcings/<sourcing_id>/bids", bids.SUBMIT_BID, status=201),
    Route("POST", "/sourcings/<sourcing_id>/bids/parts", bids.PUT_BID_PART),
    Route("GET", "/sourcings/<sourcing_id>/bids", bids.OPENED_BIDS),
    Route("GET", "/sourcings/<sourcing_id>/bids/mine", bids.MY_BID),
    Route("POST", "/sourcings/<sourcing_id>/bids/withdrawal", bids.WITHDRAW_BID),
    Route("GET", "/sourcings/<sourcing_id>/sealed-bids", bids.SEALED_BIDS),
    # a call may bring back many bids of 64 KiB each
    Route("POST", "/sourcings/<sourcing_id>/openings", bids.OPEN_LAYER, max_bytes=10 * MEGABYTE),
    Route("POST", "/sourcings/<sourcing_id>/reinvitation", keys.REINVITE),
    Route("POST", "/sourcings/<sourcing_id>/scores", c.SCORE_BID),
    Route("POST", "/sourcings/<sourcing_id>/candidate", c.NAME_CANDIDATE),
    Route("POST", "/sourcings/<sourcing_id>/objections", c.OBJECT),
    Route("POST", "/sourcings/<sourcing_id>/objections/answer", c.ANSWER_OBJECTION),
    Route("POST", "/sourcings/<sourcing_id>/award", c.AWARD),
    Route("POST", "/sourcings/<sourcing_id>/failure", c.FAIL_SOURCING),
    Route("POST", "/classes", c.FILE_CLASS, status=201),
    Route("GET", "/classes", c.LIST_CLASSES),
    Route("GET", "/classes/<class_id>", c.GET_CLASS),
    Route("POST", "/classes/<class_id>/confirmation", c.CONFIRM_CLASS),
    Route("POST", "/classes/<class_id>/return", c.RETURN_CLASS),
    Route("POST", "/classes/<class_id>/stop", c.STOP_CLASS),
    Route("GET", "/classes/<class_id>/roster", c.CLASS_ROSTER),
    Route("POST", "/classes/<class_id>/roster", c.FILE_ROSTER),
    Route("POST", "/classes/<class_id>/carried-out", c.CLOSE_SESSIONS),
    Route("GET", "/classes/<class_id>/employments", c.CLASS_EMPLOYMENTS),
    Route("POST", "/classes/<class_id>/employments", c.REPORT_EMPLOYMENT, status=201),
    Route("GET", "/projects/<project_id>/employment-rate", c.EMPLOYMENT_RATE),
]
