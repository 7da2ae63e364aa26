"""What outlives a deletion: statements, identities kept apart, and who was on a roster or paid.

deletions         one row an account whose person was deleted: what went, what stayed, why, until when
kept_identities   one row a deleted person: name and number, sealed under a key of their own
kept_numbers      whose a kept number is, by its hash: who comes back is the same person
rostered          one row a person: when a roster with the person was last filed
"""

from datetime import datetime
from typing import Any, Final

from services.chassis.calls import Reader
from services.chassis.unit import Unit
from services.intake.domain.deletions import Held
from services.intake.domain.persons import Person
from services.intake.store.persons import DISCLOSURES
from services.intake.store.vault import KEPT, Vault, destroy_key

DELETIONS: Final = "deletions"
NUMBERS: Final = "kept_numbers"
ROSTERED: Final = "rostered"
_PAYING: Final = "service:settlement"


def deletion_rows(database: Any) -> None:
    """Collections and indexes of deletions; what is held on a person is found by the person."""
    known = set(database.list_collection_names())
    for name in (DELETIONS, KEPT, NUMBERS, ROSTERED):
        if name not in known:
            database.create_collection(name)
    database[KEPT].create_index("until")
    database[DISCLOSURES].create_index([("payee_ref", 1), ("at", -1)])
    for name in ("employments", "certificates"):
        database[name].create_index("person_ref", name="person")


def held(source: Unit | Reader, person_ref: str) -> Held:
    """Return what is known of a person's rosters and payments."""
    row = source.get(ROSTERED, person_ref)
    paid = source.find(DISCLOSURES, {"payee_ref": person_ref, "by": _PAYING}, [("at", -1)], 1)
    return Held(row["at"] if row else None, paid[0]["at"] if paid else None)


def rostered(unit: Unit, person_refs: list[str], at: datetime) -> None:
    """Keep when a roster with these people was filed."""
    known = unit.get_all(ROSTERED, person_refs)
    for ref in dict.fromkeys(person_refs):
        if ref in known:
            unit.save(ROSTERED, {**known[ref], "at": max(at, known[ref]["at"])})
        else:
            unit.insert(ROSTERED, {"_id": ref, "at": at})


def keep_apart(unit: Unit, vault: Vault, person: Person, why: str, until: datetime) -> None:
    """Seal a person's name and number under a key of their own. Raises Forgotten when there are none."""
    id = kept_id(person.id)
    clear = vault.open(person.details.sealed, "name", "id_number")
    key_id = vault.new_key(id)
    row = {
        "_id": id,
        "person_ref": person.id,
        "region": person.details.region,
        "number_hash": person.details.number_hash,
        "key_id": key_id,
        "sealed": vault.seal(key_id, clear),
        "why": why,
        "until": until,
    }
    unit.insert(KEPT, row)
    unit.insert(NUMBERS, {"_id": person.details.number_hash, "person_ref": person.id})


def kept(source: Unit | Reader, person_ref: str) -> dict[str, Any] | None:
    """Return what was kept apart of a person, None when nothing was."""
    row: dict[str, Any] | None = source.get(KEPT, kept_id(person_ref))
    return row


def person_of_number(unit: Unit, number_hash: str) -> str | None:
    """Return the deleted person whose number this is, None when nobody's."""
    row = unit.get(NUMBERS, number_hash)
    return row["person_ref"] if row else None


def let_go(unit: Unit, person_ref: str) -> None:
    """Destroy what was kept apart of a person: the term is over, or the person is back."""
    row = kept(unit, person_ref)
    if row is not None:
        destroy_key(unit, row["key_id"])
        unit.delete(NUMBERS, row["number_hash"])
        unit.delete(KEPT, row["_id"])


def due(reader: Reader, limit: int) -> list[str]:
    """Return the persons of whom nothing needs to be kept apart any more."""
    return [
        row["person_ref"] for row in reader.find(KEPT, {"until": {"$lte": reader.now}}, [("until", 1)], limit)
    ]


def kept_id(person_ref: str) -> str:
    """Return the id of what is kept apart of a person, which is also the name of its key."""
    return f"kept:{person_ref}"
