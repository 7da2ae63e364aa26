"""Bodies in MongoDB: `bodies`, and the rows that make a credit code of a kind belong to one body."""

from dataclasses import fields
from typing import Any, Final

from services.chassis.calls import Reader
from services.chassis.unit import Unit
from services.intake.domain.bodies import Body
from services.intake.domain.facts import Fact
from services.intake.store import persons
from services.intake.store.events import pairs
from services.intake.store.fairness import waiting_docs
from services.intake.store.vault import BODIES

CODES: Final = "codes"
_FIELDS: Final = tuple(field.name for field in fields(Body) if field.name != "id")


def load(source: Unit | Reader, ref: str) -> Body | None:
    """Return a body, or None."""
    doc = source.get(BODIES, ref)
    return _read(doc) if doc else None


def version(source: Unit | Reader, ref: str) -> int:
    """Return a stored body's version."""
    doc = source.get(BODIES, ref)
    return int(doc["version"]) if doc else 0


def of_code(unit: Unit, kind: str, credit_code: str) -> Body | None:
    """Return the body of this kind with this credit code, or None."""
    row = unit.get(CODES, f"{kind}:{credit_code}")
    return load(unit, row["body_ref"]) if row else None


def of_login(source: Unit | Reader, account: str) -> Body | None:
    """Return the body that an account registered, or None."""
    ref = persons.refs_of_login(source, account)["body_ref"]
    return load(source, ref) if ref else None


def waiting(reader: Reader, limit: int) -> list[tuple[Body, int]]:
    """Return bodies to be checked, each with its version."""
    docs = waiting_docs(reader, BODIES, {"status": "submitted"}, limit)
    return [(_read(doc), doc["version"]) for doc in docs]


def save(unit: Unit, body: Body, facts: list[Fact]) -> int:
    """Store a body, its code's and its login's rows; return its version."""
    doc, code = unit.get(BODIES, body.id), f"{body.kind}:{body.credit_code}"
    if doc is None:
        stored = unit.insert(BODIES, _write(body), pairs(facts))
    else:
        before = f"{doc['kind']}:{doc['credit_code']}"
        if before != code:
            unit.delete(CODES, before)
        stored = unit.save(BODIES, {**doc, **_write(body)}, pairs(facts))
    if unit.get(CODES, code) is None:
        unit.insert(CODES, {"_id": code, "body_ref": body.id})
    if body.login is not None:
        persons.put_login(unit, body.login, "body_ref", body.id)
    return int(stored["version"])


def _write(body: Body) -> dict[str, Any]:
    doc = {name: getattr(body, name) for name in _FIELDS}
    return {"_id": body.id, **doc, "sealed": dict(body.sealed)}


def _read(doc: dict[str, Any]) -> Body:
    return Body(id=doc["_id"], **{name: doc[name] for name in _FIELDS if name in doc})
