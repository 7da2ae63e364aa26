"""From the fields of a contract to what a demand says; what is personal in it is sealed."""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any, Final

from services.chassis.unit import Unit
from services.intake.domain.bodies import Body
from services.intake.domain.content import Contact, Post, Proof, Wish
from services.intake.domain.demands import Demand
from services.intake.domain.persons import Person
from services.intake.store import bodies
from services.intake.store.vault import Vault

_TAIL: Final = 4
_CONTACT: Final = ("name", "phone", "hours")


def wish_of(body: Mapping[str, Any]) -> Wish:
    """Return the wish that the fields of DemandContent tell."""
    values = {field.name: body[field.name] for field in fields(Wish)}
    posts = tuple(Post(**post) for post in body["posts"])
    headcount = body["headcount"] or sum(post.headcount for post in posts) or 1
    return Wish(
        **{**values, "headcount": headcount, "posts": posts, "study_times": tuple(body["study_times"])}
    )


def with_sealed(
    unit: Unit, vault: Vault, poster: Person | Body, demand: Demand, body: Mapping[str, Any]
) -> Demand:
    """Return the demand with the given proof and contact, sealed under the poster's key; null leaves what is
    kept.
    """
    given = {name: body[name] for name in ("proof", "contact") if body[name] is not None}
    if not given:
        return demand
    key_id = _key_of(unit, vault, poster)
    if "proof" in given:
        demand = replace(demand, proof=_proof(vault, key_id, given["proof"]))
    if "contact" in given:
        clear = {name: given["contact"][name] for name in _CONTACT}
        demand = replace(demand, contact=Contact(vault.seal(key_id, clear)))
    return demand


def in_clear(vault: Vault, demand: Demand) -> dict[str, str]:
    """Return contact and number of the proof of a demand in clear, those that are kept. Raises Forgotten."""
    contact = vault.open(demand.contact.sealed, *_CONTACT) if demand.contact else {}
    number = vault.open(demand.proof.sealed, "number") if demand.proof else {}
    return {**contact, **({"proof_number": number["number"]} if number else {})}


def _proof(vault: Vault, key_id: bytes, given: Mapping[str, Any]) -> Proof:
    return Proof(
        kind=given["kind"],
        number_tail=given["number"][-_TAIL:],
        issued_by=given["issued_by"],
        issued_on=given["issued_on"],
        sealed=vault.seal(key_id, {"number": given["number"]}),
    )


def _key_of(unit: Unit, vault: Vault, poster: Person | Body) -> bytes:
    """Return the key under which a poster's fields are sealed; a body that had none gets one."""
    if isinstance(poster, Person):
        return poster.details.key_id
    known = bodies.load(unit, poster.id) or poster
    if known.key_id:
        return known.key_id
    key_id = vault.new_key(poster.id)
    bodies.save(unit, replace(known, key_id=key_id), [])
    return key_id
