"""Catalogue (列单): the nameko entrypoints, by area in the modules of calls."""

from services.catalogue.body_calls import BodyFacts
from services.catalogue.demand_calls import DemandCalls
from services.catalogue.draft_calls import DraftCalls
from services.catalogue.edition_calls import EditionCalls
from services.catalogue.headcount_calls import HeadcountCalls
from services.catalogue.matching_calls import MatchingCalls
from services.catalogue.pool_calls import PoolCalls
from services.catalogue.programme_calls import ProgrammeCalls
from services.catalogue.project_calls import ProjectCalls
from services.catalogue.summary_calls import SummaryCalls
from services.catalogue.use_calls import UseCalls
from services.chassis.service import Service


class CatalogueService(
    DemandCalls,
    SummaryCalls,
    EditionCalls,
    BodyFacts,
    ProjectCalls,
    DraftCalls,
    HeadcountCalls,
    ProgrammeCalls,
    PoolCalls,
    UseCalls,
    MatchingCalls,
    Service,
):
    """Demands summarised, projects drafted and listed."""

    name = "catalogue"


SERVICE = CatalogueService
