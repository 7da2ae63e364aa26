"""Posting a demand: whose it is, on whose word, and whether it is the first of its kind."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from contracts.vocabularies import roles
from contracts.vocabularies.errors import Refusal
from services.chassis.unit import Unit
from services.intake import content, freshness, mandating, registration
from services.intake.access import own_body
from services.intake.domain import demands as rules
from services.intake.domain import duplicates
from services.intake.domain.bodies import Body
from services.intake.domain.demands import Decision, Demand
from services.intake.domain.mandates import Mandate
from services.intake.domain.persons import Person
from services.intake.store import bodies, demands, persons
from services.intake.store.vault import Vault
from services.intake.terms import terms_of


@dataclass(frozen=True)
class Poster:
    """Whose demand it is; agent_ref: the agency that enters it, under a mandate."""

    of: Person | Body
    agent_ref: str | None = None
    mandate: Mandate | None = None


def post(unit: Unit, vault: Vault, body: Mapping[str, Any]) -> dict[str, Any]:
    """Take in one demand and return it as the contract `Demand` has it.

    The one entry for a form and for a row of a spreadsheet alike. body: loaded by PostDemandRequest;
    unit.actor: who posts (a worker, a firm, an agency), whose own person or body is found by the account. The
    poster, new ones too, and a paper mandate are registered on the way.
    Returns status `returned` with `duplicate_of` for a double, never refuses it. A Refusal may come after
    writes were staged: undo them (a unit of its own, or unit.attempt). Rows that are read: persons by number
    hash, codes `enterprise:<credit code>`, mandates `<agency>:<principal>`, and two of `open_demands` by
    Demand.unique_key and Demand.alike_key.
    """
    poster = _poster(unit, vault, body)
    if poster.of.status == "refused":
        raise Refusal("intake.check_refused", reason=poster.of.reason)
    demand = Demand(
        id=unit.new_id(),
        status="submitted",
        wish=content.wish_of(body),
        poster_ref=poster.of.id,
        posted_at=unit.now,
        posted_by_ref=poster.agent_ref,
        mandate=poster.mandate.ground if poster.mandate else None,
        mandate_id=poster.mandate.id if poster.mandate else None,
    )
    demand = content.with_sealed(unit, vault, poster.of, demand, body)
    earlier = demands.open_with_key(unit, demand)
    terms = terms_of(demand.wish.region, unit.now)
    return keep(unit, poster.of, rules.post(demand, earlier, freshness.checked_at(unit, poster.of), terms))


def keep(unit: Unit, poster: Person | Body, decision: Decision) -> dict[str, Any]:
    """Store a demand that was posted or changed, marked when it may double another; return it."""
    demand, facts = decision
    demand, found = duplicates.suspect(demand, demands.open_alike(unit, demand))
    if demand.status == "submitted":
        _hold(unit, poster)
    version = demands.save(unit, demand, facts + found)
    return {**demands.shown(demand), "version": version}


def poster_of(unit: Unit, demand: Demand) -> Person | Body:
    """Return the person or the firm whose demand it is. Raises Refusal `not_found`."""
    found = persons.load(unit, demand.poster_ref) or bodies.load(unit, demand.poster_ref)
    if found is None:
        raise Refusal("not_found", what="poster")
    return found


def _hold(unit: Unit, poster: Person | Body) -> None:
    """Write the poster too, so that this post and the end of its check cannot pass each other by unseen."""
    if isinstance(poster, Person):
        persons.save(unit, poster, [])
    else:
        bodies.save(unit, bodies.load(unit, poster.id) or poster, [])


def _poster(unit: Unit, vault: Vault, body: Mapping[str, Any]) -> Poster:
    actor = unit.actor
    if roles.AGENCY in actor.roles:
        return _on_behalf(unit, vault, body)
    if body["kind"] not in actor.roles:
        raise Refusal("role.forbidden", roles=f"{body['kind']}, {roles.AGENCY}")
    if body["kind"] == roles.WORKER:
        return Poster(_worker(unit, vault, body["person"]))
    return Poster(own_body(unit))


def _worker(unit: Unit, vault: Vault, given: Mapping[str, Any] | None) -> Person:
    own = persons.of_login(unit, unit.actor.account)
    if given is None:
        if own is None:
            raise Refusal("intake.person_needed", field="person")
        return own
    if own is None or own.status == "refused":
        return _within("person", lambda: registration.register_person(unit, vault, given, unit.actor.account))
    if not registration.is_number_of(vault, own, given["id_number"]):
        raise Refusal("intake.person_mismatch", field="person.id_number")
    return own


def _on_behalf(unit: Unit, vault: Vault, body: Mapping[str, Any]) -> Poster:
    agency = mandating.own_agency(unit)
    block = "person" if body["kind"] == roles.WORKER else "enterprise"
    if body[block] is None:
        raise mandating.needed(block)
    principal = mandating.principal(unit, vault, block, body[block])
    mandate = mandating.for_post(unit, agency, principal, body)
    return Poster(principal, agency.id, mandate)


def _within(block: str, run: Any) -> Person:
    """Run, and name the field of a refusal by its place in the block."""
    try:
        person: Person = run()
    except Refusal as refusal:
        if refusal.field is not None:
            raise Refusal(refusal.code, field=f"{block}.{refusal.field}", **refusal.facts) from None
        raise
    return person
