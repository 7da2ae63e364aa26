"""Routes of demands by spreadsheet; the file itself comes and goes by gateway/api/demand_imports.py."""

from contracts.commands import intake_imports as c
from contracts.commands import intake_registry as r
from gateway.api.route import Route

ROUTES = [
    Route("GET", "/demand-imports", c.LIST_IMPORTS),
    Route("GET", "/demands/<demand_id>/checks", r.DEMAND_CHECKS),
    Route("GET", "/demand-imports/<import_id>", c.GET_IMPORT),
    Route("DELETE", "/demand-imports/<import_id>", c.CLEAR_IMPORT),
]
