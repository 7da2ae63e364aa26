"""Calls and jobs of estimates."""

from typing import Any

from contracts.commands import settlement_estimates as c
from services.chassis.service import Reader, Service, Unit, command, job, query
from services.settlement import estimating
from services.settlement.estimates import launching


class EstimateCalls(Service):
    """Populations, estimates over them, what comes out."""

    @command(c.PUT_POPULATION_PART)
    def put_population_part(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Take one part of a population."""
        return estimating.put_part(unit, body)

    @command(c.ADD_POPULATION)
    def add_population(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Make a population of its parts."""
        return estimating.add_population(unit, self.reader(), body)

    @query(c.LIST_POPULATIONS)
    def list_populations(self, reader: Reader, body: Any) -> dict[str, Any]:
        """List populations."""
        return estimating.populations(reader, body)

    @command(c.START_ESTIMATE)
    def start_estimate(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Ask for an estimate."""
        return estimating.start(unit, body, self.settings.mode)

    @command(c.CANCEL_ESTIMATE)
    def cancel_estimate(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Give an estimate up."""
        return estimating.cancel(unit, body)

    @query(c.GET_ESTIMATE)
    def get_estimate(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Show an estimate."""
        return estimating.shown(estimating.visible(reader, body["estimate_id"]))

    @query(c.LIST_ESTIMATES)
    def list_estimates(self, reader: Reader, body: Any) -> dict[str, Any]:
        """List estimates."""
        return estimating.listed(reader, body)

    @query(c.ESTIMATE_RESULT)
    def estimate_result(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Show what came out, cell by cell."""
        return estimating.result(reader, body["estimate_id"])

    @query(c.ESTIMATE_FILE)
    def estimate_file(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Show one output: plot, spreadsheet or table."""
        return estimating.output(reader, body)

    @job("run-estimates", every=2)
    def run_estimates(self) -> None:
        """Start what is due, each in a process of its own."""
        launching.run_due(self.reader(), self.transact)

    @job("sweep-populations", every=3600)
    def sweep_populations(self) -> None:
        """Delete old populations and what was sent and never became one."""
        estimating.sweep(self.reader())
