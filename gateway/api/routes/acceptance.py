"""Routes of acceptance (接单)."""

from contracts.commands import acceptance as c
from gateway.api.route import MEGABYTE, Route

ROUTES = [
    Route("POST", "/sourcings", c.PUBLISH_NOTICE, status=201),
    Route("GET", "/sourcings", c.LIST_SOURCINGS),
    Route("GET", "/sourcings/<sourcing_id>", c.GET_SOURCING),
    Route("POST", "/sourcings/<sourcing_id>/bids", c.SUBMIT_BID, status=201),
    Route("GET", "/sourcings/<sourcing_id>/bids", c.OPENED_BIDS),
    Route("GET", "/sourcings/<sourcing_id>/bids/mine", c.MY_BID),
    Route("POST", "/sourcings/<sourcing_id>/bids/withdrawal", c.WITHDRAW_BID),
    Route("GET", "/sourcings/<sourcing_id>/sealed-bids", c.SEALED_BIDS),
    # a call may bring back many bids of 64 KiB each
    Route("POST", "/sourcings/<sourcing_id>/openings", c.OPEN_LAYER, max_bytes=10 * MEGABYTE),
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
    Route("POST", "/classes/<class_id>/sign-ins", c.SIGN_IN),
    Route("POST", "/classes/<class_id>/carried-out", c.CLOSE_SESSIONS),
    Route("POST", "/classes/<class_id>/results", c.RECORD_RESULTS),
    Route("GET", "/classes/<class_id>/employments", c.CLASS_EMPLOYMENTS),
    Route("POST", "/classes/<class_id>/employments", c.REPORT_EMPLOYMENT, status=201),
    Route("GET", "/projects/<project_id>/employment-rate", c.EMPLOYMENT_RATE),
]
