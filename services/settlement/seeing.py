"""What the risk marks of a claim are made of, gathered from what other services told."""

from collections.abc import Sequence
from typing import Any

from services.chassis.unit import Unit
from services.settlement.domain import risk
from services.settlement.domain.risk import Cluster, Evidence, Issuer, Seen, SessionHeld, Thresholds
from services.settlement.store import checks as store
from services.settlement.store import files
from services.settlement.store.documents import Document


def seen(unit: Unit, row: Document, clusters: Sequence[Document], most: Thresholds) -> Seen:
    """Return what there is to see of a claim. row: its assessment; clusters: as intake told them."""
    mine = _classes(unit, row)
    attended = _attended(unit, row["people"])
    return Seen(
        clusters=[Cluster(each["kind"], tuple(each["person_refs"]), each["people"]) for each in clusters],
        sessions=[held for doc in mine for held in _held(doc)],
        attended=attended,
        issuers=_issuers(unit, row, most),
        pensioners=_pensioners(unit, row["people"]),
        bodies=[_body(unit, ref) for ref in row["bodies"]],
        evidence=_evidence(unit, row["_id"]),
    )


def _classes(unit: Unit, row: Document) -> list[Document]:
    if row["class_id"] is not None:
        found = unit.get("classes", row["class_id"])
        return [found] if found else []
    if row["project_id"] is None:
        return []
    return unit.find("classes", {"project_id": row["project_id"]}, [("_id", 1)])


def _held(doc: Document) -> list[SessionHeld]:
    density = {each["session_id"]: each for each in doc.get("sign_ins", ())}
    return [
        SessionHeld(
            class_id=doc["_id"],
            session_id=each["session_id"],
            seats=doc["seats"],
            place=doc["place"],
            starts=each["starts"],
            ends=each["ends"],
            people=density.get(each["session_id"], {}).get("people"),
            busiest_minute=density.get(each["session_id"], {}).get("busiest_minute"),
        )
        for each in doc.get("sessions", ())
    ]


def _attended(unit: Unit, people: Sequence[str]) -> dict[str, list[SessionHeld]]:
    """Return the sessions that these people signed in to, of whatever class."""
    wanted = set(people)
    found: dict[str, list[SessionHeld]] = {}
    for doc in unit.find("classes", {"roster": {"$in": sorted(wanted)}}):
        held = {each.session_id: each for each in _held(doc)}
        for line in doc.get("attendance", ()):
            if line["person_ref"] in wanted:
                there = [held[id] for id in line.get("sessions") or () if id in held]
                found.setdefault(line["person_ref"], []).extend(there)
    return found


def _issuers(unit: Unit, row: Document, most: Thresholds) -> list[Issuer]:
    numbers = [each["number"] for each in row["certificates"]]
    refs = sorted({doc["assessor_ref"] for doc in store.certificates_of(unit, numbers)})
    found = []
    for ref in refs:
        body = unit.get("bodies", ref) or {}
        admitted = body.get("admitted_at")
        if admitted is None:
            continue
        first, last = risk.admitted_within(admitted, most.bulk_days)
        query: dict[str, Any] = {"assessor_ref": ref, "issued_on": {"$gte": first, "$lte": last}}
        issued = len(unit.find("certificates", query, limit=most.bulk_certificates))
        found.append(Issuer(ref, body.get("name", ref), body.get("state", "active"), issued))
    return found


def _pensioners(unit: Unit, people: Sequence[str]) -> list[str]:
    found = unit.find("people", {"_id": {"$in": list(people)}, "draws_pension": True}, [("_id", 1)])
    return [doc["_id"] for doc in found]


def _body(unit: Unit, ref: str) -> Issuer:
    body = unit.get("bodies", ref) or {}
    return Issuer(ref, body.get("name", ref), body.get("state", "active"))


def _evidence(unit: Unit, claim_id: str) -> list[Evidence]:
    found = []
    for file in files.of_claim(unit, claim_id):
        if file.edited_at is not None:
            found.append(Evidence(file.id, file.name, "edited"))
        if file.scan == "infected":
            found.append(Evidence(file.id, file.name, "infected"))
    return found
