"""Credentials: issued, shown, revoked, and the lists in which their revocation stands."""

import base64
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey

from contracts.vocabularies.errors import Refusal
from services.chassis.paging import newest_first
from services.selection import store
from services.selection.domain import consents
from services.selection.domain import credentials as rules
from services.selection.domain.credentials import LIST_BITS, LIST_FILL, Credential
from services.selection.domain.entries import Entry
from services.selection.records import consenting, crediting, documents, rows, signing
from services.selection.records.documents import Said
from services.selection.records.signing import Issuer
from services.selection.views import View, shown

CURRENT = "current"
# asks intake for the person's name and number: names of fields → their values
Disclose = Callable[[str, Sequence[str]], Mapping[str, str]]


def issue(unit: Any, body: Mapping[str, Any]) -> View:
    """Issue a credential of an own certificate, or of a scope of the own record."""
    person = rows.person(unit)
    days = consenting.term(unit, person.region, "credential_days")
    consents.check_term(unit.now, body["until"], days)
    entry = crediting.entry_of(unit, body["entry_id"]) if body["entry_id"] is not None else None
    if entry is not None and entry.kind != "certificate":
        raise Refusal("selection.entry_kind", "entry_id")
    if body["holder_key"] is not None:
        _check_key(body["holder_key"])
    number, index = _bit(unit)
    id = unit.new_id()
    unit.insert("status_bits", {"_id": f"{number}:{index}", "credential_id": id})
    names = ("kind", "entry_id", "audience", "purpose", "until", "with_name", "with_id_number", "holder_key")
    made = Credential(
        id=id,
        person_ref=person.ref,
        scope=tuple(dict.fromkeys(body["scope"])),
        issued_at=unit.now,
        subject=unit.new_id(),
        status_list=number,
        status_index=index,
        **{name: body[name] for name in names},
    )
    return credential(rows.save(unit, made, rules.issued(made)), unit.now)


def revoke(unit: Any, id: str, reason: str) -> View:
    """Revoke an own credential: the lists say so from now on."""
    return credential(
        rows.save(unit, *rules.revoke(rows.own(unit, Credential, id), reason, unit.now)), unit.now
    )


def listed(reader: Any, body: View) -> View:
    """Return the person's own credentials, newest first."""
    wanted = {"person_ref": rows.person(reader).ref}
    docs, next = newest_first(reader, "credentials", wanted, "issued_at", body)
    return {"items": [credential(doc, reader.now) for doc in docs], "next": next}


def credential(doc: Mapping[str, Any], now: Any) -> View:
    """Return a credential as its answer's schema dumps it."""
    return shown(dict(doc), status=rules.status(rows.of(Credential, dict(doc)), now))


def document(reader: Any, body: View, issuer: Issuer, disclose: Disclose) -> View:
    """Return a valid credential signed, with what its entries say now."""
    person = rows.person(reader)
    made = rows.load(reader, Credential, body["credential_id"])
    if made.person_ref != person.ref:
        raise Refusal("owner.forbidden")
    rules.check_valid(made, reader.now)
    selective = body["format"] == "sd_jwt"
    # a badge is shown whole, so that it never carries the number
    wanted = [name for name, asked in _identity(made) if asked and (selective or name == "name")]
    person_told = disclose(made.person_ref, wanted) if wanted else {}
    said = Said(made, _entries(reader, made), _credits(reader, made, person.region), person_told)
    write, kind = (documents.selective, signing.SD_JWT) if selective else (documents.badge, signing.VC_JWT)
    return {
        "credential_id": made.id,
        "format": body["format"],
        "media_type": f"application/{kind}",
        "credential": write(said, issuer),
    }


def status_list(reader: Any, number: str, form: str, issuer: Issuer) -> View:
    """Return a list as it stands now. Raises Refusal `not_found` for one that was never begun."""
    row = reader.get("status_lists", CURRENT)
    if row is None or int(number) > row["list"]:
        raise Refusal("not_found", what=f"status-lists/{number}")
    wanted = {"status_list": int(number), "revoked_at": {"$type": "date"}}
    revoked = [doc["status_index"] for doc in reader.find("credentials", wanted)]
    write, kind = (
        (documents.status_list, signing.VC_JWT)
        if form == "bitstring"
        else (documents.token_status_list, signing.STATUS_JWT)
    )
    return {
        "list_id": number,
        "media_type": f"application/{kind}",
        "credential": write(int(number), revoked, reader.now, issuer),
    }


def _bit(unit: Any) -> tuple[int, int]:
    """Return a list and an index of it that nobody has, drawn at random."""
    row = unit.get("status_lists", CURRENT) or {"list": 1, "used": 0}
    if row["used"] >= LIST_FILL:
        row = {**row, "list": row["list"] + 1, "used": 0}
    store.put(unit, "status_lists", CURRENT, {**row, "used": row["used"] + 1})
    drawn = int(unit.new_id(), 16) % LIST_BITS
    for tries in range(LIST_BITS):
        index = rules.next_index(drawn, tries)
        if unit.get("status_bits", f"{row['list']}:{index}") is None:
            return row["list"], index
    raise LookupError("a status list is full although half of it is free")


def _entries(reader: Any, made: Credential) -> list[Entry]:
    if made.entry_id is not None:
        return [rows.load(reader, Entry, made.entry_id)]
    found = rows.entries_of(reader, made.person_ref, made.scope, consenting.MOST)
    return [entry for entry in found if not entry.struck]


def _credits(reader: Any, made: Credential, region: str) -> int | None:
    if made.entry_id is None:
        return None
    lines = crediting.lines_of(reader, made.person_ref, region)[1]
    return next((line.credits for line in lines if line.entry_id == made.entry_id), None)


def _identity(made: Credential) -> list[tuple[str, bool]]:
    return [("name", made.with_name), ("id_number", made.with_id_number)]


def _check_key(key: str) -> None:
    try:
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), base64.b64decode(key))
    except ValueError:
        raise Refusal("selection.device_key", "holder_key") from None


def revoke_all(unit: Any, person_ref: str, reason: str) -> None:
    """Revoke all that a person holds."""
    held = unit.find("credentials", {"person_ref": person_ref, "revoked_at": None}, [("_id", 1)])
    for made in map(partial(rows.of, Credential), held):
        rows.save(unit, *rules.revoke(made, reason, unit.now))
