"""How selection's documents look, and how they are read and written inside a unit.

classes      what acceptance confirmed, by class id
seatings     the seats of one class, by class id
seats        one row a seat that is taken, `class:number`
enrolments   one row a choice
people       one row a person: facts, and what she has in hand
vouchers, batches
devices      one row a device that signs in, by the SHA-256 of its key: whose it is
projects     what a place in a class of the project costs
choice_batches  one row for choices that were taken together, of which one fact tells
"""

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, TypeVar

import contracts.events.selection  # noqa: F401 (declares the facts)
from contracts.registry import Event, newest
from contracts.vocabularies.errors import Refusal
from services.selection.domain.classes import TrainingClass
from services.selection.domain.costs import ENTERPRISE, Project
from services.selection.domain.eligibility import Asked
from services.selection.domain.people import Person
from services.selection.domain.seats import SEATED, Enrolment, Seating, Told
from services.selection.domain.vouchers import UNUSED
from services.selection.records.collections import record_rows

Document = dict[str, Any]
T = TypeVar("T")
ACTIVE = sorted(SEATED | {"waiting"})


def indexes(database: Any) -> None:
    """The queries of this service, and the collections, which a transaction may not make."""
    for name in ("classes", "seatings", "seats", "enrolments", "people", "vouchers", "batches"):
        if name not in database.list_collection_names():
            database.create_collection(name)
    database["seatings"].create_index("clearing", partialFilterExpression={"clearing": True})
    enrolments = database["enrolments"]
    enrolments.create_index([("class_id", 1), ("status", 1), ("place", 1)])
    enrolments.create_index([("class_id", 1), ("arrival", 1)], unique=True)
    enrolments.create_index([("person_ref", 1), ("chosen_at", -1), ("_id", -1)])
    enrolments.create_index("hold_until", partialFilterExpression={"status": "held"})
    database["vouchers"].create_index([("person_ref", 1), ("issued_at", -1), ("_id", -1)])
    database["vouchers"].create_index("batch_id")
    database["vouchers"].create_index([("status", 1), ("valid_until", 1)])


def device_rows(database: Any) -> None:
    """Whose device is whose, by the SHA-256 of its key."""
    if "devices" not in database.list_collection_names():
        database.create_collection("devices")


def voucher_issues(database: Any) -> None:
    """Batches by rule, reminders, holders of a class; what a place costs. Old vouchers are spoken of once."""
    for name in {"projects", "choice_batches"} - set(database.list_collection_names()):
        database.create_collection(name)
    vouchers, batches = database["vouchers"], database["batches"]
    vouchers.create_index("class_id", partialFilterExpression={"class_id": {"$type": "string"}})
    vouchers.create_index([("batch_id", 1), ("issued_at", -1), ("_id", -1)])
    vouchers.create_index("remind_at", partialFilterExpression={"remind_at": {"$type": "date"}})
    batches.create_index("status", partialFilterExpression={"status": "issuing"})
    batches.create_index([("region", 1), ("issued_at", -1)])
    database["people"].create_index([("region", 1), ("_id", 1)])
    week = {"$subtract": ["$valid_until", 7 * 86_400_000]}
    unused = {"status": {"$in": sorted(UNUSED)}, "remind_at": {"$exists": False}}
    vouchers.update_many(unused, [{"$set": {"remind_at": week}}])


MIGRATIONS = [indexes, device_rows, voucher_issues, record_rows]


def load_class(unit: Any, id: str) -> TrainingClass:
    """Return a confirmed class. Raises Refusal `not_found`."""
    doc = known(unit, "classes", id)
    spans = tuple((start, end) for start, end in doc["spans"])
    roster = None if doc["roster"] is None else tuple(doc["roster"])
    return object_of(TrainingClass, "id", {**doc, "spans": spans, "roster": roster})


def find_class(unit: Any, id: str) -> TrainingClass | None:
    """Return a class, None when it was never confirmed."""
    return load_class(unit, id) if unit.get("classes", id) else None


def save_class(unit: Any, found: TrainingClass) -> None:
    """Write a class as it now is."""
    roster = None if found.roster is None else list(found.roster)
    spans = [list(span) for span in found.spans]
    put(unit, "classes", found.id, {**values_of(found, "id"), "spans": spans, "roster": roster})


def asked_about(unit: Any, wanted: TrainingClass) -> Asked:
    """Return a class with what is known of its project, for eligibility."""
    doc = unit.get("projects", wanted.project_id)
    project = object_of(Project, "id", doc) if doc is not None and doc["region"] is not None else None
    runs_it = unit.get("reader_bodies", wanted.provider_ref)
    return Asked(wanted, project, runs_it is not None and runs_it["kind"] == ENTERPRISE)


