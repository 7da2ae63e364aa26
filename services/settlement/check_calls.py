"""Calls, facts and jobs of registry checks and risk marks."""

from collections.abc import Mapping
from typing import Any

from contracts.commands import settlement_checks as c
from contracts.commands import settlement_records as r
from contracts.events import intake
from services.chassis.service import Fact, Reader, Service, Unit, command, job, on, query
from services.settlement import asking, assessing, record_gaps
from services.settlement.store import checks, copies


class CheckCalls(Service):
    """What registries said, and what looks unusual."""

    @query(c.LIST_CHECKS)
    def list_checks(self, reader: Reader, body: Any) -> dict[str, Any]:
        """List a claim's checks."""
        return assessing.shown(reader, body)

    @query(c.LIST_MARKS)
    def list_marks(self, reader: Reader, body: Any) -> dict[str, Any]:
        """List a claim's risk marks."""
        return assessing.marks_shown(reader, body["claim_id"])

    @command(c.ANSWER_MARK)
    def answer_mark(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Answer a risk mark."""
        return assessing.answer_mark(unit, body)

    @query(r.CLAIM_RECORDS)
    def claim_records(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Show whose real-name record lacks what."""
        return record_gaps.of_claim(reader, body)

    @query(r.PERSON_RECORD)
    def person_record(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Show what a person's real-name record lacks."""
        return record_gaps.of_person(reader, body["person_ref"])

    @on(intake.PERSON_RECHECKED)
    def person_rechecked(self, unit: Unit, fact: Fact) -> None:
        """Keep what the registries say of a person now."""
        copies.put(unit, "people", fact.aggregate_id, checks.person_rechecked(fact.data))
        checks.touch(unit, "people", fact.aggregate_id)

    @on(intake.BODY_RECHECKED)
    def body_rechecked(self, unit: Unit, fact: Fact) -> None:
        """Keep what the registry says of a body now."""
        copies.put(unit, "bodies", fact.aggregate_id, checks.body_rechecked(fact.data))
        checks.touch(unit, "bodies", fact.aggregate_id)

    @on(intake.CERTIFICATE_CHECKED)
    def certificate_checked(self, unit: Unit, fact: Fact) -> None:
        """Keep what the registry says of a certificate now."""
        copies.put(unit, checks.CERTIFICATE_CHECKS, fact.aggregate_id, fact.data)
        checks.touch(unit, "certificates.number", fact.aggregate_id)

    @job("assess-claims", every=1)
    def assess_claims(self) -> None:
        """Ask what waits, and make the marks of claims that are due."""
        assessing.look(assessing.Desk(self.reader(), self.transact, self._ask_intake, self.settings.mode))

    def _ask_intake(self, target: str, body: Mapping[str, Any], key: str) -> Any:
        return asking.ask(self.settings, target, body, key=key)
