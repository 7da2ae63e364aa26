"""Routes of intake (提单)."""

from contracts.commands import intake as c
from gateway.api.route import Route
from gateway.api.routes import intake_demands, intake_imports, intake_personal

ROUTES = [
    *intake_imports.ROUTES,
    Route("POST", "/persons", c.REGISTER_PERSON, status=201),
    Route("GET", "/persons/me", c.GET_PERSON),
    Route("DELETE", "/persons/me", c.FORGET_PERSON),
    Route("POST", "/persons/me/bank-account", c.CHANGE_PAYEE),
    Route("POST", "/bodies", c.REGISTER_BODY, status=201),
    Route("GET", "/bodies/me", c.GET_BODY),
    Route("POST", "/bodies/me/bank-account", c.CHANGE_PAYEE),
    Route("GET", "/bodies/<body_ref>", c.GET_BODY),
    Route("POST", "/demands", c.POST_DEMAND, status=201),
    Route("GET", "/demands", c.LIST_DEMANDS),
    Route("GET", "/demands/<demand_id>", c.GET_DEMAND),
    Route("POST", "/demands/<demand_id>/withdrawal", c.WITHDRAW_DEMAND),
    *intake_demands.ROUTES,
    *intake_personal.ROUTES,
]
