"""Routes of projects beside their way: proposals, drafts, cards, headcount, programmes, county projects."""

from contracts.commands import catalogue_programmes as programmes
from contracts.commands import catalogue_projects as c
from gateway.api.route import Route

ROUTES = [
    Route("GET", "/project-proposals", c.PROPOSE_PROJECTS),
    Route("POST", "/projects/<project_id>/revision", c.REVISE_PROJECT),
    Route("POST", "/projects/<project_id>/split", c.SPLIT_PROJECT),
    Route("POST", "/project-merges", c.MERGE_PROJECTS, status=201),
    Route("POST", "/projects/<project_id>/card", c.DESCRIBE_PROJECT),
    Route("GET", "/projects/<project_id>/card", c.PROJECT_CARD),
    Route("GET", "/headcount", c.HEADCOUNT),
    Route("GET", "/headcount/demands", c.HEADCOUNT_DEMANDS),
    Route("POST", "/programmes", programmes.SET_PROGRAMME),
    Route("GET", "/programmes", programmes.LIST_PROGRAMMES),
    Route("POST", "/county-projects", programmes.DESIGNATE, status=201),
    Route("POST", "/county-projects/<county_project_id>/end", programmes.END_COUNTY_PROJECT),
    Route("GET", "/county-projects", programmes.LIST_COUNTY_PROJECTS),
]
