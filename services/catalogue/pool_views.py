"""How entries of the pools are shown: to anyone what is published, to officers and owners the rest too."""

from typing import Any

from contracts.vocabularies import naming, pools, roles
from contracts.vocabularies.errors import Refusal
from services.catalogue.domain.pool import Entry
from services.catalogue.scopes import in_public, may_see, region_of
from services.catalogue.store import outcomes, uses
from services.catalogue.store import pool as store
from services.chassis.calls import Reader

# withdrawn ones stay readable, with the reason
_PUBLIC = ("published", "withdrawn")
_NAMES = ("status", "region", "owner_ref", "proposed_at", "decided_at", "batch", "reason", "raters", "uses")


def shown(
    entry: Entry, version: int, whole: bool, trained: int | None = 0, supported: int = 0
) -> dict[str, Any]:
    """Return an entry as its contract has it. whole: with who a teacher is; trained: in a brand's projects;
    supported: fen given to a base.
    """
    answer = {"id": entry.id, "version": version, **{name: getattr(entry, name) for name in _NAMES}}
    details = dict(entry.details)
    answer |= {"rating": entry.rating, "details": details}
    if entry.kind == "teacher" and not whole:
        details |= {"person_ref": None, "conflicts": []}
        answer["owner_ref"] = None
    if entry.kind == "base":
        answer["supported_fen"] = supported
    if entry.kind == "brand":
        asked = (entry.region, details["occupation"], details["firm"])
        lacking = naming.warnings(details["name"], *asked)
        words = [(code, *naming.WARNINGS[code]) for code in lacking]
        answer |= {
            "suggested_name": naming.suggested(*asked),
            "warnings": [{"code": code, "zh": zh, "en": en} for code, zh, en in words],
            "trained": trained,
        }
    return answer


def read(reader: Reader, kind: str, id: str) -> dict[str, Any]:
    """Return one entry. Raises Refusal `not_found` for what the caller may not see."""
    doc = reader.get(store.COLLECTIONS[kind], id)
    entry = store.read_entry(kind, doc) if doc else None
    if doc is None or entry is None or not (entry.status in _PUBLIC or _own(reader, entry)):
        raise Refusal("not_found", what=f"{store.COLLECTIONS[kind]}/{id}")
    return _seen(reader, entry, doc["version"])


def page(reader: Reader, kind: str, body: Any) -> dict[str, Any]:
    """Return a page of entries: of an officer's region whatever their state, else what is published."""
    officer = bool(reader.actor.roles & roles.OFFICERS)
    region = region_of(reader.actor, body["region"]) if officer else None
    asked = [body["status"]] if body["status"] else list(pools.ENTRY)
    statuses = asked if officer else [each for each in asked if each == "published"]
    docs, next = store.entry_page(reader, kind, body, region, statuses)
    entries = [(store.read_entry(kind, doc), doc["version"]) for doc in docs]
    return {"items": [_seen(reader, entry, version) for entry, version in entries], "next": next}


def _own(reader: Reader, entry: Entry) -> bool:
    actor = reader.actor
    mine = entry.owner_ref is not None and entry.owner_ref in (actor.body_ref, actor.person_ref)
    return (
        mine or (bool(actor.account) and entry.proposed_by == actor.account) or may_see(actor, entry.region)
    )


def _seen(reader: Reader, entry: Entry, version: int) -> dict[str, Any]:
    trained = supported = 0
    if entry.kind == "brand":
        trained = sum(outcomes.trained_in(reader, entry.details["project_ids"]).values())
    if entry.kind == "base":
        supported = uses.supported_fen(reader, entry.id)
    whole = _own(reader, entry)
    return shown(entry, version, whole, trained if whole else in_public(trained), supported)
