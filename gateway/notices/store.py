"""Notices as the gateway reads them and marks them read; the projector writes them through the chassis."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from pymongo import DESCENDING
from pymongo.database import Database
from pymongo.errors import PyMongoError

from contracts.vocabularies.errors import Refusal

Document = dict[str, Any]
NOTICES: Final = "notices"


def order(at: datetime, id: str) -> str:
    """Return what a list is sorted and paged by: the moment, then the id."""
    return f"{int(at.timestamp() * 1000):014d}_{id}"


class NoticeStore:
    """Queries of the inbox. Raises Refusal `unavailable` when the database does not answer."""

    def __init__(self, database: "Database[Document]") -> None:
        self._rows = database[NOTICES]

    def page(
        self, recipients: Iterable[str], unread_only: bool, after: str | None, limit: int
    ) -> tuple[list[Document], str | None]:
        """Return a page of the recipients' notices, the latest first, and the cursor of the next or None."""
        wanted: Document = {"recipient": {"$in": list(recipients)}}
        if unread_only:
            wanted["read_at"] = None
        if after is not None:
            wanted["order"] = {"$lt": after}
        try:
            found = list(self._rows.find(wanted).sort("order", DESCENDING).limit(limit + 1))
        except PyMongoError as problem:
            raise Refusal("unavailable", what="notices") from problem
        return found[:limit], found[limit - 1]["order"] if len(found) > limit else None

    def unread(self, recipients: Iterable[str]) -> int:
        """Return how many were not read yet."""
        try:
            return self._rows.count_documents({"recipient": {"$in": list(recipients)}, "read_at": None})
        except PyMongoError as problem:
            raise Refusal("unavailable", what="notices") from problem

    def mark_read(self, recipients: Iterable[str], now: datetime, id: str | None = None) -> bool:
        """Mark one of the recipients' notices read, or all; return whether there is such a one."""
        mine: Document = {"recipient": {"$in": list(recipients)}}
        if id is not None:
            mine["_id"] = id
        try:
            self._rows.update_many({**mine, "read_at": None}, {"$set": {"read_at": now}})
            return id is None or self._rows.find_one(mine, ["_id"]) is not None
        except PyMongoError as problem:
            raise Refusal("unavailable", what="notices") from problem


def notice_indexes(database: "Database[Document]") -> None:
    """Indexes of a person's or body's inbox."""
    rows = database[NOTICES]
    rows.create_index([("recipient", 1), ("order", -1)], name="inbox")
    rows.create_index("recipient", name="unread", partialFilterExpression={"read_at": None})


MIGRATIONS: Final = [notice_indexes]
