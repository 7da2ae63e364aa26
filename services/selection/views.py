"""What is shown of enrolments and seats, and to whom."""

from typing import Any, Final

from contracts.vocabularies import roles
from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from services.chassis.paging import newest_first
from services.selection import store
from services.selection.domain import eligibility

OFFICERS: Final = frozenset({roles.SUPERVISOR, roles.CATALOGUE_OFFICER, roles.AUDITOR})
View = dict[str, Any]


def shown(doc: store.Document, **more: Any) -> View:
    """Return a document as the answer's schema dumps it."""
    return {**doc, "id": doc["_id"], **more}


def enrolment(reader: Any, id: str) -> View:
    """Return an enrolment to its person, or to an officer of the class's region."""
    doc = store.known(reader, "enrolments", id)
    if doc["person_ref"] != reader.actor.person_ref:
        must_be_officer(reader, store.load_class(reader, doc["class_id"]).region)
    return shown(doc, ahead=_ahead(reader, doc))


def enrolments(reader: Any, body: View) -> View:
    """Return the person's own enrolments, newest first."""
    found = store.load_person(reader, reader.actor.person_ref)
    docs, next = newest_first(reader, "enrolments", {"person_ref": found.ref}, "chosen_at", body)
    return {"items": [shown(doc, ahead=_ahead(reader, doc)) for doc in docs], "next": next}


def class_enrolments(reader: Any, body: View) -> View:
    """Return a class's enrolments in order of arrival, to its provider or an officer of its region."""
    found = store.load_class(reader, body["class_id"])
    if roles.PROVIDER not in reader.actor.roles or reader.actor.body_ref != found.provider_ref:
        must_be_officer(reader, found.region)
    wanted: View = {"class_id": found.id} | ({"status": body["status"]} if body["status"] else {})
    docs, next = store.page_by_arrival(reader, wanted, body)
    return {"items": [shown(doc, ahead=None) for doc in docs], "next": next}


def seating(reader: Any, class_id: str) -> View:
    """Return the seats of a class."""
    doc = store.known(reader, "seatings", class_id)
    return shown(doc, enrol_until=store.load_class(reader, class_id).enrol_until)


def advice(reader: Any, class_id: str, demonstration: bool) -> View:
    """Return what eligibility says to the person about a class today."""
    person = store.load_person(reader, reader.actor.person_ref)
    day = today_in_shanghai(reader.now)
    asked = store.asked_about(reader, store.load_class(reader, class_id))
    found = eligibility.advise(person, asked, day, demonstration=demonstration)
    return {
        "class_id": class_id,
        "day": day,
        "outcome": found.outcome,
        "rules_edition": found.edition,
        "lines": found.grounds,
        "cost": found.cost,
    }


def _ahead(reader: Any, doc: store.Document) -> int | None:
    if doc["status"] != "waiting":
        return None
    return store.waiting_before(reader, store.enrolment_of(doc))


def must_be_officer(reader: Any, region: str) -> None:
    """Raise Refusal `owner.forbidden` or `region.forbidden` unless an officer of the region asks."""
    if not OFFICERS & reader.actor.roles:
        raise Refusal("owner.forbidden")
    reader.actor.require_region(region)
