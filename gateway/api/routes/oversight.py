"""Routes of oversight."""

from contracts.commands import oversight as c
from gateway.api.route import Route

ROUTES = [
    Route("GET", "/trail/<thing_id>", c.TRAIL),
    Route("GET", "/facts", c.FACTS),
    Route("GET", "/alarms", c.ALARMS),
]
