"""Calls and jobs of payment batches and of the bank's files."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from contracts.commands import settlement_bank as c
from contracts.vocabularies.roles import service_role
from services.chassis.actor import Actor, SigningKey, sign
from services.chassis.clock import Clock
from services.chassis.outside import OutsideSystem
from services.chassis.outside_bank import Bank
from services.chassis.rpc_client import RpcClients, envelope
from services.chassis.service import Reader, Service, Unit, command, job, query
from services.settlement import bank_views, importing, paying, stating
from services.settlement.store import batches as store

_SELF = Actor(service_role("settlement"), frozenset({service_role("settlement")}))
_DETAILS_SECONDS = 20.0


@cache
def _bank(url: str, token: str, clock: Clock) -> Bank:
    return Bank(OutsideSystem("bank", url, token, clock.now))


@cache
def _clients(url: str) -> RpcClients:
    return RpcClients(url, "settlement")


class BankCalls(Service):
    """Batches to the bank, and what it says of them."""

    @query(c.GET_BATCH)
    def get_batch(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Show a batch."""
        return bank_views.batch(bank_views.visible_batch(reader, body["batch_id"]))

    @query(c.LIST_BATCHES)
    def list_batches(self, reader: Reader, body: Any) -> dict[str, Any]:
        """List the batches of the officer's region."""
        return bank_views.batches(reader, body)

    @command(c.RELEASE_BATCH)
    def release_batch(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Have a batch released that the bank refused."""
        return bank_views.batch(paying.release(unit, body["batch_id"], body["reason"]))

    @query(c.BATCH_FILE)
    def batch_file(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Give a batch's file, with names and accounts, once the disclosures are on record."""
        made = bank_views.batch_file(reader, body, self._payee_details)
        facts = {"by": reader.actor.account, "purpose": body["purpose"]}
        facts |= {name: made[name] for name in ("format", "sha256")}
        self.transact(
            lambda unit: store.save(unit, store.need(unit, made["batch_id"]), [("disclosed", facts)]),
            reader.actor,
        )
        return made

    @command(c.IMPORT_BANK_FILE)
    def import_bank_file(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Take a receipt or statement in."""
        return bank_views.bank_file(importing.take_in(unit, body))

    @query(c.LIST_BANK_FILES)
    def list_bank_files(self, reader: Reader, body: Any) -> dict[str, Any]:
        """List what was imported."""
        return bank_views.bank_files(reader, body)

    @job("send-payments", every=2)
    def send_payments(self) -> None:
        """Gather what is ordered or corrected, and send it."""
        desk = self._desk()
        paying.gather(desk)
        paying.send_built(desk)

    @job("poll-payments", every=2)
    def poll_payments(self) -> None:
        """Ask the bank what became of what was sent."""
        paying.ask_about_sent(self._desk())

    @job("read-statement", every=5)
    def read_statement(self) -> None:
        """Read the bank's statement."""
        stating.read(self._desk())

    def _desk(self) -> paying.Desk:
        settings = self.settings
        bank = _bank(settings.bank_url(), settings.bank_token(), self.runtime.clock)
        return paying.Desk(bank, self.reader(), self.transact, self._payee_details)

    def _payee_details(self, payee_refs: Sequence[str], purpose: str) -> dict[str, Any]:
        """Ask intake where payees are paid; each disclosure is recorded there. Raises its Refusal."""
        token = sign(_SELF, SigningKey(*self.settings.actor_signing_key()))
        body = {"payee_refs": list(payee_refs), "purpose": purpose}
        asked = envelope(body, token, _DETAILS_SECONDS)
        details: dict[str, Any] = _clients(self.settings.amqp_url()).call("intake.payee_details", asked)
        return details
