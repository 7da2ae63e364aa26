"""How acceptance's documents look, and how they are read and written inside a unit.

sourcings     one challenge each                     bids          one a sourcing and provider, by id
opening_keys  officers' public keys, by key id
scores        a panel member's reasons for a bid     trainings     classes, with roster and results
sign_ins      one a session and person, by id        certificates  one a number, by id
employments   one a class and person, by id          day_books     what is taken of whom and what
claims        rows held once: the challenge of a project, the seats of a project's classes
projects, bodies, enrolments, vouchers               copies of others' things, kept by their events
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final, TypeVar

from contracts.events import (  # noqa: F401  (newest() finds what is there)
    acceptance,
    acceptance_attendance,
    acceptance_classes,
    acceptance_providers,
    acceptance_sourcing,
)
from contracts.registry import newest
from contracts.vocabularies import regions
from contracts.vocabularies.errors import Refusal
from services.acceptance.domain.attendance import SignIn
from services.acceptance.domain.bids import Bid
from services.acceptance.domain.bookings import DayBook, book_id
from services.acceptance.domain.classes import Training
from services.acceptance.domain.copies import Body, Enrolment, Project, Voucher
from services.acceptance.domain.employment import Employment
from services.acceptance.domain.facts import Fact
from services.acceptance.domain.keys import RegisteredKey
from services.acceptance.domain.sourcing import Sourcing
from services.acceptance.store.attendance import KINDS as ATTENDANCE_KINDS
from services.acceptance.store.attendance import attendance_indexes, session_indexes
from services.acceptance.store.classes import KINDS as CLASS_KINDS
from services.acceptance.store.classes import class_indexes
from services.acceptance.store.codec import Document, from_doc, to_doc
from services.acceptance.store.follow_up import KINDS as FOLLOW_UP_KINDS
from services.acceptance.store.follow_up import follow_up_indexes, undecided_employments
from services.acceptance.store.persons import person_index
from services.acceptance.store.register import KINDS as REGISTER_KINDS
from services.acceptance.store.register import grade_indexes, register_indexes
from services.acceptance.store.sealed import sealed_indexes
from services.acceptance.store.sourcing import KINDS as SOURCING_KINDS
from services.acceptance.store.sourcing import sourcing_indexes

T = TypeVar("T")
COLLECTIONS: Final = {
    "sourcings", "bids", "scores", "trainings", "sign_ins", "certificates", "employments", "day_books",
    "claims", "projects", "bodies", "enrolments", "vouchers",
}  # fmt: skip
_KINDS: Final[dict[type, str]] = {
    **ATTENDANCE_KINDS,
    **CLASS_KINDS,
    **SOURCING_KINDS,
    Sourcing: "sourcings", Bid: "bids", Training: "trainings", SignIn: "sign_ins", Employment: "employments",
    DayBook: "day_books", Project: "projects", Body: "bodies", Enrolment: "enrolments", Voucher: "vouchers",
    **REGISTER_KINDS,
    **FOLLOW_UP_KINDS,
    RegisteredKey: "opening_keys",
}  # fmt: skip


_READ: dict[str, tuple[Document, Training]] = {}
_MOST_READ: Final = 5000


def indexes(database: Any) -> None:
    """Create the collections (a transaction cannot, when two try at once) and their indexes."""
    for name in sorted(COLLECTIONS - set(database.list_collection_names())):
        database.create_collection(name)
    for name in ("bids", "scores"):
        database[name].create_index([("sourcing_id", 1), ("_id", 1)], name="sourcing")
    for name in ("sign_ins", "employments", "enrolments", "vouchers"):
        database[name].create_index([("class_id", 1), ("_id", 1)], name="class")
    for name in ("sourcings", "trainings", "employments"):
        database[name].create_index([("project_id", 1), ("_id", 1)], name="project")
    database["trainings"].create_index([("provider_ref", 1), ("_id", 1)], name="provider")


MIGRATIONS: Final[Sequence[Callable[[Any], None]]] = (
    indexes,
    sealed_indexes,
    register_indexes,
    grade_indexes,
    follow_up_indexes,
    sourcing_indexes,
    class_indexes,
    attendance_indexes,
    session_indexes,
    undecided_employments,
    person_index,
)


def find(reader: Any, kind: type[T], id: str | None) -> T | None:
    """Return a thing by its id, or None."""
    doc = reader.get(_KINDS[kind], id) if id else None
    return None if doc is None else from_doc(kind, doc)


def load(reader: Any, kind: type[T], id: str, code: str = "not_found", field: str | None = None) -> T:
    """Return a thing by its id. Raises Refusal `code`."""
    found = find(reader, kind, id)
    if found is None:
        raise Refusal(code, field=field, what=kind.__name__.lower())
    return found


def target(unit: Any, kind: type[T], id: str) -> T:
    """Return the thing that a command is about. Raises Refusal `not_found`, `stale_version`."""
    return from_doc(kind, unit.target(_KINDS[kind], id))


def among(reader: Any, kind: type[T], limit: int = 0, **where: Any) -> list[T]:
    """Return the things whose fields have these values, in the order of their ids."""
    return [from_doc(kind, doc) for doc in reader.find(_KINDS[kind], where, [("_id", 1)], limit)]


def many(unit: Any, kind: type[T], ids: Iterable[str]) -> dict[str, T]:
    """Return the things that exist among these ids, by id; one query for all."""
    return {id: from_doc(kind, doc) for id, doc in unit.look_at_all(_KINDS[kind], ids).items()}


def many_trainings(unit: Any, ids: Iterable[str]) -> dict[str, Training]:
    """As many, for classes: equal documents are read once, as a class's learners sign in one by one."""
    found = {}
    for id, doc in unit.look_at_all("trainings", ids).items():
        known = _READ.get(id)
        if known is None or known[0] != doc:
            if len(_READ) >= _MOST_READ:
                _READ.clear()
            known = _READ[id] = (doc, from_doc(Training, doc))
        found[id] = known[1]
    return found


