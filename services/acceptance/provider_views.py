"""What a caller is shown of the register."""

from dataclasses import asdict
from datetime import date
from typing import Any

from services.acceptance.domain.providers import Application, Measure, Particulars, Provider

View = dict[str, Any]


def provider(it: Provider, version: int, today: date, *, whole: bool) -> View:
    """A body on the register. whole: for itself and its officers, with teachers and what is on its way."""
    filed = it.admitted
    shown = _particulars(filed) if filed else None
    return {
        "id": it.id, "version": version, "status": it.status(today), "kind": it.kind, "name": it.name,
        "region": it.region, "ownership": filed.ownership if filed else None,
        "licence": shown["licence"] if shown else None, "rooms": shown["rooms"] if shown else [],
        "teacher_count": len(filed.teachers) if filed else 0,
        "teachers": shown["teachers"] if shown and whole else None,
        "since": it.since, "exited_on": it.exited_on,
        "measures": [_measure(each, today) for each in it.measures],
        "grade": it.grade, "preferred": it.preferred,
        "application": _application(it.application) if it.application and whole else None,
    }  # fmt: skip


def _particulars(filed: Particulars) -> View:
    shown = asdict(filed)
    shown["licence"]["occupations"] = list(filed.licence.occupations)
    shown["teachers"], shown["rooms"] = list(shown["teachers"]), list(shown["rooms"])
    return shown


def _application(filed: Application) -> View:
    return {
        "state": filed.state, "filed_at": filed.filed_at, "check": asdict(filed.check),
        "reason": filed.reason, "particulars": _particulars(filed.particulars),
    }  # fmt: skip


def _measure(it: Measure, today: date) -> View:
    return {
        "id": it.id, "kind": it.kind, "reason": it.reason, "clause": it.clause, "day": it.day,
        "until": it.until, "holds": it.holds(today), "lifted_on": it.lifted_on,
        "lifted_reason": it.lifted_reason,
    }  # fmt: skip
