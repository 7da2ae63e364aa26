"""Registering, correcting and forgetting persons and bodies, inside a unit of work."""

import hmac
from collections.abc import Mapping, Sequence
from typing import Any

from contracts.vocabularies.errors import Refusal
from contracts.vocabularies.identifiers import mask_account, mask_id, mask_name, mask_phone
from services.chassis.calls import Reader
from services.chassis.unit import Unit
from services.intake.domain import bodies as body_rules
from services.intake.domain import demands as demand_rules
from services.intake.domain import persons as rules
from services.intake.domain.bodies import Body
from services.intake.domain.persons import Details, Person
from services.intake.store import bodies, demands, kept, persons
from services.intake.store.vault import Forgotten, Vault

_TAIL = 4
_SEALED = ("id_number", "name", "phone", "bank_account")


def register_person(unit: Unit, vault: Vault, given: Mapping[str, Any], login: str | None) -> Person:
    """Register a person for an account, or for nobody's when an agency enters it.

    given: PersonDetails. Raises Refusal `intake.account_has_person` or `intake.person_known`.
    """
    own = persons.of_login(unit, login) if login else None
    known = persons.of_number(unit, vault.number_hash(given["id_number"]))
    if own is not None:
        return _correct_person(unit, vault, own, known, given)
    if known is None:
        # who was deleted and comes back is the same person: limits hold across a deletion
        back = kept.person_of_number(unit, vault.number_hash(given["id_number"]))
        if back is not None:
            kept.let_go(unit, back)
        id = back or unit.new_id()
        person, facts = rules.register(id, login, _details(vault, vault.new_key(id), given))
    elif login is None:
        return known
    else:
        same = _same(vault.open(known.details.sealed, "name", "phone"), given)
        person, facts = rules.take_over(known, login, same), []
    persons.save(unit, person, facts)
    return person


def _correct_person(
    unit: Unit, vault: Vault, own: Person, known: Person | None, given: Mapping[str, Any]
) -> Person:
    if known is not None and known.id != own.id:
        raise Refusal("intake.person_known", field="id_number")
    person, facts = rules.register_again(own, _details(vault, own.details.key_id, given))
    persons.save(unit, person, facts)
    return person


def _details(vault: Vault, key_id: bytes, given: Mapping[str, Any]) -> Details:
    return Details(
        region=given["region"],
        groups=tuple(given["groups"]),
        number_hash=vault.number_hash(given["id_number"]),
        key_id=key_id,
        sealed=vault.seal(key_id, {name: given[name] for name in _SEALED}),
        account_tail=_tail(given["bank_account"]),
        **contact_hashes(vault, given),
    )


def contact_hashes(vault: Vault, clear: Mapping[str, Any]) -> dict[str, str]:
    """Return the keyed hashes by which people who share a phone or an account are found."""
    phone, account = clear.get("phone"), clear.get("bank_account")
    return {
        "phone_hash": vault.contact_hash("phone", phone) if phone else "",
        "account_hash": vault.contact_hash("bank_account", account) if account else "",
    }


def _same(known: Mapping[str, str], given: Mapping[str, Any]) -> bool:
    return all(hmac.compare_digest(known[name].encode(), given[name].encode()) for name in ("name", "phone"))


def is_number_of(vault: Vault, person: Person, id_number: str) -> bool:
    """Return whether this is the person's citizen number."""
    return vault.number_hash(id_number) == person.details.number_hash


def name_of(vault: Vault, person: Person) -> str:
    """Return a person's name in clear. Raises Forgotten."""
    return vault.open(person.details.sealed, "name")["name"]


def forget_person(unit: Unit, person: Person, reason: str) -> Person:
    """Erase a person and withdraw what is open of theirs. Raises Refusal `intake.demand_in_project`."""
    mine = demands.of_poster(unit, person.id, *demand_rules.OPEN)
    for demand in mine:
        if demand.status == "listed":
            raise Refusal("intake.demand_in_project", demand_id=demand.id)
    for demand in mine:
        demands.save(unit, *demand_rules.withdraw(demand, reason))
    forgotten, facts = rules.forget(person, reason)
    persons.erase(unit, person, forgotten, facts)
    return forgotten


def change_account(unit: Unit, vault: Vault, payee: Person | Body, bank_account: str) -> Person | Body:
    """Give or correct a bank account."""
    tail = bank_account[-_TAIL:]
    if isinstance(payee, Person):
        key_id = payee.details.key_id
        sealed = vault.seal(key_id, {"bank_account": bank_account})["bank_account"]
        person, facts = rules.change_account(
            payee, sealed, tail, vault.contact_hash("bank_account", bank_account)
        )
        persons.save(unit, person, facts)
        return person
    key_id = payee.key_id or vault.new_key(payee.id)
    sealed = vault.seal(key_id, {"bank_account": bank_account})["bank_account"]
    body, facts = body_rules.change_account(payee, key_id, sealed, tail)
    bodies.save(unit, body, facts)
    return body