def save_project(unit: Any, id: str, values: Document) -> None:
    """Keep what was heard of a project; its price may be heard before it is listed."""
    unheard = {each.name: None for each in fields(Project) if each.name != "id"}
    put(unit, "projects", id, (unheard if unit.get("projects", id) is None else {}) | values)


def load_seating(unit: Any, class_id: str) -> Seating:
    """Return the seats of a class. Raises Refusal `not_found`."""
    doc = known(unit, "seatings", class_id)
    return object_of(Seating, "class_id", {**doc, "free": tuple(doc["free"])})


def save_seating(unit: Any, seating: Seating, told: bool = True) -> None:
    """Write the seats of a class as they now are; told: whether that is a fact for others."""
    put(
        unit,
        "seatings",
        seating.class_id,
        {**values_of(seating, "class_id"), "free": list(seating.free)},
        [seating.told()] if told else (),
    )


def load_enrolment(unit: Any, id: str) -> Enrolment:
    """Return an enrolment. Raises Refusal `not_found`."""
    return enrolment_of(known(unit, "enrolments", id))


def target_enrolment(unit: Any, id: str) -> Enrolment:
    """Return the actor's enrolment. Raises Refusal `not_found`, `stale_version`, `owner.forbidden`."""
    return enrolment_of(own(unit, unit.target("enrolments", id)))


def enrolment_of(doc: Document) -> Enrolment:
    """Return the enrolment in a document."""
    return object_of(Enrolment, "id", doc)


def add_enrolment(unit: Any, enrolment: Enrolment) -> Document:
    """Write a new enrolment, with the row of its seat when it has one, and return its document.

    It is told of with the others that were taken together (tell_choices).
    """
    if enrolment.seat is not None:
        unit.insert("seats", _seat_row(enrolment))
    doc = {"_id": enrolment.id, **values_of(enrolment, "id")}
    stored: Document = unit.insert("enrolments", doc)
    return stored


def tell_choices(unit: Any, taken: Sequence[Enrolment]) -> None:
    """Tell of choices that were taken together, in their order."""
    names = ("id", "class_id", "status", "place", "hold_until")
    items = [{name: getattr(each, name) for name in names} for each in taken]
    data = {"items": items, "person_refs": [each.person_ref for each in taken]}
    batch = {"_id": unit.new_id(), "at": unit.now, "count": len(taken)}
    unit.insert("choice_batches", batch, events_of([("selection.choice_batch.taken", data)]))


def save_enrolment(unit: Any, enrolment: Enrolment, told: bool = True) -> Document:
    """Write an enrolment as it now is; told: whether its status is news. Returns its document."""
    return put(
        unit, "enrolments", enrolment.id, values_of(enrolment, "id"), [enrolment.told()] if told else ()
    )


def free_seat(unit: Any, enrolment: Enrolment) -> None:
    """Delete the row of the seat that an enrolment held, when it held one."""
    if enrolment.seat is not None:
        unit.delete("seats", _seat_id(enrolment))


def take_seat(unit: Any, enrolment: Enrolment) -> None:
    """Write the row of the seat that an enrolment has come to by moving up."""
    unit.insert("seats", _seat_row(enrolment))


def first_in_line(unit: Any, class_id: str) -> Enrolment | None:
    """Return who has waited longest for a class."""
    found = unit.find("enrolments", {"class_id": class_id, "status": "waiting"}, [("place", 1)], 1)
    return enrolment_of(found[0]) if found else None


def waiting_before(reader: Any, enrolment: Enrolment) -> int:
    """Return how many wait before this one."""
    before = {"class_id": enrolment.class_id, "status": "waiting", "place": {"$lt": enrolment.place}}
    count: int = reader.database["enrolments"].count_documents(before)
    return count


def choice_of(unit: Any, person_ref: str, class_id: str) -> Enrolment | None:
    """Return the enrolment by which a person is in a class, None when there is none (any more)."""
    doc = unit.get("people", person_ref)
    enrolment_id = doc["choices"].get(class_id) if doc else None
    return load_enrolment(unit, enrolment_id) if enrolment_id else None


def overdue(unit: Any, now: datetime, limit: int) -> list[Enrolment]:
    """Return the held enrolments whose hold is over, the longest overdue first."""
    due = {"status": "held", "hold_until": {"$lte": now}}
    return [enrolment_of(doc) for doc in unit.find("enrolments", due, [("hold_until", 1)], limit)]


def active_in(
    unit: Any, class_id: str, statuses: Iterable[str] = ACTIVE, without: Iterable[str] = (), limit: int = 0
) -> list[Enrolment]:
    """Return a class's enrolments in one of the statuses, in order of arrival, `without` some persons."""
    wanted = {
        "class_id": class_id,
        "status": {"$in": sorted(statuses)},
        "person_ref": {"$nin": sorted(without)},
    }
    return [enrolment_of(doc) for doc in unit.find("enrolments", wanted, [("arrival", 1)], limit)]


