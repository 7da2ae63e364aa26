"""Routes of demands and mandates (需求单、代办授权), joined to those of intake."""

from contracts.commands import intake_demands as d
from contracts.commands import intake_mandates as m
from gateway.api.route import Route

ROUTES = [
    Route("POST", "/demands/<demand_id>/content", d.CHANGE_DEMAND),
    Route("POST", "/demands/<demand_id>/return", d.RETURN_DEMAND),
    Route("POST", "/demands/<demand_id>/proof", d.DECIDE_PROOF),
    Route("POST", "/demands/<demand_id>/merger", d.MERGE_DEMANDS),
    Route("POST", "/demands/<demand_id>/no-duplicate", d.DISMISS_DUPLICATE),
    Route("GET", "/demands/<demand_id>/contact", d.DEMAND_CONTACT),
    Route("GET", "/duplicate-demands", d.LIST_DUPLICATES),
    Route("POST", "/mandates", m.RECORD_MANDATE, status=201),
    Route("GET", "/mandates", m.LIST_MANDATES),
    Route("POST", "/mandates/<mandate_id>/withdrawal", m.WITHDRAW_MANDATE),
]
