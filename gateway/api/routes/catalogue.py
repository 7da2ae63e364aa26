"""Routes of the catalogue (列单)."""

from contracts.commands import catalogue as c
from gateway.api.route import Route
from gateway.api.routes import catalogue_editions, catalogue_pools, catalogue_projects, catalogue_summary

ROUTES = [
    *catalogue_summary.ROUTES,
    *catalogue_editions.ROUTES,
    *catalogue_projects.ROUTES,
    *catalogue_pools.ROUTES,
    Route("GET", "/open-demands", c.OPEN_DEMANDS),
    Route("POST", "/projects", c.DRAFT_PROJECT, status=201),
    Route("GET", "/projects", c.LIST_PROJECTS),
    Route("GET", "/projects/<project_id>", c.GET_PROJECT),
    Route("POST", "/projects/<project_id>/listing", c.LIST_PROJECT),
    Route("POST", "/projects/<project_id>/withdrawal", c.WITHDRAW_PROJECT),
    Route("POST", "/projects/<project_id>/closure", c.CLOSE_PROJECT),
]
