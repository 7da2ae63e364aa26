"""Entrypoints of settlement (买单)."""

from functools import cache
from typing import Any

from contracts.commands import settlement as c
from contracts.events import acceptance, catalogue, intake
from contracts.vocabularies.roles import service_role
from services.chassis.actor import Actor, SigningKey, sign
from services.chassis.clock import Clock
from services.chassis.outside import OutsideSystem
from services.chassis.outside_bank import Bank
from services.chassis.rpc_client import RpcClients, envelope
from services.chassis.service import Fact, Reader, Service, Unit, command, job, on, query
from services.settlement import funding, paying, reviewing, submitting, views
from services.settlement.store import copies

_SELF = Actor(service_role("settlement"), frozenset({service_role("settlement")}))
_DETAILS_SECONDS = 5.0


@cache
def _bank(url: str, token: str, clock: Clock) -> Bank:
    return Bank(OutsideSystem("bank", url, token, clock.now))


@cache
def _clients(url: str) -> RpcClients:
    return RpcClients(url, "settlement")


class SettlementService(Service):
    """Claims, their review, fund accounts, payments."""

    name = "settlement"

    @command(c.SUBMIT_CLAIM)
    def submit_claim(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Submit a claim and compute it."""
        return views.claim(submitting.submit(unit, body, self.settings.mode))

    @command(c.RESUBMIT_CLAIM)
    def resubmit_claim(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Compute a claim again with the facts of now."""
        mode = self.settings.mode
        return views.claim(submitting.resubmit(unit, body["claim_id"], body["reason"], mode))

    @command(c.ACCEPT_CLAIM)
    def accept_claim(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Accept a claim and encumber its amount."""
        return views.claim(reviewing.accept(unit, body))

    @command(c.SEND_BACK_CLAIM)
    def send_back_claim(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Send a claim back for completion."""
        return views.claim(reviewing.end(unit, body, "send_back"))

    @command(c.FIRST_REVIEW)
    def first_review(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Pass the first review."""
        return views.claim(reviewing.step(unit, body, "first_review"))

    @command(c.SECOND_REVIEW)
    def second_review(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Pass the second review."""
        return views.claim(reviewing.step(unit, body, "second_review"))

    @command(c.PUBLISH_NOTICE)
    def publish_notice(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Put a claim on public notice."""
        return views.claim(reviewing.publish_notice(unit, body, self.settings.mode))

    @command(c.REQUEST_FUNDS)
    def request_funds(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Request the funds after the notice."""
        return views.claim(reviewing.request_funds(unit, body))

    @command(c.FINANCE_REVIEW)
    def finance_review(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Pass the finance review."""
        return views.claim(reviewing.step(unit, body, "finance_review"))

    @command(c.ORDER_PAYMENT)
    def order_payment(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Order the payment."""
        return views.claim(reviewing.order(unit, body))

    @command(c.REFUSE_CLAIM)
    def refuse_claim(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Refuse a claim."""
        return views.claim(reviewing.end(unit, body, "refuse"))

    @command(c.WITHDRAW_CLAIM)
    def withdraw_claim(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Withdraw an own claim."""
        return views.claim(reviewing.end(unit, body, "withdraw"))

    @command(c.SUSPEND_CLAIM)
    def suspend_claim(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Suspend a claim."""
        return views.claim(reviewing.step(unit, body, "suspend"))

    @command(c.RESUME_CLAIM)
    def resume_claim(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Resume a suspended claim where it stood."""
        return views.claim(reviewing.step(unit, body, "resume"))

    @query(c.GET_CLAIM)
    def get_claim(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Show a claim."""
        return views.claim(views.visible_claim(reader, body["claim_id"]))

    @query(c.LIST_CLAIMS)
    def list_claims(self, reader: Reader, body: Any) -> dict[str, Any]:
        """List claims, or the officer's work queue."""
        return views.claims(reader, body)

    @query(c.GET_CALCULATION)
    def get_calculation(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Show a calculation line by line."""
        return views.calculation(reader, body, self.settings.mode)

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
        return views.accounts(reader, body["year"])

    @query(c.LEDGER)
    def ledger(self, reader: Reader, body: Any) -> dict[str, Any]:
        """List an account's entries."""
        return views.ledger(reader, body)

    @query(c.RECONCILE)
    def reconcile(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Compare bank, ledger and claims."""
        return views.reconciliation(reader, body["account_id"])

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

    @on(intake.PERSON_REGISTERED, intake.PERSON_VERIFIED, intake.PERSON_REFUSED, intake.PERSON_FORGOTTEN)
    def person_changed(self, unit: Unit, fact: Fact) -> None:
        """Keep what is known of a person."""
        copies.put(unit, "people", fact.aggregate_id, copies.PERSON_CHANGES[fact.type](fact.data))

    @on(intake.PAYEE_CHANGED)
    def payee_changed(self, unit: Unit, fact: Fact) -> None:
        """Count a change of a person's bank account."""
        copies.count_account_change(unit, fact.aggregate_id)

    @on(intake.BODY_REGISTERED, intake.BODY_VERIFIED, intake.BODY_REFUSED)
    def body_changed(self, unit: Unit, fact: Fact) -> None:
        """Keep what is known of a body."""
        copies.put(unit, "bodies", fact.aggregate_id, copies.BODY_CHANGES[fact.type](fact.data))

    @on(catalogue.PROJECT_LISTED)
    def project_listed(self, unit: Unit, fact: Fact) -> None:
        """Keep a listed project."""
        copies.put(unit, "projects", fact.aggregate_id, copies.project_changes(fact.data))

    @on(acceptance.SOURCING_AWARDED)
    def sourcing_awarded(self, unit: Unit, fact: Fact) -> None:
        """Keep who carries a project out, and at what price."""
        names = ("provider_ref", "provider_name", "price_fen")
        copies.put(unit, "projects", fact.data["project_id"], {name: fact.data[name] for name in names})

    @on(
        acceptance.CLASS_CONFIRMED,
        acceptance.ROSTER_FILED,
        acceptance.CLASS_CARRIED_OUT,
        acceptance.CLASS_COMPLETED,
        acceptance.CLASS_STOPPED,
    )
    def class_changed(self, unit: Unit, fact: Fact) -> None:
        """Keep what is known of a class."""
        copies.put(unit, "classes", fact.aggregate_id, copies.class_changes(fact.type, fact.data, fact.time))

    @on(acceptance.CERTIFICATE_REGISTERED)
    def certificate_registered(self, unit: Unit, fact: Fact) -> None:
        """Keep a certificate."""
        copies.put(unit, "certificates", fact.aggregate_id, fact.data)

    @on(acceptance.EMPLOYMENT_PROVEN, acceptance.EMPLOYMENT_REFUTED)
    def employment_decided(self, unit: Unit, fact: Fact) -> None:
        """Keep whether an employment is proven."""
        proven = fact.type == acceptance.EMPLOYMENT_PROVEN.type
        copies.put(unit, "employments", fact.aggregate_id, {**fact.data, "proven": proven})

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


SERVICE = SettlementService
