"""Collections of sealed bids: the officers' keys, and the sealed attachments in parts (decision 0016)."""

from typing import Any, Final

KEYS: Final = "opening_keys"
PARTS: Final = "bid_parts"
UPLOADS: Final = "bid_uploads"


def sealed_indexes(database: Any) -> None:
    """Create the collections of keys and sealed attachments, with their indexes."""
    known = set(database.list_collection_names())
    for name in (KEYS, PARTS, UPLOADS):
        if name not in known:
            database.create_collection(name)
    database[KEYS].create_index([("officer", 1), ("_id", 1)], name="officer")
    database[PARTS].create_index([("upload_id", 1), ("number", 1)], name="upload", unique=True)
    database[UPLOADS].create_index([("bid_id", 1), ("_id", 1)], name="bid")
    database[UPLOADS].create_index("at", name="at")
