"""What becomes of a posted demand: changed, handed in again, returned, merged, warned of, lapsed."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from services.chassis.calls import Reader
from services.chassis.unit import Unit
from services.intake import access, content, freshness, posting
from services.intake.domain import demands as rules
from services.intake.domain import duplicates
from services.intake.domain.demands import Decision, Demand
from services.intake.store import demands
from services.intake.store.vault import Vault
from services.intake.terms import terms_of

_AT_ONCE = 200
Transact = Callable[[Callable[[Unit], None]], None]


def change(unit: Unit, vault: Vault, body: Mapping[str, Any]) -> dict[str, Any]:
    """Take in the whole of what an own demand is to say from now on; a returned one is handed in again."""
    demand = access.own_demand(unit, body["demand_id"])
    poster = posting.poster_of(unit, demand)
    if poster.status == "refused":
        raise Refusal("intake.check_refused", reason=poster.reason)
    wish = content.wish_of(body)
    kept = _without(demand, body["forget"])
    if wish.group != demand.wish.group:
        # a proof is of one group
        kept = replace(kept, proof=None)
    kept = content.with_sealed(unit, vault, poster, kept, body)
    also = [name for name in ("proof", "contact") if getattr(kept, name) != getattr(demand, name)]
    then = replace(kept, wish=wish)
    if then.alike_key != demand.alike_key:
        kept = duplicates.clear(kept)
    earlier = demands.open_with_key(unit, then)
    decision = rules.change(
        kept,
        wish,
        unit.now,
        None if earlier == demand.id else earlier,
        freshness.checked_at(unit, poster),
        terms_of(wish.region, unit.now),
        also,
    )
    return posting.keep(unit, poster, decision)


def decided(unit: Unit, decision: Decision) -> dict[str, Any]:
    """Store what was decided on a demand and return it."""
    demand, facts = decision
    version = demands.save(unit, demand, facts)
    return {**demands.shown(demand), "version": version}


def merge(unit: Unit, body: Mapping[str, Any]) -> dict[str, Any]:
    """Merge two demands of the officer's region; return the one that stays."""
    kept = access.demand_of_region(unit, body["demand_id"])
    gone = demands.load(unit, body["merged_id"])
    if gone is None:
        raise Refusal("not_found", what=f"demands/{body['merged_id']}")
    unit.actor.require_region(gone.wish.region)
    poster = posting.poster_of(unit, kept)
    stays, goes = duplicates.merge(
        kept, gone, body["headcount"], body["reason"], freshness.checked_at(unit, poster)
    )
    demands.save(unit, *goes)
    return decided(unit, stays)


def lapse_due(reader: Reader, transact: Transact) -> None:
    """End demands that nobody served in time after their wanted start."""
    while due := demands.past_their_time(reader, today_in_shanghai(reader.now), _AT_ONCE):
        _each(due, transact, lambda demand, unit: rules.lapse(demand, unit.now))


def warn_due(reader: Reader, transact: Transact) -> None:
    """Tell posters of demands that will lapse soon."""
    while due := demands.to_be_warned(reader, today_in_shanghai(reader.now), _AT_ONCE):
        _each(due, transact, lambda demand, unit: rules.warn(demand, unit.now))


def _without(demand: Demand, names: Collection[str]) -> Demand:
    """Return the demand without what its poster wants kept no more."""
    return replace(
        demand,
        proof=None if "proof" in names else demand.proof,
        contact=None if "contact" in names else demand.contact,
    )


def _each(ids: list[str], transact: Transact, decide: Callable[[Demand, Unit], Decision]) -> None:
    def run(unit: Unit) -> None:
        for demand in demands.with_ids(unit, ids):
            demands.save_change(unit, demand, decide(demand, unit))

    transact(run)
