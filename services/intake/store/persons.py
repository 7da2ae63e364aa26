"""Persons in MongoDB: `persons`, and the rows that make a number and a login belong to one person."""

from collections.abc import Iterable
from typing import Any, Final

from services.chassis.calls import Reader
from services.chassis.unit import Unit
from services.intake.domain.facts import Fact
from services.intake.domain.persons import Details, Person
from services.intake.store.events import pairs
from services.intake.store.fairness import waiting_docs
from services.intake.store.vault import PERSONS, destroy_key

NUMBERS: Final = "numbers"
LOGINS: Final = "logins"
DISCLOSURES: Final = "disclosures"


def load(source: Unit | Reader, ref: str) -> Person | None:
    """Return a person, or None."""
    doc = source.get(PERSONS, ref)
    return _read(doc) if doc else None


def load_all(source: Unit | Reader, refs: Iterable[str]) -> dict[str, Person]:
    """Return the persons that exist among these references, by reference, in one query."""
    return {ref: _read(doc) for ref, doc in source.get_all(PERSONS, refs).items()}


def version(source: Unit | Reader, ref: str) -> int:
    """Return a stored person's version."""
    doc = source.get(PERSONS, ref)
    return int(doc["version"]) if doc else 0


def of_number(unit: Unit, number_hash: str) -> Person | None:
    """Return the person who has this citizen number, or None."""
    row = unit.get(NUMBERS, number_hash)
    return load(unit, row["person_ref"]) if row else None


def of_login(source: Unit | Reader, account: str) -> Person | None:
    """Return the person whom an account registered, or None."""
    row = source.get(LOGINS, account)
    return load(source, row["person_ref"]) if row and row["person_ref"] else None


def refs_of_login(source: Unit | Reader, account: str) -> dict[str, str | None]:
    """Return `person_ref` and `body_ref` of an account."""
    row = source.get(LOGINS, account) or {}
    return {"person_ref": row.get("person_ref"), "body_ref": row.get("body_ref")}


def waiting(reader: Reader, limit: int) -> list[tuple[Person, int]]:
    """Return persons to be checked, each with its version.

    Half of the places are for those who registered themselves: thousands that an agency brought in a
    spreadsheet must not keep them waiting.
    """
    docs = waiting_docs(reader, PERSONS, {"status": "submitted", "login": {"$gt": ""}}, limit // 2)
    docs += waiting_docs(reader, PERSONS, {"status": "submitted", "login": None}, limit - len(docs))
    return [(_read(doc), doc["version"]) for doc in docs]


def save(unit: Unit, person: Person, facts: list[Fact]) -> int:
    """Store a person, its number's and its login's rows; return its version."""
    doc = unit.get(PERSONS, person.id)
    events = pairs(facts)
    if doc is None:
        stored = unit.insert(PERSONS, _write(person), events)
    else:
        if doc["number_hash"] not in ("", person.details.number_hash):
            unit.delete(NUMBERS, doc["number_hash"])
        stored = unit.save(PERSONS, {**doc, **_write(person)}, events)
    if person.details.number_hash and unit.get(NUMBERS, person.details.number_hash) is None:
        unit.insert(NUMBERS, {"_id": person.details.number_hash, "person_ref": person.id})
    if person.login is not None:
        put_login(unit, person.login, "person_ref", person.id)
    return int(stored["version"])


def erase(unit: Unit, before: Person, after: Person, facts: list[Fact]) -> int:
    """Store a forgotten person: its key, its number's and its login's rows go with the personal fields."""
    destroy_key(unit, before.details.key_id)
    if before.login is not None:
        put_login(unit, before.login, "person_ref", None)
    return save(unit, after, facts)


def put_login(unit: Unit, account: str, field: str, ref: str | None) -> None:
    """Bind an account to a person (`person_ref`) or a body (`body_ref`)."""
    row = unit.get(LOGINS, account)
    if row is None:
        unit.insert(LOGINS, {"_id": account, "person_ref": None, "body_ref": None, field: ref})
    elif row[field] != ref:
        unit.save(LOGINS, {**row, field: ref})


def record_disclosures(unit: Unit, payee_refs: Iterable[str], purpose: str) -> None:
    """Keep who was shown personal data in clear, whose, when and what for."""
    for ref in payee_refs:
        row = {
            "_id": unit.new_id(),
            "payee_ref": ref,
            "purpose": purpose,
            "by": unit.actor.account,
            "at": unit.now,
        }
        unit.insert(DISCLOSURES, row)


def _write(person: Person) -> dict[str, Any]:
    details = person.details
    return {
        "_id": person.id,
        "status": person.status,
        "login": person.login,
        "region": details.region,
        "groups": list(details.groups),
        "number_hash": details.number_hash,
        "key_id": details.key_id,
        "sealed": dict(details.sealed),
        "account_tail": details.account_tail,
        "phone_hash": details.phone_hash,
        "account_hash": details.account_hash,
        "draws_pension": person.draws_pension,
        "checked_at": person.checked_at,
        "reason": person.reason,
    }


def _read(doc: dict[str, Any]) -> Person:
    details = Details(
        doc["region"],
        tuple(doc["groups"]),
        doc["number_hash"],
        doc["key_id"],
        doc["sealed"],
        doc["account_tail"],
        doc.get("phone_hash", ""),
        doc.get("account_hash", ""),
    )
    rest = {name: doc[name] for name in ("status", "login", "draws_pension", "checked_at", "reason")}
    return Person(id=doc["_id"], details=details, **rest)
