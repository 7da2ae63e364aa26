"""Routes of the follow-up of graduates (就业跟踪)."""

from contracts.commands import acceptance_follow_up as c
from gateway.api.route import Route

ROUTES = [
    Route("POST", "/classes/<class_id>/employments/mine", c.REPORT_OWN, status=201),
    Route("POST", "/classes/<class_id>/employments/check", c.CHECK_EMPLOYMENT),
    Route("GET", "/undecided-employments", c.UNDECIDED_EMPLOYMENTS),
    Route("POST", "/classes/<class_id>/visits", c.RECORD_VISIT, status=201),
    Route("POST", "/classes/<class_id>/guidance", c.RECORD_GUIDANCE, status=201),
    Route("GET", "/classes/<class_id>/follow-up", c.CLASS_FOLLOW_UP),
    Route(
        "GET", "/classes/<class_id>/employment-rates", c.EMPLOYMENT_RATES,
        path={"class_id": "id"}, fixed={"of": "class"},
    ),
    Route(
        "GET", "/projects/<project_id>/employment-rates", c.EMPLOYMENT_RATES,
        path={"project_id": "id"}, fixed={"of": "project"},
    ),
    Route(
        "GET", "/providers/<provider_ref>/employment-rates", c.EMPLOYMENT_RATES,
        path={"provider_ref": "id"}, fixed={"of": "provider"},
    ),
]  # fmt: skip
