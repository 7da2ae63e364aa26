"""Reports of employment that wait for the registry, in `employments`."""

from dataclasses import fields
from datetime import date
from typing import Any, Final

from services.chassis.calls import Reader
from services.chassis.unit import Unit
from services.intake.domain.employments import Employment
from services.intake.domain.facts import Fact
from services.intake.store.events import pairs
from services.intake.store.fairness import waiting_docs

EMPLOYMENTS: Final = "employments"
_FIELDS: Final = tuple(field.name for field in fields(Employment) if field.name != "id")


def load(unit: Unit, id: str) -> Employment | None:
    """Return a report, or None."""
    doc = unit.get(EMPLOYMENTS, id)
    return _read(doc) if doc else None


def waiting(reader: Reader, limit: int) -> list[Employment]:
    """Return reports that no registry has answered yet."""
    return [_read(doc) for doc in waiting_docs(reader, EMPLOYMENTS, {"found": None}, limit)]


def save(unit: Unit, report: Employment, facts: list[Fact]) -> None:
    """Store a report."""
    doc = unit.get(EMPLOYMENTS, report.id)
    new = {
        "_id": report.id,
        **{name: getattr(report, name) for name in _FIELDS},
        "since": report.since.isoformat(),
    }
    if doc is None:
        unit.insert(EMPLOYMENTS, new, pairs(facts))
    else:
        unit.save(EMPLOYMENTS, {**doc, **new}, pairs(facts))


def _read(doc: dict[str, Any]) -> Employment:
    values = {name: doc[name] for name in _FIELDS}
    values["since"] = date.fromisoformat(doc["since"])
    return Employment(id=doc["_id"], **values)
