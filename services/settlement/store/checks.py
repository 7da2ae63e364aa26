"""What registries said, and the assessment of each claim: `assessments`, one row for each claim."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from pymongo.database import Database

from services.chassis.calls import Reader
from services.chassis.unit import Unit
from services.settlement.domain.checks import OFFICER, REGISTRY, Known, PersonKnown, Subjects, Told
from services.settlement.domain.review import OPEN
from services.settlement.store.documents import Document, Source

ASSESSMENTS: Final = "assessments"
CERTIFICATE_CHECKS: Final = "certificate_checks"
UNOPENED: Final = 0
_OFFICER_CHECKED: Final = {
    "contract": ("劳动合同", "the contract"),
    "self_report": ("本人申报", "the person's own report"),
}
_ANSWERS: Final = ("reason", "source", "checked_at")


def check_indexes(database: "Database[dict[str, Any]]") -> None:
    """Create the collections of checks and the indexes they are found by."""
    known = set(database.list_collection_names())
    for name in (ASSESSMENTS, CERTIFICATE_CHECKS):
        if name not in known:
            database.create_collection(name)
    database[ASSESSMENTS].create_index("look_at")
    for field in ("people", "certificates.number", "bodies"):
        database[ASSESSMENTS].create_index(field)
    database["classes"].create_index("roster")
    database["employments"].create_index("person_ref")
    database["certificates"].create_index([("assessor_ref", 1), ("issued_on", 1)])


def assessments_of_old_claims(database: "Database[dict[str, Any]]") -> None:
    """Have the job open an assessment for each live claim from before there were any.

    Opening one takes rules, which a migration has not: a row without anything is due at once instead.
    """
    nothing = ("people", "bodies", "paid", "certificates", "employments", "pension_free", "marks")
    long_ago = datetime(1970, 1, 1, tzinfo=UTC)
    fields = {
        **{name: [] for name in nothing},
        "attempt": UNOPENED,
        "project_id": None,
        "class_id": None,
        "body": None,
        "most": {"fresh_days": 0},
        "opened_at": long_ago,
        "look_at": long_ago,
        "asked_at": None,
        "clusters": None,
        "compared": 0,
        "answers": {},
        "version": 1,
        "seq": 0,
    }
    live = {"status": {"$in": sorted(OPEN | {"sent_back"})}}
    for claim in database["claims"].find(live, {"_id": 1}):
        database[ASSESSMENTS].update_one({"_id": claim["_id"]}, {"$setOnInsert": fields}, upsert=True)


def person_verified(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the first check of a person says."""
    told = {"known": True, "alive": True, "reason": None, "source": REGISTRY}
    return {**told, "draws_pension": data["draws_pension"], "checked_at": data["checked_at"]}


