"""Collections of follow-up: visits (one a class, person and month, by id) and guidance given."""

from typing import Any, Final

from contracts.events import acceptance_follow_up  # noqa: F401  (newest() finds what is declared there)
from services.acceptance.domain.follow_up import Guidance, Visit

KINDS: Final[dict[type, str]] = {Visit: "visits", Guidance: "guidance"}


def follow_up_indexes(database: Any) -> None:
    """Create the collections of follow-up and their indexes."""
    for name in sorted(set(KINDS.values()) - set(database.list_collection_names())):
        database.create_collection(name)
    for name in KINDS.values():
        database[name].create_index([("class_id", 1), ("_id", 1)], name="class")


def undecided_employments(database: Any) -> None:
    """Give each employment the region of its class, and the index by which those undecided are found."""
    regions = {each["_id"]: each["region"] for each in database["trainings"].find({}, {"region": 1})}
    for each in database["employments"].find({"region": {"$exists": False}}, {"class_id": 1}):
        region = regions.get(each["class_id"], "")
        database["employments"].update_one({"_id": each["_id"]}, {"$set": {"region": region}})
    undecided = [("registry_found", 1), ("found", 1), ("region", 1), ("_id", 1)]
    database["employments"].create_index(undecided, name="undecided")
