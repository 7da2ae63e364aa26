"""Calls and jobs of demands (需求单)."""

from typing import Any

from contracts.commands import intake as c
from contracts.commands import intake_demands as d
from contracts.vocabularies import roles
from contracts.vocabularies.errors import Refusal
from services.chassis.service import Reader, Service, Unit, command, job, query
from services.intake import access, changing, content, freshness, posting
from services.intake.domain import demands as rules
from services.intake.domain import duplicates
from services.intake.domain.demands import Demand
from services.intake.store import demands, persons
from services.intake.store.vault import Forgotten, Vault


class DemandCalls(Service):
    """Posted, changed, returned, merged, shown."""

    vault: Vault

    @command(c.POST_DEMAND)
    def post_demand(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Take in a demand."""
        return posting.post(unit, self.vault, body)

    @command(d.CHANGE_DEMAND)
    def change_demand(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Change a demand, or hand a returned one in again."""
        return changing.change(unit, self.vault, body)

    @command(c.WITHDRAW_DEMAND)
    def withdraw_demand(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Take back a demand."""
        return changing.decided(
            unit, rules.withdraw(access.own_demand(unit, body["demand_id"]), body["reason"])
        )

    @command(d.RETURN_DEMAND)
    def return_demand(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Return a demand of the officer's region to its poster."""
        demand = access.demand_of_region(unit, body["demand_id"])
        return changing.decided(unit, rules.send_back_by_officer(demand, body["reason"]))

    @command(d.DECIDE_PROOF)
    def decide_proof(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Say whether the proof of the target group holds."""
        demand = access.demand_of_region(unit, body["demand_id"])
        return changing.decided(unit, rules.decide_proof(demand, body["accepted"], body["reason"]))

    @command(d.MERGE_DEMANDS)
    def merge_demands(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Merge a double into the demand that stays."""
        return changing.merge(unit, body)

    @command(d.DISMISS_DUPLICATE)
    def dismiss_duplicate(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Find a demand to be no double."""
        demand = access.demand_of_region(unit, body["demand_id"])
        return changing.decided(unit, duplicates.dismiss(demand, body["reason"]))

    @query(d.LIST_DUPLICATES)
    def list_duplicates(self, reader: Reader, body: Any) -> dict[str, Any]:
        """List what an officer of the region has to compare."""
        pairs, next = demands.suspected_page(reader, access.region(reader.actor, body["region"]), body)
        return {"items": [{"demand": one, "other": other} for one, other in pairs], "next": next}

    @query(c.GET_DEMAND)
    def get_demand(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Show a demand to its poster, the agency that acts in it, and officers of its region."""
        demand = _readable(reader, body["demand_id"])
        shown = {**demands.shown(demand), "version": demands.version(reader, demand.id)}
        return {**shown, "check": freshness.state_of(reader, shown)}

    @query(c.LIST_DEMANDS)
    def list_demands(self, reader: Reader, body: Any) -> dict[str, Any]:
        """List the poster's own demands, or those of an officer's region."""
        if reader.actor.roles & roles.OFFICERS:
            region = access.region(reader.actor, body["region"])
            items, next = demands.region_page(reader, region, body)
        else:
            items, next = demands.own_page(reader, access.own_refs(reader), body)
        return {"items": freshness.with_waits(reader, items), "next": next}

    @query(d.DEMAND_CONTACT)
    def demand_contact(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Show contact and proof in clear: to who posted, and, once it is on record what for, to officers."""
        demand = _readable(reader, body["demand_id"])
        if reader.actor.roles & roles.OFFICERS:
            purpose = body["purpose"]
            if purpose is None:
                raise Refusal("invalid", field="purpose", reason="须说明查看目的 / say what for")
            self.transact(
                lambda unit: persons.record_disclosures(unit, [demand.poster_ref], purpose), reader.actor
            )
        try:
            return {"demand_id": demand.id, **_contact(reader, self.vault, demand)}
        except Forgotten:
            raise Refusal("not_found", what=f"demands/{demand.id}/contact") from None

    @job("lapse-demands", every=600)
    def lapse_demands(self) -> None:
        """Warn of demands that will lapse, and end those whose time is over."""
        changing.warn_due(self.reader(), self.transact)
        changing.lapse_due(self.reader(), self.transact)


def _readable(reader: Reader, id: str) -> Demand:
    demand = demands.load(reader, id)
    if demand is None:
        raise Refusal("not_found", what=f"demands/{id}")
    if reader.actor.roles & roles.OFFICERS:
        access.require_region(reader.actor, demand.wish.region)
    elif not access.is_own(reader, demand):
        raise Refusal("owner.forbidden")
    return demand


def _contact(reader: Reader, vault: Vault, demand: Demand) -> dict[str, str | None]:
    nothing: dict[str, str | None] = dict.fromkeys(("name", "phone", "hours", "proof_number"))
    if demand.contact is not None:
        return {**nothing, **content.in_clear(vault, demand)}
    person = persons.load(reader, demand.poster_ref)
    own = vault.open(person.details.sealed, "name", "phone") if person is not None else {}
    return {**nothing, **own, **content.in_clear(vault, demand)}