def classes_to_clear(reader: Any) -> list[str]:
    """Return the classes that take no more choices and whose line is still to be ended."""
    return [doc["_id"] for doc in reader.find("seatings", {"clearing": True}, [("_id", 1)])]


def load_person(unit: Any, ref: str | None) -> Person:
    """Return a person. Raises Refusal `selection.person_unknown` (nobody, not registered, or forgotten)."""
    doc = unit.get("people", ref) if ref else None
    if doc is None or doc["registry"] == "forgotten":
        raise Refusal("selection.person_unknown")
    certificates = tuple(tuple(each) for each in doc["certificates"])
    return object_of(Person, "ref", {**doc, "groups": tuple(doc["groups"]), "certificates": certificates})


def find_person(unit: Any, ref: str) -> Person | None:
    """Return a person, None when nothing is known of them (any more)."""
    doc = unit.get("people", ref)
    return None if doc is None or doc["registry"] == "forgotten" else load_person(unit, ref)


def save_person(unit: Any, person: Person) -> None:
    """Write a person as she now is."""
    values = values_of(person, "ref")
    values["groups"] = list(person.groups)
    values["choices"] = dict(person.choices)
    values["certificates"] = [list(each) for each in person.certificates]
    put(unit, "people", person.ref, values)


def device_holder(unit: Any, device_key: str) -> str | None:
    """Return the person whose device this is, None when nobody's yet."""
    row = unit.get("devices", _device_id(device_key))
    return row["person_ref"] if row else None


def hold_device(unit: Any, device_key: str, person_ref: str) -> None:
    """Keep whose device this is."""
    unit.insert("devices", {"_id": _device_id(device_key), "person_ref": person_ref})


def _device_id(device_key: str) -> str:
    return hashlib.sha256(base64.b64decode(device_key)).hexdigest()


def page_by_arrival(reader: Any, wanted: Document, page: Document) -> tuple[list[Document], str | None]:
    """Return a page of enrolments in order of arrival and the cursor of the next one, None on the last.

    page: `limit` and `cursor` (contracts.paging.Page). Raises Refusal `invalid` for a cursor that is none.
    """
    after = page["cursor"] or "0"
    if not after.isdecimal():
        raise Refusal("invalid", field="cursor", reason="不是本接口给出的游标 / not a cursor of this list")
    wanted = {**wanted, "arrival": {"$gt": int(after)}}
    docs = reader.find("enrolments", wanted, [("arrival", 1)], page["limit"] + 1)
    shown = docs[: page["limit"]]
    return shown, str(shown[-1]["arrival"]) if len(docs) > len(shown) else None


def put(unit: Any, collection: str, id: str, values: Document, told: Iterable[Told] = ()) -> Document:
    """Write a document's values, new or not, with the facts of it, and return it as stored."""
    doc = unit.get(collection, id)
    write = unit.insert if doc is None else unit.save
    stored: Document = write(collection, {**(doc or {"_id": id}), **values}, events_of(told))
    return stored


def events_of(told: Iterable[Told]) -> list[tuple[Event, Mapping[str, Any]]]:
    """Return what the domain told as facts."""
    return [(newest(name), data) for name, data in told]


def known(unit: Any, collection: str, id: str) -> Document:
    """Return a document. Raises Refusal `not_found`."""
    doc: Document | None = unit.get(collection, id)
    if doc is None:
        raise Refusal("not_found", what=f"{collection}/{id}")
    return doc


def own(unit: Any, doc: Document) -> Document:
    """Return the actor's own document. Raises Refusal `owner.forbidden`."""
    if doc["person_ref"] != unit.actor.person_ref:
        raise Refusal("owner.forbidden")
    return doc


def _seat_id(enrolment: Enrolment) -> str:
    return f"{enrolment.class_id}:{enrolment.seat}"


def _seat_row(enrolment: Enrolment) -> Document:
    return {"_id": _seat_id(enrolment), "enrolment_id": enrolment.id, "person_ref": enrolment.person_ref}


def values_of(value: Any, key: str) -> Document:
    """Return an object's fields without the one that is the document's id."""
    return {each.name: getattr(value, each.name) for each in fields(value) if each.name != key}


def object_of(kind: type[T], key: str, doc: Document) -> T:
    """Return the object in a document; key: the field that is the document's id."""
    names = {each.name for each in fields(kind)}  # type: ignore[arg-type]
    return kind(**{name: doc["_id"] if name == key else doc[name] for name in names})
