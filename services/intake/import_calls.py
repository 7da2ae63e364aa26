"""Calls and jobs of demands by spreadsheet."""

from typing import Any

from contracts.commands import intake_imports as c
from services.chassis.service import Reader, Service, Unit, command, job, query
from services.intake import importing
from services.intake.store import imports, persons
from services.intake.store.vault import Vault


class ImportCalls(Service):
    """A file of demands: its rows come in chunks, a job posts them, what is wrong is fetched back."""

    vault: Vault

    @command(c.START_IMPORT)
    def start_import(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Begin a file, or find it as far as it came."""
        return importing.start(unit, self.vault, body)

    @command(c.PUT_ROWS)
    def put_rows(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Keep a chunk of rows."""
        return importing.put_rows(unit, self.vault, body)

    @command(c.CLEAR_IMPORT)
    def clear_import(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Stop an import, or delete the rows that one keeps."""
        return importing.clear(unit, body["import_id"])

    @query(c.GET_IMPORT)
    def get_import(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Show an import and how far it is."""
        return importing.progress(reader, importing.own(reader, body["import_id"]))

    @query(c.LIST_IMPORTS)
    def list_imports(self, reader: Reader, body: Any) -> dict[str, Any]:
        """List the imports of the caller's body."""
        owner = persons.refs_of_login(reader, reader.actor.account)["body_ref"]
        found, next = imports.own_page(reader, owner or "-", body)
        return {"items": [importing.progress(reader, each) for each in found], "next": next}

    @query(c.WRONG_ROWS)
    def wrong_rows(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Show rows that were not posted, once that is on record."""
        it = importing.own(reader, body["import_id"])
        about, purpose = f"import:{it.id}", "批量导入未通过行退回 / rows of an import given back"
        self.transact(lambda unit: persons.record_disclosures(unit, [about], purpose), reader.actor)
        return importing.wrong_rows(reader, self.vault, it, body["after"])

    @job("post-imports", every=1)
    def post_imports(self) -> None:
        """Post the rows that wait."""
        importing.post_waiting(self.reader(), self.vault, self.transact)

    @job("let-imports-go", every=600)
    def let_imports_go(self) -> None:
        """Delete rows whose time is over."""
        importing.let_go(self.reader(), self.transact)
