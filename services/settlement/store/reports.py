"""What reports of the funds read: sums of entries, and what the claim table says."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from services.settlement.domain.reports import ClaimFacts, Moved
from services.settlement.store.snapshot import PAGE, Snapshot

_FIELDS = ("kind", "payee", "people", "refused_people")


def moved(source: Snapshot, chains: Sequence[str], start: datetime, end: datetime) -> Iterator[Moved]:
    """Return the sums of the chains' entries before `end`, by claim, ledger account and period."""
    line = {"$ifNull": ["$postings.payment_id", {"$ifNull": ["$payment_id", None]}]}
    pipeline: list[dict[str, Any]] = [
        {"$match": {"chain": {"$in": list(chains)}, "at": {"$lt": end}}},
        {"$unwind": "$postings"},
        {
            "$group": {
                "_id": {
                    "chain": "$chain",
                    "claim_id": "$claim_id",
                    "account": "$postings.account",
                    "in_period": {"$gte": ["$at", start]},
                    "through_bank": {"$ne": [line, None]},
                },
                "fen": {"$sum": "$postings.amount_fen"},
                # what came back after it was paid is taken off again
                "lines": {"$sum": {"$cond": [{"$gt": ["$postings.amount_fen", 0]}, 1, -1]}},
            }
        },
    ]
    for doc in source.total("entries", pipeline):
        yield Moved(**doc["_id"], fen=doc["fen"], lines=doc["lines"])


def claim_facts(
    source: Snapshot, chains: Sequence[str], named: set[str], start: datetime, end: datetime
) -> dict[str, ClaimFacts]:
    """Return the table's word on the claims of these accounts and on those that the entries name."""
    paid = _paid(source, chains, start, end)
    found: dict[str, ClaimFacts] = {}
    for doc in source.stream("claims", {"fund_account": {"$in": list(chains)}}, only=_FIELDS):
        found[doc["_id"]] = _facts(doc, paid)
    # claims that gave their encumbrance back have no account any more
    missing = iter(sorted(named - set(found)))
    while page := list(islice(missing, PAGE)):
        for doc in source.stream("claims", {"_id": {"$in": page}}, only=_FIELDS):
            found[doc["_id"]] = _facts(doc, paid)
    return found


def _paid(source: Snapshot, chains: Sequence[str], start: datetime, end: datetime) -> dict[str, int]:
    pipeline: list[dict[str, Any]] = [
        {
            "$match": {
                "fund_account": {"$in": list(chains)},
                "status": "paid",
                "settled_at": {"$gte": start, "$lt": end},
            }
        },
        {"$group": {"_id": "$claim_id", "fen": {"$sum": "$amount_fen"}}},
    ]
    paid = {doc["_id"]: doc["fen"] for doc in source.total("payments", pipeline)}
    came_back = {"fund_account": {"$in": list(chains)}, "undone.0": {"$exists": True}}
    for doc in source.stream("payments", came_back, only=("claim_id", "amount_fen", "undone")):
        for each in doc["undone"]:
            times = (start <= each["paid_at"] < end) - (start <= each["returned_at"] < end)
            paid[doc["claim_id"]] = paid.get(doc["claim_id"], 0) + times * doc["amount_fen"]
    return paid


def _facts(doc: dict[str, Any], paid: dict[str, int]) -> ClaimFacts:
    people = doc["people"] - doc["refused_people"]
    return ClaimFacts(doc["kind"], doc.get("payee", "provider"), people, paid.get(doc["_id"], 0))
