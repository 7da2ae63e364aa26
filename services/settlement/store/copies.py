"""What other services told: persons, bodies, projects, classes, certificates, employment. Copies, never
changed here.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.modes import EMPLOYMENT_SKILLS, PROJECT_TYPE
from services.chassis.unit import Unit
from services.policy import Certificate, EmploymentFact
from services.settlement.domain.evidence import Attendance, Person, Project, TrainingClass
from services.settlement.domain.kinds.certificate_batch import Issued
from services.settlement.store import checks
from services.settlement.store.documents import Document, Source, day, plain

PERSON_CHANGES: Final[Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]]] = {
    "intake.person.registered": lambda data: {"region": data["region"], "groups": list(data["groups"])},
    "intake.person.verified": lambda data: {"verified": True, **checks.person_verified(data)},
    "intake.person.refused": lambda _: {"verified": False},
    "intake.person.forgotten": lambda _: {"verified": False, "forgotten": True},
}
BODY_CHANGES: Final[Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]]] = {
    "intake.body.registered": lambda data: {
        name: data[name] for name in ("kind", "name", "region", "credit_code")
    },
    "intake.body.verified": lambda data: {"verified": True, **checks.body_verified(data)},
    "intake.body.refused": lambda _: {"verified": False},
}
OPERATION: Final = "operation"
_PROJECT: Final = (
    "name",
    "region",
    "occupation",
    "level",
    "standard_fen",
    "standard_rule",
    "illustrative",
    "organisation",
    "training_kind",
)
_CLASS: Final[Mapping[str, tuple[str, ...]]] = {
    "acceptance.class.confirmed": ("project_id", "provider_ref", "name"),
    "acceptance.class.changed": ("project_id", "provider_ref", "name"),
    "acceptance.class.carried_out": ("last_session_ended", "attendance"),
    "acceptance.class.completed": ("completed",),
}


def project_changes(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a listing says of a project."""
    return {name: data[name] for name in _PROJECT}


