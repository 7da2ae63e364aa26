"""The entrypoints of selection (选单)."""

from dataclasses import replace
from functools import partial
from typing import Any

from contracts.commands import selection as c
from contracts.events import acceptance, acceptance_classes, intake
from contracts.events import acceptance_attendance as attendance
from services.chassis.service import Fact, Reader, Service, Unit, command, job, on, query
from services.selection import choices, passes, store, views
from services.selection.domain import seats
from services.selection.domain.classes import TrainingClass
from services.selection.domain.people import Person


class SelectionService(Service):
    """Seats and vouchers."""

    name = "selection"

    @command(c.CHOOSE_SEAT)
    def choose_seat(self, unit: Unit, body: dict[str, Any]) -> Any:
        """Take a seat or join the line."""
        doc, ahead = choices.choose(unit, body["class_id"], self._demonstration())
        return views.shown(doc, ahead=ahead)

    @command(c.CONFIRM_SEAT)
    def confirm_seat(self, unit: Unit, body: dict[str, Any]) -> Any:
        """Confirm a held seat."""
        return views.shown(choices.confirm(unit, body["enrolment_id"]), ahead=None)

    @command(c.CANCEL_SEAT)
    def cancel_seat(self, unit: Unit, body: dict[str, Any]) -> Any:
        """Give up a seat or a place in the line."""
        return views.shown(choices.cancel(unit, body["enrolment_id"], body["reason"]), ahead=None)

    @command(c.ISSUE_VOUCHERS)
    def issue_vouchers(self, unit: Unit, body: dict[str, Any]) -> Any:
        """Issue a batch of vouchers."""
        refs = body["person_refs"]
        wanted = passes.Issue(
            body["region"], body["valid_until"], body["class_id"], None if refs is None else tuple(refs)
        )
        doc = passes.issue(unit, wanted)
        return views.shown(doc, figures={"issued": len(doc["voucher_ids"])})

    @command(c.CLAIM_VOUCHER)
    def claim_voucher(self, unit: Unit, body: dict[str, Any]) -> Any:
        """Claim an issued voucher."""
        return views.shown(passes.claim(unit, body["voucher_id"], body["device_key"]))

    @command(c.BIND_DEVICE)
    def bind_device(self, unit: Unit, body: dict[str, Any]) -> Any:
        """Bind the device that signs in with a voucher."""
        return views.shown(passes.bind_device(unit, body["voucher_id"], body["device_key"]))

    @command(c.BIND_VOUCHER)
    def bind_voucher(self, unit: Unit, body: dict[str, Any]) -> Any:
        """Bind a claimed voucher to a class."""
        return views.shown(passes.bind(unit, body["voucher_id"], body["class_id"]))

    @query(c.GET_ENROLMENT)
    def get_enrolment(self, reader: Reader, body: dict[str, Any]) -> Any:
        """Show an enrolment."""
        return views.enrolment(reader, body["enrolment_id"])

    @query(c.LIST_ENROLMENTS)
    def list_enrolments(self, reader: Reader, body: dict[str, Any]) -> Any:
        """Show the person's own enrolments."""
        return views.enrolments(reader, body)

    @query(c.LIST_CLASS_ENROLMENTS)
    def list_class_enrolments(self, reader: Reader, body: dict[str, Any]) -> Any:
        """Show a class's enrolments."""
        return views.class_enrolments(reader, body)

    @query(c.GET_SEATING)
    def get_seating(self, reader: Reader, body: dict[str, Any]) -> Any:
        """Show the seats of a class."""
        return views.seating(reader, body["class_id"])

    @query(c.ELIGIBILITY_OF)
    def eligibility(self, reader: Reader, body: dict[str, Any]) -> Any:
        """Tell the person whether training in a class would be subsidised."""
        return views.advice(reader, body["class_id"], self._demonstration())

    @query(c.GET_VOUCHER)
    def get_voucher(self, reader: Reader, body: dict[str, Any]) -> Any:
        """Show a voucher."""
        return views.voucher(reader, body["voucher_id"])

    @query(c.LIST_VOUCHERS)
    def list_vouchers(self, reader: Reader, body: dict[str, Any]) -> Any:
        """Show the person's own vouchers."""
        return views.vouchers(reader, body)

    @query(c.GET_BATCH)
    def get_batch(self, reader: Reader, body: dict[str, Any]) -> Any:
        """Show a batch of vouchers with its figures."""
        return views.batch(reader, body["batch_id"])

    @on(intake.PERSON_REGISTERED)
    def person_registered(self, unit: Unit, fact: Fact) -> None:
        """Take a person in."""
        groups = tuple(fact.data["groups"])
        person = store.find_person(unit, fact.aggregate_id) or Person(fact.aggregate_id, "", ())
        store.save_person(unit, replace(person, region=fact.data["region"], groups=groups))

    @on(intake.PERSON_VERIFIED)
    def person_verified(self, unit: Unit, fact: Fact) -> None:
        """Take over what the registry said."""
        person = store.load_person(unit, fact.aggregate_id)
        store.save_person(
            unit, replace(person, registry="verified", draws_pension=fact.data["draws_pension"])
        )

    @on(intake.PERSON_REFUSED)
    def person_refused(self, unit: Unit, fact: Fact) -> None:
        """Take over that the registry does not know the person."""
        store.save_person(unit, replace(store.load_person(unit, fact.aggregate_id), registry="refused"))

    @on(intake.PERSON_FORGOTTEN)
    def person_forgotten(self, unit: Unit, fact: Fact) -> None:
        """Forget a person."""
        choices.forget(unit, store.load_person(unit, fact.aggregate_id))

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

    @on(acceptance.CLASS_COMPLETED)
    def class_completed(self, unit: Unit, fact: Fact) -> None:
        """End the enrolments and redeem the vouchers."""
        results = dict.fromkeys(fact.data["failed"], False) | dict.fromkeys(fact.data["completed"], True)
        passes.complete(unit, fact.aggregate_id, results)

    @on(acceptance.CERTIFICATE_REGISTERED)
    def certificate_registered(self, unit: Unit, fact: Fact) -> None:
        """Keep what eligibility asks of certificates."""
        person = store.find_person(unit, fact.data["person_ref"])
        if person is not None:
            won = (fact.data["occupation"], fact.data["level"], fact.data["issued_on"].isoformat())
            store.save_person(unit, replace(person, certificates=(*person.certificates, won)))

    @job("expire-holds", every=2)
    def expire_holds(self) -> None:
        """Give seats that were not confirmed in time to those who wait."""
        while self.transact(choices.expire_holds) == choices.PART:
            pass

    @job("end-lines", every=2)
    def end_lines(self) -> None:
        """End the choices that have no place any more in closed and stopped classes, in parts."""
        for class_id in store.classes_to_clear(self.reader()):
            while self.transact(partial(choices.clear, class_id)) == choices.PART:
                pass

    @job("expire-vouchers", every=5)
    def expire_vouchers(self) -> None:
        """End the vouchers that were not used while they were valid."""
        while self.transact(passes.expire) == passes.PART:
            pass

    def _demonstration(self) -> bool:
        return bool(self.settings.mode == "demonstration")


SERVICE = SelectionService
