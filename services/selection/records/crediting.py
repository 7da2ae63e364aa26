"""Skill credits (技能学分) listed and recognised, and the three that a student does (三个一)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from contracts.vocabularies import regions
from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from contracts.vocabularies.small_cells import LEAST
from services.policy.credits import CreditLine, credit_table
from services.policy.rules import RuleSet
from services.selection import store
from services.selection.domain import consents, practices
from services.selection.domain.consents import Consent
from services.selection.domain.credits import credits_of, rules_of
from services.selection.domain.entries import Entry
from services.selection.domain.people import Person
from services.selection.records import rows
from services.selection.views import View

EARNING: Final = ("certificate", "training")


def lines_of(source: Any, person_ref: str, region: str) -> tuple[RuleSet, list[CreditLine]]:
    """Return a person's credits and the rules that they are reckoned by."""
    rules = rules_of(region)
    found = rows.with_days(rows.entries_of(source, person_ref, EARNING))
    return rules, credits_of(found, rules)


def own(reader: Any) -> View:
    """Return the person's own credits."""
    person = rows.person(reader)
    rules, lines = lines_of(reader, person.ref, person.region)
    recognised = reader.find("recognitions", {"person_ref": person.ref}, [("at", -1), ("_id", -1)], 200)
    return {
        "total": sum(line.credits for line in lines),
        "rules_edition": rules.edition,
        "illustrative": any(line.rule.status == "illustrative" for line in lines),
        "lines": shown_lines(lines),
        "recognitions": [{**doc, "id": doc["_id"]} for doc in recognised],
    }


def shown_lines(lines: Sequence[CreditLine]) -> list[View]:
    """Return lines as the answer's schema dumps them."""
    return [
        {
            "entry_id": line.entry_id,
            "kind": line.entry_id.partition(":")[0],
            "credits": line.credits,
            "day": line.day,
            "rule": line.rule.id,
            "clause": line.rule.clause,
            "zh": line.rule.zh,
            "en": line.rule.en,
        }
        for line in lines
    ]


def table(reader: Any, region: str, day: date | None) -> View:
    """Return the published table of a day (today when none is given)."""
    day = day or today_in_shanghai(reader.now)
    rules = rules_of(region)
    found = [
        {
            "rule": rule.id,
            "level": figures.get("level"),
            "credits": figures.get("credits"),
            "hours": figures.get("hours"),
            "most": figures.get("most"),
            "document": rule.document,
            "clause": rule.clause,
            "status": rule.status,
            "zh": rule.zh,
            "en": rule.en,
        }
        for rule, figures in credit_table(rules, day)
    ]
    return {"day": day, "rules_edition": rules.edition, "rules": found}


def recognise(unit: Any, body: Mapping[str, Any]) -> View:
    """Recognise credits of a person who consented to show them: each entry once for a body."""
    found = rows.load(unit, Consent, body["consent_id"])
    consents.read(found, rows.body_code(unit), unit.now)
    if "credits" not in found.scope:
        raise Refusal("selection.consent_field", "consent_id", name="credits")
    person = store.load_person(unit, found.person_ref)
    earned = {line.entry_id: line.credits for line in lines_of(unit, person.ref, person.region)[1]}
    wanted = tuple(dict.fromkeys(body["entry_ids"]))
    for entry_id in wanted:
        _take(unit, entry_id, earned)
    credits = sum(earned[entry_id] for entry_id in wanted)
    doc = {
        "_id": unit.new_id(),
        "person_ref": person.ref,
        "consent_id": found.id,
        "body_ref": unit.actor.body_ref,
        "body_name": found.reader_name,
        "entry_ids": list(wanted),
        "credits": credits,
        "towards": body["towards"],
        "at": unit.now,
    }
    told = {"person_ref": person.ref, "body_ref": unit.actor.body_ref, "credits": credits}
    stored = store.put(unit, "recognitions", doc["_id"], doc, [("selection.recognition.made", told)])
    return {**stored, "id": stored["_id"]}


def _take(unit: Any, entry_id: str, earned: Mapping[str, int]) -> None:
    if entry_id not in earned:
        raise Refusal("selection.no_credits", "entry_ids", entry_id=entry_id)
    row = f"{unit.actor.body_ref}:{entry_id}"
    if unit.get("recognised", row):
        raise Refusal("selection.credits_recognised", "entry_ids", entry_id=entry_id)
    unit.insert("recognised", {"_id": row})


def three(reader: Any) -> View:
    """Return the person's own three."""
    person: Person = rows.person(reader)
    found = rows.with_days(rows.entries_of(reader, person.ref, practices.KINDS))
    waiting = reader.find("practices", {"person_ref": person.ref, "status": "reported"})
    ones = practices.three_ones(found, [doc["kind"] for doc in waiting])
    items = [
        {
            "what": one.what,
            "done": one.entry_id is not None,
            "waiting": one.waiting,
            "done_on": one.done_on,
            "entry_id": one.entry_id,
        }
        for one in ones
    ]
    return {
        "student": practices.STUDENT in person.groups,
        "complete": all(item["done"] for item in items),
        "items": items,
    }


def figures(reader: Any, region: str) -> View:
    """Return the figures of students by the places right below a region, or of the region itself."""
    if reader.actor.region is not None:
        reader.actor.require_region(region)
    parts = regions.children(region) or (region,)
    return {"items": [{"region": part, **_figures(reader, part)} for part in parts]}


def _figures(reader: Any, region: str) -> dict[str, int | None]:
    wanted = {"student": True, "region": {"$in": rows.below(region)}}
    counts = practices.figures(reader.find("three_ones", wanted))
    return practices.suppressed(counts, LEAST)


def entry_of(source: Any, entry_id: str) -> Entry:
    """Return an entry of the person who acts. Raises Refusal `owner.forbidden`, `selection.entry_struck`."""
    entry = rows.load(source, Entry, entry_id)
    if entry.person_ref != source.actor.person_ref:
        raise Refusal("owner.forbidden")
    if entry.struck:
        raise Refusal("selection.entry_struck", "entry_id")
    return entry
