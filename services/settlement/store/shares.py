"""What reports of shares read: lines that were paid in a period, and firms' own spending."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from services.policy import Calculation, Line
from services.settlement.domain.ledger import NOTED
from services.settlement.store.snapshot import Snapshot

_TRAINING = ["class_training", "person_training"]


def paid_lines(
    source: Snapshot, regions: Sequence[str], kind: str, start: datetime, end: datetime
) -> Iterator[Line]:
    """Go through the lines of training of a kind that was paid for in a period, claim by claim."""
    paid = {"status": "paid", "region": {"$in": list(regions)}, "settled_at": {"$gte": start, "$lt": end}}
    claims = source.total(
        "payments", [{"$match": paid}, {"$group": {"_id": "$claim_id"}}, {"$sort": {"_id": 1}}]
    )
    for row in claims:
        claim = source.get("claims", row["_id"])
        if claim is None or claim["kind"] not in _TRAINING:
            continue
        doc = source.get("calculations", f"{claim['_id']}:{claim['attempt']}")
        if doc is not None and doc["facts"]["training"]["kind"] == kind:
            yield from Calculation.from_dict(doc["calculation"]).lines


def spent_by_firm(
    source: Snapshot, chains: Sequence[str], start: datetime, end: datetime
) -> dict[tuple[str, str], int]:
    """Return what was noted in these memorandum accounts in a period, by (region, firm)."""
    pipeline: list[dict[str, Any]] = [
        {"$match": {"chain": {"$in": list(chains)}, "at": {"$gte": start, "$lt": end}, "about": {"$gt": ""}}},
        {"$unwind": "$postings"},
        {"$match": {"postings.account": NOTED}},
        {"$group": {"_id": {"chain": "$chain", "about": "$about"}, "fen": {"$sum": "$postings.amount_fen"}}},
    ]
    found: dict[tuple[str, str], int] = {}
    for doc in source.total("entries", pipeline):
        key = (doc["_id"]["chain"].split(":")[1], doc["_id"]["about"])
        found[key] = found.get(key, 0) + doc["fen"]
    return found
