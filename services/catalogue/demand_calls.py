"""Calls of open demands, and the facts of intake that keep their copies."""

from typing import Any

from contracts.commands import catalogue as c
from contracts.events import intake as from_intake
from contracts.events import intake_demands
from contracts.vocabularies.dates import month_of
from services.catalogue.domain import demands as demand_rules
from services.catalogue.domain.demands import Demand
from services.catalogue.scopes import region_of
from services.catalogue.store import demands as store
from services.chassis.service import Fact, Reader, Unit, on, query

_POSTED = ("kind", "poster_ref", "region", "occupation", "level", "headcount", "mode", "group", "wanted_from")


class DemandCalls:
    """Demands as projects need them."""

    @query(c.OPEN_DEMANDS)
    def open_demands(self, reader: Reader, body: Any) -> dict[str, Any]:
        """List demands that a project may take in."""
        items, next = store.open_page(reader, body, region_of(reader.actor, body["region"]))
        return {"items": items, "next": next}

    @on(from_intake.DEMAND_POSTED)
    def demand_posted(self, unit: Unit, fact: Fact) -> None:
        """Keep a copy of a demand."""
        values = {name: fact.data[name] for name in _POSTED}
        store.save_demand(unit, Demand(id=fact.aggregate_id, month=month_of(fact.time), **values))

    @on(intake_demands.DEMAND_CHANGED)
    def demand_said_anew(self, unit: Unit, fact: Fact) -> None:
        """Keep what a demand asks for from now on."""
        demand = _known(unit, fact)
        values = {name: fact.data[name] for name in _POSTED}
        store.save_demand(unit, demand_rules.said_anew(demand, values))

    @on(
        from_intake.DEMAND_VERIFIED,
        from_intake.DEMAND_RETURNED,
        from_intake.DEMAND_LISTED,
        from_intake.DEMAND_WITHDRAWN,
        from_intake.DEMAND_MET,
        from_intake.DEMAND_LAPSED,
    )
    def demand_changed(self, unit: Unit, fact: Fact) -> None:
        """Keep the copy's status."""
        demand = _known(unit, fact)
        store.save_demand(unit, demand_rules.heard(demand, fact.type.rpartition(".")[2]))


def _known(unit: Unit, fact: Fact) -> Demand:
    demand = store.load_demand(unit, fact.aggregate_id)
    if demand is None:
        raise LookupError(f"demand {fact.aggregate_id} was never posted")
    return demand
