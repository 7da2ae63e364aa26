"""Routes of classes: corrected and changed plans, the roster's check, online platforms, assessment."""

from contracts.commands import acceptance_assessment as a
from contracts.commands import acceptance_classes as c
from gateway.api.route import Route

ROUTES = [
    Route("POST", "/classes/<class_id>/plan", c.REFILE_CLASS),
    Route("GET", "/classes/<class_id>/change", c.GET_CLASS_CHANGE),
    Route("POST", "/classes/<class_id>/change", c.CHANGE_CLASS),
    Route("POST", "/classes/<class_id>/change/acceptance", c.ACCEPT_CHANGE),
    Route("POST", "/classes/<class_id>/change/refusal", c.REFUSE_CHANGE),
    Route("GET", "/classes/<class_id>/roster/check", c.CHECK_ROSTER),
    Route("POST", "/classes/<class_id>/online-hours", c.RECORD_ONLINE_HOURS),
    Route("GET", "/online-platforms", c.LIST_PLATFORMS),
    Route("POST", "/online-platforms", c.ADMIT_PLATFORM, status=201),
    Route("POST", "/online-platforms/<platform_id>/evaluations", c.EVALUATE_PLATFORM),
    Route("POST", "/online-platforms/<platform_id>/removal", c.REMOVE_PLATFORM),
    Route("GET", "/classes/<class_id>/assessor", a.GET_APPOINTMENT),
    Route("POST", "/classes/<class_id>/assessor", a.APPOINT_ASSESSOR),
    Route("GET", "/classes/<class_id>/results", a.CLASS_RESULTS),
    Route("POST", "/classes/<class_id>/results", a.RECORD_RESULTS),
    Route("POST", "/classes/<class_id>/results/rows", a.RECORD_SHEET),
    Route("POST", "/classes/<class_id>/results/closing", a.CLOSE_ASSESSMENT),
    Route("GET", "/certificates", a.MY_CERTIFICATES),
    Route("GET", "/certificates/<number>", a.GET_CERTIFICATE),
]
