"""Facts that selection follows: what a class's project is and costs, so that a person can be told."""

from contracts.events import catalogue
from services.chassis.service import Fact, Service, Unit, on
from services.selection import store


class ProjectFacts(Service):
    """What the catalogue says of projects."""

    @on(catalogue.PROJECT_LISTED)
    def project_listed(self, unit: Unit, fact: Fact) -> None:
        """Keep the standard that a project is listed at; a later edition's replaces it."""
        kept = ("region", "training_kind", "standard_fen", "illustrative")
        store.save_project(unit, fact.aggregate_id, {name: fact.data[name] for name in kept})

    @on(catalogue.PROJECT_AWARDED)
    def project_awarded(self, unit: Unit, fact: Fact) -> None:
        """Keep the awarded price of a place."""
        store.save_project(unit, fact.aggregate_id, {"price_fen": fact.data["price_fen"]})
