"""A database as the stores read it, and the fact of a class that any town tells."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from services.chassis.actor import Actor

COUNTY = "370611"
DAY = timedelta(days=1)


class Plain:
    """Reads a database as the stores do."""

    def __init__(self, database: Any) -> None:
        self._database = database

    def get(self, collection: str, id: str) -> dict[str, Any] | None:
        """Return a document or None."""
        found: dict[str, Any] | None = self._database[collection].find_one({"_id": id})
        return found

    def get_all(self, collection: str, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
        """Return the documents that exist among these ids."""
        return {doc["_id"]: doc for doc in self._database[collection].find({"_id": {"$in": list(ids)}})}

    def find(self, collection: str, filter: Any, sort: Any = None, limit: int = 0) -> list[dict[str, Any]]:
        """Return the documents a query finds."""
        cursor = self._database[collection].find(filter, limit=limit)
        return list(cursor.sort(sort) if sort else cursor)


def class_fact(project: str, by: Actor, level: str, now: datetime) -> dict[str, Any]:
    """Return the fact of a confirmed class."""
    session = {
        "session_id": "s1",
        "starts": now - DAY,
        "ends": now,
        "kind": "safety",
        "hours": 8,
        "topic": "安全",
        "teacher": "演示教师",
    }
    return {
        "project_id": project,
        "provider_ref": by.body_ref,
        "provider_name": f"演示培训学校 {by.body_ref}",
        "name": "示例班",
        "occupation": "6-18-02-04",
        "level": level,
        "mode": "on_site",
        "region": COUNTY,
        "place": {"name": "示例教室", "address": "示例路", "longitude": 121.2, "latitude": 37.5},
        "capacity": 20,
        "enrol_until": now - DAY,
        "sessions": [session],
    }
