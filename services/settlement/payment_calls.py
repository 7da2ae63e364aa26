"""Calls of payment lines."""

from typing import Any

from contracts.commands import settlement_payments as c
from services.chassis.service import Reader, Service, Unit, command, query
from services.settlement import paying, views


class PaymentCalls(Service):
    """Payment lines."""

    @command(c.CORRECT_PAYMENT)
    def correct_payment(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Make a returned payment ready for its next attempt."""
        return views.payment(paying.correct(unit, body["payment_id"], body["reason"]))

    @query(c.GET_PAYMENT)
    def get_payment(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Show a payment line."""
        return views.payment(views.visible_payment(reader, body["payment_id"]))

    @query(c.LIST_PAYMENTS)
    def list_payments(self, reader: Reader, body: Any) -> dict[str, Any]:
        """List payment lines."""
        return views.payments(reader, body)
