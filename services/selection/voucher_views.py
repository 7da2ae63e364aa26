"""What is shown of vouchers and their batches, and to whom."""

from typing import Any

from contracts.vocabularies import roles
from contracts.vocabularies.errors import Refusal
from services.chassis.paging import newest_first
from services.selection import store, tokens, voucher_store
from services.selection.domain import batches as figures
from services.selection.domain.batches import Count
from services.selection.views import View, must_be_officer

Key = tuple[str, bytes]
shown = voucher_store.shown


def voucher(reader: Any, id: str) -> View:
    """Return a voucher to its person, or to an officer of its region."""
    doc = store.known(reader, "vouchers", id)
    if doc["person_ref"] != reader.actor.person_ref:
        must_be_officer(reader, doc["region"])
    return shown(doc)


def vouchers(reader: Any, body: View) -> View:
    """Return the person's own vouchers, newest first."""
    found = store.load_person(reader, reader.actor.person_ref)
    docs, next = newest_first(reader, "vouchers", {"person_ref": found.ref}, "issued_at", body)
    return {"items": [shown(doc) for doc in docs], "next": next}


def new_batch(doc: store.Document) -> View:
    """Return a batch that was issued just now."""
    issued = Count("issued", False, False, False, False, len(doc["voucher_ids"]))
    return _batch(doc, [issued] if issued.number else [], {})


def batch(reader: Any, id: str) -> View:
    """Return a batch with its figures, to an officer of its region."""
    doc = store.known(reader, "batches", id)
    must_be_officer(reader, doc["region"])
    return _with_figures(reader, [doc])[0]


def batches(reader: Any, body: View) -> View:
    """Return the batches of an officer's region, or of one in it, newest first, with their figures.

    Raises Refusal `region.forbidden`.
    """
    region = body["region"] or reader.actor.region
    if region is None:
        raise Refusal("region.forbidden", region="-")
    must_be_officer(reader, region)
    within = {"region": voucher_store.within(region)}
    docs, next = newest_first(reader, "batches", within, "issued_at", body)
    return {"items": _with_figures(reader, docs), "next": next}


def batch_vouchers(reader: Any, body: View) -> View:
    """Return the vouchers of a batch, newest first, to an officer of its region."""
    must_be_officer(reader, store.known(reader, "batches", body["batch_id"])["region"])
    wanted = {"batch_id": body["batch_id"]} | ({"status": body["status"]} if body["status"] else {})
    docs, next = newest_first(reader, "vouchers", wanted, "issued_at", body)
    return {"items": [shown(doc) for doc in docs], "next": next}


def token(reader: Any, id: str, key: Key) -> View:
    """Return what the person shows to the class that the voucher is bound to, good until the voucher or the
    class ends. Raises Refusal `owner.forbidden`, `selection.voucher_not_bound`, `selection.voucher_expired`.
    """
    mine = voucher_store.voucher_of(store.own(reader, store.known(reader, "vouchers", id)))
    if mine.class_id is None or mine.status not in ("bound", "in_use"):
        raise Refusal("selection.voucher_not_bound")
    until = store.load_class(reader, mine.class_id).ends
    if mine.status == "bound":
        until = min(until, mine.valid_until)
    if until <= reader.now:
        raise Refusal("selection.voucher_expired", until=until.isoformat())
    holder = tokens.holder_of(key[1], mine.id, mine.class_id)
    claims = tokens.claims_of(holder, mine.class_id, reader.now, until, mine.device_key)
    signed = tokens.signed(key, claims)
    return {"token": signed, "holder": holder, "class_id": mine.class_id, "until": until}


def holders(reader: Any, class_id: str, key: Key) -> View:
    """Return by which names vouchers are good for a class, to its provider or a supervisor of its region."""
    found = store.load_class(reader, class_id)
    if roles.PROVIDER not in reader.actor.roles or reader.actor.body_ref != found.provider_ref:
        must_be_officer(reader, found.region)
    items = [
        {"holder": tokens.holder_of(key[1], each.id, class_id), "status": each.status}
        for each in voucher_store.bound_to(reader, class_id)
    ]
    return {"class_id": class_id, "at": reader.now, "items": sorted(items, key=lambda each: each["holder"])}


def _with_figures(reader: Any, docs: list[store.Document]) -> list[View]:
    ids = [doc["_id"] for doc in docs]
    counts, causes = voucher_store.counts_of(reader, ids), voucher_store.causes_of(reader, ids)
    return [_batch(doc, counts.get(doc["_id"], []), causes.get(doc["_id"], {})) for doc in docs]


def _batch(doc: store.Document, counts: list[Count], causes: dict[str, int]) -> View:
    found = voucher_store.batch_of(doc)
    return {
        **vars(found),
        "version": doc["version"],
        "figures": figures.figures(counts),
        "progress": figures.progress(found, counts, causes),
    }
