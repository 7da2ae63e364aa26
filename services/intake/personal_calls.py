"""Calls of a person's rights in their data: copies, deletion, what is kept and who may read it."""

from functools import partial
from typing import Any

from contracts.commands import intake_personal as c
from contracts.events import acceptance as from_acceptance
from contracts.vocabularies.errors import Refusal
from services.chassis.service import Fact, Reader, Service, Unit, job, on, query
from services.intake import deleting
from services.intake.domain.persons import Person
from services.intake.store import kept, persons
from services.intake.store.vault import Forgotten, vault_of

_AT_ONCE = 100


class PersonalCalls(Service):
    """What a person may ask of their data."""

    @query(c.CREDENTIAL_SUBJECT)
    def credential_subject(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Show a name or number for a credential or a consented reading, once it is on record."""
        found = deleting.subject(reader, vault_of(self.settings), body)
        self.transact(
            partial(persons.record_disclosures, payee_refs=[body["person_ref"]], purpose=body["purpose"]),
            reader.actor,
        )
        return found

    @query(c.EXPORT_PERSON)
    def export_person(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Tell the person all that intake holds on them, once that is on record."""
        person = _own(reader)
        self.transact(
            partial(persons.record_disclosures, payee_refs=[person.id], purpose=deleting.COPY), reader.actor
        )
        try:
            return deleting.export(reader, vault_of(self.settings), person)
        except Forgotten:
            raise Refusal("intake.not_registered") from None

    @query(c.DELETION)
    def deletion(self, reader: Reader, body: Any) -> Any:
        """Say what a deletion would do, or what it did."""
        person = persons.of_login(reader, reader.actor.account)
        if person is not None:
            return deleting.effect(reader, person)
        done = reader.get(kept.DELETIONS, reader.actor.account)
        if done is None:
            raise Refusal("intake.not_registered")
        return done

    @query(c.KEPT_IDENTITY)
    def kept_identity(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Show an identity that was kept apart to an auditor, once that is on record."""
        found = deleting.kept_identity(reader, vault_of(self.settings), body["person_ref"])
        self.transact(
            partial(persons.record_disclosures, payee_refs=[body["person_ref"]], purpose=body["purpose"]),
            reader.actor,
        )
        return found

    @on(from_acceptance.ROSTER_FILED)
    def roster_filed(self, unit: Unit, fact: Fact) -> None:
        """Who is on a roster is kept by real name."""
        kept.rostered(unit, fact.data["person_refs"], fact.time)

    @job("let-kept-go", every=3600)
    def let_kept_go(self) -> None:
        """Destroy what was kept apart and need not be kept any more."""
        while found := kept.due(self.reader(), _AT_ONCE):
            self.transact(lambda unit, refs=tuple(found): [kept.let_go(unit, ref) for ref in refs])


def _own(reader: Reader) -> Person:
    person = persons.of_login(reader, reader.actor.account)
    if person is None:
        raise Refusal("intake.not_registered")
    return person
