"""What the map shows of a class, a challenge and a project, written out once when a fact changes it."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from contracts.vocabularies import levels, modes, occupations, regions, statuses

Document = Mapping[str, Any]
# A class is shown from its confirmation on, and stays to be found when it is over.
SHOWN_CLASSES: Final = frozenset(
    {"confirmed", "enrolling", "roster_filed", "running", "assessed", "completed", "stopped"}
)
# These can still be chosen and come first in the list.
OPEN_CLASSES: Final = frozenset({"confirmed", "enrolling"})
_PROJECT_FIELDS: Final = ("name", "programme", "hours", "standard_fen", "illustrative", "price_fen")


def class_card(doc: Document, project: Document | None) -> dict[str, Any]:
    """Return the line of a class in the list; times in UTC with Z, money in fen."""
    sessions = doc["sessions"]
    return {
        "id": doc["_id"],
        "version": doc["of_version"],
        "status": _word(statuses.CLASS, doc["status"]),
        "name": doc["name"],
        "provider": {"ref": doc["provider_ref"], "name": doc["provider_name"]},
        "occupation": _term(occupations.OCCUPATIONS, doc["occupation"]),
        "level": _term(levels.LEVELS, doc["level"]),
        "mode": _term(modes.MODES, doc["mode"]),
        "region": {"code": doc["region"], "zh": regions.full_name(doc["region"])},
        "place": doc["place"],
        "starts": sessions[0]["starts"],
        "ends": sessions[-1]["ends"],
        "enrol_until": doc["enrol_until"],
        "hours": sum(session["hours"] for session in sessions),
        "seats": seats(doc),
        "project": _project(doc["project_id"], project),
    }


def class_detail(doc: Document, project: Document | None) -> dict[str, Any]:
    """Return a class with its timetable."""
    return {**class_card(doc, project), "sessions": list(doc["sessions"])}


def seats(doc: Document) -> dict[str, int]:
    """Return capacity, seats taken and free, and who waits; before the first choice nothing is taken."""
    told = doc.get("seating") or {}
    capacity = told.get("capacity", doc["capacity"])
    taken = told.get("taken", 0)
    return {
        "capacity": capacity,
        "taken": taken,
        "free": max(0, capacity - taken),
        "waiting": told.get("waiting", 0),
    }


def challenge_card(doc: Document) -> dict[str, Any]:
    """Return an open challenge (揭榜) or what became of it."""
    return {
        "id": doc["_id"],
        "version": doc["of_version"],
        "status": _word(statuses.SOURCING, doc["status"]),
        "project_id": doc["project_id"],
        "name": doc["name"],
        "region": {"code": doc["region"], "zh": regions.full_name(doc["region"])},
        "goal": doc["goal"],
        "seats": doc["seats"],
        "hours": doc["hours"],
        "ceiling_fen": doc["ceiling_fen"],
        "bids_until": doc["bids_until"],
        "sealed_bids": doc["sealed_bids"],
        "candidate": doc["candidate"],
        "awarded": doc["awarded"],
    }


def project_card(doc: Document) -> dict[str, Any]:
    """Return a listed project."""
    return {
        "id": doc["_id"],
        "version": doc["of_version"],
        "status": _word(statuses.PROJECT, doc["status"]),
        "occupation": _term(occupations.OCCUPATIONS, doc["occupation"]),
        "level": _term(levels.LEVELS, doc["level"]),
        "mode": _term(modes.MODES, doc["mode"]),
        "region": {"code": doc["region"], "zh": regions.full_name(doc["region"])},
        "seats": doc["seats"],
        **{name: doc.get(name) for name in _PROJECT_FIELDS},
    }


def plain(value: Any) -> Any:
    """Return a fact's loaded data as JSON has it (moments in UTC with Z, days in ISO 8601)."""
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return value


def written(card: Mapping[str, Any]) -> str:
    """Return a card as compact JSON."""
    return json.dumps(card, ensure_ascii=False, separators=(",", ":"))


def _project(id: str, project: Document | None) -> dict[str, Any]:
    return {"id": id, **{name: (project or {}).get(name) for name in _PROJECT_FIELDS}}


def _word(words: Mapping[str, str], code: str) -> dict[str, str]:
    return {"code": code, "zh": words.get(code, code)}


def _term(vocabulary: Any, code: str) -> dict[str, str]:
    term = vocabulary.term(code)
    return {"code": code, "zh": term.zh, "en": term.en}
