"""Indexes of lists that grow, whose order they give; what each older file of the bank was about."""

from typing import Any, Final

from pymongo import ASCENDING, DESCENDING
from pymongo.database import Database

from services.chassis.outside_bank import PAYER

LISTS: Final = (
    ("payments", "region", "ordered_at"),
    ("payments", "claimant_ref", "ordered_at"),
    ("claims", "region", "submitted_at"),
    ("claims", "claimant_ref", "submitted_at"),
    ("bank_files", "region", "imported_at"),
)


def list_indexes(database: "Database[dict[str, Any]]") -> None:
    """Give lists their indexes, and files of the bank their region; read the bank's statement anew."""
    for collection, whose, moment in LISTS:
        database[collection].create_index([(whose, ASCENDING), (moment, DESCENDING), ("_id", DESCENDING)])
    database["payments"].create_index([("settled_at", ASCENDING)])
    database["months"].create_index([("account_id", ASCENDING), ("month", ASCENDING)])
    # of which region's batch an older receipt was is not kept: it is the account holder's
    database["bank_files"].update_many({"region": {"$exists": False}}, {"$set": {"region": PAYER[:6]}})
    # pages may have been passed over; what is known already is not taken twice
    database["bank_days"].delete_one({"_id": "read"})
