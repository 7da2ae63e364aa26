"""Selection (选单): the nameko entrypoints. Calls and facts by area stand in the modules beside this one."""

from services.chassis.actor import Actor
from services.chassis.service import Service
from services.chassis.unit import Key
from services.selection.class_facts import ClassFacts
from services.selection.person_facts import PersonFacts
from services.selection.project_facts import ProjectFacts
from services.selection.record_calls import RecordCalls
from services.selection.record_facts import RecordFacts
from services.selection.seat_calls import SeatCalls
from services.selection.sharing_calls import SharingCalls
from services.selection.voucher_calls import VoucherCalls


class SelectionService(
    SeatCalls,
    VoucherCalls,
    RecordCalls,
    SharingCalls,
    ClassFacts,
    PersonFacts,
    ProjectFacts,
    RecordFacts,
    Service,
):
    """Seats, vouchers, records."""

    name = "selection"

    @staticmethod
    def own_rows(actor: Actor) -> list[Key]:
        """The person's own row, which nearly every command of a worker reads."""
        return [("people", actor.person_ref)] if actor.person_ref else []


SERVICE = SelectionService
