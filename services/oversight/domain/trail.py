"""The five-order trail: from any one thing, the chain demand → project → seat → class → claim → payment.

Up from the thing to its project, then down from the project to everything that hangs on it. A thing of one
person
(a demand, a seat, a voucher, a certificate, a payment) gives that person's chain: the others' are left out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from services.oversight.domain.facts import StoredFact, bodies, links, people

STAGES: Final = {
    "intake": "提单",
    "catalogue": "列单",
    "selection": "选单",
    "acceptance": "接单",
    "settlement": "买单",
}
# Ledgers and seat counts serve many chains: only their facts that name this one belong to it.
_SHARED: Final = ("settlement.fund",)
_CLIMB: Final = {
    "catalogue.project": "project_id",
    "acceptance.class": "class_id",
    "settlement.claim": "claim_id",
}
_CLIMBS: Final = 4
_PROJECT: Final = "catalogue.project"
_CLASS: Final = "acceptance.class"
_CLAIM: Final = "settlement.claim"

Thing = tuple[str, str]


class Log(Protocol):
    """The log of facts, as the trail asks it; each answer is bounded by the log's own limit."""

    truncated: bool

    def of(self, ids: Iterable[str]) -> list[StoredFact]:
        """Return the facts about the things with these ids."""

    def naming(self, ids: Iterable[str]) -> list[StoredFact]:
        """Return the facts that name these ids among their links."""

    def about(self, person_ref: str) -> list[StoredFact]:
        """Return the facts about a person."""


@dataclass(frozen=True)
class Trail:
    """The facts of one chain. person_ref: whose it is, None when it is nobody's in particular."""

    thing_id: str
    aggregate: str | None
    person_ref: str | None
    facts: tuple[StoredFact, ...]
    truncated: bool

    def things(self, stage: str) -> dict[Thing, list[StoredFact]]:
        """Return the stage's things with their facts, in the order of their first."""
        grouped: dict[Thing, list[StoredFact]] = {}
        for fact in self.facts:
            if fact.source == stage:
                grouped.setdefault(fact.thing, []).append(fact)
        return grouped

    def complete(self, gaps: Mapping[Thing, tuple[int, ...]]) -> bool:
        """Return whether each of the five orders has a fact and no number is missing."""
        told = {fact.source for fact in self.facts}
        return not self.truncated and not any(gaps.values()) and told.issuperset(STAGES)

    def regions(self) -> set[str]:
        """Return the regions of its projects, else of its own thing: who may see it follows from them."""
        for aggregate in (_PROJECT, self.aggregate):
            found = {
                fact.data["region"]
                for fact in self.facts
                if fact.aggregate == aggregate and isinstance(fact.data.get("region"), str)
            }
            if found:
                return found
        return set()


def follow(thing_id: str, log: Log) -> Trail | None:
    """Return the chain of a thing, None when no fact is about it."""
    own = log.of([thing_id])
    if not own:
        return None
    person_ref = _focus(own)
    seeds = own + log.about(thing_id) if own[0].aggregate == "intake.person" else own
    found = own if own[0].aggregate in _SHARED else _collect(seeds, log)
    chosen = _of_person(found, person_ref) if person_ref else found
    ordered = tuple(
        sorted({fact.id: fact for fact in chosen}.values(), key=lambda fact: (fact.time, fact.id))
    )
    return Trail(thing_id, own[0].aggregate, person_ref, ordered, log.truncated)


def _focus(own: Sequence[StoredFact]) -> str | None:
    """Return the person whose thing it is. A firm's demand is nobody's in particular."""
    for fact in own:
        if fact.data.get("kind") == "enterprise" and fact.aggregate == "intake.demand":
            return None
        for ref in people(fact):
            return ref
    return None


def _collect(seeds: Sequence[StoredFact], log: Log) -> list[StoredFact]:
    start = _ids_of(seeds)
    projects = _climb(seeds, log)
    only_class = {fact.aggregate_id for fact in seeds if fact.aggregate == _CLASS}
    named = log.naming(projects) if projects else []
    classes = only_class or _ids_of(named, _CLASS)
    below = log.naming(classes | _ids_of(named, _CLAIM)) if named else []
    kept = [fact for fact in named if fact.aggregate != _CLASS or fact.aggregate_id in classes]
    shared = [fact for fact in kept + below if fact.aggregate in _SHARED]
    whole = start | _ids_of(kept) | _ids_of(below)
    persons = {ref for fact in seeds for ref in people(fact)} if len(start) == 1 else set()
    full = log.of(whole | persons)
    wanted = {fact.thing for fact in [*seeds, *kept, *below]} | {("intake.person", ref) for ref in persons}
    return [fact for fact in full if fact.thing in wanted and fact.aggregate not in _SHARED] + shared


def _climb(seeds: Sequence[StoredFact], log: Log) -> set[str]:
    """Return the projects that the facts lead up to."""
    facts, seen = list(seeds), _ids_of(seeds)
    projects = {fact.aggregate_id for fact in facts if fact.aggregate == _PROJECT}
    for _step in range(_CLIMBS):
        parents = {
            id for fact in facts for key in _CLIMB.values() if isinstance(id := fact.data.get(key), str)
        }
        projects |= {id for fact in facts if isinstance(id := fact.data.get("project_id"), str)}
        new = parents - seen
        if not new:
            break
        seen |= new
        facts = log.of(new)
    return projects


def _of_person(facts: Sequence[StoredFact], person_ref: str) -> list[StoredFact]:
    """Leave out what is other people's, and classes that the person has no seat in when there is one they
    have.
    """
    firms = {ref for fact in facts for ref in bodies(fact)}
    owners: dict[Thing, set[str]] = {}
    for fact in facts:
        owners.setdefault(fact.thing, set()).update(set(people(fact)) - firms)
    mine = {thing for thing, refs in owners.items() if not refs or person_ref in refs}
    seats = {
        fact.data["class_id"]
        for fact in facts
        if fact.aggregate == "selection.enrolment" and fact.thing in mine and "class_id" in fact.data
    }
    if seats:
        mine -= {
            thing for thing in mine if thing[0] in (_CLASS, "selection.seating") and thing[1] not in seats
        }
    return [fact for fact in facts if fact.thing in mine]


def _ids_of(facts: Iterable[StoredFact], aggregate: str | None = None) -> set[str]:
    return {fact.aggregate_id for fact in facts if aggregate in (None, fact.aggregate)}


__all__ = ["STAGES", "Log", "Trail", "follow", "links"]
