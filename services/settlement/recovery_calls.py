"""Calls of recovery and of sanctions."""

from typing import Any

from contracts.commands import settlement_recovery as c
from contracts.vocabularies.dates import today_in_shanghai
from services.chassis.service import Reader, Service, Unit, command, query
from services.settlement import crediting, recovering, sanctioning, views


class RecoveryCalls(Service):
    """What was paid and is to come back, and what a body is sanctioned for."""

    @command(c.STOP_PAYMENT)
    def stop_payment(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Stop a payment that the bank has not carried out."""
        return views.payment(recovering.stop(unit, body))

    @command(c.ORDER_RECOVERY)
    def order_recovery(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Order a claim, or some of its people, to be paid back."""
        return recovering.order(unit, body)

    @command(c.PLAN_RECOVERY)
    def plan_recovery(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Agree on instalments."""
        return recovering.shown(recovering.plan(unit, body), today_in_shanghai(unit.now))

    @command(c.RECORD_RECEIPT)
    def record_receipt(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Record what came back, by its bank receipt."""
        return recovering.shown(recovering.receive(unit, body), today_in_shanghai(unit.now))

    @command(c.CORRECT_RECEIPT)
    def correct_receipt(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Take back a receipt that was recorded wrong."""
        return recovering.shown(recovering.correct_receipt(unit, body), today_in_shanghai(unit.now))

    @command(c.WRITE_OFF)
    def write_off(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Give a part up."""
        return recovering.shown(recovering.write_off(unit, body), today_in_shanghai(unit.now))

    @query(c.LIST_CREDITS)
    def list_credits(self, reader: Reader, body: Any) -> dict[str, Any]:
        """List what was paid in."""
        return crediting.listed(reader, body)

    @query(c.GET_RECOVERY)
    def get_recovery(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Show a recovery."""
        return recovering.shown_to(reader, body["recovery_id"])

    @query(c.LIST_RECOVERIES)
    def list_recoveries(self, reader: Reader, body: Any) -> dict[str, Any]:
        """List recoveries."""
        return recovering.listed(reader, body)

    @command(c.RECORD_SANCTION)
    def record_sanction(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Record a sanction on a body."""
        return sanctioning.shown(sanctioning.record(unit, body))

    @command(c.LIFT_SANCTION)
    def lift_sanction(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Lift a sanction on a body."""
        return sanctioning.shown(sanctioning.lift(unit, body))

    @query(c.LIST_SANCTIONS)
    def list_sanctions(self, reader: Reader, body: Any) -> dict[str, Any]:
        """List sanctions."""
        return sanctioning.listed(reader, body)
