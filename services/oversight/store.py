"""What oversight keeps: every fact once, by its id, and the alarms."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from pymongo.database import Database

from services.chassis.calls import Reader
from services.chassis.following import MARKS, PARKED
from services.chassis.migrate import Step
from services.chassis.service import Fact
from services.chassis.unit import Unit
from services.oversight.domain.alarms import Alarm, missing
from services.oversight.domain.facts import StoredFact, links, people
from services.oversight.domain.trail import Thing

FACTS: Final = "facts"
ALARMS: Final = "alarms"
_LIMIT: Final = 5000
_PARKED_LIMIT: Final = 2000
_OWN: Final = ("type", "aggregate_id", "sequence", "time", "actor", "correlation", "data")


def indexes(database: "Database[dict[str, Any]]") -> None:
    """Indexes of the log and of the alarms."""
    facts = database[FACTS]
    facts.create_index([("aggregate_id", 1), ("sequence", 1)], name="thing")
    facts.create_index([("links", 1), ("_id", 1)], name="links")
    facts.create_index([("people", 1), ("_id", 1)], name="people")
    facts.create_index([("type", 1), ("_id", -1)], name="type")
    database[ALARMS].create_index([("status", 1), ("_id", 1)], name="status")


MIGRATIONS: Final[Sequence[Step]] = (indexes,)


def keep(unit: Unit, fact: Fact) -> None:
    """Store a fact as it was told."""
    told = StoredFact(
        fact.id,
        fact.type,
        fact.aggregate_id,
        fact.sequence,
        fact.time,
        fact.actor,
        fact.correlation,
        fact.raw["data"],
    )
    values = {name: getattr(told, name) for name in _OWN}
    unit.insert(FACTS, {"_id": told.id, **values, "links": list(links(told)), "people": list(people(told))})


def page(reader: Reader, asked: Mapping[str, Any]) -> tuple[list[dict[str, Any]], str | None]:
    """Return a page of facts, newest first (their ids sort by the time they were made), and the next
    cursor.
    """
    filter: dict[str, Any] = {
        name: asked[name] for name in ("type", "aggregate_id") if asked[name] is not None
    }
    if asked["mentions"] is not None:
        filter["$or"] = [{"links": asked["mentions"]}, {"people": asked["mentions"]}]
    if asked["cursor"] is not None:
        filter["_id"] = {"$lt": asked["cursor"]}
    found = reader.find(FACTS, filter, [("_id", -1)], asked["limit"] + 1)
    shown = [{"id": doc["_id"], **{name: doc[name] for name in _OWN}} for doc in found[: asked["limit"]]]
    return shown, shown[-1]["id"] if len(found) > len(shown) else None


class FactLog:
    """The log as the trail asks it (domain.trail.Log)."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.truncated = False

    def of(self, ids: Iterable[str]) -> list[StoredFact]:
        """Return the facts about the things with these ids."""
        return self._found({"aggregate_id": {"$in": list(ids)}})

    def naming(self, ids: Iterable[str]) -> list[StoredFact]:
        """Return the facts that name these ids among their links."""
        return self._found({"links": {"$in": list(ids)}})

    def about(self, person_ref: str) -> list[StoredFact]:
        """Return the facts about a person."""
        return self._found({"people": person_ref})

    def _found(self, filter: Mapping[str, Any]) -> list[StoredFact]:
        docs = self._reader.find(FACTS, filter, [("_id", 1)], _LIMIT)
        self.truncated = self.truncated or len(docs) == _LIMIT
        return [StoredFact(id=doc["_id"], **{name: doc[name] for name in _OWN}) for doc in docs]


def gaps(reader: Reader, things: Iterable[Thing] | None = None) -> dict[Thing, tuple[int, ...]]:
    """Return what is missing before facts that wait for their turn, by thing (all things, or these)."""
    filter: dict[str, Any] = {}
    if things is not None:
        filter["mark"] = {"$in": [f"{aggregate}:{id}" for aggregate, id in things]}
    arrived: dict[str, list[int]] = {}
    for row in reader.find(PARKED, filter, None, _PARKED_LIMIT):
        arrived.setdefault(row["mark"], []).append(row["sequence"])
    last = {mark["_id"]: mark["last"] for mark in reader.find(MARKS, {"_id": {"$in": list(arrived)}})}
    found = {_thing(mark): missing(last.get(mark, 0), numbers) for mark, numbers in arrived.items()}
    return {thing: numbers for thing, numbers in found.items() if numbers}


def _thing(mark: str) -> Thing:
    aggregate, _, id = mark.partition(":")
    return aggregate, id


def standing_alarms(unit: Unit) -> list[Alarm]:
    """Return the alarms that are not cleared."""
    docs = unit.find(ALARMS, {"status": {"$in": ["suspected", "open"]}}, [("_id", 1)])
    return [_read(doc) for doc in docs]


def save_alarm(unit: Unit, alarm: Alarm) -> None:
    """Store an alarm."""
    doc = unit.get(ALARMS, alarm.id)
    new = {"_id": alarm.id, **{name: value for name, value in vars(alarm).items() if name != "id"}}
    new["missing"] = list(alarm.missing)
    if doc is None:
        unit.insert(ALARMS, new)
    else:
        unit.save(ALARMS, {**doc, **new})


def drop_alarm(unit: Unit, id: str) -> None:
    """Forget a suspicion that came to nothing."""
    unit.delete(ALARMS, id)


def alarm_page(reader: Reader, asked: Mapping[str, Any]) -> tuple[list[dict[str, Any]], str | None]:
    """Return a page of alarms by id, and the next cursor; suspicions are not shown."""
    chosen = [asked["status"]] if asked["status"] else ["open", "cleared"]
    filter: dict[str, Any] = {"status": {"$in": chosen}}
    if asked["cursor"] is not None:
        filter["_id"] = {"$gt": asked["cursor"]}
    found = reader.find(ALARMS, filter, [("_id", 1)], asked["limit"] + 1)
    shown = [{"kind": "gap", **vars(_read(doc))} for doc in found[: asked["limit"]]]
    return shown, shown[-1]["id"] if len(found) > len(shown) else None


def _read(doc: Mapping[str, Any]) -> Alarm:
    names = ("aggregate", "aggregate_id", "since", "status", "cleared_at")
    return Alarm(id=doc["_id"], missing=tuple(doc["missing"]), **{name: doc[name] for name in names})
