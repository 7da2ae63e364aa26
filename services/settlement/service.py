"""Entrypoints of settlement (买单): what it follows. The calls stand in *_calls.py."""

from contracts.events import acceptance, acceptance_classes, catalogue, intake
from services.chassis.service import Fact, Unit, on
from services.settlement.bank_calls import BankCalls
from services.settlement.book_calls import BookCalls
from services.settlement.check_calls import CheckCalls
from services.settlement.claim_calls import ClaimCalls
from services.settlement.estimate_calls import EstimateCalls
from services.settlement.file_calls import FileCalls
from services.settlement.fund_calls import FundCalls
from services.settlement.notice_calls import NoticeCalls
from services.settlement.payment_calls import PaymentCalls
from services.settlement.personal_calls import PersonalCalls
from services.settlement.preparation_calls import PreparationCalls
from services.settlement.recovery_calls import RecoveryCalls
from services.settlement.share_calls import ShareCalls
from services.settlement.store import copies
from services.settlement.support_calls import SupportCalls
from services.settlement.suspense_calls import SuspenseCalls
from services.settlement.wage_calls import WageCalls


class SettlementService(
    BankCalls,
    BookCalls,
    CheckCalls,
    ClaimCalls,
    EstimateCalls,
    FileCalls,
    FundCalls,
    NoticeCalls,
    PaymentCalls,
    PersonalCalls,
    PreparationCalls,
    RecoveryCalls,
    ShareCalls,
    SupportCalls,
    SuspenseCalls,
    WageCalls,
):
    """Claims, their review, fund accounts, payments."""

    name = "settlement"

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
        acceptance_classes.CLASS_CHANGED,
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


SERVICE = SettlementService
