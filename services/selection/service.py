"""Selection (选单): the nameko entrypoints. Calls and facts by area stand in the modules beside this one."""

from services.chassis.service import Service
from services.selection.class_facts import ClassFacts
from services.selection.person_facts import PersonFacts
from services.selection.seat_calls import SeatCalls
from services.selection.voucher_calls import VoucherCalls


class SelectionService(SeatCalls, VoucherCalls, ClassFacts, PersonFacts, Service):
    """Seats and vouchers."""

    name = "selection"


SERVICE = SelectionService