def person_rechecked(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a later check of a person says."""
    names = ("known", "alive", "draws_pension", *_ANSWERS)
    return {"verified": data["passed"], **{name: data[name] for name in names}}


def body_verified(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the first check of a body says; its admission is that day."""
    told = {"state": "active", "reason": None, "source": REGISTRY}
    return {**told, "checked_at": data["checked_at"], "admitted_at": data["checked_at"]}


def body_rechecked(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a later check of a body says."""
    return {name: data[name] for name in ("state", *_ANSWERS)}


def class_told(type: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a fact says of a class's place, seats and sign-ins."""
    if type in ("acceptance.class.confirmed", "acceptance.class.changed"):
        names = ("session_id", "starts", "ends")
        sessions = [{name: each[name] for name in names} for each in data["sessions"]]
        return {"seats": data["capacity"], "place": data["place"]["name"], "sessions": sessions}
    if type == "acceptance.class.carried_out":
        return {"sign_ins": data.get("sign_ins") or []}
    return {}


def known(source: Source, about: Subjects) -> Known:
    """Return what is known of the subjects of a claim."""
    people = source.find("people", {"_id": {"$in": list(about.people)}})
    numbers = [number for number, *_ in about.certificates]
    certificates = source.find(CERTIFICATE_CHECKS, {"_id": {"$in": numbers}}) if numbers else []
    body = source.get("bodies", about.body) if about.body else None
    return Known(
        people={doc["_id"]: each for doc in people if (each := _person(doc)) is not None},
        certificates={
            doc["_id"]: Told(doc["valid"], *(doc[name] for name in _ANSWERS)) for doc in certificates
        },
        employments=_employments(source, about),
        body=_body(body) if body else None,
    )


def _person(doc: Document) -> PersonKnown | None:
    if doc.get("forgotten"):
        return PersonKnown(False, True, None, "已注销 / forgotten", REGISTRY, None)
    if "verified" not in doc:
        return None
    # a refusal stands until the person is registered anew
    checked_at = doc.get("checked_at") if doc["verified"] else None
    alive = doc.get("alive", True)
    name_stands = bool(doc.get("known", True)) and (bool(doc["verified"]) or not alive)
    draws, source = doc.get("draws_pension"), doc.get("source", REGISTRY)
    return PersonKnown(name_stands, alive, draws, doc.get("reason"), source, checked_at)


def _body(doc: Document) -> Told | None:
    if "verified" not in doc:
        return None
    source = doc.get("source", REGISTRY)
    if not doc["verified"]:
        why = "登记核查未通过 / its registration failed the check"
        return Told(False, doc.get("reason") or why, source, None)
    return Told(doc.get("state", "active") == "active", doc.get("reason"), source, doc.get("checked_at"))


def _employments(source: Source, about: Subjects) -> dict[tuple[str, str], Told]:
    if not about.employments:
        return {}
    people = sorted({person_ref for person_ref, _ in about.employments})
    wanted = set(about.employments)
    found: dict[tuple[str, str], Told] = {}
    for doc in source.find("employments", {"person_ref": {"$in": people}}):
        key = (doc["person_ref"], doc["since"])
        if key in wanted and not (key in found and found[key].ok):
            found[key] = _employment(doc)
    return found


def _employment(doc: Document) -> Told:
    """Return who said so: the registry, or an officer who checked what the registry did not find."""
    basis = doc.get("basis", "insurance")
    if basis == "insurance":
        reason = None if doc["proven"] else "参保库查无此就业 / no such insured employment"
        return Told(doc["proven"], reason, REGISTRY, doc["checked_at"])
    zh, en = _OFFICER_CHECKED[basis]
    answer = ("属实", "stands") if doc["proven"] else ("不属实", "does not stand")
    reason = (
        f"参保库查无，工作人员核查{zh}，{answer[0]} / not insured; an officer checked {en}: it {answer[1]}"
    )
    return Told(doc["proven"], reason, OFFICER, doc["checked_at"])


def row(source: Source, claim_id: str) -> Document | None:
    """Return a claim's assessment."""
    return source.get(ASSESSMENTS, claim_id)


def put_row(unit: Unit, claim_id: str, fields: Mapping[str, Any]) -> Document:
    """Write a claim's assessment, new or over what was there."""
    doc = row(unit, claim_id)
    if doc is None:
        return unit.insert(ASSESSMENTS, {"_id": claim_id, **fields})
    return unit.save(ASSESSMENTS, {**doc, **fields})


def due(reader: Reader, now: datetime, limit: int) -> list[Document]:
    """Return assessments that are to be looked at now, the longest due first."""
    return reader.find(ASSESSMENTS, {"look_at": {"$lte": now}}, [("look_at", 1)], limit)


def touch(unit: Unit, field: str, ref: str) -> None:
    """Have the open assessments that lean on something looked at."""
    for doc in unit.find(ASSESSMENTS, {field: ref, "look_at": {"$gt": unit.now}}):
        unit.save(ASSESSMENTS, {**doc, "look_at": unit.now})


def touch_claim(unit: Unit, claim_id: str) -> None:
    """Have the assessment of a claim looked at."""
    doc = row(unit, claim_id)
    if doc is not None:
        unit.save(ASSESSMENTS, {**doc, "look_at": unit.now})


def subjects_of(doc: Document) -> Subjects:
    """Return what the claim of an assessment leans on."""
    return Subjects(
        people=tuple(doc["paid"]),
        certificates=tuple(
            (each["number"], each["person_ref"], each["occupation"], each["level"])
            for each in doc["certificates"]
        ),
        employments=tuple((each["person_ref"], each["since"]) for each in doc["employments"]),
        pension_free=frozenset(doc["pension_free"]),
        body=doc["body"],
    )


def subjects_written(about: Subjects) -> dict[str, Any]:
    """Return subjects as an assessment keeps them."""
    names = ("number", "person_ref", "occupation", "level")
    return {
        "paid": list(about.people),
        "certificates": [dict(zip(names, each, strict=True)) for each in about.certificates],
        "employments": [{"person_ref": ref, "since": since} for ref, since in about.employments],
        "pension_free": sorted(about.pension_free),
        "body": about.body,
    }


def certificates_of(source: Source, numbers: Iterable[str]) -> list[Document]:
    """Return certificates as acceptance told them."""
    return source.find("certificates", {"_id": {"$in": sorted(set(numbers))}})
