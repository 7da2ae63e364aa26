"""Calls of fund accounts and books."""

from typing import Any

from contracts.commands import settlement_funds as c
from services.chassis.service import Reader, Service, Unit, command, query
from services.settlement import comparing, funding, views


class FundCalls(Service):
    """Budgets, ledger, reconciliation."""

    @command(c.SET_BUDGET)
    def set_budget(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Set a budget."""
        return views.account(funding.set_budget(unit, body))

    @query(c.FUND_ACCOUNT)
    def fund_account(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Show a fund account."""
        return views.account(views.visible_account(reader, body["account_id"]))

    @query(c.LIST_FUNDS)
    def list_funds(self, reader: Reader, body: Any) -> dict[str, Any]:
        """List the fund accounts of the officer's region."""
        return views.accounts(reader, body)

    @query(c.LEDGER)
    def ledger(self, reader: Reader, body: Any) -> dict[str, Any]:
        """List an account's entries."""
        return views.ledger(reader, body)

    @query(c.RECONCILE)
    def reconcile(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Compare bank, ledger and claims."""
        return comparing.reconciliation(reader, body)
