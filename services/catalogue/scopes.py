"""Which region a caller reads."""

from contracts.vocabularies import roles
from contracts.vocabularies.errors import Refusal
from contracts.vocabularies.small_cells import LEAST
from services.chassis.actor import Actor


def reads_all(actor: Actor) -> bool:
    """Return whether somebody reads every region: auditors without one."""
    return roles.AUDITOR in actor.roles and actor.region is None


def region_of(actor: Actor, asked: str | None) -> str | None:
    """Return the region to read: the one asked for, else the officer's own (None: everywhere, for
    auditors).
    """
    if reads_all(actor):
        return asked
    region = asked or actor.region
    if region is None:
        raise Refusal("region.forbidden", region="-")
    actor.require_region(region)
    return region


def may_see(actor: Actor, region: str) -> bool:
    """Return whether an officer reads what is not public yet in this region."""
    if not actor.roles & roles.OFFICERS:
        return False
    if reads_all(actor):
        return True
    try:
        actor.require_region(region)
    except Refusal:
        return False
    return True


def in_public(people: int) -> int | None:
    """Return a number of people as anyone may read it: None where they are few."""
    return None if 0 < people < LEAST else people
