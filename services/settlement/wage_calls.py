"""Facts and jobs of payrolls of work-for-training."""

from collections.abc import Mapping
from typing import Any

from contracts.events import intake
from services.chassis.service import Fact, Service, Unit, job, on
from services.settlement import asking, payrolls
from services.settlement.store import copies


class WageCalls(Service):
    """The comparison of payrolls with the employment registry."""

    @on(intake.WAGE_COMPARED)
    def wage_compared(self, unit: Unit, fact: Fact) -> None:
        """Keep whether the registry knows a person in a firm in a month."""
        copies.put(unit, "wage_checks", fact.aggregate_id, fact.data)

    @job("compare-payrolls", every=2)
    def compare_payrolls(self) -> None:
        """Ask intake about new payrolls."""
        payrolls.compare(self.reader(), self.transact, self._ask_about_wages)

    def _ask_about_wages(self, target: str, body: Mapping[str, Any], key: str) -> Any:
        return asking.ask(self.settings, target, body, key=key)
