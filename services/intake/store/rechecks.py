"""Questions that wait for the registries (`rechecks`) and what was said of certificates (`certificates`)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from services.chassis.calls import Reader
from services.chassis.unit import Unit
from services.intake.domain.facts import Fact
from services.intake.store.events import pairs
from services.intake.store.fairness import waiting_docs
from services.intake.store.vault import PERSONS

RECHECKS: Final = "rechecks"
CERTIFICATES: Final = "certificates"
WAGES: Final = "wage_checks"
HASHES: Final[Mapping[str, str]] = {"phone": "phone_hash", "bank_account": "account_hash"}


def ask(unit: Unit, kind: str, ref: str, purpose: str, details: Mapping[str, Any]) -> None:
    """Keep a question; one that waits already is not doubled."""
    id = f"{kind}:{ref}"
    if unit.get(RECHECKS, id) is None:
        row = {"_id": id, "kind": kind, "ref": ref, "purpose": purpose, "asked_at": unit.now}
        unit.insert(RECHECKS, {**row, **details})


def waiting(reader: Reader, kind: str, limit: int) -> list[dict[str, Any]]:
    """Return questions of a kind (person, body, certificate) that no registry has answered."""
    return waiting_docs(reader, RECHECKS, {"kind": kind}, limit)


def answered(unit: Unit, id: str) -> bool:
    """Take a question away; False when somebody took its answer in already."""
    there = unit.get(RECHECKS, id) is not None
    unit.delete(RECHECKS, id)
    return there


def certificate_checked_at(unit: Unit, number: str, person_ref: str) -> datetime | None:
    """Return when a person's certificate was last found valid, None when it was not."""
    doc = unit.get(CERTIFICATES, number)
    if doc is None or not doc["valid"] or doc["person_ref"] != person_ref:
        return None
    checked_at: datetime = doc["checked_at"]
    return checked_at


def save_certificate(unit: Unit, number: str, answer: Mapping[str, Any]) -> None:
    """Keep and tell what the registry said of a certificate."""
    facts: list[Fact] = [("intake.certificate.checked", dict(answer))]
    doc = unit.get(CERTIFICATES, number)
    if doc is None:
        unit.insert(CERTIFICATES, {"_id": number, **answer}, pairs(facts))
    else:
        unit.save(CERTIFICATES, {**doc, **answer}, pairs(facts))


def wage_known(unit: Unit, id: str) -> bool:
    """Return whether a person was found insured by a firm in a month; who was not is asked about again."""
    doc = unit.get(WAGES, id)
    return doc is not None and bool(doc["insured"])


def save_wage(unit: Unit, id: str, answer: Mapping[str, Any]) -> None:
    """Keep and tell what the registry said of one line of a payroll."""
    facts: list[Fact] = [("intake.wage.compared", dict(answer))]
    doc = unit.get(WAGES, id)
    if doc is None:
        unit.insert(WAGES, {"_id": id, **answer}, pairs(facts))
    else:
        unit.save(WAGES, {**doc, **answer}, pairs(facts))


def hashes_of(reader: Reader, refs: Sequence[str]) -> list[dict[str, Any]]:
    """Return the hashes of those of these persons who are not forgotten."""
    asked = {"_id": {"$in": list(refs)}, "status": {"$ne": "forgotten"}}
    fields = ["phone_hash", "account_hash"]
    return list(reader.database[PERSONS].find(asked, fields))


def sharers(reader: Reader, field: str, hashes: Iterable[str], people: int) -> dict[str, int]:
    """Return of these hashes those that so many people or more have, with their number."""
    found = reader.database[PERSONS].aggregate(
        [
            {"$match": {field: {"$in": sorted(set(hashes))}}},
            {"$group": {"_id": f"${field}", "people": {"$sum": 1}}},
            {"$match": {"people": {"$gte": people}}},
        ]
    )
    return {row["_id"]: row["people"] for row in found}


def unhashed(reader: Reader, limit: int) -> list[str]:
    """Return persons registered before there were hashes."""
    without = {"phone_hash": None, "status": {"$ne": "forgotten"}}
    return [doc["_id"] for doc in reader.find(PERSONS, without, [("_id", 1)], limit)]
