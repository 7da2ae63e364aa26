"""Entrypoints of oversight."""

import pkgutil
from importlib import import_module
from typing import Any

import structlog

from contracts import events
from contracts.commands import oversight as c
from contracts.vocabularies import roles
from contracts.vocabularies.errors import Refusal
from services.chassis.actor import Actor
from services.chassis.clock import real_now
from services.chassis.service import Fact, Reader, Service, Unit, job, query
from services.oversight import store, watching
from services.oversight.domain import trail
from services.oversight.domain.trail import Thing, Trail

# importing a source's contracts is what makes its facts readable here: all of them, in however many modules
FOLLOWED = tuple(
    import_module(f"{events.__name__}.{each.name}") for each in pkgutil.iter_modules(events.__path__)
)
_log = structlog.get_logger(__name__)


class OversightService(Service):
    """The log of facts, the five-order trail, the watch for gaps."""

    name = "oversight"

    def every_fact(self, unit: Unit, fact: Fact) -> None:
        """Keep each fact of each service."""
        store.keep(unit, fact)

    @query(c.TRAIL)
    def trail(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Show the chain of one thing through all five orders."""
        found = trail.follow(body["thing_id"], store.FactLog(reader))
        if found is None:
            raise Refusal("not_found", what=f"facts/{body['thing_id']}")
        _require_sight(reader.actor, found)
        things = list(dict.fromkeys(fact.thing for fact in found.facts))
        return _shown(found, store.gaps(reader, things))

    @query(c.FACTS)
    def facts(self, reader: Reader, body: Any) -> dict[str, Any]:
        """List facts, newest first."""
        items, next = store.page(reader, body)
        return {"items": items, "next": next}

    @query(c.ALARMS)
    def alarms(self, reader: Reader, body: Any) -> dict[str, Any]:
        """List alarms."""
        items, next = store.alarm_page(reader, body)
        return {"items": items, "next": next}

    @job("watch-gaps", every=10)
    def watch_gaps(self) -> None:
        """Raise an alarm for facts that are long overdue; clear it when they have come."""
        opened = watching.compare(self.reader(), self.transact, real_now())
        if opened:
            _log.error("facts are missing", alarms=opened)


def _require_sight(actor: Actor, found: Trail) -> None:
    """Auditors read all; others what their region covers. Raises Refusal `region.forbidden`."""
    if roles.AUDITOR in actor.roles and actor.region is None:
        return
    regions = found.regions()
    if not regions:
        raise Refusal("region.forbidden", region="-")
    for region in sorted(regions):
        actor.require_region(region)


def _shown(found: Trail, gaps: dict[Thing, tuple[int, ...]]) -> dict[str, Any]:
    stages = [
        {"stage": stage, "zh": zh, "things": _things(found, stage, gaps)}
        for stage, zh in trail.STAGES.items()
    ]
    names = ("thing_id", "aggregate", "person_ref", "truncated")
    return {
        **{name: getattr(found, name) for name in names},
        "stages": stages,
        "complete": found.complete(gaps),
    }


def _things(found: Trail, stage: str, gaps: dict[Thing, tuple[int, ...]]) -> list[dict[str, Any]]:
    shown = []
    for thing, facts in found.things(stage).items():
        rows = [
            {name: getattr(fact, name) for name in ("id", "type", "sequence", "time", "actor")}
            for fact in facts
        ]
        latest = max(facts, key=lambda fact: fact.sequence)
        shown.append(
            {
                "aggregate": thing[0],
                "id": thing[1],
                "state": latest.verb,
                "facts": rows,
                "gaps": list(gaps.get(thing, ())),
            }
        )
    return shown


SERVICE = OversightService
