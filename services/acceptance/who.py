"""Who acts, and whether that may be."""

from typing import Any

from contracts.vocabularies import roles
from contracts.vocabularies.errors import Refusal
from services.acceptance import store
from services.acceptance.domain.classes import Training
from services.acceptance.domain.copies import TRAINERS, Body

_OFFICERS = frozenset({roles.SUPERVISOR, roles.CATALOGUE_OFFICER, roles.AUDITOR})


def body_of(unit: Any) -> Body:
    """Return the body that the actor stands for. Raises Refusal `acceptance.no_body`."""
    found = store.find(unit, Body, unit.actor.body_ref)
    if found is None:
        raise Refusal("acceptance.no_body")
    return found


def provider_of(unit: Any) -> Body:
    """Return the actor's verified provider, or the enterprise that trains people itself.

    Raises Refusal `acceptance.no_body`, `acceptance.body_unverified`.
    """
    body = body_of(unit)
    body.require(TRAINERS)
    return body


def require_owner(unit: Any, training: Training) -> None:
    """Raise Refusal `owner.forbidden` unless the actor's provider files this class."""
    if not unit.actor.body_ref or unit.actor.body_ref != training.provider_ref:
        raise Refusal("owner.forbidden")


def require_reader(reader: Any, training: Training) -> None:
    """Raise Refusal unless the actor may read who is in the class: its provider, officers of its region, an
    assessor once the sessions are over."""
    actor = reader.actor
    if actor.body_ref and actor.body_ref == training.provider_ref:
        return
    if actor.roles & _OFFICERS:
        actor.require_region(training.region)
    elif roles.ASSESSOR not in actor.roles or training.carried_out_at is None:
        raise Refusal("owner.forbidden")
