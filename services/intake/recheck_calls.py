"""Calls and jobs of checks asked again, for settlement."""

from typing import Any

from contracts.commands import intake_checks as c
from services.chassis.outside_registry import Registry
from services.chassis.service import Reader, Service, Unit, command, job, query
from services.intake import checks, rechecking
from services.intake.store import persons
from services.intake.store.vault import Vault


class RecheckCalls(Service):
    """What settlement asks of the owner of personal data."""

    vault: Vault
    registry: Registry

    @command(c.RECHECK)
    def recheck(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Keep questions for the registries."""
        return rechecking.take(unit, body)

    @command(c.COMPARE_WAGES)
    def compare_wages(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Keep questions about a payroll for the employment registry."""
        return rechecking.take_wages(unit, body)

    @query(c.SHARED_CONTACTS)
    def shared_contacts(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Say who shares a phone or an account, once the question is on record."""
        found = rechecking.shared_contacts(reader, body)
        about = f"shared-contacts:{len(body['person_refs'])}"
        self.transact(lambda unit: persons.record_disclosures(unit, [about], body["purpose"]), reader.actor)
        return found

    @job("recheck-registries", every=1)
    def recheck_registries(self) -> None:
        """Ask the registries what waits, then take in what they said."""
        said, silent = rechecking.ask_waiting(self.reader(), self.vault, self.registry)
        if said:
            self.transact(lambda unit: rechecking.settle(unit, said))
        if silent:
            self.transact(lambda unit: checks.note(unit, silent))

    @job("hash-contacts", every=30)
    def hash_contacts(self) -> None:
        """Give persons registered before there were hashes theirs."""
        rechecking.hash_contacts(self.reader(), self.vault, self.transact)
