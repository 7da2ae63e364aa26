"""How vouchers and their batches are read and written inside a unit."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

from contracts.vocabularies import regions
from services.selection.domain.batches import Batch, Count
from services.selection.domain.people import Person
from services.selection.domain.seats import Told
from services.selection.domain.vouchers import UNUSED, Voucher
from services.selection.store import (
    Document,
    events_of,
    known,
    load_person,
    object_of,
    own,
    put,
    values_of,
)

# what documents of earlier editions lack
_VOUCHER: Final = {each.name: each.default for each in fields(Voucher)[6:]}
_BATCH: Final = {each.name: each.default for each in fields(Batch)[4:]}


def load_voucher(unit: Any, id: str) -> Voucher:
    """Return a voucher. Raises Refusal `not_found`."""
    return voucher_of(known(unit, "vouchers", id))


def target_voucher(unit: Any, id: str) -> Voucher:
    """Return the actor's voucher. Raises Refusal `not_found`, `stale_version`, `owner.forbidden`."""
    return voucher_of(own(unit, unit.target("vouchers", id)))


def voucher_of(doc: Document) -> Voucher:
    """Return the voucher in a document."""
    return object_of(Voucher, "id", {**_VOUCHER, **doc})


def shown(doc: Document) -> Document:
    """Return a voucher's document with what an earlier edition did not write."""
    return {**_VOUCHER, **doc, "id": doc["_id"]}


def add_voucher(unit: Any, voucher: Voucher) -> Document:
    """Write a new voucher and return its document."""
    doc = {"_id": voucher.id, **values_of(voucher, "id")}
    stored: Document = unit.insert("vouchers", doc, events_of([voucher.told()]))
    return stored


def save_voucher(unit: Any, voucher: Voucher, told: Told | None = None) -> Document:
    """Write a voucher as it now is and return its document; told: another fact than that of its status."""
    return put(unit, "vouchers", voucher.id, values_of(voucher, "id"), [told or voucher.told()])


def lapsed_vouchers(unit: Any, now: datetime, limit: int) -> list[Voucher]:
    """Return the vouchers that were not used while they were valid."""
    lapsed = {"status": {"$in": sorted(UNUSED)}, "valid_until": {"$lte": now}}
    return [voucher_of(doc) for doc in unit.find("vouchers", lapsed, [("valid_until", 1)], limit)]


def vouchers_to_remind(unit: Any, now: datetime, limit: int) -> list[Voucher]:
    """Return the unused vouchers whose holders are to be spoken to, the longest due first."""
    due = {"remind_at": {"$lte": now}, "status": {"$in": sorted(UNUSED)}, "valid_until": {"$gt": now}}
    return [voucher_of(doc) for doc in unit.find("vouchers", due, [("remind_at", 1)], limit)]


def bound_to(reader: Any, class_id: str) -> list[Voucher]:
    """Return the vouchers that are good for a class now."""
    wanted = {"class_id": class_id, "status": {"$in": ["bound", "in_use"]}}
    return [voucher_of(doc) for doc in reader.find("vouchers", wanted, [("_id", 1)])]


def batch_of(doc: Document) -> Batch:
    """Return the batch in a document."""
    found = {**_BATCH, **doc}
    # before there were rules every voucher of a batch stood in it
    given = found["given"] or len(found["voucher_ids"])
    lists = {name: None if found[name] is None else tuple(found[name]) for name in _LISTS}
    return object_of(Batch, "id", {**found, **lists, "given": given})


_LISTS: Final = ("groups", "voucher_ids", "skipped")


def load_batch(unit: Any, id: str) -> Batch:
    """Return a batch. Raises Refusal `not_found`."""
    return batch_of(known(unit, "batches", id))


def save_batch(unit: Any, batch: Batch) -> Document:
    """Write a batch, new or not, and return its document."""
    lists = {name: None if getattr(batch, name) is None else list(getattr(batch, name)) for name in _LISTS}
    return put(unit, "batches", batch.id, {**values_of(batch, "id"), **lists})


def batches_to_issue(reader: Any) -> list[str]:
    """Return the batches whose persons are still being gone through."""
    return [doc["_id"] for doc in reader.find("batches", {"status": "issuing"}, [("_id", 1)])]


def people_of(unit: Any, batch: Batch, limit: int) -> list[Person]:
    """Return the next persons of a batch's groups and region, in the order of their references."""
    wanted = {
        "_id": {"$gt": batch.after},
        "groups": {"$in": list(batch.groups or ())},
        "region": within(batch.region),
        "registry": {"$nin": ["refused", "forgotten"]},
    }
    return [load_person(unit, doc["_id"]) for doc in unit.find("people", wanted, [("_id", 1)], limit)]


def within(region: str) -> Mapping[str, str] | str:
    """Return the condition that a region code lies in a region: codes of a province or city begin alike."""
    if region == regions.province_of(region):
        return {"$gte": region, "$lte": f"{region[:2]}9999"}
    if region == regions.city_of(region):
        return {"$gte": region, "$lte": f"{region[:4]}99"}
    return region


def counts_of(reader: Any, batch_ids: Iterable[str]) -> dict[str, list[Count]]:
    """Return how many vouchers of each batch are alike, by batch, in one query."""
    flags = {
        "claimed": "claimed_at",
        "used": "used_at",
        "reminded": "reminded_days",
        "replaced": "replaced_by",
    }
    alike = {name: {"$gt": [f"${field}", None]} for name, field in flags.items()}
    stages = [
        {"$match": {"batch_id": {"$in": list(batch_ids)}}},
        {"$group": {"_id": {"batch": "$batch_id", "status": "$status", **alike}, "number": {"$sum": 1}}},
    ]
    found: dict[str, list[Count]] = {}
    for row in reader.database["vouchers"].aggregate(stages):
        key = dict(row["_id"])
        found.setdefault(key.pop("batch"), []).append(Count(**key, number=row["number"]))
    return found


def causes_of(reader: Any, batch_ids: Iterable[str]) -> dict[str, dict[str, int]]:
    """Return how many holders gave each cause of non-use, by batch."""
    stages = [
        {"$match": {"batch_id": {"$in": list(batch_ids)}, "non_use": {"$ne": None}}},
        {"$group": {"_id": {"batch": "$batch_id", "cause": "$non_use"}, "number": {"$sum": 1}}},
    ]
    found: dict[str, dict[str, int]] = {}
    for row in reader.database["vouchers"].aggregate(stages):
        found.setdefault(row["_id"]["batch"], {})[row["_id"]["cause"]] = row["number"]
    return found
