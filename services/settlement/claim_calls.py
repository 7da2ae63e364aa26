"""Calls of claims and their review."""

from typing import Any

from contracts.commands import settlement as c
from services.chassis.service import Reader, Service, Unit, command, query
from services.settlement import assessing, reviewing, submitting, views


class ClaimCalls(Service):
    """Submitting, reviewing, looking at claims."""

    @command(c.SUBMIT_CLAIM)
    def submit_claim(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Submit a claim and compute it."""
        mode = self.settings.mode
        return views.claim(assessing.begun(unit, submitting.submit(unit, body, mode), mode))

    @command(c.RESUBMIT_CLAIM)
    def resubmit_claim(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Compute a claim again with the facts of now."""
        mode = self.settings.mode
        return views.claim(assessing.begun(unit, submitting.resubmit(unit, body, mode), mode))

    @command(c.ACCEPT_CLAIM)
    def accept_claim(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Accept a claim and encumber its amount."""
        return views.claim(assessing.cleared(unit, reviewing.accept(unit, body), self.settings.mode))

    @command(c.SEND_BACK_CLAIM)
    def send_back_claim(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Send a claim back for completion."""
        return views.claim(reviewing.end(unit, body, "send_back"))

    @command(c.FIRST_REVIEW)
    def first_review(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Pass the first review."""
        return views.claim(assessing.answered(unit, reviewing.first_review(unit, body)))

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
        ordered = assessing.cleared(unit, reviewing.order(unit, body), self.settings.mode)
        return views.claim(assessing.whole(unit, ordered))

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
        return views.claim(reviewing.resume(unit, body, self.settings.mode))

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
        return views.calculation(reader, body)
