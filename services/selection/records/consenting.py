"""Consents to read a record, and the readings: each is logged in the unit that found the consent open."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from contracts.vocabularies import regions, roles
from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from services.chassis.paging import newest_first
from services.policy.loader import rules_for
from services.selection import store
from services.selection.domain import consents as rules
from services.selection.domain.consents import Consent
from services.selection.domain.entries import Entry
from services.selection.records import rows
from services.selection.views import View, shown

MOST: Final = 500
EVERYTHING: Final = frozenset({"credits", "name"})
Transact = Callable[[Callable[[Any], Any]], Any]


@dataclass(frozen=True)
class Opened:
    """What one reading shows: entries as they were when it was logged."""

    reading_id: str
    consent: Consent
    entries: tuple[Entry, ...]
    more: bool


def term(unit: Any, region: str, name: str) -> int:
    """Return the most days of a consent (`consent_days`) or credential (`credential_days`)."""
    rules_now = rules_for(regions.province_of(region))
    days: int = rules_now.one("record_sharing", today_in_shanghai(unit.now)).values[name]
    return days


def give(unit: Any, body: Mapping[str, Any]) -> View:
    """Give a consent. Raises Refusal `selection.reader_unknown`, `selection.consent_term`."""
    person = rows.person(unit)
    reader = rows.body_of_code(unit, body["reader_code"])
    rules.check_term(unit.now, body["until"], term(unit, person.region, "consent_days"))
    made = Consent(
        unit.new_id(), person.ref, body["reader_code"], reader["_id"], reader["name"], body["purpose"],
        tuple(dict.fromkeys(body["scope"])), unit.now, body["until"],
    )  # fmt: skip
    return consent(rows.save(unit, made, rules.give(made)), unit.now)


def revoke(unit: Any, id: str) -> View:
    """Revoke an own consent: from this unit on nobody reads by it."""
    return consent(rows.save(unit, *rules.revoke(rows.own(unit, Consent, id), unit.now)), unit.now)


def consent(doc: Mapping[str, Any], now: Any) -> View:
    """Return a consent as its answer's schema dumps it."""
    return shown(dict(doc), status=rules.status(rows.of(Consent, dict(doc)), now))


def listed(reader: Any, body: View) -> View:
    """Return the consents that a person gave, or those given to the body that acts."""
    if roles.WORKER in reader.actor.roles:
        wanted = {"person_ref": rows.person(reader).ref}
    else:
        code = rows.body_code(reader)
        if code is None:
            raise Refusal("owner.forbidden")
        wanted = {"reader_code": code}
    docs, next = newest_first(reader, "consents", wanted, "given_at", body)
    return {"items": [consent(doc, reader.now) for doc in docs], "next": next}


def read(unit: Any, id: str) -> Opened:
    """Open a record by a consent and log it: who, what, when, what for."""
    found = rules.read(rows.load(unit, Consent, id), rows.body_code(unit), unit.now)
    kinds = set(found.scope) - EVERYTHING
    # credits come of certificates and trainings, which only the scope itself may show
    entries = rows.entries_of(unit, found.person_ref, kinds, MOST + 1) if kinds else []
    seen = [entry for entry in entries if not entry.struck]
    reading = {
        "_id": unit.new_id(),
        "person_ref": found.person_ref,
        "consent_id": found.id,
        "reader_ref": unit.actor.body_ref,
        "reader_name": found.reader_name,
        "reader_code": found.reader_code,
        "account": unit.actor.account,
        "purpose": found.purpose,
        "scope": list(found.scope),
        "entries": len(seen[:MOST]),
        "at": unit.now,
    }
    told = {
        "person_ref": found.person_ref,
        "consent_id": found.id,
        "reader_ref": unit.actor.body_ref,
        "entries": reading["entries"],
    }
    store.put(unit, "readings", reading["_id"], reading, [("selection.reading.recorded", told)])
    rows.save(unit, found)
    return Opened(reading["_id"], found, tuple(seen[:MOST]), len(seen) > MOST)


def readings(reader: Any, body: View) -> View:
    """Return who read the person's record, newest first."""
    wanted = {"person_ref": rows.person(reader).ref}
    docs, next = newest_first(reader, "readings", wanted, "at", body)
    return {"items": [shown(doc) for doc in docs], "next": next}
