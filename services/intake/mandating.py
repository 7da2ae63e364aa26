"""Mandates: given by the principal's account, recorded from paper by the agency, looked up when it posts."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from contracts.vocabularies import roles
from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from services.chassis.calls import Reader
from services.chassis.unit import Unit
from services.intake import registration
from services.intake.access import own_body, own_person, own_refs
from services.intake.domain import demands as demand_rules
from services.intake.domain import mandates as rules
from services.intake.domain.bodies import Body
from services.intake.domain.mandates import Mandate
from services.intake.domain.persons import Person
from services.intake.store import bodies, demands, mandates
from services.intake.store.vault import Vault
from services.intake.terms import terms_of

_AT_ONCE = 200


def record(unit: Unit, vault: Vault, body: Mapping[str, Any]) -> dict[str, Any]:
    """Take in a mandate, from the principal's own account or, with a ground, from the agency."""
    if roles.AGENCY in unit.actor.roles:
        agency = own_agency(unit)
        block = "enterprise" if body["enterprise"] is not None else "person"
        for name in (block, "ground"):
            if body[name] is None:
                raise needed(name)
        return _recorded(unit, agency, principal(unit, vault, block, body[block]), "paper", body)
    giver = own_person(unit) if roles.WORKER in unit.actor.roles else own_body(unit)
    if body["agency_code"] is None:
        raise needed("agency_code")
    found = bodies.of_code(unit, "agency", body["agency_code"])
    if found is None or found.status != "verified":
        raise Refusal("intake.agency_unknown", field="agency_code")
    return _recorded(unit, found, giver, "account", body)


def withdraw(unit: Unit, id: str, reason: str) -> dict[str, Any]:
    """End a mandate for one of its two sides, or for an officer of the principal's region."""
    mandate = mandates.target(unit, id)
    ended, facts = rules.withdraw(mandate, _side(unit, mandate), reason)
    _end_agency(unit, mandate)
    return mandates.save(unit, ended, facts)


def end_all(unit: Unit, principal_ref: str, reason: str) -> None:
    """End every mandate that a person gave who is being forgotten."""
    for mandate in mandates.given_by(unit, principal_ref):
        mandates.save(unit, *rules.withdraw(mandate, "principal", reason))


def expire_due(reader: Reader, transact: Callable[[Callable[[Unit], None]], None]) -> None:
    """End the mandates whose term is over."""
    today = today_in_shanghai(reader.now)
    while due := mandates.over(reader, today, _AT_ONCE):

        def expire(unit: Unit, ids: list[str] = due) -> None:
            for mandate in mandates.with_ids(unit, ids):
                ended, facts = rules.expire(mandate, today_in_shanghai(unit.now))
                if facts:
                    _end_agency(unit, mandate)
                    mandates.save(unit, ended, facts)

        transact(expire)


def for_post(unit: Unit, agency: Body, of: Person | Body, body: Mapping[str, Any]) -> Mandate:
    """Return the mandate under which an agency posts; the words of a paper one are recorded.

    Raises Refusal `intake.mandate_not_standing`, `intake.mandate_withdrawn`, `invalid` when there is none.
    """
    id, today = rules.id_of(agency.id, of.id), today_in_shanghai(unit.now)
    known = mandates.load(unit, id)
    if body["mandate_id"] is not None and body["mandate_id"] != id:
        raise Refusal("intake.mandate_not_standing", field="mandate_id")
    if known is not None and known.stands(today):
        return known
    if body["mandate_id"] is not None:
        return rules.require_standing(known, today)
    if body["mandate"] is None:
        raise needed("mandate")
    paper = {"ground": body["mandate"], "valid_from": None, "valid_until": body["mandate_until"]}
    mandate, facts = _decided(unit, agency, of, "paper", paper, known, today)
    mandates.save(unit, mandate, facts)
    return mandate


def own_agency(unit: Unit) -> Body:
    """Return the account's own agency. Raises Refusal `intake.not_registered`, `intake.agency_unverified`."""
    agency = own_body(unit)
    if agency.status != "verified":
        raise Refusal("intake.agency_unverified")
    return agency


def principal(unit: Unit, vault: Vault, block: str, given: Mapping[str, Any]) -> Person | Body:
    """Return whom an agency names, registered when not known. Raises Refusal `intake.person_mismatch`."""
    if block == "enterprise":
        return registration.register_body(unit, vault, {**given, "kind": "enterprise"}, None)
    person = registration.register_person(unit, vault, given, None)
    if registration.name_of(vault, person) != given["name"]:
        raise Refusal("intake.person_mismatch", field="person.name")
    return person


def needed(field: str) -> Refusal:
    """Return the refusal of a request that lacks what acting for others takes."""
    return Refusal(
        "invalid", field=field, reason="代为提单须填该项 / needed when posting on behalf of others"
    )


def _recorded(
    unit: Unit, agency: Body, of: Person | Body, given: str, body: Mapping[str, Any]
) -> dict[str, Any]:
    known = mandates.load(unit, rules.id_of(agency.id, of.id))
    return mandates.save(unit, *_decided(unit, agency, of, given, body, known, today_in_shanghai(unit.now)))


def _decided(
    unit: Unit,
    agency: Body,
    of: Person | Body,
    given: str,
    body: Mapping[str, Any],
    known: Mandate | None,
    today: date,
) -> rules.Decision:
    region = of.details.region if isinstance(of, Person) else of.region
    first, last = rules.term(body["valid_from"], body["valid_until"], today, terms_of(region, unit.now))
    mandate = Mandate(
        id=rules.id_of(agency.id, of.id),
        principal_ref=of.id,
        agency_ref=agency.id,
        agency_name=agency.name,
        kind=roles.WORKER if isinstance(of, Person) else roles.ENTERPRISE,
        region=region,
        given=given,
        valid_from=first,
        valid_until=last,
        recorded_at=unit.now,
        ground=body["ground"],
    )
    return rules.record(mandate, known, today)


def _side(unit: Unit, mandate: Mandate) -> str:
    mine = own_refs(unit)
    if mandate.principal_ref in mine:
        return "principal"
    if mandate.agency_ref in mine:
        return "agency"
    if not unit.actor.roles & roles.OFFICERS:
        raise Refusal("owner.forbidden")
    unit.actor.require_region(mandate.region)
    return "officer"


def _end_agency(unit: Unit, mandate: Mandate) -> None:
    for demand in demands.under_mandate(unit, mandate.id):
        demands.save(unit, demand_rules.end_agency(demand), [])
