"""What intake keeps, and how it looks in MongoDB."""

from collections.abc import Sequence
from typing import Any, Final

from pymongo.database import Database

from services.chassis.migrate import Step
from services.intake.store.kept import deletion_rows
from services.intake.store.vault import KEYS


def keys_by_name(database: "Database[dict[str, Any]]") -> None:
    """One data key for each person, as MongoDB's client-side encryption asks for."""
    database[KEYS].create_index(
        "keyAltNames",
        name="name",
        unique=True,
        partialFilterExpression={"keyAltNames": {"$exists": True}},
    )
    database[KEYS].create_index("creationDate", name="made")


def indexes(database: "Database[dict[str, Any]]") -> None:
    """Indexes of the lists and of the jobs."""
    for name in ("persons", "bodies"):
        database[name].create_index(
            [("status", 1), ("_id", 1)],
            name="waiting",
            partialFilterExpression={"status": "submitted"},
        )
    demands = database["demands"]
    demands.create_index([("poster_ref", 1), ("posted_at", -1), ("_id", -1)], name="own")
    demands.create_index([("posted_by_ref", 1), ("posted_at", -1), ("_id", -1)], name="entered")
    demands.create_index([("region", 1), ("posted_at", -1), ("_id", -1)], name="region")
    demands.create_index("project_id", name="project")
    demands.create_index([("status", 1), ("wanted_from", 1)], name="lapse")
    database["employments"].create_index("found", name="waiting", partialFilterExpression={"found": None})
    for name in ("numbers", "logins", "codes", "open_demands", "disclosures"):
        database.create_collection(name)


def rechecks_and_contacts(database: "Database[dict[str, Any]]") -> None:
    """What waits to be asked again, certificates' answers, and who shares a phone or an account."""
    known = set(database.list_collection_names())
    for name in ("rechecks", "certificates"):
        if name not in known:
            database.create_collection(name)
    for field in ("phone_hash", "account_hash"):
        database["persons"].create_index(field, partialFilterExpression={field: {"$gt": ""}})


def wage_checks(database: "Database[dict[str, Any]]") -> None:
    """What the registry said of payrolls."""
    if "wage_checks" not in database.list_collection_names():
        database.create_collection("wage_checks")


def people_without_hashes(database: "Database[dict[str, Any]]") -> None:
    """Who was registered before there were hashes is found without looking at everybody."""
    none = {"phone_hash": None}
    database["persons"].create_index("phone_hash", name="no_hash", partialFilterExpression=none)


MIGRATIONS: Final[Sequence[Step]] = (
    keys_by_name,
    indexes,
    rechecks_and_contacts,
    wage_checks,
    people_without_hashes,
    deletion_rows,
)
