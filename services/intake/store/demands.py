"""Demands in MongoDB: `demands`, and a row in `open_demands` for what one person may have open once."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from datetime import date
from typing import Any, Final

from contracts.vocabularies import regions
from services.chassis import paging
from services.chassis.calls import Reader
from services.chassis.unit import Unit
from services.intake.domain.content import Contact, Post, Proof, Wish
from services.intake.domain.demands import OPEN as OPEN_STATES
from services.intake.domain.demands import Demand
from services.intake.domain.facts import Fact
from services.intake.store.events import pairs

DEMANDS: Final = "demands"
OPEN: Final = "open_demands"
_WISH: Final = tuple(field.name for field in fields(Wish))
_OWN: Final = tuple(
    field.name for field in fields(Demand) if field.name not in ("id", "wish", "proof", "contact")
)
_PROOF: Final = tuple(field.name for field in fields(Proof) if field.name != "sealed")
_WAITS: Final = ("submitted", "verified")


def load(source: Unit | Reader, id: str) -> Demand | None:
    """Return a demand, or None."""
    doc = source.get(DEMANDS, id)
    return read(doc) if doc else None


def target(unit: Unit, id: str) -> Demand:
    """Return the demand that a command is about. Raises Refusal `not_found` or `stale_version`."""
    return read(unit.target(DEMANDS, id))


def version(source: Unit | Reader, id: str) -> int:
    """Return a stored demand's version."""
    doc = source.get(DEMANDS, id)
    return int(doc["version"]) if doc else 0


def open_with_key(unit: Unit, demand: Demand) -> str | None:
    """Return the id of the open demand that has the same unique key, or None."""
    row = unit.get(OPEN, demand.unique_key) if demand.unique_key else None
    return str(row["demand_id"]) if row else None


def open_alike(unit: Unit, demand: Demand) -> str | None:
    """Return the id of the open demand that others of its kind are compared with, or None."""
    row = unit.get(OPEN, demand.alike_key)
    return str(row["demand_id"]) if row else None


def save(unit: Unit, demand: Demand, facts: list[Fact]) -> int:
    """Store a demand and take or give back its rows; return its version."""
    doc = unit.get(DEMANDS, demand.id)
    if doc is None:
        stored = unit.insert(DEMANDS, _write(demand), pairs(facts))
    else:
        before = read(doc)
        for key in {before.unique_key, before.alike_key} - {demand.unique_key, demand.alike_key, None}:
            _give_back(unit, str(key), demand.id)
        stored = unit.save(DEMANDS, {**doc, **_write(demand)}, pairs(facts))
    for key in filter(None, (demand.unique_key, demand.alike_key)):
        if not demand.open:
            _give_back(unit, key, demand.id)
        elif unit.get(OPEN, key) is None:
            unit.insert(OPEN, {"_id": key, "demand_id": demand.id})
    return int(stored["version"])


def _give_back(unit: Unit, key: str, id: str) -> None:
    """Give a row back; one that says what others are compared with passes to the next that is open."""
    row = unit.get(OPEN, key)
    if row is None or row["demand_id"] != id:
        return
    alike = {"alike": key, "status": {"$in": list(OPEN_STATES)}, "_id": {"$ne": id}}
    others = unit.find(DEMANDS, alike, [("_id", 1)], 1) if key.startswith("alike:") else []
    if others:
        unit.save(OPEN, {**row, "demand_id": others[0]["_id"]})
    else:
        unit.delete(OPEN, key)


def save_change(unit: Unit, before: Demand, decision: tuple[Demand, list[Fact]]) -> None:
    """Store a decision on a demand when it changed something."""
    after, facts = decision
    if after != before:
        save(unit, after, facts)


def with_ids(unit: Unit, ids: Iterable[str]) -> list[Demand]:
    """Return the demands with these ids, those that exist."""
    return [read(doc) for doc in unit.find(DEMANDS, {"_id": {"$in": list(ids)}}, [("_id", 1)])]


def in_project(unit: Unit, project_id: str) -> list[Demand]:
    """Return the demands that a project took in."""
    return [read(doc) for doc in unit.find(DEMANDS, {"project_id": project_id}, [("_id", 1)])]


def of_poster(unit: Unit, ref: str, *states: str) -> list[Demand]:
    """Return a poster's demands in one of these states."""
    found = unit.find(DEMANDS, {"poster_ref": ref, "status": {"$in": list(states)}}, [("_id", 1)])
    return [read(doc) for doc in found]


def under_mandate(unit: Unit, mandate_id: str) -> list[Demand]:
    """Return the demands entered under a mandate in which its agency still acts."""
    filter = {"mandate_id": mandate_id, "agent_active": True}
    return [read(doc) for doc in unit.find(DEMANDS, filter, [("_id", 1)])]


def private_of(reader: Reader, ref: str) -> list[Demand]:
    """Return a poster's demands that carry a contact or a proof."""
    some = [{name: {"$ne": None}} for name in ("contact", "proof")]
    return [read(doc) for doc in reader.find(DEMANDS, {"poster_ref": ref, "$or": some}, [("_id", -1)])]


def past_their_time(reader: Reader, today: date, limit: int) -> list[str]:
    """Return ids of demands that still wait though their time is over."""
    query = {"status": {"$in": list(_WAITS)}, "lapses_on": {"$lt": today.isoformat()}}
    return [doc["_id"] for doc in reader.find(DEMANDS, query, [("lapses_on", 1)], limit)]


