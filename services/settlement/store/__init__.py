"""What settlement keeps in MongoDB: the only modules that know what its documents look like."""

from collections.abc import Callable
from typing import Any, Final

from pymongo import ASCENDING, DESCENDING
from pymongo.database import Database

from services.settlement.store.batches import batch_indexes
from services.settlement.store.bookings import credit_index, mark_strangers
from services.settlement.store.checks import assessments_of_old_claims, check_indexes
from services.settlement.store.estimates import estimate_indexes
from services.settlement.store.files import file_indexes
from services.settlement.store.list_indexes import list_indexes
from services.settlement.store.review_indexes import objections_and_recoveries, receipts_of_recoveries
from services.settlement.store.row_steps import trainings_by_class, uplifts_by_project
from services.settlement.store.suspense import suspense_indexes

COLLECTIONS: Final = (
    "people",
    "bodies",
    "projects",
    "classes",
    "certificates",
    "employments",
    "claims",
    "calculations",
    "limit_rows",
    "claim_hands",
    "fund_accounts",
    "entries",
    "payments",
    "bank_lines",
    "bank_days",
)


def collections_and_indexes(database: "Database[dict[str, Any]]") -> None:
    """Create the collections (a transaction should not have to) and their indexes."""
    known = set(database.list_collection_names())
    for name in COLLECTIONS:
        if name not in known:
            database.create_collection(name)
    database["classes"].create_index([("project_id", ASCENDING)])
    database["certificates"].create_index([("project_id", ASCENDING)])
    database["employments"].create_index([("project_id", ASCENDING)])
    database["claims"].create_index([("status", ASCENDING), ("region", ASCENDING), ("_id", ASCENDING)])
    database["claims"].create_index([("claimant_ref", ASCENDING), ("_id", ASCENDING)])
    database["claims"].create_index([("project_id", ASCENDING), ("kind", ASCENDING)])
    database["limit_rows"].create_index([("claims", ASCENDING)])
    database["entries"].create_index([("chain", ASCENDING), ("number", ASCENDING)], unique=True)
    database["payments"].create_index([("status", ASCENDING), ("_id", ASCENDING)])
    database["payments"].create_index([("claim_id", ASCENDING), ("_id", ASCENDING)])
    database["payments"].create_index([("payee_ref", ASCENDING), ("_id", DESCENDING)])
    database["payments"].create_index([("fund_account", ASCENDING)])
    database["bank_lines"].create_index([("line_id", ASCENDING)])


def payees_of_claims(database: "Database[dict[str, Any]]") -> None:
    """Say of each claim in which role its money is received."""
    unknown = {"payee": {"$exists": False}}
    database["claims"].update_many({**unknown, "kind": "living_cost"}, {"$set": {"payee": "person"}})
    database["claims"].update_many(unknown, {"$set": {"payee": "provider"}})


def closed_books(database: "Database[dict[str, Any]]") -> None:
    """Transfers, memorandum accounts, figures of the finance bureau, reconciliations and closed months."""
    known = set(database.list_collection_names())
    for name in ("transfers", "memorandum_accounts", "finance_balances", "reconciliations", "months"):
        if name not in known:
            database.create_collection(name)
    database["transfers"].create_index([("from_region", ASCENDING), ("at", DESCENDING)])
    database["transfers"].create_index([("to_region", ASCENDING), ("at", DESCENDING)])
    database["finance_balances"].create_index([("account_id", ASCENDING), ("day", DESCENDING)])
    database["reconciliations"].create_index([("region", ASCENDING), ("day", DESCENDING)])
    database["months"].create_index([("region", ASCENDING), ("month", DESCENDING)])
    database["fund_accounts"].create_index([("region", ASCENDING), ("year", ASCENDING)])
    database["claims"].create_index([("fund_account", ASCENDING)])
    database["entries"].create_index([("claim_id", ASCENDING)])
    database["entries"].create_index([("about", ASCENDING)])
    database["entries"].create_index([("chain", ASCENDING), ("at", ASCENDING)])


def kinds_of_claims(database: "Database[dict[str, Any]]") -> None:
    """Lists of claimants, and indexes for what kinds of claims look up: a class's people, a firm's staff."""
    known = set(database.list_collection_names())
    for name in ("claim_statements", "wage_checks"):
        if name not in known:
            database.create_collection(name)
    asked = {"to_compare": True}
    database["claim_statements"].create_index("to_compare", partialFilterExpression=asked)
    database["certificates"].create_index([("class_id", ASCENDING)])


def certificates_of_people(database: "Database[dict[str, Any]]") -> None:
    """An index for a person's earlier operation certificates."""
    wanted = {"kind": "operation"}
    database["certificates"].create_index("person_ref", partialFilterExpression=wanted)


def supports_of_regions(database: "Database[dict[str, Any]]") -> None:
    """What is asked of the province, listed by either side's region."""
    if "supports" not in database.list_collection_names():
        database.create_collection("supports")
    for side in ("from_region", "to_region"):
        database["supports"].create_index([(side, ASCENDING), ("asked_at", DESCENDING)])


MIGRATIONS: list[Callable[["Database[dict[str, Any]]"], None]] = [
    collections_and_indexes,
    payees_of_claims,
    closed_books,
    file_indexes,
    objections_and_recoveries,
    batch_indexes,
    kinds_of_claims,
    check_indexes,
    estimate_indexes,
    trainings_by_class,
    uplifts_by_project,
    list_indexes,
    assessments_of_old_claims,
    certificates_of_people,
    supports_of_regions,
    credit_index,
    receipts_of_recoveries,
    mark_strangers,
    suspense_indexes,
]
