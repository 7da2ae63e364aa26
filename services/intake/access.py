"""Who may see and do what: own things, and an officer's region."""

from contracts.vocabularies import roles
from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from services.chassis.actor import Actor
from services.chassis.calls import Reader
from services.chassis.unit import Unit
from services.intake.domain.bodies import Body
from services.intake.domain.demands import Demand
from services.intake.domain.persons import Person
from services.intake.store import bodies, demands, mandates, persons


def own_refs(source: Unit | Reader) -> list[str]:
    """Return the person and the body that the account stands for, those that there are."""
    return [ref for ref in persons.refs_of_login(source, source.actor.account).values() if ref]


def own_person(source: Unit | Reader) -> Person:
    """Return the account's own person. Raises Refusal `intake.not_registered`."""
    person = persons.of_login(source, source.actor.account)
    if person is None:
        raise Refusal("intake.not_registered")
    return person


def own_body(source: Unit | Reader) -> Body:
    """Return the account's own body. Raises Refusal `intake.not_registered`."""
    body = bodies.of_login(source, source.actor.account)
    if body is None:
        raise Refusal("intake.not_registered")
    return body


def own_payee(unit: Unit) -> Person | Body:
    """Return the account's own body, else its person. Raises Refusal `intake.not_registered`."""
    body = bodies.of_login(unit, unit.actor.account)
    return body if body is not None else own_person(unit)


def is_own(source: Unit | Reader, demand: Demand) -> bool:
    """Return whether the account stands for the poster, or for the agency that still acts in the demand."""
    mine = own_refs(source)
    if demand.poster_ref in mine:
        return True
    return demand.agent_active and demand.posted_by_ref in mine and _mandate_stands(source, demand)


def _mandate_stands(source: Unit | Reader, demand: Demand) -> bool:
    """Return whether its term is not over, which a job may have yet to say; once there were no mandates."""
    if demand.mandate_id is None:
        return True
    mandate = mandates.load(source, demand.mandate_id)
    return mandate is not None and mandate.stands(today_in_shanghai(source.now))


def own_demand(unit: Unit, id: str) -> Demand:
    """Return the own demand that a command is about. Raises Refusal `not_found`, `owner.forbidden`."""
    demand = demands.target(unit, id)
    if not is_own(unit, demand):
        raise Refusal("owner.forbidden")
    return demand


def demand_of_region(unit: Unit, id: str) -> Demand:
    """Return the demand that an officer's command is about. Raises `not_found`, `region.forbidden`."""
    demand = demands.target(unit, id)
    unit.actor.require_region(demand.wish.region)
    return demand


def require_region(actor: Actor, region: str) -> None:
    """Auditors read all; other officers what their region covers. Raises Refusal `region.forbidden`."""
    if not reads_all(actor):
        actor.require_region(region)


def region(actor: Actor, asked: str | None) -> str | None:
    """Return the region to read: the one asked for, else the officer's own; None (auditors): everywhere."""
    wanted = asked or actor.region
    if wanted is not None:
        require_region(actor, wanted)
    elif not reads_all(actor):
        raise Refusal("region.forbidden", region="-")
    return wanted


def reads_all(actor: Actor) -> bool:
    """Return whether this is an auditor of everything."""
    return roles.AUDITOR in actor.roles and actor.region is None
