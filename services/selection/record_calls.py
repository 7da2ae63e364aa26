"""Calls of records (电子档案): the record itself, corrections, practice, credits, 三个一."""

from typing import Any

from contracts.commands import selection_records as c
from services.chassis.paging import newest_first
from services.chassis.service import Reader, Service, Unit, command, query
from services.selection.domain.entries import Entry
from services.selection.records import correcting, crediting, forgetting, rows


class RecordCalls(Service):
    """What a person's training produced, and what is right in it."""

    @query(c.GET_RECORD)
    def get_record(self, reader: Reader, body: dict[str, Any]) -> Any:
        """Show the person's own record, newest first."""
        wanted = {"person_ref": rows.person(reader).ref} | ({"kind": body["kind"]} if body["kind"] else {})
        docs, next = newest_first(reader, "record_entries", wanted, "at", body)
        return {"items": [correcting.entry_shown(rows.of(Entry, doc)) for doc in docs], "next": next}

    @command(c.ASK_CORRECTION)
    def ask_correction(self, unit: Unit, body: dict[str, Any]) -> Any:
        """Ask for the correction of an own entry."""
        return correcting.ask(unit, body["entry_id"], body["says"])

    @query(c.GET_CORRECTION)
    def get_correction(self, reader: Reader, body: dict[str, Any]) -> Any:
        """Show a request and its answer."""
        return correcting.get(reader, body["correction_id"])

    @query(c.LIST_CORRECTIONS)
    def list_corrections(self, reader: Reader, body: dict[str, Any]) -> Any:
        """List own requests, or those to be answered."""
        return correcting.listed(reader, body)

    @command(c.ANSWER_CORRECTION)
    def answer_correction(self, unit: Unit, body: dict[str, Any]) -> Any:
        """Answer a request as an officer of the source."""
        return correcting.answer(unit, body)

    @command(c.REPORT_PRACTICE)
    def report_practice(self, unit: Unit, body: dict[str, Any]) -> Any:
        """Report a start-up training or a practice."""
        return correcting.report(unit, body)

    @query(c.LIST_PRACTICES)
    def list_practices(self, reader: Reader, body: dict[str, Any]) -> Any:
        """List own reports, or those of an officer's region."""
        return correcting.reports(reader, body)

    @command(c.DECIDE_PRACTICE)
    def decide_practice(self, unit: Unit, body: dict[str, Any]) -> Any:
        """Confirm a report or not."""
        return correcting.decide(unit, body)

    @query(c.GET_CREDITS)
    def get_credits(self, reader: Reader, body: dict[str, Any]) -> Any:
        """Show the person's own credits."""
        return crediting.own(reader)

    @query(c.CREDIT_TABLE)
    def credit_table(self, reader: Reader, body: dict[str, Any]) -> Any:
        """Show the published table."""
        return crediting.table(reader, body["region"], body["day"])

    @command(c.RECOGNISE_CREDITS)
    def recognise_credits(self, unit: Unit, body: dict[str, Any]) -> Any:
        """Recognise credits of a person."""
        return crediting.recognise(unit, body)

    @query(c.GET_THREE_ONES)
    def get_three_ones(self, reader: Reader, body: dict[str, Any]) -> Any:
        """Show the person's own three."""
        return crediting.three(reader)

    @query(c.THREE_ONES_FIGURES)
    def three_ones_figures(self, reader: Reader, body: dict[str, Any]) -> Any:
        """Show how many students did each of the three."""
        return crediting.figures(reader, body["region"])

    @query(c.EXPORT_PERSON)
    def export_person(self, reader: Reader, body: dict[str, Any]) -> Any:
        """Tell the person all that selection holds on them."""
        return {
            "service": "selection",
            "sections": [each.told(reader) for each in forgetting.sections(reader)],
        }
