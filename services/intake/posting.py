"""Posting a demand: whose it is, on whose word, and whether it is the first of its kind."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from contracts.vocabularies import roles
from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from services.chassis.calls import Reader
from services.chassis.unit import Unit
from services.intake import registration
from services.intake.domain import demands as rules
from services.intake.domain.bodies import Body
from services.intake.domain.demands import Demand, Wish
from services.intake.domain.persons import Person
from services.intake.store import bodies, demands, persons
from services.intake.store.vault import Vault

_LAPSED_AT_ONCE = 200


@dataclass(frozen=True)
class Poster:
    """Whose demand it is; agent_ref: the agency that enters it."""

    of: Person | Body
    agent_ref: str | None = None

    @property
    def checked_at(self) -> datetime | None:
        """When the registries confirmed the poster, None while they have not."""
        return self.of.checked_at if self.of.status == "verified" else None


def post(unit: Unit, vault: Vault, body: Mapping[str, Any]) -> dict[str, Any]:
    """Take in a demand (intake.post_demand) and return it."""
    poster = _poster(unit, vault, body)
    if poster.of.status == "refused":
        raise Refusal("intake.check_refused", reason=poster.of.reason)
    demand = Demand(
        id=unit.new_id(),
        status="submitted",
        wish=_wish(body),
        poster_ref=poster.of.id,
        posted_at=unit.now,
        posted_by_ref=poster.agent_ref,
        mandate=body["mandate"] if poster.agent_ref else None,
    )
    earlier = demands.open_with_key(unit, demand)
    posted, facts = rules.post(demand, earlier, poster.checked_at)
    if posted.status == "submitted":
        _hold(unit, poster.of)
    version = demands.save(unit, posted, facts)
    return {**demands.shown(posted), "version": version}


def _hold(unit: Unit, poster: Person | Body) -> None:
    """Write the poster too, so that this post and the end of its check cannot pass each other by unseen."""
    if isinstance(poster, Person):
        persons.save(unit, poster, [])
    else:
        bodies.save(unit, poster, [])


def lapse_due(reader: Reader, transact: Callable[[Callable[[Unit], None]], None]) -> None:
    """End demands that nobody served within a year of their wanted start."""
    first = today_in_shanghai(reader.now) - rules.LAPSES_AFTER
    while due := demands.wanted_before(reader, first, _LAPSED_AT_ONCE):

        def lapse(unit: Unit, ids: list[str] = due) -> None:
            for demand in demands.with_ids(unit, ids):
                demands.save_change(unit, demand, rules.lapse(demand, unit.now))

        transact(lapse)


def _wish(body: Mapping[str, Any]) -> Wish:
    values = {field.name: body[field.name] for field in fields(Wish)}
    return Wish(**{**values, "headcount": body["headcount"] or 1})


def _poster(unit: Unit, vault: Vault, body: Mapping[str, Any]) -> Poster:
    actor = unit.actor
    if roles.AGENCY in actor.roles:
        return _on_behalf(unit, vault, body)
    if body["kind"] not in actor.roles:
        raise Refusal("role.forbidden", roles=f"{body['kind']}, {roles.AGENCY}")
    if body["kind"] == roles.WORKER:
        return Poster(_worker(unit, vault, body["person"]))
    firm = bodies.of_login(unit, actor.account)
    if firm is None:
        raise Refusal("intake.not_registered")
    return Poster(firm)


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
    agency = bodies.of_login(unit, unit.actor.account)
    if agency is None:
        raise Refusal("intake.not_registered")
    if agency.status != "verified":
        raise Refusal("intake.agency_unverified")
    block = "person" if body["kind"] == roles.WORKER else "enterprise"
    for name in (block, "mandate"):
        if body[name] is None:
            raise Refusal(
                "invalid", field=name, reason="代为提单须填该项 / needed when posting on behalf of others"
            )
    given = body[block]
    if block == "enterprise":
        return Poster(
            registration.register_body(unit, vault, {**given, "kind": "enterprise"}, None), agency.id
        )
    person = registration.register_person(unit, vault, given, None)
    if registration.name_of(vault, person) != given["name"]:
        raise Refusal("intake.person_mismatch", field="person.name")
    return Poster(person, agency.id)


def _within(block: str, run: Any) -> Person:
    """Run, and name the field of a refusal by its place in the block."""
    try:
        person: Person = run()
    except Refusal as refusal:
        if refusal.field is not None:
            raise Refusal(refusal.code, field=f"{block}.{refusal.field}", **refusal.facts) from None
        raise
    return person
