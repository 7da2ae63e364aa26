"""Files of claims: rows in `claim_files`, their bytes in `file_parts`, written once and before the row."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from bson import Binary
from pymongo.database import Database

from contracts.vocabularies.errors import Refusal
from services.chassis.clock import real_now
from services.chassis.unit import Unit
from services.settlement.domain.files import ClaimFile
from services.settlement.store.documents import Document, Source, content

FILES: Final = "claim_files"
PARTS: Final = "file_parts"
UPLOADS: Final = "file_uploads"
_ABANDONED_AT_ONCE: Final = 200
_OPEN_UPLOADS: Final = 20


def file_indexes(database: "Database[dict[str, Any]]") -> None:
    """Create the collections of files and their indexes."""
    known = set(database.list_collection_names())
    for name in (FILES, PARTS, UPLOADS):
        if name not in known:
            database.create_collection(name)
    database[FILES].create_index([("claim_id", 1), ("sha256", 1)], unique=True)
    database[FILES].create_index("scan", partialFilterExpression={"scan": "waiting"})
    database[PARTS].create_index([("file_id", 1), ("number", 1)], unique=True)
    database[UPLOADS].create_index("claim_id")
    database[UPLOADS].create_index("at")


def put_part(unit: Unit, claim_id: str, file_id: str, number: int, raw: bytes) -> None:
    """Write one part; the same again changes nothing.

    Raises Refusal `settlement.file_incomplete` or `settlement.too_many_files`.
    """
    _begin(unit, claim_id, file_id)
    id = f"{file_id}:{number:04d}"
    known = unit.get(PARTS, id)
    if known is None:
        unit.insert(PARTS, {"_id": id, "file_id": file_id, "number": number, "data": Binary(raw)})
    elif bytes(known["data"]) != raw:
        raise Refusal("settlement.file_incomplete", field="content")


def _begin(unit: Unit, claim_id: str, file_id: str) -> None:
    upload = unit.get(UPLOADS, file_id)
    if upload is None:
        if len(unit.find(UPLOADS, {"claim_id": claim_id}, limit=_OPEN_UPLOADS)) >= _OPEN_UPLOADS:
            raise Refusal("settlement.too_many_files", most=_OPEN_UPLOADS)
        unit.insert(UPLOADS, {"_id": file_id, "claim_id": claim_id, "at": real_now()})
    elif upload["claim_id"] != claim_id:
        raise Refusal("settlement.file_incomplete", field="upload_id")


def end_upload(unit: Unit, claim_id: str, file_id: str) -> None:
    """Take an upload's parts over into a file. Raises Refusal `settlement.file_incomplete`."""
    upload = unit.get(UPLOADS, file_id)
    if upload is None or upload["claim_id"] != claim_id:
        raise Refusal("settlement.file_incomplete", field="upload_id")
    unit.delete(UPLOADS, file_id)


def parts(database: "Database[dict[str, Any]]", file_id: str) -> Iterator[bytes]:
    """Return the bytes of a file, part by part, as they lie in the database now."""
    for row in database[PARTS].find({"file_id": file_id}).sort("number", 1):
        yield bytes(row["data"])


def part(source: Source, file_id: str, number: int) -> bytes | None:
    """Return one part."""
    doc = source.get(PARTS, f"{file_id}:{number:04d}")
    return bytes(doc["data"]) if doc else None


def abandoned(source: Source, before: datetime) -> list[str]:
    """Return uploads that no file came of. before: aware UTC, real time."""
    found = source.find(UPLOADS, {"at": {"$lt": before}}, [("at", 1)], _ABANDONED_AT_ONCE)
    return [doc["_id"] for doc in found]


def delete_parts(database: "Database[dict[str, Any]]", file_id: str) -> None:
    """Delete the parts of an upload whose row is gone already, so that no file can come of it any more."""
    database[PARTS].delete_many({"file_id": file_id})


def of_claim(source: Source, claim_id: str) -> list[ClaimFile]:
    """Return a claim's files, the first added first."""
    found = source.find(FILES, {"claim_id": claim_id}, [("added_at", 1), ("_id", 1)])
    return [file_of(doc) for doc in found]


def load(source: Source, file_id: str) -> ClaimFile | None:
    """Return a file's row, or None."""
    doc = source.get(FILES, file_id)
    return file_of(doc) if doc else None


def save(unit: Unit, file: ClaimFile) -> None:
    """Write a file's row."""
    doc = unit.get(FILES, file.id)
    row = {"_id": file.id, **{name: value for name, value in vars(file).items() if name != "id"}}
    if doc is None:
        unit.insert(FILES, row)
    else:
        unit.save(FILES, {**doc, **row})


def to_scan(source: Source, limit: int) -> list[ClaimFile]:
    """Return files that wait for the scanner."""
    return [file_of(doc) for doc in source.find(FILES, {"scan": "waiting"}, [("_id", 1)], limit)]


def file_of(doc: Document) -> ClaimFile:
    """Return the file in a row."""
    return ClaimFile(**content(doc))
