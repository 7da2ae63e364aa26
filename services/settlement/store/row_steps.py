"""Steps that bring stored limit rows to the keys of today."""

import re
from typing import Any

from pymongo.database import Database


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


def _begins(project_id: str) -> str:
    return f"^{re.escape(project_id)}-"
