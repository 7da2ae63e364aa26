"""Asking for an estimate, and what is shown of it. The reckoning itself runs in a process of its own."""

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from contracts.vocabularies import populations as limits
from contracts.vocabularies import regions
from contracts.vocabularies.dates import calendar_year
from contracts.vocabularies.errors import Refusal
from services.chassis.calls import Reader
from services.chassis.clock import real_now
from services.chassis.paging import newest_first
from services.chassis.settings import Mode
from services.chassis.unit import Unit
from services.policy import RuleSet, RulesInvalid
from services.settlement import views
from services.settlement.domain import estimates as rules
from services.settlement.domain.estimates import Estimate
from services.settlement.estimates import scenarios
from services.settlement.store import estimates as store
from services.settlement.store.documents import Document, plain

ABANDONED: Final = timedelta(hours=1)
KEPT: Final = timedelta(days=366)


def put_part(unit: Unit, body: Mapping[str, Any]) -> dict[str, Any]:
    """Take one part of a population."""
    store.put_part(unit, unit.actor.account, body["upload_id"], body["number"], body["content"])
    return {"upload_id": body["upload_id"], "number": body["number"]}


def add_population(unit: Unit, reader: Reader, body: Mapping[str, Any]) -> dict[str, Any]:
    """Make a population of its parts, once they are what was said of them.

    reader: parts are read beside the unit; they are never changed once written. Raises Refusal
    `region.forbidden`, `settlement.populations_full` or `settlement.population_incomplete`.
    """
    region = body["region"]
    unit.actor.require_region(region)
    rules.check_region(region)
    known = store.population(unit, body["upload_id"])
    if known is not None:
        if known["sha256"] != body["sha256"] or known["added_by"] != unit.actor.account:
            raise Refusal("settlement.population_incomplete", field="upload_id")
        return known
    if store.populations_of(unit, region) >= limits.MOST_KEPT:
        raise Refusal("settlement.populations_full", most=limits.MOST_KEPT)
    made, size = hashlib.sha256(), 0
    for raw in store.parts(reader.database, body["upload_id"], unit.actor.account):
        made.update(raw)
        size += len(raw)
    if (size, made.hexdigest()) != (body["size"], body["sha256"]):
        raise Refusal("settlement.population_incomplete", field="file")
    told = {name: body[name] for name in ("region", "name", "sha256", "size")}
    store.put_population(
        unit, body["upload_id"], {**told, "added_by": unit.actor.account, "added_at": unit.now}
    )
    return {"id": body["upload_id"], **told, "added_by": unit.actor.account, "added_at": unit.now}


def populations(reader: Reader, body: Mapping[str, Any]) -> dict[str, Any]:
    """List the populations of the actor's region, newest first."""
    mine = {"region": {"$in": views.regions_of(reader.actor)}}
    found, following = newest_first(reader, store.POPULATIONS, mine, "added_at", body)
    names = ("region", "name", "sha256", "size", "added_by", "added_at")
    return {
        "items": [{"id": doc["_id"], **{name: doc[name] for name in names}} for doc in found],
        "next": following,
    }


def start(unit: Unit, body: Mapping[str, Any], mode: Mode) -> dict[str, Any]:
    """Ask for an estimate; its scenario is checked at once.

    Raises Refusal `region.forbidden`, `settlement.estimate_region`, `settlement.estimate_queue`,
    `settlement.scenario_invalid`, `settlement.no_rules`, or `not_found` for a population of another region.
    """
    region = body["region"]
    unit.actor.require_region(region)
    rules.check_region(region)
    rules.check_queue(len(store.open_ones(unit, region)))
    _check_population(unit, body["population_id"], region)
    base = body["base_year"]
    if body["population_id"] is None:
        base = base or min(body["year"] - 1, calendar_year(unit.now))
    edition = scenarios.rules_of(region, body["edition"], mode)
    estimate = Estimate(
        id=unit.new_id(),
        **{
            name: body[name]
            for name in ("name", "region", "year", "population_id", "growth_percent", "reason")
        },
        base_year=base,
        edition=edition.edition,
        changes=tuple(plain(each) for each in body["changes"]),
        rules=tuple(plain(each) for each in body["rules"]),
        requested_by=unit.actor.account,
        requested_at=unit.now,
    )
    check_scenario(estimate, edition)
    return shown(store.save(unit, estimate))


