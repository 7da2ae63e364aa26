"""Calls of reviews that third parties prepare, and of the decision below the employment rate."""

from typing import Any

from contracts.commands import settlement_review as c
from services.chassis.service import Reader, Service, Unit, command, query
from services.settlement import assessing, deciding, preparing, views


class PreparationCalls(Service):
    """Preparing a review, and deciding on a balance."""

    @command(c.COMMISSION_REVIEW)
    def commission_review(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Have a third party prepare the first review."""
        return preparing.shown(preparing.commission(unit, body))

    @command(c.CALL_OFF_REVIEW)
    def call_off_review(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Call a commission off."""
        return preparing.shown(preparing.call_off(unit, body))

    @command(c.PREPARE_REVIEW)
    def prepare_review(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Hand in a prepared review."""
        return preparing.shown(preparing.prepare(unit, body))

    @command(c.READ_REVIEW)
    def read_review(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Take note of a prepared review."""
        return preparing.shown(preparing.take_note(unit, body))

    @query(c.LIST_REVIEWS)
    def list_reviews(self, reader: Reader, body: Any) -> dict[str, Any]:
        """List prepared reviews."""
        return preparing.listed(reader, body)

    @query(c.REVIEW_MATERIAL)
    def review_material(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Show a third party the calculation that it is asked about."""
        return preparing.material(reader, body)

    @command(c.DECIDE_BALANCE)
    def decide_balance(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Decide how much of a balance is paid below the employment rate."""
        mode = self.settings.mode
        return views.claim(assessing.begun(unit, deciding.decide(unit, body, mode), mode))
