"""What settlement shows of payment batches and the bank's files, to officers of the region."""

from collections.abc import Mapping
from typing import Any, Final

from contracts.vocabularies import regions
from contracts.vocabularies.errors import Refusal
from services.chassis.actor import Actor
from services.chassis.calls import Reader
from services.chassis.paging import newest_first
from services.settlement import batch_files
from services.settlement.batch_files import PayeeDetails
from services.settlement.domain.payments import OPEN
from services.settlement.store import batches as store
from services.settlement.store.documents import Document, day

_FILES: Final = {"pain.001": ("xml", "application/xml"), "csv": ("csv", "text/csv")}


def batch(doc: Document) -> dict[str, Any]:
    """Return a batch's document as it is answered."""
    found = store.batch_of(doc)
    return {**vars(found), "version": doc["version"], "lines": found.lines}


def visible_batch(reader: Reader, batch_id: str) -> Document:
    """Return a batch of the officer's region. Raises Refusal `not_found` or `region.forbidden`."""
    doc = reader.get(store.BATCHES, batch_id)
    if doc is None:
        raise Refusal("not_found", what=f"batch/{batch_id}")
    reader.actor.require_region(doc["region"])
    return doc


def batches(reader: Reader, body: Mapping[str, Any]) -> dict[str, Any]:
    """List the batches of the officer's region, newest first."""
    filter: dict[str, Any] = {"region": {"$in": _regions(reader.actor)}}
    filter |= {name: body[name] for name in ("status", "fund_account") if body[name] is not None}
    found, following = newest_first(reader, store.BATCHES, filter, "built_at", body)
    return {"items": [batch(doc) for doc in found], "next": following}


def batch_file(reader: Reader, body: Mapping[str, Any], details: PayeeDetails) -> dict[str, Any]:
    """Make a batch's file for an officer. Raises Refusal `settlement.batch_without_payees`."""
    found = store.batch_of(visible_batch(reader, body["batch_id"]))
    lines = [line for line in store.lines(reader, found.instructions).values() if line.batch_id == found.id]
    # what came back or was stopped must not be paid by a file that is carried to the counter
    lines = [line for line in lines if line.status in (*OPEN, "paid")]
    why = f"{reader.actor.account}：{body['purpose']}"
    lines.sort(key=lambda line: line.id)
    made = batch_files.contents(found, lines, details, why, reader.now)
    if not made.orders.orders:
        raise Refusal("settlement.batch_without_payees")
    content = batch_files.write(made.orders, body["format"], reader.now, body["encoding"])
    ending, media_type = _FILES[body["format"]]
    return {
        "batch_id": found.id,
        "format": body["format"],
        "file_name": f"{found.id}.{ending}",
        "media_type": media_type,
        "sha256": batch_files.digest(content),
        "lines": len(made.orders.orders),
        "total_fen": made.orders.total_fen,
        "content": content,
    }


def bank_file(doc: Document) -> dict[str, Any]:
    """Return the record of an imported file as it is answered."""
    return {**doc, "id": doc["_id"], "first": day(doc["first"]), "last": day(doc["last"])}


def bank_files(reader: Reader, body: Mapping[str, Any]) -> dict[str, Any]:
    """List what was imported of the officer's region, newest first."""
    filter: dict[str, Any] = {"region": {"$in": _regions(reader.actor)}}
    filter |= {} if body["kind"] is None else {"kind": body["kind"]}
    found, following = newest_first(reader, store.BANK_FILES, filter, "imported_at", body)
    return {"items": [bank_file(doc) for doc in found], "next": following}


def _regions(actor: Actor) -> list[str]:
    if actor.region is None:
        return []
    return [code for code in regions.CODES if regions.covers(actor.region, code)]
