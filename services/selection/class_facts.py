"""Facts that selection follows: classes, from their opening to their end."""

from dataclasses import replace

from contracts.events import acceptance, acceptance_classes
from contracts.events import acceptance_attendance as attendance
from services.chassis.service import Fact, Service, Unit, on
from services.selection import choices, passes, store
from services.selection.domain import seats
from services.selection.domain.classes import TrainingClass
from services.selection.records import keeping


class ClassFacts(Service):
    """What acceptance says of classes."""

    @on(acceptance.CLASS_CONFIRMED)
    def class_confirmed(self, unit: Unit, fact: Fact) -> None:
        """Open a class for choosing."""
        kept = ("project_id", "provider_ref", "name", "occupation", "level", "mode", "region", "capacity")
        choices.open_class(
            unit,
            TrainingClass(
                id=fact.aggregate_id,
                enrol_until=fact.data["enrol_until"],
                spans=tuple((session["starts"], session["ends"]) for session in fact.data["sessions"]),
                **{name: fact.data[name] for name in kept},
            ),
        )

    @on(acceptance_classes.CLASS_CHANGED)
    def class_changed(self, unit: Unit, fact: Fact) -> None:
        """Take over the new times of a class whose plan was changed."""
        spans = tuple((session["starts"], session["ends"]) for session in fact.data["sessions"])
        known = store.load_class(unit, fact.aggregate_id)
        store.save_class(unit, replace(known, name=fact.data["name"], spans=spans))

    @on(acceptance.ROSTER_FILED)
    def roster_filed(self, unit: Unit, fact: Fact) -> None:
        """Close a class: who is not on the roster has no place in it."""
        roster = tuple(fact.data["person_refs"])
        store.save_class(unit, replace(store.load_class(unit, fact.aggregate_id), roster=roster))
        store.save_seating(unit, seats.close(store.load_seating(unit, fact.aggregate_id), "closed"))

    @on(acceptance.CLASS_STOPPED)
    def class_stopped(self, unit: Unit, fact: Fact) -> None:
        """Close a class: nobody has a place in it. One that never opened has nothing to close."""
        if store.find_class(unit, fact.aggregate_id):
            store.save_seating(unit, seats.close(store.load_seating(unit, fact.aggregate_id), "stopped"))

    @on(acceptance.SIGN_IN_RECORDED)
    def sign_in_recorded(self, unit: Unit, fact: Fact) -> None:
        """The first confirmed sign-in puts the voucher in use."""
        if fact.data["state"] == "confirmed":
            passes.attend(unit, fact.data["class_id"], fact.data["person_ref"])

    @on(attendance.SIGN_INS_TAKEN)
    def sign_ins_taken(self, unit: Unit, fact: Fact) -> None:
        """As for each of them."""
        confirmed = [each for each in fact.data["items"] if each["state"] == "confirmed"]
        unit.get_all("people", [each["person_ref"] for each in confirmed])
        for each in confirmed:
            passes.attend(unit, each["class_id"], each["person_ref"])

    @on(acceptance.CLASS_CARRIED_OUT)
    def class_carried_out(self, unit: Unit, fact: Fact) -> None:
        """Whoever attended has used the voucher, though the sign-in's own fact may still be on its way."""
        for line in fact.data["attendance"]:
            if line["hours"]:
                passes.attend(unit, fact.aggregate_id, line["person_ref"])
        keeping.carried_out(unit, fact)

    @on(acceptance.CLASS_COMPLETED)
    def class_completed(self, unit: Unit, fact: Fact) -> None:
        """End the enrolments and redeem the vouchers."""
        results = dict.fromkeys(fact.data["failed"], False) | dict.fromkeys(fact.data["completed"], True)
        passes.complete(unit, fact.aggregate_id, results)
        keeping.completed(unit, fact)
