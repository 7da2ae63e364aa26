"""What came of demands in their projects, the classes it came from, and the figures over both.

completions  who completed a class, by class (references only)      outcomes  one a demand with somebody
trained
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from pymongo.database import Database

from services.catalogue.domain.headcounts import Outcome
from services.catalogue.store.demands import DEMANDS
from services.catalogue.store.narrowing import narrowed, within
from services.catalogue.store.projects import PROJECTS
from services.chassis.calls import Reader
from services.chassis.unit import Unit

COMPLETIONS: Final = "completions"
OUTCOMES: Final = "outcomes"
_GONE: Final = ("returned", "withdrawn", "lapsed")
_BUCKETS: Final = ("waiting", "open", "planned", "unmet", "gone")


def outcome_indexes(database: "Database[dict[str, Any]]") -> None:
    """Create the collections (a transaction cannot, when two try at once) and their indexes."""
    for name in sorted({COMPLETIONS, OUTCOMES} - set(database.list_collection_names())):
        database.create_collection(name)
    database[COMPLETIONS].create_index("project_id", name="project")
    database[OUTCOMES].create_index("project_id", name="project")


def add_completion(unit: Unit, class_id: str, project_id: str, people: Iterable[str]) -> None:
    """Keep who completed a class, once."""
    if unit.get(COMPLETIONS, class_id) is None:
        doc = {"_id": class_id, "project_id": project_id, "people": sorted(people)}
        unit.insert(COMPLETIONS, doc)


def completed_in(unit: Unit, project_id: str) -> dict[str, list[str]]:
    """Return who completed each class of a project, by the class's id."""
    return {doc["_id"]: doc["people"] for doc in unit.find(COMPLETIONS, {"project_id": project_id})}


def save_outcomes(unit: Unit, project_id: str, found: Iterable[Outcome]) -> None:
    """Store what came of demands of a project; a demand that nobody was trained for has no row."""
    for outcome in found:
        doc = unit.get(OUTCOMES, outcome.demand_id)
        if doc is None and not outcome.met:
            continue
        values = {"project_id": project_id, "met": outcome.met, "by_class": dict(outcome.by_class)}
        if doc is None:
            unit.insert(OUTCOMES, {"_id": outcome.demand_id, **values})
        else:
            unit.save(OUTCOMES, {**doc, **values})


def trained_in(reader: Reader, project_ids: Iterable[str]) -> dict[str, int]:
    """Return how many people completed classes of each project."""
    pipeline = [
        {"$match": {"project_id": {"$in": list(project_ids)}}},
        {"$group": {"_id": "$project_id", "people": {"$sum": {"$size": "$people"}}}},
    ]
    return {row["_id"]: row["people"] for row in reader.database[COMPLETIONS].aggregate(pipeline)}


def outcomes_of(source: Reader | Unit, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return the rows of outcomes that there are among these demands, by id."""
    return source.get_all(OUTCOMES, ids)


def headcount(reader: Reader, asked: Mapping[str, Any], region: str | None) -> dict[str, int]:
    """Return demands, people asked for, and where they stand."""
    pipeline = [
        {"$match": _filter(asked, region)},
        *_STANDING,
        {
            "$group": {
                "_id": "$state",
                "demands": {"$sum": 1},
                "left": {"$sum": {"$subtract": ["$headcount", "$met"]}},
                "met": {"$sum": "$met"},
            }
        },
    ]
    sums = dict.fromkeys(("demands", "asked", "met", *_BUCKETS), 0)
    for row in reader.database[DEMANDS].aggregate(pipeline):
        sums["demands"] += row["demands"]
        sums["asked"] += row["left"] + row["met"]
        sums[row["_id"]] += row["left"]
        sums["met"] += row["met"]
    return sums


def headcount_page(
    reader: Reader, asked: Mapping[str, Any], region: str | None
) -> tuple[list[dict[str, Any]], str | None]:
    """Return a page of demands with where their people stand, by id, and the next cursor."""
    match = _filter(asked, region)
    if asked["cursor"] is not None:
        match = {"$and": [match, {"_id": {"$gt": asked["cursor"]}}]}
    pipeline = [{"$match": match}, {"$sort": {"_id": 1}}, *_STANDING]
    if asked["state"] == "met":
        pipeline.append({"$match": {"met": {"$gt": 0}}})
    elif asked["state"] is not None:
        people = {"$expr": {"$gt": ["$headcount", "$met"]}}
        pipeline.append({"$match": {"state": asked["state"], **people}})
    pipeline.append({"$limit": asked["limit"] + 1})
    rows = list(reader.database[DEMANDS].aggregate(pipeline))
    page = rows[: asked["limit"]]
    return page, page[-1]["_id"] if len(rows) > len(page) else None


def _filter(asked: Mapping[str, Any], region: str | None) -> dict[str, Any]:
    own = {"project_id": asked["project_id"]} if asked["project_id"] else {}
    return {
        **{name: value for name, value in narrowed(asked).items() if name != "status"},
        **within(asked["region"] or region),
        **own,
    }


# the same as domain.headcounts.places, for many demands at once
_STANDING: Final[list[dict[str, Any]]] = [
    {"$lookup": {"from": OUTCOMES, "localField": "_id", "foreignField": "_id", "as": "outcome"}},
    {"$lookup": {"from": PROJECTS, "localField": "project_id", "foreignField": "_id", "as": "project"}},
    {
        "$addFields": {
            "met": {"$ifNull": [{"$first": "$outcome.met"}, 0]},
            "by_class": {"$ifNull": [{"$first": "$outcome.by_class"}, {}]},
            "closed": {"$eq": [{"$first": "$project.status"}, "closed"]},
        }
    },
    {"$unset": ["outcome", "project"]},
    {
        "$addFields": {
            "state": {
                "$switch": {
                    "branches": [
                        {"case": {"$in": ["$status", list(_GONE)]}, "then": "gone"},
                        {"case": {"$eq": ["$status", "submitted"]}, "then": "waiting"},
                        {"case": "$open", "then": "open"},
                        {"case": {"$or": ["$closed", {"$eq": ["$status", "met"]}]}, "then": "unmet"},
                    ],
                    "default": "planned",
                }
            }
        }
    },
]


def met_in(reader: Reader, project_id: str) -> int:
    """Return how many people of a project's demands were trained in it."""
    return sum(row["met"] for row in reader.find(OUTCOMES, {"project_id": project_id}))
