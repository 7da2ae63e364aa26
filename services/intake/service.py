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
from services.intake import access, deleting, mandating, registration
from services.intake.check_calls import CheckCalls
from services.intake.demand_calls import DemandCalls
from services.intake.domain import bodies as body_rules
from services.intake.domain import demands as demand_rules
from services.intake.domain.employments import Employment
from services.intake.import_calls import ImportCalls
from services.intake.mandate_calls import MandateCalls
from services.intake.name_calls import NameCalls
from services.intake.personal_calls import PersonalCalls
from services.intake.project_facts import ProjectFacts
from services.intake.recheck_calls import RecheckCalls
from services.intake.store import bodies, demands, employments, persons, rechecks
from services.intake.store.persons import LOGINS
from services.intake.store.vault import BODIES, PERSONS, Forgotten, Vault, vault_of


@cache
def _registry(url: str, token: str, clock: Clock) -> Registry:
    return Registry(OutsideSystem("registry", url, token, clock.now))


class IntakeService(
    CheckCalls, ImportCalls, DemandCalls, MandateCalls, NameCalls, PersonalCalls, ProjectFacts, RecheckCalls
):
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
        payee = registration.change_account(unit, self.vault, access.own_payee(unit), body["bank_account"])
        return registration.payee_shown(unit, payee)

    @command(c.FORGET_PERSON)
    def forget_person(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Erase the account's own person."""
        person = access.own_person(unit)
        mandating.end_all(unit, person.id, body["reason"])
        return registration.shown(unit, deleting.delete(unit, self.vault, person, body["reason"]))

    @query(c.GET_PERSON)
    def get_person(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Show the account's own person, masked."""
        try:
            return registration.shown_masked(reader, self.vault, access.own_person(reader))
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
        """Its demands are met; those that nobody was trained for are free again."""
        unmet = fact.data["unmet_demand_ids"]
        for demand in demands.in_project(unit, fact.aggregate_id):
            if demand.id in unmet:
                decision = demand_rules.set_free(demand, fact.aggregate_id, unit.now)
            else:
                decision = demand_rules.meet(demand, fact.aggregate_id)
            demands.save_change(unit, demand, decision)

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

    @job("sweep-keys", every=3600)
    def sweep_keys(self) -> None:
        """Delete keys of registrations that came to nothing."""
        self.vault.sweep()


SERVICE = IntakeService
