"""Acceptance (接单): the nameko entrypoints. Calls by area stand in sourcing_calls and class_calls."""

from dataclasses import replace

from contracts.events import catalogue, selection
from services.acceptance import store
from services.acceptance.assessment_calls import AssessmentCalls
from services.acceptance.attendance_calls import AttendanceCalls
from services.acceptance.bid_calls import BidCalls
from services.acceptance.class_calls import ClassCalls, LearnerCalls
from services.acceptance.domain.copies import Enrolment, Project, Voucher
from services.acceptance.key_calls import KeyCalls
from services.acceptance.ocds_calls import OcdsCalls
from services.acceptance.online_calls import OnlineCalls
from services.acceptance.panel_calls import PanelCalls
from services.acceptance.personal_calls import PersonalCalls
from services.acceptance.plan_calls import PlanCalls
from services.acceptance.register_calls import RegisterCalls
from services.acceptance.roster_calls import PersonFacts, RosterCalls
from services.acceptance.sourcing_calls import SourcingCalls
from services.acceptance.supervision_calls import SupervisionCalls
from services.acceptance.way_calls import WayCalls
from services.chassis.service import Fact, Service, Unit, on

_PROJECT_STATUS = {
    catalogue.PROJECT_SOURCING.type: "sourcing",
    catalogue.PROJECT_AWARDED.type: "awarded",
    catalogue.PROJECT_RUNNING.type: "running",
    catalogue.PROJECT_CLOSED.type: "closed",
    catalogue.PROJECT_WITHDRAWN.type: "withdrawn",
}
_VOUCHER_STATUS = {"used": "in_use"}


class AcceptanceService(
    SourcingCalls,
    PanelCalls,
    PersonalCalls,
    WayCalls,
    OcdsCalls,
    KeyCalls,
    BidCalls,
    ClassCalls,
    LearnerCalls,
    RegisterCalls,
    PlanCalls,
    RosterCalls,
    OnlineCalls,
    AssessmentCalls,
    PersonFacts,
    AttendanceCalls,
    SupervisionCalls,
    Service,
):
    """Everything between a listed project and a finished class; here are the facts that it follows."""

    name = "acceptance"

    @on(catalogue.PROJECT_DRAFTED, catalogue.PROJECT_LISTED)
    def project_told(self, unit: Unit, fact: Fact) -> None:
        """Keep a project as it was drafted or listed."""
        data, listed = fact.data, fact.type == catalogue.PROJECT_LISTED.type
        store.save(
            unit,
            Project(
                fact.subject, data["name"], data["region"], data["occupation"], data["level"], data["mode"],
                data["seats"], data["hours"], "listed" if listed else "draft",
                data["sourcing_way"] if listed else None, data["standard_fen"] if listed else 0,
            ),
        )  # fmt: skip

    @on(
        catalogue.PROJECT_SOURCING,
        catalogue.PROJECT_AWARDED,
        catalogue.PROJECT_RUNNING,
        catalogue.PROJECT_CLOSED,
        catalogue.PROJECT_WITHDRAWN,
    )
    def project_moved(self, unit: Unit, fact: Fact) -> None:
        """Keep a project's new status."""
        project = store.load(unit, Project, fact.subject)
        store.save(unit, replace(project, status=_PROJECT_STATUS[fact.type]))

    @on(
        selection.ENROLMENT_HELD,
        selection.ENROLMENT_WAITING,
        selection.ENROLMENT_CONFIRMED,
        selection.ENROLMENT_CANCELLED,
        selection.ENROLMENT_EXPIRED,
        selection.ENROLMENT_ATTENDING,
        selection.ENROLMENT_COMPLETED,
        selection.ENROLMENT_FAILED,
    )
    def enrolment_moved(self, unit: Unit, fact: Fact) -> None:
        """Keep who has a seat in which class."""
        status = fact.type.rpartition(".")[2]
        store.save(unit, Enrolment(fact.subject, fact.data["class_id"], fact.data["person_ref"], status))

    @on(
        selection.VOUCHER_ISSUED,
        selection.VOUCHER_CLAIMED,
        selection.VOUCHER_BOUND,
        selection.VOUCHER_RELEASED,
        selection.VOUCHER_USED,
        selection.VOUCHER_REDEEMED,
        selection.VOUCHER_EXPIRED,
        selection.VOUCHER_REVOKED,
    )
    def voucher_moved(self, unit: Unit, fact: Fact) -> None:
        """Keep whose voucher is bound to which class."""
        known = store.find(unit, Voucher, fact.subject)
        class_id = fact.data.get("class_id") or (known.class_id if known else None)
        verb = fact.type.rpartition(".")[2]
        status = _VOUCHER_STATUS.get(verb, verb)
        known = known or Voucher(fact.subject, fact.data["person_ref"], class_id, status)
        store.save(unit, replace(known, class_id=class_id, status=status))

    @on(selection.VOUCHER_DEVICE_BOUND)
    def voucher_device_bound(self, unit: Unit, fact: Fact) -> None:
        """Keep the key of the device that signs in with a voucher."""
        voucher = store.load(unit, Voucher, fact.subject)
        changes = voucher.device_changes + (voucher.device_key is not None)
        store.save(unit, replace(voucher, device_key=fact.data["device_key"], device_changes=changes))


SERVICE = AcceptanceService
