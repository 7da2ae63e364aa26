"""Collections of sourcing beside notices and bids: the pool of experts, filings, papers with their bytes."""

from collections.abc import Mapping
from typing import Any, Final

from services.acceptance.domain.filings import Filing
from services.acceptance.domain.panel import Expert
from services.acceptance.store.codec import Document

PAPERS: Final = "papers"
KINDS: Final[Mapping[type, str]] = {Expert: "experts", Filing: "filings"}


def sourcing_indexes(database: Any) -> None:
    """Create the collections and their indexes; a panel that was named before panels were drawn stays."""
    for name in sorted({*KINDS.values(), PAPERS} - set(database.list_collection_names())):
        database.create_collection(name)
    database["experts"].create_index([("region", 1), ("_id", 1)], name="region")
    database["filings"].create_index([("sourcing_id", 1), ("_id", 1)], name="sourcing")
    for doc in database["sourcings"].find({"notice.panel": {"$exists": True}}):
        database["sourcings"].update_one({"_id": doc["_id"]}, {"$set": _drawn(doc)})


def _drawn(doc: Document) -> Document:
    """Return what a sourcing with a named panel has to say in the terms of a draw."""
    named, at = doc["notice"].pop("panel"), doc["published_at"]
    members = [
        {"account": each, "drawn_at": at, "declared_at": at, "conflict": None, "excused_at": None}
        for each in named
    ]
    draw = {
        "seed": "0" * 64, "order": named, "excluded": [], "seats": len(named), "members": members,
        "by": doc["published_by"], "at": at,
    }  # fmt: skip
    return {"notice": {**doc["notice"], "panel_seats": len(named)}, "draw": draw}


def add_paper(unit: Any, paper_id: str, sourcing_id: str, content: bytes) -> None:
    """Keep the bytes of a paper."""
    unit.insert(PAPERS, {"_id": paper_id, "sourcing_id": sourcing_id, "content": content})


def paper_content(reader: Any, paper_id: str) -> bytes:
    """Return the bytes of a paper."""
    return bytes(reader.get(PAPERS, paper_id)["content"])
