"""Routes of the live summary of demands."""

from contracts.commands import catalogue_summary as c
from gateway.api.route import Route

ROUTES = [
    Route("GET", "/demand-summary", c.SUMMARISE_DEMANDS),
    Route("GET", "/demand-summary/check", c.CHECK_SUMMARY),
    Route("GET", "/demand-trends", c.DEMAND_TRENDS),
]
