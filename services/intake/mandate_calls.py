"""Calls and jobs of mandates (代办授权)."""

from typing import Any

from contracts.commands import intake_mandates as c
from contracts.vocabularies import roles
from services.chassis.service import Reader, Service, Unit, command, job, query
from services.intake import access, mandating
from services.intake.store import mandates
from services.intake.store.vault import Vault


class MandateCalls(Service):
    """Recorded, withdrawn, listed, expired."""

    vault: Vault

    @command(c.RECORD_MANDATE)
    def record_mandate(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Record a mandate."""
        return mandating.record(unit, self.vault, body)

    @command(c.WITHDRAW_MANDATE)
    def withdraw_mandate(self, unit: Unit, body: Any) -> dict[str, Any]:
        """End a mandate."""
        return mandating.withdraw(unit, body["mandate_id"], body["reason"])

    @query(c.LIST_MANDATES)
    def list_mandates(self, reader: Reader, body: Any) -> dict[str, Any]:
        """List the mandates of either side, or those of an officer's region."""
        if reader.actor.roles & roles.OFFICERS:
            region = access.region(reader.actor, body["region"])
            items, next = mandates.region_page(reader, region, body)
        else:
            items, next = mandates.own_page(reader, access.own_refs(reader), body)
        return {"items": items, "next": next}

    @job("expire-mandates", every=600)
    def expire_mandates(self) -> None:
        """End the mandates whose term is over."""
        mandating.expire_due(self.reader(), self.transact)
