"""What a revised draft of the catalogue does to demands: some are taken in, others are free again."""

from contracts.events import catalogue as from_catalogue
from services.chassis.service import Fact, Unit, on
from services.intake.domain import demands as rules
from services.intake.store import demands


class ProjectFacts:
    """Demands go where the catalogue's drafts take them."""

    @on(from_catalogue.PROJECT_REVISED)
    def project_revised(self, unit: Unit, fact: Fact) -> None:
        """A draft was given other demands."""
        for demand in demands.with_ids(unit, fact.data["removed"]):
            demands.save_change(unit, demand, rules.set_free(demand, fact.aggregate_id, unit.now))
        for demand in demands.with_ids(unit, fact.data["added"]):
            demands.save_change(unit, demand, rules.list_in(demand, fact.aggregate_id))
