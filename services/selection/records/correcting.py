"""Requests to correct a record, reports of practice, and their answers: what each step reads and writes."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from contracts.vocabularies import roles
from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from services.chassis.paging import newest_first
from services.selection.domain import corrections as rules
from services.selection.domain import credentials, entries, practices
from services.selection.domain.corrections import Correction
from services.selection.domain.credentials import Credential
from services.selection.domain.entries import Entry
from services.selection.domain.practices import Practice
from services.selection.records import keeping, rows
from services.selection.views import View, shown

CORRECTED = "所载条目已更正 / an entry that it states was corrected"


def ask(unit: Any, entry_id: str, says: str) -> View:
    """Ask for the correction of an own entry. Raises Refusal `selection.correction_open`."""
    person = rows.person(unit)
    entry = rows.load(unit, Entry, entry_id)
    if entry.person_ref != person.ref:
        raise Refusal("owner.forbidden")
    held = unit.get("open_corrections", entry_id)
    if held is not None:
        raise Refusal("selection.correction_open", "entry_id", correction_id=held["correction_id"])
    made, told = rules.ask(unit.new_id(), entry, person.region, says, unit.now)
    unit.insert("open_corrections", {"_id": entry_id, "correction_id": made.id})
    return correction(unit, rows.save(unit, made, told))


def answer(unit: Any, body: Mapping[str, Any]) -> View:
    """Answer a request; what is upheld is corrected, and credentials that state it are revoked."""
    asked = rows.target(unit, Correction, body["correction_id"])
    unit.actor.require_region(asked.region)
    who = unit.actor
    answered, told = rules.answer(asked, body["upheld"], body["reason"], who.roles, who.account, unit.now)
    if body["upheld"]:
        values = {name: _plain(value) for name, value in (body["values"] or {}).items() if value is not None}
        _correct(unit, rows.load(unit, Entry, asked.entry_id), values, body["strike"])
    unit.delete("open_corrections", asked.entry_id)
    return correction(unit, rows.save(unit, answered, told))


def _correct(unit: Any, entry: Entry, values: dict[str, Any], strike: bool) -> None:
    changed = entries.corrected(entry, values, strike)
    rows.save(unit, changed)
    keeping.changed(unit, changed)
    valid = {"person_ref": entry.person_ref, "revoked_at": None}
    for doc in unit.find("credentials", valid, [("_id", 1)]):
        held = rows.of(Credential, doc)
        if credentials.of_entry(held, entry.id, entry.kind):
            rows.save(unit, *credentials.revoke(held, CORRECTED, unit.now))


def correction(source: Any, doc: Mapping[str, Any]) -> View:
    """Return a request as its answer's schema dumps it."""
    return shown(dict(doc), entry=entry_shown(rows.load(source, Entry, doc["entry_id"])))


def get(reader: Any, id: str) -> View:
    """Return a request to its person, or to an officer of the region whose office answers it."""
    doc = rows.store.known(reader, "corrections", id)
    if doc["person_ref"] != reader.actor.person_ref:
        if rules.OFFICES[doc["source"]] not in reader.actor.roles:
            raise Refusal("owner.forbidden")
        reader.actor.require_region(doc["region"])
    return correction(reader, doc)


def listed(reader: Any, body: View) -> View:
    """Return the person's own requests, or those of the officer's region that the office answers."""
    wanted: View = {"status": body["status"]} if body["status"] else {}
    offices = [source for source, role in rules.OFFICES.items() if role in reader.actor.roles]
    if offices:
        wanted |= {"source": {"$in": offices}, **rows.region_filter(reader, body["region"])}
    else:
        wanted["person_ref"] = rows.person(reader).ref
    docs, next = newest_first(reader, "corrections", wanted, "asked_at", body)
    return {"items": [correction(reader, doc) for doc in docs], "next": next}


def report(unit: Any, body: Mapping[str, Any]) -> View:
    """Report a start-up training or a practice."""
    days = {name: body[name].isoformat() for name in ("begun", "ended")}
    if body["ended"] > today_in_shanghai(unit.now):
        raise Refusal("invalid", field="ended", reason="尚未结束 / it has not ended yet")
    made = Practice(
        id=unit.new_id(), person_ref=rows.person(unit).ref, reported_at=unit.now, **{**body, **days}
    )
    return practice(rows.save(unit, made, practices.report(made)))


def decide(unit: Any, body: Mapping[str, Any]) -> View:
    """Confirm a report, which makes it an entry, or not."""
    reported = rows.target(unit, Practice, body["practice_id"])
    unit.actor.require_region(reported.region)
    decided, told = practices.decide(reported, body["confirmed"], body["reason"], unit.actor.account)
    if decided.status == "confirmed":
        keeping.practised(unit, decided)
    return practice(rows.save(unit, decided, told))


def reports(reader: Any, body: View) -> View:
    """Return the person's own reports, or those of an officer's region."""
    wanted: View = {"status": body["status"]} if body["status"] else {}
    if roles.SUPERVISOR in reader.actor.roles:
        wanted |= rows.region_filter(reader, body["region"])
    else:
        wanted["person_ref"] = rows.person(reader).ref
    docs, next = newest_first(reader, "practices", wanted, "reported_at", body)
    return {"items": [practice(doc) for doc in docs], "next": next}


def practice(doc: Mapping[str, Any]) -> View:
    """Return a report as its answer's schema dumps it."""
    days = {name: date.fromisoformat(doc[name]) for name in ("begun", "ended")}
    return shown(dict(doc), **days)


def entry_shown(entry: Entry) -> View:
    """Return an entry as its answer's schema dumps it."""
    return vars(entry)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
