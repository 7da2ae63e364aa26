"""Who acts, and whether that may be."""

from collections.abc import Collection
from typing import Any

from contracts.vocabularies import regions, roles
from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from services.acceptance import store
from services.acceptance.domain import providers
from services.acceptance.domain.classes import Training
from services.acceptance.domain.copies import TRAINERS, Body
from services.acceptance.domain.providers import Provider
from services.acceptance.domain.sourcing import Sourcing
from services.chassis.actor import Actor

OFFICERS = frozenset({roles.SUPERVISOR, roles.CATALOGUE_OFFICER, roles.AUDITOR})


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


def acting_provider(unit: Any, act: str, occupation: str | None = None) -> Body:
    """Return the actor's verified body when the register lets it do something new now.

    act: the call's name; occupation: of the project, to be covered by the licence. Raises Refusal as
    `provider_of` and `providers.may_act` do.
    """
    body = provider_of(unit)
    providers.may_act(store.find(unit, Provider, body.id), act, today_in_shanghai(unit.now), occupation)
    return body


def require_acting(unit: Any, training: Training, act: str) -> None:
    """Raise Refusal as `providers.may_act` does when the class's provider may do nothing new now."""
    provider = store.find(unit, Provider, training.provider_ref)
    providers.may_act(provider, act, today_in_shanghai(unit.now), training.occupation)


def sees_provider(reader: Any, provider_ref: str, region: str) -> bool:
    """Return whether the actor may see all of a body on the register: itself, and officers of its region."""
    actor = reader.actor
    if actor.body_ref and actor.body_ref == provider_ref:
        return True
    return bool(actor.roles & OFFICERS) and actor.region is not None and regions.covers(actor.region, region)


def require_panel(actor: Actor, it: Sourcing, members: Collection[str]) -> None:
    """Raise Refusal unless the actor is one of these members of the panel, or an officer of the region.

    An expert who was not drawn, or was excused, is neither: `acceptance.not_on_panel`, `region.forbidden`.
    """
    if actor.account in members:
        return
    if not actor.roles & OFFICERS:
        raise Refusal("acceptance.not_on_panel")
    actor.require_region(it.region)


def require_owner(unit: Any, training: Training) -> None:
    """Raise Refusal `owner.forbidden` unless the actor's provider files this class."""
    if not unit.actor.body_ref or unit.actor.body_ref != training.provider_ref:
        raise Refusal("owner.forbidden")


def require_reader(reader: Any, training: Training) -> None:
    """Raise Refusal unless the actor may read who is in the class: its provider, officers of its region, the
    assessor appointed to it.
    """
    actor = reader.actor
    if actor.body_ref and actor.body_ref == training.provider_ref:
        return
    if actor.roles & OFFICERS:
        actor.require_region(training.region)
    elif not actor.body_ref or not training.appointed(actor.body_ref):
        raise Refusal("owner.forbidden")
