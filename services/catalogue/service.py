"""Catalogue (列单): the nameko entrypoints, by area in the modules of calls."""

from services.catalogue.demand_calls import DemandCalls
from services.catalogue.project_calls import ProjectCalls
from services.catalogue.summary_calls import SummaryCalls
from services.chassis.service import Service


class CatalogueService(DemandCalls, SummaryCalls, ProjectCalls, Service):
    """Demands summarised, projects drafted and listed."""

    name = "catalogue"


SERVICE = CatalogueService
