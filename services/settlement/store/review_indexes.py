"""Collections and indexes of objections, prepared reviews, recoveries and sanctions."""

from typing import Any

from pymongo import ASCENDING, DESCENDING
from pymongo.database import Database


def receipts_of_recoveries(database: "Database[dict[str, Any]]") -> None:
    """Indexes for an account's recoveries and their receipts."""
    database["recoveries"].create_index([("fund_account", ASCENDING)])
    database["recovery_receipts"].create_index([("recovery_id", ASCENDING)])


def objections_and_recoveries(database: "Database[dict[str, Any]]") -> None:
    """Objections, prepared reviews, recoveries with their receipts, sanctions."""
    known = set(database.list_collection_names())
    for name in ("claim_objections", "prepared_reviews", "recoveries", "recovery_receipts", "sanctions"):
        if name not in known:
            database.create_collection(name)
    database["claims"].create_index([("status", ASCENDING), ("notice_until", DESCENDING)])
    database["claim_objections"].create_index([("region", ASCENDING), ("filed_at", DESCENDING)])
    database["claim_objections"].create_index([("filed_by", ASCENDING), ("filed_at", DESCENDING)])
    database["prepared_reviews"].create_index([("claim_id", ASCENDING), ("commissioned_at", ASCENDING)])
    database["prepared_reviews"].create_index([("body_ref", ASCENDING), ("commissioned_at", DESCENDING)])
    database["recoveries"].create_index([("claim_id", ASCENDING), ("_id", ASCENDING)])
    database["recoveries"].create_index([("payee_ref", ASCENDING), ("status", ASCENDING)])
    database["recoveries"].create_index([("region", ASCENDING), ("ordered_at", DESCENDING)])
    database["sanctions"].create_index([("body_ref", ASCENDING), ("at", DESCENDING)])
    database["sanctions"].create_index([("region", ASCENDING), ("at", DESCENDING)])
