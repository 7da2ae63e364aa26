"""What intake keeps, and how it looks in MongoDB."""

from collections.abc import Sequence
from typing import Any, Final

from pymongo.database import Database

from services.chassis.migrate import Step
from services.intake.store import answers, imports
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


def demand_terms_and_mandates(database: "Database[dict[str, Any]]") -> None:
    """When a demand lapses stands in it; what may be double and what was entered under a mandate is found."""
    demands = database["demands"]
    # as it was reckoned until then: a year after the wanted start
    wanted = {"$dateFromString": {"dateString": "$wanted_from"}}
    dated = {
        name: {
            "$dateToString": {
                "date": {"$dateAdd": {"startDate": wanted, "unit": "day", "amount": days}},
                "format": "%Y-%m-%d",
            }
        }
        for name, days in (("lapses_on", 365), ("warns_on", 335))
    }
    unset = {"lapses_on": {"$exists": False}}
    firm = {"$concat": [":", "$level"]}
    level = {"$cond": [{"$eq": ["$kind", "worker"]}, "", firm]}
    alike = {"$concat": ["alike:", "$poster_ref", ":", "$occupation", level]}
    demands.update_many(unset, [{"$set": {**dated, "warned": False, "agent_active": True, "alike": alike}}])
    demands.aggregate(
        [
            {"$match": {"status": {"$in": ["submitted", "verified", "listed"]}}},
            {"$sort": {"_id": 1}},
            {"$group": {"_id": "$alike", "demand_id": {"$first": "$_id"}}},
            {"$set": {"version": 1, "seq": 0}},
            {"$merge": {"into": "open_demands", "whenMatched": "keepExisting"}},
        ],
        allowDiskUse=True,
    )
    demands.create_index([("status", 1), ("lapses_on", 1)], name="lapse_day")
    demands.create_index([("status", 1), ("warned", 1), ("warns_on", 1)], name="warn_day")
    some = {"suspected_of": {"$gt": ""}}
    by_place = [("region", 1), ("posted_at", -1), ("_id", -1)]
    demands.create_index(by_place, name="suspected", partialFilterExpression=some)
    demands.create_index([("alike", 1), ("status", 1)], name="alike")
    demands.create_index("mandate_id", name="mandate", partialFilterExpression={"mandate_id": {"$gt": ""}})
    mandates = database["mandates"]
    for party in ("principal_ref", "agency_ref", "region"):
        mandates.create_index([(party, 1), ("recorded_at", -1), ("_id", -1)], name=party)
    mandates.create_index([("status", 1), ("valid_until", 1)], name="expiry")


MIGRATIONS: Final[Sequence[Step]] = (
    keys_by_name,
    indexes,
    rechecks_and_contacts,
    wage_checks,
    people_without_hashes,
    imports.demand_imports,
    answers.registry_answers,
    demand_terms_and_mandates,
    deletion_rows,
)