def class_changes(type: str, data: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """Return what a fact says of a class; at: when it was told."""
    if type == "acceptance.class.roster_filed":
        return {
            "project_id": data["project_id"],
            "roster": sorted(set(data["person_refs"])),
            "roster_day": today_in_shanghai(at),
        }
    if type == "acceptance.class.stopped":
        return {"stopped": True}
    changes = {name: data[name] for name in _CLASS[type]}
    if type in ("acceptance.class.confirmed", "acceptance.class.changed"):
        changes["hours"] = sum(session["hours"] for session in data["sessions"])
        changes["first_day"] = today_in_shanghai(min(session["starts"] for session in data["sessions"]))
    return changes | checks.class_told(type, data)


def accounts_changed(source: Source, refs: Sequence[str]) -> dict[str, int]:
    """Return how often each of these people has changed the bank account."""
    found = source.find("people", {"_id": {"$in": sorted(set(refs))}})
    return {doc["_id"]: int(doc.get("account_changes", 0)) for doc in found}


def put(unit: Unit, collection: str, id: str, changes: Mapping[str, Any]) -> None:
    """Write what a fact says over what is known of the same thing."""
    doc = unit.get(collection, id)
    if doc is None:
        unit.insert(collection, {"_id": id, **plain(changes)})
    else:
        unit.save(collection, {**doc, **plain(changes)})


def count_account_change(unit: Unit, person_ref: str) -> None:
    """Count one more change of a person's bank account."""
    put(unit, "people", person_ref, {"account_changes": account_changes(unit, person_ref) + 1})


def account_changes(source: Source, person_ref: str) -> int:
    """Return how often a person has given or changed the bank account."""
    return int((source.get("people", person_ref) or {}).get("account_changes", 0))


def told_of(source: Source, refs: Sequence[str]) -> dict[str, Document]:
    """Return what was told of people, by their ids; who is not known is left out."""
    found = source.find("people", {"_id": {"$in": sorted(set(refs))}})
    return {doc["_id"]: doc for doc in found}


def people(source: Source, refs: Sequence[str]) -> dict[str, Person]:
    """Return the known persons among the references."""
    return {doc["_id"]: _person(doc) for doc in source.find("people", {"_id": {"$in": list(refs)}})}


def body(source: Source, ref: str) -> Document | None:
    """Return a body's name and whether it is verified."""
    return source.get("bodies", ref)


def project(source: Source, id: str) -> Project | None:
    """Return a listed project, None while only its award is known."""
    doc = source.get("projects", id)
    if doc is None or "region" not in doc:
        return None
    return Project(
        id=id,
        region=doc["region"],
        occupation=doc["occupation"],
        level=doc["level"],
        provider_ref=doc.get("provider_ref"),
        provider_name=doc.get("provider_name"),
        price_fen=doc.get("price_fen"),
        organisation=doc.get("organisation", PROJECT_TYPE),
        training_kind=doc.get("training_kind", EMPLOYMENT_SKILLS),
    )


def rostered_classes(source: Source, project_id: str) -> list[TrainingClass]:
    """Return a project's classes whose roster is filed and that were not stopped, in the order of their
    ids.
    """
    found = source.find("classes", {"project_id": project_id}, sort=[("_id", 1)])
    return [_class(doc) for doc in found if doc.get("roster") and not doc.get("stopped")]


def rostered_class(source: Source, class_id: str) -> TrainingClass | None:
    """Return a class whose roster is filed and that was not stopped, or None."""
    doc = source.get("classes", class_id)
    return _class(doc) if doc and doc.get("roster") and not doc.get("stopped") else None


def classes_to_come(source: Source, project_id: str) -> list[str]:
    """Return the project's confirmed classes that are not known to be carried out or stopped."""
    found = source.find("classes", {"project_id": project_id}, sort=[("_id", 1)])
    return [doc["_id"] for doc in found if not doc.get("last_session_ended") and not doc.get("stopped")]


def certificates(source: Source, project_id: str, class_id: str | None = None) -> dict[str, Certificate]:
    """Return a project's certificates (or one class's) by person; of several the first by date and number."""
    of_class = {"class_id": class_id} if class_id is not None else {}
    found = source.find("certificates", {"project_id": project_id, **of_class})
    made = {}
    for doc in sorted(found, key=lambda row: (row["issued_on"], row["_id"]), reverse=True):
        made[doc["person_ref"]] = _certificate(doc)
    return made


def issued(source: Source, numbers: Sequence[str]) -> dict[str, Issued]:
    """Return the registered certificates among these numbers."""
    found = source.find("certificates", {"_id": {"$in": list(numbers)}})
    return {
        doc["_id"]: Issued(
            _certificate(doc),
            doc["person_ref"],
            doc["assessor_ref"],
            doc["class_id"],
            doc.get("kind") == OPERATION,
        )
        for doc in found
    }


def operations(source: Source, person_refs: Sequence[str]) -> dict[str, str]:
    """Return each person's first operation certificate that is known, by date and number."""
    query = {"person_ref": {"$in": sorted(set(person_refs))}, "kind": OPERATION}
    found = sorted(source.find("certificates", query), key=lambda row: (row["issued_on"], row["_id"]))
    return {doc["person_ref"]: doc["_id"] for doc in reversed(found)}


def skill_certificates(source: Source, class_id: str) -> dict[str, Certificate]:
    """Return a class's certificates of a skill by person, operation certificates left out."""
    query = {"class_id": class_id, "kind": {"$ne": OPERATION}}
    found = sorted(source.find("certificates", query), key=lambda row: (row["issued_on"], row["_id"]))
    return {doc["person_ref"]: _certificate(doc) for doc in reversed(found)}


def providers(source: Source, class_ids: Sequence[str]) -> dict[str, str]:
    """Return who ran each class."""
    found = source.find("classes", {"_id": {"$in": sorted(set(class_ids))}})
    return {doc["_id"]: doc.get("provider_ref", "") for doc in found}


def insured_in(source: Source, employer_code: str, refs: Sequence[str], month: str) -> frozenset[str]:
    """Return whom the employment registry knows in a firm in a month (YYYY-MM)."""
    ids = [f"{employer_code}:{month}:{ref}" for ref in refs]
    found = source.find("wage_checks", {"_id": {"$in": ids}})
    return frozenset(doc["person_ref"] for doc in found if doc["insured"])


def employment(source: Source, project_id: str, class_id: str | None = None) -> list[EmploymentFact]:
    """Return the proven employments of a project's people (or one class's), in the order of their ids."""
    of_class = {"class_id": class_id} if class_id is not None else {}
    found = source.find(
        "employments", {"project_id": project_id, "proven": True, **of_class}, sort=[("_id", 1)]
    )
    return [EmploymentFact(doc["person_ref"], date.fromisoformat(doc["since"]), True) for doc in found]


def roster_of(source: Source, project_id: str) -> set[str]:
    """Return everyone on a filed roster of the project."""
    return {ref for each in rostered_classes(source, project_id) for ref in each.roster}


def roster_of_class(source: Source, class_id: str) -> set[str]:
    """Return everyone on the filed roster of a class."""
    found = rostered_class(source, class_id)
    return set(found.roster) if found else set()


def _certificate(doc: Document) -> Certificate:
    return Certificate(doc["_id"], doc["occupation"], doc["level"], date.fromisoformat(doc["issued_on"]))


def _person(doc: Document) -> Person:
    return Person(
        doc["_id"],
        bool(doc.get("verified")) and not doc.get("forgotten"),
        doc.get("draws_pension"),
        tuple(doc.get("groups", ())),
    )


def _class(doc: Document) -> TrainingClass:
    ended: datetime | None = doc.get("last_session_ended")
    completed = doc.get("completed")
    return TrainingClass(
        id=doc["_id"],
        project_id=doc["project_id"],
        provider_ref=doc.get("provider_ref", ""),
        roster=tuple(doc["roster"]),
        roster_day=date.fromisoformat(doc["roster_day"]),
        last_session_ended=ended,
        attendance=tuple(
            Attendance(row["person_ref"], tuple(date.fromisoformat(each) for each in row["days"]))
            for row in doc.get("attendance", ())
        ),
        completed=None if completed is None else tuple(completed),
        hours=doc.get("hours"),
        first_day=day(doc.get("first_day")),
    )
