"""Calls of the public notice and of objections to it."""

from functools import partial
from typing import Any

from contracts.commands import settlement_review as c
from services.chassis.service import Reader, Service, Unit, command, query
from services.settlement import asking, notices, objecting


class NoticeCalls(Service):
    """What is on public notice, and what is said against it."""

    @query(c.LIST_NOTICES)
    def list_notices(self, reader: Reader, body: Any) -> dict[str, Any]:
        """List the claims on public notice."""
        return notices.listed(reader, body)

    @query(c.GET_NOTICE)
    def get_notice(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Show a notice with masked names."""
        return notices.shown(reader, body, partial(asking.masked_names, self.settings))

    @command(c.OBJECT_TO_CLAIM)
    def object_to_claim(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Object to a claim on public notice."""
        return objecting.shown(objecting.file(unit, body), officer=False)

    @command(c.ANSWER_OBJECTION)
    def answer_objection(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Answer an objection."""
        return objecting.shown(objecting.answer(unit, body), officer=True)

    @query(c.GET_OBJECTION)
    def get_objection(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Show an objection."""
        return objecting.shown_to(reader, body["objection_id"])

    @query(c.LIST_OBJECTIONS)
    def list_objections(self, reader: Reader, body: Any) -> dict[str, Any]:
        """List objections."""
        return objecting.listed(reader, body)