def check_scenario(estimate: Estimate, edition: RuleSet) -> None:
    """Check that the scenario can be laid over the edition. Raises Refusal `settlement.scenario_invalid`."""
    try:
        scenarios.of(estimate, edition)
    except RulesInvalid as invalid:
        first = invalid.problems[0]
        raise Refusal(
            "settlement.scenario_invalid",
            field=f"changes.{first.line - 1}" if first.line <= len(estimate.changes) else "rules",
            count=len(invalid.problems),
            rule=first.rule,
            name=first.field,
            problem=first.text,
        ) from None


def cancel(unit: Unit, body: Mapping[str, Any]) -> dict[str, Any]:
    """Give an estimate up; who reckons it stops at its next word."""
    estimate = store.target(unit, body["estimate_id"])
    unit.actor.require_region(estimate.region)
    return shown(store.save(unit, rules.cancelled(estimate, body["reason"], unit.now)))


def visible(reader: Reader, id: str) -> Document:
    """Return an estimate's document that the actor may see. Raises Refusal `not_found`."""
    doc = reader.get(store.ESTIMATES, id)
    if doc is None or doc["region"] not in views.regions_of(reader.actor):
        raise Refusal("not_found", what=f"estimate/{id}")
    return doc


def shown(doc: Document) -> dict[str, Any]:
    """Return an estimate's document as it is answered."""
    estimate = vars(store.estimate_of(doc))
    return {
        **{name: value for name, value in estimate.items() if name != "held_until"},
        "version": doc["version"],
    }


def listed(reader: Reader, body: Mapping[str, Any]) -> dict[str, Any]:
    """List the estimates of the actor's region, newest first."""
    filter: dict[str, Any] = {"region": {"$in": views.regions_of(reader.actor)}}
    if body["status"] is not None:
        filter["status"] = body["status"]
    found, following = newest_first(reader, store.ESTIMATES, filter, "requested_at", body)
    return {"items": [shown(doc) for doc in found], "next": following}


def result(reader: Reader, id: str) -> dict[str, Any]:
    """Return the cells of a finished estimate. Raises Refusal `not_found`, `settlement.estimate_not_done`."""
    _finished(reader, id)
    items = store.cells(reader, id)
    sums = {
        name: sum(each[name] for each in items) for name in ("baseline_fen", "scenario_fen", "difference_fen")
    }
    return {"items": items, **sums}


def output(reader: Reader, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return one output of a finished estimate. Raises as `result`."""
    estimate = _finished(reader, body["estimate_id"])
    raw = store.output(reader, estimate.id, body["format"])
    if raw is None:
        raise Refusal("not_found", what=f"estimate/{estimate.id}/{body['format']}")
    name = f"测算-{estimate.year}-{estimate.id[:8]}.{body['format']}"
    return {"name": name, "content_type": limits.OUTPUTS[body["format"]], "content": raw}


def sweep(reader: Reader) -> None:
    """Delete what is old, and what was sent and never became a population."""
    store.sweep(reader.database, real_now() - ABANDONED, reader.now - KEPT)


def _finished(reader: Reader, id: str) -> Estimate:
    estimate = store.estimate_of(visible(reader, id))
    if estimate.status != rules.DONE:
        raise Refusal("settlement.estimate_not_done", status=estimate.status)
    return estimate


def _check_population(unit: Unit, id: str | None, region: str) -> None:
    found = store.population(unit, id) if id is not None else None
    if id is not None and (found is None or not regions.covers(region, found["region"])):
        raise Refusal("not_found", field="population_id", what=f"population/{id}")
