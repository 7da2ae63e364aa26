"""What facts of other services put into a person's record, each entry with its source and time."""

from collections.abc import Iterable
from typing import Any

from services.chassis.service import Fact
from services.selection import store
from services.selection.domain import entries as rules
from services.selection.domain import practices
from services.selection.domain.entries import Entry, entry_id
from services.selection.domain.people import Person
from services.selection.domain.practices import STUDENT, Practice
from services.selection.records import rows

ACCEPTANCE = "acceptance"
SETTLEMENT = "settlement"


def carried_out(unit: Any, fact: Fact) -> None:
    """The hours and days that each attended."""
    lines = {line["person_ref"]: line for line in fact.data["attendance"]}
    about = _class(unit, fact.aggregate_id)
    told = []
    for person in _people(unit, lines):
        line = lines[person.ref]
        values = {**about["values"], "hours": line["hours"], "days": len(line["days"])}
        told.append(_of_class(fact, about, person, "training", values))
    _keep(unit, told)


def completed(unit: Any, fact: Fact) -> None:
    """Who completed the training, and who did not."""
    results = dict.fromkeys(fact.data["failed"], False) | dict.fromkeys(fact.data["completed"], True)
    about = _class(unit, fact.aggregate_id)
    told = []
    for person in _people(unit, results):
        values = {**about["values"], "passed": results[person.ref]}
        told.append(_of_class(fact, about, person, "training", values))
    _keep(unit, told)


def assessed(unit: Any, fact: Fact) -> None:
    """The result of each in the assessment."""
    results = {line["person_ref"]: line["passed"] for line in fact.data["results"]}
    about = {**_class(unit, fact.aggregate_id), "body_ref": fact.data["assessor_ref"]}
    told = []
    for person in _people(unit, results):
        values = {**about["values"], "passed": results[person.ref]}
        told.append(_of_class(fact, about, person, "assessment", values))
    _keep(unit, told)


def certified(unit: Any, fact: Fact, person: Person) -> None:
    """A certificate."""
    data, about = fact.data, _class(unit, fact.data["class_id"])
    values = {
        "number": fact.aggregate_id,
        "occupation": data["occupation"],
        "level": data["level"],
        "issued_on": data["issued_on"].isoformat(),
        "certificate_kind": data["kind"],
        "ability": data["ability"],
        "class_id": data["class_id"],
    }
    id = entry_id("certificate", fact.aggregate_id)
    region = about["region"] or person.region
    told = Entry(
        id, person.ref, "certificate", ACCEPTANCE, fact.aggregate_id, data["assessor_ref"], region, fact.time,
        values,
    )  # fmt: skip
    _keep(unit, [told])


def employed(unit: Any, fact: Fact, proven: bool) -> None:
    """An employment that a registry or an officer confirmed, or that was refuted afterwards."""
    data = fact.data
    for person in _people(unit, [data["person_ref"]]):
        about = _class(unit, data["class_id"])
        id = entry_id("employment", fact.aggregate_id)
        if not proven and rows.find(unit, Entry, id) is None:
            return
        values = {
            "since": data["since"].isoformat(),
            "basis": data["basis"],
            "proven": proven,
            "class_id": data["class_id"],
        }
        region = about["region"] or person.region
        told = Entry(
            id, person.ref, "employment", ACCEPTANCE, fact.aggregate_id, None, region, fact.time, values
        )
        _keep(unit, [told])


def paid(unit: Any, fact: Fact, arrived: bool) -> None:
    """A subsidy that was paid to the person, or that the bank returned."""
    data = fact.data
    for person in _people(unit, [data["payee_ref"]]):
        id = entry_id("subsidy", fact.aggregate_id)
        if not arrived and rows.find(unit, Entry, id) is None:
            return
        values = {"amount_fen": data["amount_fen"], "claim_id": data["claim_id"], "arrived": arrived}
        told = Entry(
            id, person.ref, "subsidy", SETTLEMENT, fact.aggregate_id, None, person.region, fact.time, values
        )
        _keep(unit, [told])


