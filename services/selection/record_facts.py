"""Facts that selection follows for records: assessments, employments, payments, bodies that may read."""

from contracts.events import acceptance, intake, settlement
from services.chassis.service import Fact, Service, Unit, on
from services.selection.records import keeping


class RecordFacts(Service):
    """What a person's training produced; attendance and certificates come by ClassFacts and PersonFacts."""

    @on(acceptance.CLASS_ASSESSED)
    def class_assessed(self, unit: Unit, fact: Fact) -> None:
        """Keep each result."""
        keeping.assessed(unit, fact)

    @on(acceptance.EMPLOYMENT_PROVEN)
    def employment_proven(self, unit: Unit, fact: Fact) -> None:
        """Keep an employment."""
        keeping.employed(unit, fact, proven=True)

    @on(acceptance.EMPLOYMENT_REFUTED)
    def employment_refuted(self, unit: Unit, fact: Fact) -> None:
        """Say of an employment that it was refuted."""
        keeping.employed(unit, fact, proven=False)

    @on(settlement.PAYMENT_PAID)
    def payment_paid(self, unit: Unit, fact: Fact) -> None:
        """Keep a subsidy."""
        keeping.paid(unit, fact, arrived=True)

    @on(settlement.PAYMENT_RETURNED)
    def payment_returned(self, unit: Unit, fact: Fact) -> None:
        """Say of a subsidy that the bank returned it."""
        keeping.paid(unit, fact, arrived=False)

    @on(intake.BODY_REGISTERED)
    def body_registered(self, unit: Unit, fact: Fact) -> None:
        """Take a body in."""
        keeping.body(unit, fact)

    @on(intake.BODY_VERIFIED)
    def body_verified(self, unit: Unit, fact: Fact) -> None:
        """A verified body may be named as a reader."""
        keeping.body_verified(unit, fact, verified=True)

    @on(intake.BODY_REFUSED)
    def body_refused(self, unit: Unit, fact: Fact) -> None:
        """A refused body may not."""
        keeping.body_verified(unit, fact, verified=False)

    @on(intake.BODY_RECHECKED)
    def body_rechecked(self, unit: Unit, fact: Fact) -> None:
        """Nor may one whose registration does not stand any more."""
        keeping.body_verified(unit, fact, verified=fact.data["state"] == "active")