def page(
    reader: Any, kind: type[T], cursor: str | None, limit: int, **where: Any
) -> tuple[list[tuple[T, int]], str | None]:
    """Return up to `limit` things with their versions after the cursor, and the next cursor, if any."""
    after = {"_id": {"$gt": cursor}} if cursor else {}
    docs = reader.find(_KINDS[kind], {**where, **after}, [("_id", 1)], limit + 1)
    items = [(from_doc(kind, doc), doc["version"]) for doc in docs[:limit]]
    return items, docs[limit - 1]["_id"] if len(docs) > limit else None


def where(body: Document) -> Document:
    """Return what a list is narrowed to: one project, or a region with all that lies in it."""
    narrowed = {"project_id": body["project_id"]} if body["project_id"] else {}
    if body["region"]:
        within = [each for each in regions.CODES if regions.covers(body["region"], each)]
        narrowed["region"] = {"$in": within}
    return narrowed


def version_of(reader: Any, kind: type[Any], id: str) -> int:
    """Return the version of a stored thing."""
    return int(reader.get(_KINDS[kind], id)["version"])


def save(unit: Any, thing: Any, facts: Iterable[Fact] = ()) -> int:
    """Write a thing as it now is, with its facts; return its version."""
    collection, doc = _KINDS[type(thing)], to_doc(thing)
    events = [(newest(type), data) for type, data in facts]
    old: Document | None = unit.get(collection, thing.id)
    if old is None:
        return int(unit.insert(collection, doc, events)["version"])
    return int(unit.save(collection, {**old, **doc}, events)["version"])


def save_sealed(unit: Any, sourcing: Sourcing, facts: Iterable[Fact]) -> int:
    """As save, without telling who acted: who bids is nobody's knowledge before the opening."""
    actor = unit.actor
    unit.actor = replace(actor, account="sealed")
    try:
        return save(unit, sourcing, facts)
    finally:
        unit.actor = actor


def save_unsaid(unit: Any, thing: Any, facts: Iterable[Fact]) -> int:
    """As save, without telling who acted."""
    actor = unit.actor
    unit.actor = replace(actor, account="unsaid")
    try:
        return save(unit, thing, facts)
    finally:
        unit.actor = actor


def add_scores(unit: Any, sourcing_id: str, bid_id: str, scores: list[dict[str, Any]]) -> None:
    """Keep a panel member's scores with their reasons."""
    account = unit.actor.account
    row = {"_id": f"{bid_id}|{account}", "sourcing_id": sourcing_id, "bid_id": bid_id, "account": account}
    unit.insert("scores", {**row, "scores": scores, "at": unit.now})


def add_certificate(unit: Any, certificate: Any, fact: Fact, field: str) -> None:
    """Register a certificate number once. Raises Refusal `acceptance.certificate_taken`."""
    if unit.get("certificates", certificate.id) is not None:
        raise Refusal("acceptance.certificate_taken", field=field, number=certificate.id)
    unit.insert("certificates", to_doc(certificate), [(newest(fact[0]), fact[1])])


def day_book(unit: Any, key: str, day: date) -> DayBook:
    """Return what is taken of a thing on a day."""
    id = book_id(key, day)
    return find(unit, DayBook, id) or DayBook(id)


def claimed(reader: Any, key: str) -> Any:
    """Return what a claim row holds, None when nobody holds it."""
    row = reader.get("claims", key)
    return None if row is None else row["value"]


def claim(unit: Any, key: str, value: Any) -> None:
    """Hold a row once, or change what it holds."""
    row = unit.get("claims", key)
    if row is None:
        unit.insert("claims", {"_id": key, "value": value})
    else:
        unit.save("claims", {**row, "value": value})


def release(unit: Any, key: str) -> None:
    """Let a claim row go."""
    unit.delete("claims", key)
