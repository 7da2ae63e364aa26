"""Steps that bring stored limit rows to the keys of today."""

import re
from typing import Any

from pymongo.database import Database

from contracts.vocabularies.modes import PROJECT_TYPE
from services.settlement.domain.kinds.employment_uplift import payment_row


def trainings_by_class(database: "Database[dict[str, Any]]") -> None:
    """Say of each row of a class's training subsidy that it belongs to the class, not to the project."""
    kinds = {"kind": {"$in": ["class_training", "person_training"]}}
    for claim in database["claims"].find(kinds, {"project_id": 1, "class_id": 1}):
        project_id = claim["project_id"]
        # where two classes of a project have joined a row, it is the first one's
        old = {"claims": claim["_id"], "claims.0": claim["_id"], "subject": {"$regex": _begins(project_id)}}
        person = {"$substrCP": ["$subject", len(project_id), {"$strLenCP": "$subject"}]}
        new = {"$set": {"subject": {"$concat": [claim["class_id"], person]}}}
        database["limit_rows"].update_many(old, [new])


def uplifts_by_project(database: "Database[dict[str, Any]]") -> None:
    """Hold the uplift of a class of a project paid in stages by the project's row: once for each person."""
    for claim in database["claims"].find({"kind": "employment_uplift"}, {"project_id": 1, "class_id": 1}):
        project = database["projects"].find_one({"_id": claim["project_id"]}) or {}
        if project.get("organisation", PROJECT_TYPE) != PROJECT_TYPE:
            continue
        for row in list(database["limit_rows"].find({"claims": claim["_id"], "kind": "payment"})):
            person = row["subject"].removeprefix(f"{claim['class_id']}-")
            jurisdiction = row["_id"].split(":")[0]
            _rekey(database, row, payment_row(claim["project_id"], person, jurisdiction))


def _rekey(database: "Database[dict[str, Any]]", row: dict[str, Any], id: str) -> None:
    known = database["limit_rows"].find_one({"_id": id})
    if row["_id"] == id or (known and known["claims"] != row["claims"]):
        # done already, or an uplift that was paid twice: its own row stays
        return
    database["limit_rows"].replace_one({"_id": id}, {**row, "_id": id}, upsert=True)
    database["limit_rows"].delete_one({"_id": row["_id"]})


def _begins(project_id: str) -> str:
    return f"^{re.escape(project_id)}-"
