"""Taking what waits in turns: what a registry cannot answer must not stand in the way of the others."""

import secrets
from collections.abc import Mapping
from typing import Any

from services.chassis.calls import Reader


def waiting_docs(
    reader: Reader, collection: str, filter: Mapping[str, Any], limit: int
) -> list[dict[str, Any]]:
    """Return up to `limit` of the documents a filter finds, from a random place in the circle of ids."""
    start = secrets.token_hex(4)
    docs = reader.find(collection, {**filter, "_id": {"$gte": start}}, [("_id", 1)], limit)
    if len(docs) < limit:
        docs += reader.find(collection, {**filter, "_id": {"$lt": start}}, [("_id", 1)], limit - len(docs))
    return docs