def register_body(unit: Unit, vault: Vault, given: Mapping[str, Any], login: str | None) -> Body:
    """Register a body for an account, or for nobody's when an agency enters it.

    given: RegisterBodyRequest. Raises Refusal `intake.account_has_body` or `intake.body_known`.
    """
    own = bodies.of_login(unit, login) if login else None
    known = bodies.of_code(unit, given["kind"], given["credit_code"])
    if own is not None:
        if known is not None and known.id != own.id:
            raise Refusal("intake.body_known", field="credit_code")
        body, facts = body_rules.register_again(own, _body(vault, own.id, given, login))
    elif known is None:
        body, facts = body_rules.register(_body(vault, unit.new_id(), given, login))
    elif login is None:
        return known
    else:
        body, facts = body_rules.take_over(known, login, given["name"]), []
    bodies.save(unit, body, facts)
    return body


def _body(vault: Vault, id: str, given: Mapping[str, Any], login: str | None) -> Body:
    account = given.get("bank_account")
    key_id = vault.new_key(id) if account else b""
    return Body(
        id=id,
        status="submitted",
        login=login,
        kind=given["kind"],
        name=given["name"],
        credit_code=given["credit_code"],
        region=given["region"],
        key_id=key_id,
        sealed=vault.seal(key_id, {"bank_account": account}) if account else {},
        account_tail=_tail(account),
        agency_kind=given.get("agency_kind"),
    )


def _tail(account: str | None) -> str | None:
    return account[-_TAIL:] if account else None


def shown(source: Unit | Reader, person: Person) -> dict[str, Any]:
    """Return a person without any personal field."""
    return {
        "id": person.id,
        "version": persons.version(source, person.id),
        "status": person.status,
        "region": person.details.region,
        "groups": list(person.details.groups),
        "account_given": person.account_given,
        "reason": person.reason,
    }


def shown_masked(reader: Reader, vault: Vault, person: Person) -> dict[str, Any]:
    """Return a person with the personal fields masked. Raises Forgotten."""
    clear = vault.open(person.details.sealed, *_SEALED)
    account = clear.get("bank_account")
    return {
        **shown(reader, person),
        "name": mask_name(clear["name"]),
        "id_number": mask_id(clear["id_number"]),
        "phone": mask_phone(clear["phone"]),
        "bank_account": mask_account(account) if account else None,
    }


def body_shown(source: Unit | Reader, body: Body) -> dict[str, Any]:
    """Return a body without its bank account."""
    names = (
        "id", "status", "kind", "agency_kind", "name", "credit_code", "region", "scope", "account_given",
        "reason",
    )  # fmt: skip
    return {**{name: getattr(body, name) for name in names}, "version": bodies.version(source, body.id)}


def payee_shown(source: Unit | Reader, payee: Person | Body) -> dict[str, Any]:
    """Return what a person or body whose bank account was changed may see of itself."""
    answer = shown(source, payee) if isinstance(payee, Person) else body_shown(source, payee)
    return {name: answer[name] for name in ("id", "version", "status", "account_given")}


def payees_details(
    source: Reader, vault: Vault, refs: Sequence[str]
) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Return the details of the payees that can be paid, and why the others cannot."""
    found, missing = [], []
    known = persons.load_all(source, refs)
    for ref in dict.fromkeys(refs):
        try:
            found.append(_payee_details(source, vault, ref, known.get(ref)))
        except Forgotten:
            missing.append({"payee_ref": ref, "code": "not_found"})
        except Refusal as refusal:
            missing.append({"payee_ref": ref, "code": refusal.code})
    return found, missing


def _payee_details(source: Reader, vault: Vault, ref: str, person: Person | None) -> dict[str, str]:
    """Return name and bank account of a payee in clear.

    Raises Refusal `not_found` or `intake.no_account`, Forgotten when the person's key is gone.
    """
    body = bodies.load(source, ref) if person is None else None
    if person is not None and person.status != "forgotten":
        clear = vault.open(person.details.sealed, "name", "bank_account")
    elif body is not None:
        clear = {"name": body.name, **vault.open(body.sealed, "bank_account")}
    else:
        raise Refusal("not_found", what=f"payee/{ref}")
    if "bank_account" not in clear:
        raise Refusal("intake.no_account")
    return {"payee_ref": ref, "name": clear["name"], "bank_account": clear["bank_account"]}
