"""Reading and writing the rows of records inside a unit, or from a reader."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date
from typing import Any, Final, TypeVar

from contracts.vocabularies import regions, roles
from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from services.selection import store
from services.selection.domain.consents import Consent
from services.selection.domain.corrections import Correction
from services.selection.domain.credentials import Credential
from services.selection.domain.entries import Entry
from services.selection.domain.people import Person
from services.selection.domain.practices import Practice

Document = dict[str, Any]
Told = tuple[str, dict[str, Any]]
T = TypeVar("T", Entry, Correction, Practice, Consent, Credential)
COLLECTIONS: Final[Mapping[type, str]] = {
    Entry: "record_entries",
    Correction: "corrections",
    Practice: "practices",
    Consent: "consents",
    Credential: "credentials",
}
# the day that an entry is of, where a source named one
_DAYS: Final = {
    "certificate": "issued_on",
    "employment": "since",
    "startup_training": "ended",
    "practice": "ended",
}


def load(source: Any, kind: type[T], id: str) -> T:
    """Return an object. Raises Refusal `not_found`."""
    return of(kind, store.known(source, COLLECTIONS[kind], id))


def find(source: Any, kind: type[T], id: str) -> T | None:
    """Return an object, None when there is none."""
    doc = source.get(COLLECTIONS[kind], id)
    return of(kind, doc) if doc else None


def target(unit: Any, kind: type[T], id: str) -> T:
    """Return what a command is about. Raises Refusal `not_found`, `stale_version`."""
    return of(kind, unit.target(COLLECTIONS[kind], id))


def own(unit: Any, kind: type[T], id: str) -> T:
    """Return what the person's command is about. Raises Refusal `owner.forbidden` besides."""
    found = target(unit, kind, id)
    if found.person_ref != unit.actor.person_ref:
        raise Refusal("owner.forbidden")
    return found


def save(
    unit: Any, value: Entry | Correction | Practice | Consent | Credential, *told: Told | None
) -> Document:
    """Write an object, new or not, with the facts of it; return its document."""
    values = {each.name: getattr(value, each.name) for each in fields(value) if each.name != "id"}
    plain = {
        name: dict(item) if isinstance(item, Mapping) else list(item) if isinstance(item, tuple) else item
        for name, item in values.items()
    }
    return store.put(unit, COLLECTIONS[type(value)], value.id, plain, [each for each in told if each])


def of(kind: type[T], doc: Document) -> T:
    """Return the object in a document."""
    values = {each.name: doc["_id"] if each.name == "id" else doc[each.name] for each in fields(kind)}
    return kind(**{key: tuple(item) if isinstance(item, list) else item for key, item in values.items()})


def entries_of(
    source: Any, person_ref: str, kinds: Iterable[str] | None = None, limit: int = 0
) -> list[Entry]:
    """Return a person's entries, newest first."""
    wanted: Document = {"person_ref": person_ref}
    if kinds is not None:
        wanted["kind"] = {"$in": sorted(kinds)}
    docs = source.find("record_entries", wanted, [("at", -1), ("_id", -1)], limit)
    return [of(Entry, doc) for doc in docs]


def day_of(entry: Entry) -> date:
    """Return the day (Asia/Shanghai) that an entry is of: its own, else that on which it was told."""
    named = entry.now.get(_DAYS.get(entry.kind, ""))
    return date.fromisoformat(named) if named else today_in_shanghai(entry.at)


def with_days(entries: Iterable[Entry]) -> list[tuple[Entry, date]]:
    """Return entries, each with the day that it is of."""
    return [(entry, day_of(entry)) for entry in entries]


def person(source: Any) -> Person:
    """Return the person who acts. Raises Refusal `selection.person_unknown`."""
    return store.load_person(source, source.actor.person_ref)


def body_code(source: Any) -> str | None:
    """Return the credit code of the body that acts, None unless it was verified."""
    row = source.get("reader_bodies", source.actor.body_ref) if source.actor.body_ref else None
    return row["credit_code"] if row and row["verified"] else None


def body_of_code(source: Any, credit_code: str) -> Document:
    """Return a verified body of a credit code. Raises Refusal `selection.reader_unknown`."""
    wanted = {"credit_code": credit_code, "verified": True}
    found: list[Document] = source.find("reader_bodies", wanted, [("_id", 1)], 1)
    if not found:
        raise Refusal("selection.reader_unknown", "reader_code")
    return found[0]


def region_filter(reader: Any, asked: str | None) -> Document:
    """Return what narrows a list to the region of the officer who acts, or to one below it.

    Raises Refusal `region.forbidden`. Auditors without a region read everywhere.
    """
    region = asked or reader.actor.region
    if region is None:
        if roles.AUDITOR in reader.actor.roles:
            return {}
        raise Refusal("region.forbidden", region="-")
    if reader.actor.region is not None:
        reader.actor.require_region(region)
    return {"region": {"$in": below(region)}}


def below(region: str) -> list[str]:
    """Return a region and all below it."""
    return [code for code in regions.CODES if regions.covers(region, code)]
