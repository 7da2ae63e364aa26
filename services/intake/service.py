"""Entrypoints of intake (提单)."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from contracts.commands import intake as c
from contracts.events import acceptance as from_acceptance
from contracts.events import acceptance_providers as from_register
from contracts.events import catalogue as from_catalogue
from contracts.vocabularies import roles
from contracts.vocabularies.errors import Refusal
from services.chassis.actor import Actor
from services.chassis.clock import Clock
from services.chassis.outside import OutsideSystem
from services.chassis.outside_registry import Registry
from services.chassis.service import Fact, Reader, Unit, command, job, on, query
from services.chassis.unit import Key
from services.intake import checks, deleting, posting, registration
from services.intake.domain import bodies as body_rules
from services.intake.domain import demands as demand_rules
from services.intake.domain.bodies import Body
from services.intake.domain.demands import Demand
from services.intake.domain.employments import Employment
from services.intake.domain.persons import Person
from services.intake.name_calls import NameCalls
from services.intake.personal_calls import PersonalCalls
from services.intake.recheck_calls import RecheckCalls
from services.intake.store import bodies, demands, employments, persons, rechecks
from services.intake.store.persons import LOGINS
from services.intake.store.vault import BODIES, PERSONS, Forgotten, Vault, vault_of


@cache
def _registry(url: str, token: str, clock: Clock) -> Registry:
    return Registry(OutsideSystem("registry", url, token, clock.now))


class IntakeService(NameCalls, PersonalCalls, RecheckCalls):
    """Persons, bodies, demands."""

    name = "intake"
    lanes = 2

    @staticmethod
    def own_rows(actor: Actor) -> Sequence[Key]:
        """Return the rows of the account, its person and its body."""
        rows = [(LOGINS, actor.account), (PERSONS, actor.person_ref), (BODIES, actor.body_ref)]
        return [(collection, id) for collection, id in rows if id]

    @property
    def vault(self) -> Vault:
        """The keeper of personal fields."""
        return vault_of(self.settings)

    @property
    def registry(self) -> Registry:
        """The registries outside."""
        return _registry(self.settings.registry_url(), self.settings.registry_token(), self.runtime.clock)

    @command(c.REGISTER_PERSON)
    def register_person(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Register the account's own person."""
        person = registration.register_person(unit, self.vault, body, unit.actor.account)
        return registration.shown(unit, person)

    @command(c.CHANGE_PAYEE)
    def change_payee(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Give or correct the bank account of the account's own person or body."""
        payee = registration.change_account(unit, self.vault, _own_payee(unit), body["bank_account"])
        return registration.payee_shown(unit, payee)

    @command(c.FORGET_PERSON)
    def forget_person(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Erase the account's own person."""
        forgotten = deleting.delete(unit, self.vault, _own_person(unit), body["reason"])
        return registration.shown(unit, forgotten)

    @query(c.GET_PERSON)
    def get_person(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Show the account's own person, masked."""
        try:
            return registration.shown_masked(reader, self.vault, _own_person(reader))
        except Forgotten:
            raise Refusal("intake.not_registered") from None

    @command(c.REGISTER_BODY)
    def register_body(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Register the account's own body."""
        body_rules.kind_of_roles(body["kind"], unit.actor.roles)
        registered = registration.register_body(unit, self.vault, body, unit.actor.account)
        return registration.body_shown(unit, registered)

    @query(c.GET_BODY)
    def get_body(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Show the account's own body, or any to an officer."""
        own = persons.refs_of_login(reader, reader.actor.account)["body_ref"]
        ref = body["body_ref"] or own
        found = bodies.load(reader, ref) if ref else None
        if found is None:
            raise Refusal("not_found", what=f"bodies/{ref or 'me'}")
        if ref != own and not reader.actor.roles & roles.OFFICERS:
            raise Refusal("owner.forbidden")
        return registration.body_shown(reader, found)

    @command(c.POST_DEMAND)
    def post_demand(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Take in a demand."""
        return posting.post(unit, self.vault, body)

    @command(c.WITHDRAW_DEMAND)
    def withdraw_demand(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Take back a demand."""
        demand = demands.target(unit, body["demand_id"])
        if not _is_own(unit, demand):
            raise Refusal("owner.forbidden")
        withdrawn, facts = demand_rules.withdraw(demand, body["reason"])
        version = demands.save(unit, withdrawn, facts)
        return {**demands.shown(withdrawn), "version": version}

    @query(c.GET_DEMAND)
    def get_demand(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Show a demand to its poster, the agency that entered it, and officers of its region."""
        demand = demands.load(reader, body["demand_id"])
        if demand is None:
            raise Refusal("not_found", what=f"demands/{body['demand_id']}")
        if reader.actor.roles & roles.OFFICERS:
            _require_region(reader.actor, demand.wish.region)
        elif not _is_own(reader, demand):
            raise Refusal("owner.forbidden")
        return {**demands.shown(demand), "version": demands.version(reader, demand.id)}

    @query(c.LIST_DEMANDS)
    def list_demands(self, reader: Reader, body: Any) -> dict[str, Any]:
        """List the poster's own demands, or those of an officer's region."""
        if reader.actor.roles & roles.OFFICERS:
            region = _region(reader.actor, body["region"])
            items, next = demands.region_page(reader, region, body)
        else:
            refs = persons.refs_of_login(reader, reader.actor.account)
            items, next = demands.own_page(reader, [ref for ref in refs.values() if ref], body)
        return {"items": items, "next": next}

    @query(c.IDENTITY_OF)
    def identity_of(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Say which person and body an account stands for."""
        if body["account"] != reader.actor.account:
            raise Refusal("owner.forbidden")
        return persons.refs_of_login(reader, body["account"])

    @query(c.PAYEE_DETAILS)
    def payee_details(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Show names and bank accounts in clear, once the disclosures are on record."""
        found, missing = registration.payees_details(reader, self.vault, body["payee_refs"])
        shown = [each["payee_ref"] for each in found]
        self.transact(lambda unit: persons.record_disclosures(unit, shown, body["purpose"]), reader.actor)
        return {"items": found, "missing": missing}

    @on(from_catalogue.PROJECT_DRAFTED)
    def project_drafted(self, unit: Unit, fact: Fact) -> None:
        """A project takes in demands."""
        for demand in demands.with_ids(unit, fact.data["demand_ids"]):
            demands.save_change(unit, demand, demand_rules.list_in(demand, fact.aggregate_id))

    @on(from_catalogue.PROJECT_WITHDRAWN)
    def project_withdrawn(self, unit: Unit, fact: Fact) -> None:
        """Its demands are free again."""
        for demand in demands.in_project(unit, fact.aggregate_id):
            demands.save_change(unit, demand, demand_rules.set_free(demand, fact.aggregate_id, unit.now))

    @on(from_catalogue.PROJECT_CLOSED)
    def project_closed(self, unit: Unit, fact: Fact) -> None:
        """Its demands are met."""
        for demand in demands.in_project(unit, fact.aggregate_id):
            demands.save_change(unit, demand, demand_rules.meet(demand, fact.aggregate_id))

    @on(from_acceptance.EMPLOYMENT_REPORTED)
    def employment_reported(self, unit: Unit, fact: Fact) -> None:
        """A report of employment is to be checked."""
        names = ("project_id", "class_id", "person_ref", "since")
        values = {name: fact.data[name] for name in names}
        report = Employment(fact.aggregate_id, **values, employer_code=fact.data.get("employer_code"))
        employments.save(unit, report, [])

    @on(from_register.PROVIDER_CHECK_ASKED)
    def provider_check_asked(self, unit: Unit, fact: Fact) -> None:
        """A body that files for the register is to be checked again."""
        rechecks.ask(unit, "body", fact.aggregate_id, "机构准入核验 / admission to the register", {})

    @job("check-registries", every=2)
    def check_registries(self) -> None:
        """Ask the registries about what waits, then take in what they said."""
        persons_found = checks.check_persons(self.reader(), self.vault, self.registry)
        if persons_found:
            self.transact(lambda unit: checks.settle_persons(unit, persons_found))
        bodies_found = checks.check_bodies(self.reader(), self.registry)
        if bodies_found:
            self.transact(lambda unit: checks.settle_bodies(unit, bodies_found))
        answers = checks.check_employments(self.reader(), self.vault, self.registry)
        if answers:
            self.transact(lambda unit: checks.settle_employments(unit, answers))

    @job("lapse-demands", every=600)
    def lapse_demands(self) -> None:
        """End demands that nobody served within a year of their wanted start."""
        posting.lapse_due(self.reader(), self.transact)

    @job("sweep-keys", every=3600)
    def sweep_keys(self) -> None:
        """Delete keys of registrations that came to nothing."""
        self.vault.sweep()


def _own_person(source: Unit | Reader) -> Person:
    person = persons.of_login(source, source.actor.account)
    if person is None:
        raise Refusal("intake.not_registered")
    return person


def _own_payee(unit: Unit) -> Person | Body:
    body = bodies.of_login(unit, unit.actor.account)
    return body if body is not None else _own_person(unit)


def _is_own(source: Unit | Reader, demand: Demand) -> bool:
    refs = persons.refs_of_login(source, source.actor.account).values()
    return any(ref is not None and ref in (demand.poster_ref, demand.posted_by_ref) for ref in refs)


def _require_region(actor: Actor, region: str) -> None:
    """Auditors read all; other officers what their region covers. Raises Refusal `region.forbidden`."""
    if not _reads_all(actor):
        actor.require_region(region)


def _region(actor: Actor, asked: str | None) -> str | None:
    """Return the region to read: the one asked for, else the officer's own; None (auditors): everywhere."""
    region = asked or actor.region
    if region is not None:
        _require_region(actor, region)
    elif not _reads_all(actor):
        raise Refusal("region.forbidden", region="-")
    return region


def _reads_all(actor: Actor) -> bool:
    return roles.AUDITOR in actor.roles and actor.region is None


SERVICE = IntakeService
