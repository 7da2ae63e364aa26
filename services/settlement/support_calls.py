"""Calls of support from the province."""

from typing import Any

from contracts.commands import settlement_support as c
from services.chassis.service import Reader, Service, Unit, command, query
from services.settlement import supporting


class SupportCalls(Service):
    """A city asks, the province decides."""

    @command(c.ASK_SUPPORT)
    def ask_support(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Ask for support."""
        return supporting.shown(supporting.ask(unit, body))

    @command(c.DECIDE_SUPPORT)
    def decide_support(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Grant or refuse it."""
        return supporting.shown(supporting.decide(unit, body))

    @query(c.LIST_SUPPORTS)
    def list_supports(self, reader: Reader, body: Any) -> dict[str, Any]:
        """List requests."""
        return supporting.listed(reader, body)
