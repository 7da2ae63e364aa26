"""Calls of sharing a record: consents, readings, credentials and what others check them with."""

from functools import partial
from typing import Any

from contracts.commands import selection_sharing as c
from services.chassis.service import Reader, Service, Unit, command, query
from services.selection import asking, store
from services.selection.records import consenting, correcting, crediting, issuing
from services.selection.records.signing import issuer_of

_CREDENTIAL = "本人出具凭证 / a credential issued at the person's wish"


class SharingCalls(Service):
    """Who may see a record, who saw it, and what anyone can check."""

    @command(c.GIVE_CONSENT)
    def give_consent(self, unit: Unit, body: dict[str, Any]) -> Any:
        """Let a body read some of the own record."""
        return consenting.give(unit, body)

    @command(c.REVOKE_CONSENT)
    def revoke_consent(self, unit: Unit, body: dict[str, Any]) -> Any:
        """Revoke an own consent."""
        return consenting.revoke(unit, body["consent_id"])

    @query(c.LIST_CONSENTS)
    def list_consents(self, reader: Reader, body: dict[str, Any]) -> Any:
        """List consents given, or given to the body that acts."""
        return consenting.listed(reader, body)

    @query(c.READ_RECORD)
    def read_record(self, reader: Reader, body: dict[str, Any]) -> Any:
        """Show what a consent opens, once the reading is logged."""
        opened = self.transact(partial(consenting.read, id=body["consent_id"]), reader.actor)
        consent = opened.consent
        credits: list[Any] = []
        if "credits" in consent.scope:
            person = store.load_person(reader, consent.person_ref)
            credits = crediting.lines_of(reader, person.ref, person.region)[1]
        name = None
        if "name" in consent.scope:
            purpose = f"{consent.reader_name}：{consent.purpose}"
            name = asking.subject(self.settings, purpose, consent.person_ref, ["name"])["name"]
        return {
            "consent_id": consent.id,
            "reading_id": opened.reading_id,
            "purpose": consent.purpose,
            "until": consent.until,
            "name": name,
            "items": [correcting.entry_shown(entry) for entry in opened.entries],
            "more": opened.more,
            "credits": sum(line.credits for line in credits) if "credits" in consent.scope else None,
            "credit_lines": crediting.shown_lines(credits),
        }

    @query(c.LIST_READINGS)
    def list_readings(self, reader: Reader, body: dict[str, Any]) -> Any:
        """Show the person who read the own record."""
        return consenting.readings(reader, body)

    @command(c.ISSUE_CREDENTIAL)
    def issue_credential(self, unit: Unit, body: dict[str, Any]) -> Any:
        """Issue a credential."""
        return issuing.issue(unit, body)

    @command(c.REVOKE_CREDENTIAL)
    def revoke_credential(self, unit: Unit, body: dict[str, Any]) -> Any:
        """Revoke an own credential."""
        return issuing.revoke(unit, body["credential_id"], body["reason"])

    @query(c.LIST_CREDENTIALS)
    def list_credentials(self, reader: Reader, body: dict[str, Any]) -> Any:
        """List the own credentials."""
        return issuing.listed(reader, body)

    @query(c.CREDENTIAL_DOCUMENT)
    def credential_document(self, reader: Reader, body: dict[str, Any]) -> Any:
        """Show an own credential signed."""
        disclose = partial(asking.subject, self.settings, _CREDENTIAL)
        return issuing.document(reader, body, issuer_of(self.settings), disclose)

    @query(c.ISSUER)
    def issuer(self, reader: Reader, body: dict[str, Any]) -> Any:
        """Show the public keys that credentials are checked with."""
        issuer = issuer_of(self.settings)
        return {"id": issuer.id, "did_document": issuer.did_document, "jwks": issuer.jwks}

    @query(c.STATUS_LIST)
    def status_list(self, reader: Reader, body: dict[str, Any]) -> Any:
        """Show which credentials of a list are revoked."""
        return issuing.status_list(reader, body["list_id"], body["form"], issuer_of(self.settings))
