"""Collections of sealed bids: the officers' keys, and the sealed attachments in parts (decision 0016).

bid_parts are written once, before the bid that tells of them. bid_uploads holds the uploads that belong to no
bid: not yet, or no longer.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from bson import Binary

from contracts.vocabularies import bid_files
from contracts.vocabularies.errors import Refusal
from services.acceptance.domain.attachments import Attachment
from services.chassis.clock import real_now

KEYS: Final = "opening_keys"
PARTS: Final = "bid_parts"
UPLOADS: Final = "bid_uploads"
OPEN_UPLOADS: Final = 2 * bid_files.MOST
_ABANDONED_AT_ONCE: Final = 200


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


def put_part(unit: Any, bid_id: str, upload_id: str, number: int, raw: bytes) -> None:
    """Write one sealed part of a bidder's upload; the same again changes nothing.

    Raises Refusal `acceptance.attachment_missing` when the upload is another's or the part is there with
    other bytes, `acceptance.uploads_open` when too many are under way.
    """
    upload = unit.get(UPLOADS, upload_id)
    if upload is None:
        if unit.find(PARTS, {"upload_id": upload_id}, limit=1):
            raise Refusal("acceptance.attachment_missing", field="upload_id")
        if len(unit.find(UPLOADS, {"bid_id": bid_id}, limit=OPEN_UPLOADS)) >= OPEN_UPLOADS:
            raise Refusal("acceptance.uploads_open", most=OPEN_UPLOADS)
        unit.insert(UPLOADS, {"_id": upload_id, "bid_id": bid_id, "at": real_now()})
    elif upload["bid_id"] != bid_id:
        raise Refusal("acceptance.attachment_missing", field="upload_id")
    id = f"{upload_id}:{number:04d}"
    known = unit.get(PARTS, id)
    if known is None:
        unit.insert(PARTS, {"_id": id, "upload_id": upload_id, "number": number, "data": Binary(raw)})
    elif bytes(known["data"]) != raw:
        raise Refusal("acceptance.attachment_missing", field="content")


def take(unit: Any, bid_id: str, old: tuple[Attachment, ...], new: tuple[Attachment, ...]) -> None:
    """Make uploads those of a bid, in place of those that it had.

    Raises Refusal `acceptance.attachment_missing` for an upload that is not this bidder's.
    """
    had, has = ({each.upload_id for each in some} for some in (old, new))
    for place, each in enumerate(new):
        if each.upload_id in had:
            continue
        upload = unit.get(UPLOADS, each.upload_id)
        if upload is None or upload["bid_id"] != bid_id:
            raise Refusal("acceptance.attachment_missing", field=f"attachments.{place}.upload_id")
        unit.delete(UPLOADS, each.upload_id)
    for id in sorted(had - has):
        unit.insert(UPLOADS, {"_id": id, "bid_id": bid_id, "at": real_now()})


def parts(database: Any, upload_id: str) -> Iterator[bytes]:
    """Return the sealed parts of an upload as they lie in the database now."""
    for row in database[PARTS].find({"upload_id": upload_id}).sort("number", 1):
        yield bytes(row["data"])


def part(reader: Any, upload_id: str, number: int) -> bytes | None:
    """Return one sealed part."""
    row = reader.get(PARTS, f"{upload_id}:{number:04d}")
    return None if row is None else bytes(row["data"])


def abandoned(reader: Any, before: datetime) -> list[str]:
    """Return uploads that belong to no bid since a moment of real time."""
    rows = reader.find(UPLOADS, {"at": {"$lt": before}}, [("at", 1)], _ABANDONED_AT_ONCE)
    return [row["_id"] for row in rows]


def give_up(unit: Any, upload_id: str) -> bool:
    """Let an upload go that belongs to no bid; return whether it did not (so its parts may go)."""
    if unit.get(UPLOADS, upload_id) is None:
        return False
    unit.delete(UPLOADS, upload_id)
    return True


def delete_parts(database: Any, upload_id: str) -> None:
    """Delete the parts of an upload whose row is gone, so that no bid can tell of it any more."""
    database[PARTS].delete_many({"upload_id": upload_id})
