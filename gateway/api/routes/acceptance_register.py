"""Routes of the register of training bodies (机构名录), their grades, and their graduates."""

from contracts.commands import acceptance_grades as grades
from contracts.commands import acceptance_providers as c
from gateway.api.route import Route
from gateway.api.routes import acceptance_follow_up

ROUTES = [
    *acceptance_follow_up.ROUTES,
    Route("POST", "/providers", c.APPLY, status=201),
    Route("GET", "/providers", c.LIST_PROVIDERS),
    Route("POST", "/providers/exit", c.LEAVE_REGISTER),
    Route("GET", "/providers/<provider_ref>", c.GET_PROVIDER),
    Route("GET", "/providers/<provider_ref>/grade", grades.PROVIDER_GRADE),
    Route("GET", "/grading-formula", grades.GRADING_FORMULA),
    Route("POST", "/providers/<provider_ref>/admission", c.ADMIT),
    Route("POST", "/providers/<provider_ref>/return", c.RETURN_APPLICATION),
    Route("POST", "/providers/<provider_ref>/measures", c.TAKE_MEASURE),
    Route("POST", "/providers/<provider_ref>/measures/lifting", c.LIFT_MEASURE),
]