def to_be_warned(reader: Reader, today: date, limit: int) -> list[str]:
    """Return ids of demands that wait, will lapse soon, and whose poster was not told so yet."""
    day = today.isoformat()
    due = {"warns_on": {"$lte": day}, "lapses_on": {"$gte": day}, "warned": False}
    query = {"status": {"$in": list(_WAITS)}, **due}
    return [doc["_id"] for doc in reader.find(DEMANDS, query, [("warns_on", 1)], limit)]


def suspected_page(
    reader: Reader, region: str | None, asked: Mapping[str, Any]
) -> tuple[list[tuple[dict[str, Any], dict[str, Any]]], str | None]:
    """Return a page of open demands of a region that may double another, each with that one."""
    filter = {"suspected_of": {"$gt": ""}, "status": {"$in": list(OPEN_STATES)}}
    docs, next = paging.newest_first(reader, DEMANDS, {**filter, **_within(region)}, "posted_at", asked)
    others = reader.get_all(DEMANDS, [doc["suspected_of"] for doc in docs])
    pairs_ = [(doc, others[doc["suspected_of"]]) for doc in docs if doc["suspected_of"] in others]
    return [(with_version(one), with_version(other)) for one, other in pairs_], next


def with_version(doc: Mapping[str, Any]) -> dict[str, Any]:
    """Return a document's demand as the contract has it."""
    return {**shown(read(doc)), "version": doc["version"]}


def own_page(
    reader: Reader, refs: list[str], asked: Mapping[str, Any]
) -> tuple[list[dict[str, Any]], str | None]:
    """Return a page of what these persons or bodies posted or entered, and the next cursor."""
    entered = {"posted_by_ref": {"$in": refs}, "agent_active": {"$ne": False}}
    mine = {"$or": [{"poster_ref": {"$in": refs}}, entered]}
    return _page(reader, {**mine, **_narrowed(asked)}, asked)


def region_page(
    reader: Reader, region: str | None, asked: Mapping[str, Any]
) -> tuple[list[dict[str, Any]], str | None]:
    """Return a page of the demands in a region (None: everywhere), and the next cursor."""
    return _page(reader, _narrowed({**asked, "region": region}), asked)


def _page(
    reader: Reader, filter: Mapping[str, Any], asked: Mapping[str, Any]
) -> tuple[list[dict[str, Any]], str | None]:
    docs, next = paging.newest_first(reader, DEMANDS, filter, "posted_at", asked)
    return [with_version(doc) for doc in docs], next


def _narrowed(asked: Mapping[str, Any]) -> dict[str, Any]:
    filter = {name: asked[name] for name in ("status", "occupation", "level") if asked[name] is not None}
    return {**filter, **_within(asked["region"])}


def _within(region: str | None) -> dict[str, Any]:
    if region is None:
        return {}
    return {"region": {"$in": [code for code in regions.CODES if regions.covers(region, code)]}}


def shown(demand: Demand) -> dict[str, Any]:
    """Return the demand's fields as the contract has them, without its version and what is sealed."""
    proof = demand.proof
    return {
        "id": demand.id,
        **_plain(demand),
        "proof": {name: getattr(proof, name) for name in _PROOF} if proof else None,
        "contact_given": demand.contact is not None,
    }


def _plain(demand: Demand) -> dict[str, Any]:
    wish = {name: getattr(demand.wish, name) for name in _WISH}
    own = {name: getattr(demand, name) for name in _OWN}
    posts = [asdict(post) for post in demand.wish.posts]
    lists = {name: list(own[name]) for name in ("merged_ids", "told_apart")}
    return {**wish, **own, **lists, "posts": posts, "study_times": list(demand.wish.study_times)}


def _write(demand: Demand) -> dict[str, Any]:
    doc = _plain(demand)
    for name in ("wanted_from", "lapses_on", "warns_on"):
        doc[name] = doc[name].isoformat() if doc[name] else None
    proof = demand.proof
    if proof is not None:
        issued = proof.issued_on.isoformat() if proof.issued_on else None
        doc["proof"] = {**{name: getattr(proof, name) for name in _PROOF}, "issued_on": issued}
        doc["proof"]["sealed"] = dict(proof.sealed)
    contact = demand.contact
    sealed = {"contact": {"sealed": dict(contact.sealed)}} if contact else {"contact": None}
    return {"_id": demand.id, **doc, "proof": doc.get("proof"), **sealed, "alike": demand.alike_key}


def read(doc: Mapping[str, Any]) -> Demand:
    """Return the demand of a document; what a document of earlier days has not is as if never given."""
    wish = {name: doc[name] for name in _WISH if name in doc}
    wish["wanted_from"] = date.fromisoformat(doc["wanted_from"])
    wish["posts"] = tuple(Post(**post) for post in doc.get("posts", ()))
    wish["study_times"] = tuple(doc.get("study_times", ()))
    own = {name: doc[name] for name in _OWN if name in doc}
    own |= {name: tuple(doc.get(name, ())) for name in ("merged_ids", "told_apart")}
    own |= {name: date.fromisoformat(doc[name]) for name in ("lapses_on", "warns_on") if doc.get(name)}
    proof, contact = doc.get("proof"), doc.get("contact")
    if proof is not None:
        issued = date.fromisoformat(proof["issued_on"]) if proof["issued_on"] else None
        own["proof"] = Proof(**{**proof, "issued_on": issued})
    if contact is not None:
        own["contact"] = Contact(contact["sealed"])
    return Demand(id=doc["_id"], wish=Wish(**wish), **own)
