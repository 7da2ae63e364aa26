"""Calls of selection: choosing a class, the seats and the line, what eligibility says."""

from functools import partial
from typing import Any

from contracts.commands import selection as c
from contracts.vocabularies.errors import Refusal
from services.chassis.actor import Actor
from services.chassis.service import Reader, Service, Unit, command, job, query
from services.selection import choices, choosing, store, views


class SeatCalls(Service):
    """A worker chooses, confirms and gives up."""

    @command(c.CHOOSE_SEATS)
    def choose_seats(self, unit: Unit, body: dict[str, Any]) -> Any:
        """Choices that came together: each takes a seat or joins the line, and gets its own outcome."""
        items = [(self._choosing(each["actor"]), each) for each in body["items"]]
        return {"items": choosing.choose_all(unit, items, self._demonstration())}

    @command(c.CONFIRM_SEAT)
    def confirm_seat(self, unit: Unit, body: dict[str, Any]) -> Any:
        """Confirm a held seat."""
        return views.shown(choices.confirm(unit, body["enrolment_id"]), ahead=None)

    @command(c.CANCEL_SEAT)
    def cancel_seat(self, unit: Unit, body: dict[str, Any]) -> Any:
        """Give up a seat or a place in the line."""
        return views.shown(choices.cancel(unit, body["enrolment_id"], body["reason"]), ahead=None)

    @command(c.DROP_SEAT)
    def drop_seat(self, unit: Unit, body: dict[str, Any]) -> Any:
        """Drop out after the roster was filed."""
        return views.shown(choices.drop(unit, body["enrolment_id"], body["reason"]), ahead=None)

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

    def _choosing(self, token: str) -> Actor | Refusal:
        try:
            return self.actor_of(token)
        except Refusal as refusal:
            return refusal

    def _demonstration(self) -> bool:
        return bool(self.settings.mode == "demonstration")
