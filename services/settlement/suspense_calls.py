"""Calls of the suspense account and of the bank reconciliation."""

from typing import Any

from contracts.commands import settlement_suspense as c
from services.chassis.service import Reader, Service, Unit, command, query
from services.settlement import bank_balances, suspending


class SuspenseCalls(Service):
    """Bookings at the bank that are no fund's, each by two hands."""

    @command(c.PROPOSE_SUSPENSE)
    def propose_suspense(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Propose what a booking of the bank is."""
        return suspending.propose(unit, body)

    @command(c.SETTLE_SUSPENSE)
    def settle_suspense(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Propose how an item is settled."""
        return suspending.settle(unit, body)

    @command(c.DECIDE_SUSPENSE)
    def decide_suspense(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Book what was proposed, or refuse it."""
        return suspending.decide(unit, body)

    @query(c.LIST_SUSPENSE)
    def list_suspense(self, reader: Reader, body: Any) -> dict[str, Any]:
        """List items."""
        return suspending.listed(reader, body)

    @query(c.BANK_BALANCE)
    def bank_balance(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Show the bank's balance beside the books'."""
        return bank_balances.of_payer(reader)
