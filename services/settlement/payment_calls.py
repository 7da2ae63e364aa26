"""Calls and jobs of payments."""

from functools import cache
from typing import Any

from contracts.commands import settlement_payments as c
from contracts.vocabularies.roles import service_role
from services.chassis.actor import Actor, SigningKey, sign
from services.chassis.clock import Clock
from services.chassis.outside import OutsideSystem
from services.chassis.outside_bank import Bank
from services.chassis.rpc_client import RpcClients, envelope
from services.chassis.service import Reader, Service, Unit, command, job, query
from services.settlement import paying, views

_SELF = Actor(service_role("settlement"), frozenset({service_role("settlement")}))
_DETAILS_SECONDS = 5.0


@cache
def _bank(url: str, token: str, clock: Clock) -> Bank:
    return Bank(OutsideSystem("bank", url, token, clock.now))


@cache
def _clients(url: str) -> RpcClients:
    return RpcClients(url, "settlement")


class PaymentCalls(Service):
    """Payment lines, and what the bank says of them."""

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

    @job("send-payments", every=2)
    def send_payments(self) -> None:
        """Send what is ordered or corrected."""
        paying.send_due(self._desk())

    @job("poll-payments", every=2)
    def poll_payments(self) -> None:
        """Ask the bank what became of what was sent."""
        paying.ask_about_sent(self._desk())

    @job("read-statement", every=5)
    def read_statement(self) -> None:
        """Read the bank's statement."""
        paying.read_statement(self._desk())

    def _desk(self) -> paying.Desk:
        settings = self.settings
        bank = _bank(settings.bank_url(), settings.bank_token(), self.runtime.clock)
        return paying.Desk(bank, self.reader(), self.transact, self._payee_details)

    def _payee_details(self, payee_ref: str, purpose: str) -> dict[str, Any]:
        """Ask intake where a payee is paid; each disclosure is recorded there. Raises its Refusal."""
        token = sign(_SELF, SigningKey(*self.settings.actor_signing_key()))
        body = {"payee_ref": payee_ref, "purpose": purpose}
        asked = envelope(body, token, _DETAILS_SECONDS)
        details: dict[str, Any] = _clients(self.settings.amqp_url()).call("intake.payee_details", asked)
        return details
