"""Calls and jobs of registry checks (联网核查)."""

from typing import Any

from contracts.commands import intake_registry as c
from contracts.vocabularies import roles
from contracts.vocabularies.errors import Refusal
from services.chassis.outside_registry import Registry
from services.chassis.service import Reader, Service, job, query
from services.intake import access, checks, freshness
from services.intake.store import answers, demands, imports
from services.intake.store.vault import Vault


class CheckCalls(Service):
    """What waits is asked, what is too old is asked again, what was said can be read."""

    vault: Vault
    registry: Registry

    @query(c.DEMAND_CHECKS)
    def demand_checks(self, reader: Reader, body: Any) -> dict[str, Any]:
        """List the registries' answers about a demand's poster, to who may read the demand."""
        demand = demands.load(reader, body["demand_id"])
        if demand is None:
            raise Refusal("not_found", what=f"demands/{body['demand_id']}")
        if reader.actor.roles & roles.OFFICERS:
            access.require_region(reader.actor, demand.wish.region)
        elif not access.is_own(reader, demand):
            raise Refusal("owner.forbidden")
        items, next = answers.page(reader, demand.poster_ref, body)
        return {"items": items, "next": next}

    @job("check-registries", every=2)
    def check_registries(self) -> None:
        """Ask the registries about what waits; while a spreadsheet is being posted, a little at a time."""
        reader = self.reader()
        busy = bool(imports.in_status(reader, "posting"))
        checks.run(reader, self.vault, self.registry, self.transact, once=busy)

    @job("recheck-old", every=600)
    def recheck_old(self) -> None:
        """Ask again about those whose check is too old for the demands that lean on it."""
        freshness.ask_about_old(self.reader(), self.transact)
