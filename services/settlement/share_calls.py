"""Calls of shares: who bears what of a training's cost, and what is watched."""

from typing import Any

from contracts.commands import settlement_shares as c
from services.chassis.service import Reader, Service, query
from services.settlement import sharing


class ShareCalls(Service):
    """Asked by who learns, who trains, and who pays."""

    @query(c.CLASS_SHARES)
    def class_shares(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Show who bears what of a place in a class."""
        return sharing.of_class(reader, body, self.settings.mode)

    @query(c.FREE_TRAINING)
    def free_training(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Show who trains free in a class."""
        return sharing.free_in_class(reader, body["class_id"], self.settings.mode)

    @query(c.CLAIM_SHARES)
    def claim_shares(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Show who bears what of a claim's training."""
        return sharing.of_claim(reader, body["claim_id"], self.settings.mode)

    @query(c.WATCHED_REPORT)
    def watched_report(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Report caps that were reached, and firms' spending on the front line."""
        return sharing.report(reader, body, self.settings.mode)