def practised(unit: Any, done: Practice) -> None:
    """A start-up training or a practice that an officer confirmed."""
    values = {"title": done.title, "host": done.host, "begun": done.begun, "ended": done.ended}
    told = Entry(
        entry_id(done.kind, done.id), done.person_ref, done.kind, "selection", done.id, None, done.region,
        unit.now, values,
    )  # fmt: skip
    _keep(unit, [told])


def registered(unit: Any, person: Person) -> None:
    """Where a person is counted, and whether as a student, from now on."""
    known = unit.get("three_ones", person.ref)
    if known or STUDENT in person.groups:
        _write_three(unit, person, known["done"] if known else {})


def changed(unit: Any, entry: Entry) -> None:
    """Count a person anew after an entry was corrected or struck."""
    person = store.find_person(unit, entry.person_ref)
    if person is not None and entry.kind in practices.KINDS:
        found = rows.with_days(rows.entries_of(unit, person.ref, practices.KINDS))
        ones = practices.three_ones(found, ())
        done = {one.what: [one.done_on.isoformat(), one.entry_id] for one in ones if one.done_on}
        _write_three(unit, person, done)


def body(unit: Any, fact: Fact) -> None:
    """A body that may be named as a reader once it is verified."""
    row = {name: fact.data[name] for name in ("kind", "name", "credit_code", "region")}
    store.put(unit, "reader_bodies", fact.aggregate_id, {**row, "verified": False})


def body_verified(unit: Any, fact: Fact, verified: bool) -> None:
    """Whether a body may be named as a reader."""
    known = store.known(unit, "reader_bodies", fact.aggregate_id)
    store.put(unit, "reader_bodies", fact.aggregate_id, {**known, "verified": verified})


def _keep(unit: Any, told: list[Entry]) -> None:
    unit.get_all("record_entries", [each.id for each in told])
    unit.get_all("three_ones", [each.person_ref for each in told])
    for each in told:
        known = rows.find(unit, Entry, each.id)
        kept = rules.told_again(known, each)
        rows.save(unit, kept)
        _count(unit, kept)


def _count(unit: Any, entry: Entry) -> None:
    """Count one entry more; one that made one of the three and does so no more has all counted anew."""
    what = practices.made_by(entry)
    person = store.find_person(unit, entry.person_ref)
    done = (unit.get("three_ones", entry.person_ref) or {"done": {}})["done"]
    if person is None or (what is None and entry.id not in [id for _, id in done.values()]):
        return
    if what is None:
        changed(unit, entry)
    else:
        mine = [rows.day_of(entry).isoformat(), entry.id]
        _write_three(unit, person, {**done, what: min(done.get(what, mine), mine)})


def _write_three(unit: Any, person: Person, done: dict[str, list[str]]) -> None:
    row = {"region": person.region, "student": STUDENT in person.groups, "done": done}
    store.put(unit, "three_ones", person.ref, row)


def _people(unit: Any, refs: Iterable[str]) -> list[Person]:
    """Return those of the persons who are known here: bodies and the forgotten have no record."""
    wanted = list(refs)
    unit.get_all("people", wanted)
    found = [store.find_person(unit, ref) for ref in wanted]
    return [person for person in found if person is not None]


def _class(unit: Any, class_id: str) -> dict[str, Any]:
    found = store.find_class(unit, class_id)
    if found is None:
        return {"body_ref": None, "region": None, "values": {"class_id": class_id}}
    values = {
        "class_id": class_id,
        "class_name": found.name,
        "occupation": found.occupation,
        "level": found.level,
    }
    project = unit.get("projects", found.project_id)
    if project is not None:
        values["training_kind"] = project["training_kind"]
    return {"body_ref": found.provider_ref, "region": found.region, "values": values}


def _of_class(fact: Fact, about: dict[str, Any], person: Person, kind: str, values: dict[str, Any]) -> Entry:
    return Entry(
        entry_id(kind, fact.aggregate_id, person.ref), person.ref, kind, ACCEPTANCE, fact.aggregate_id,
        about["body_ref"], about["region"] or person.region, fact.time, values,
    )  # fmt: skip
