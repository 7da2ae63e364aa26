"""The map's collections as the gateway reads them; the projector writes them through the chassis.

`card` and `detail` of a document are JSON already, so that a list costs no encoding. `changed` is the
watermark at which a document last changed: both are written in one transaction, so no change is ever skipped.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from pymongo import ASCENDING
from pymongo.database import Database
from pymongo.errors import PyMongoError

Document = dict[str, Any]
CLASSES: Final = "map_classes"
CHALLENGES: Final = "map_challenges"
PROJECTS: Final = "map_projects"
STATE: Final = "map_state"
WATERMARK: Final = "watermark"
CONFIRMED: Final = "confirmed"
Outage = PyMongoError


@dataclass(frozen=True)
class State:
    """watermark: counts the changes of the map; as_of: when it was last known to be right (real time)."""

    watermark: int
    as_of: datetime | None


class MapStore:
    """Queries of the map. Raises Outage when the database cannot be reached."""

    def __init__(self, database: "Database[Document]") -> None:
        self._database = database

    def state(self) -> State:
        """Return the watermark and when the map was last right."""
        found = {doc["_id"]: doc for doc in self._database[STATE].find()}
        mark, confirmed = found.get(WATERMARK, {}), found.get(CONFIRMED, {})
        times = [time for time in (mark.get("at"), confirmed.get("at")) if time]
        return State(mark.get("version", 0), max(times, default=None))

    def page(
        self, collection: str, filters: Mapping[str, Any], after: str | None, limit: int
    ) -> tuple[list[str], str | None]:
        """Return the cards (JSON) of a page in the collection's order, and the cursor of the next or None."""
        wanted: Document = {"shown": True, **filters}
        if after is not None:
            wanted["order"] = {"$gt": after}
        cursor = self._database[collection].find(wanted, {"_id": 0, "card": 1, "order": 1})
        found = list(cursor.sort("order", ASCENDING).limit(limit + 1).batch_size(limit + 1))
        more = found[limit - 1]["order"] if len(found) > limit else None
        return [doc["card"] for doc in found[:limit]], more

    def detail(self, collection: str, id: str) -> tuple[str, int] | None:
        """Return a shown document's detail (JSON) and its version, or None."""
        doc = self._database[collection].find_one({"_id": id, "shown": True}, {"detail": 1, "of_version": 1})
        return (doc["detail"], doc["of_version"]) if doc else None


def map_indexes(database: "Database[Document]") -> None:
    """Indexes of the lists, each in the order that the list is read in."""
    for collection in (CLASSES, CHALLENGES, PROJECTS):
        indexes = database[collection]
        indexes.create_index([("shown", 1), ("order", 1)], name="all")
        indexes.create_index([("shown", 1), ("areas", 1), ("order", 1)], name="region")
        indexes.create_index([("shown", 1), ("occupation", 1), ("level", 1), ("order", 1)], name="occupation")
        indexes.create_index([("changed", 1)], name="changes")
    database[CLASSES].create_index([("project_id", 1)], name="project")
    database.create_collection(STATE)


MIGRATIONS: Final = [map_indexes]
