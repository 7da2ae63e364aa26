"""Whose recoveries and sanctions are seen: an officer's region's, or one's own; what a file may be about."""

from typing import Any

from contracts.vocabularies import roles
from contracts.vocabularies.errors import Refusal
from services.chassis.actor import Actor
from services.chassis.calls import Reader
from services.settlement import views


def scope(reader: Reader, owner: str) -> dict[str, Any]:
    """Return the filter of what the actor may see. owner: the field that names whose it is."""
    if reader.actor.roles & roles.OFFICERS:
        return {"region": {"$in": views.regions_of(reader.actor)}}
    return {owner: {"$in": own(reader)}}


def own(reader: Reader) -> list[str]:
    """Return the person and the body that the actor stands for."""
    return [ref for ref in (reader.actor.person_ref, reader.actor.body_ref) if ref is not None]


def require_in_file(actor: Actor, region: str, line: int, item: str) -> None:
    """Check that an officer may import what is of a region. Raises Refusal `settlement.file_region`."""
    try:
        actor.require_region(region)
    except Refusal:
        raise Refusal(
            "settlement.file_region", field="content", line=line, item=item, region=region
        ) from None
