"""Calls and jobs of the books: the check, transfers, memorandum accounts, months, reports."""

from typing import Any

from contracts.commands import settlement_books as c
from contracts.commands import settlement_periods as p
from services.chassis.service import Reader, Service, Unit, command, job, query
from services.settlement import auditing, balances, closing, reporting, transferring


class BookCalls(Service):
    """What finance officers do with the books, and what auditors look at."""

    @query(c.CHECK_BOOKS)
    def check_books(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Check the chains of the officer's region."""
        return auditing.shown(auditing.visible(reader, body["account_id"]))

    @query(c.CHECK_CHAIN)
    def check_chain(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Check a part of a chain."""
        return auditing.part(reader, body)

    @command(c.TRANSFER_FUNDS)
    def transfer_funds(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Move budget between two accounts."""
        return transferring.transfer(unit, body)

    @query(c.LIST_TRANSFERS)
    def list_transfers(self, reader: Reader, body: Any) -> dict[str, Any]:
        """List transfers."""
        return transferring.transfer_list(reader, body)

    @command(c.NOTE_MEMORANDUM)
    def note_memorandum(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Note others' money."""
        return transferring.note(unit, body)

    @query(c.LIST_MEMORANDUM)
    def list_memorandum(self, reader: Reader, body: Any) -> dict[str, Any]:
        """List memorandum accounts."""
        return transferring.memorandum_list(reader, body)

    @command(c.RECORD_BALANCE)
    def record_balance(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Take in a balance of the finance account."""
        return balances.record(unit, body)

    @command(c.IMPORT_BALANCES)
    def import_balances(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Take in the finance bureau's file."""
        return balances.take_in(unit, body)

    @query(p.LIST_RECONCILIATIONS)
    def list_reconciliations(self, reader: Reader, body: Any) -> dict[str, Any]:
        """List stored reconciliations."""
        return closing.daily_list(reader, body)

    @query(p.LIST_MONTHS)
    def list_months(self, reader: Reader, body: Any) -> dict[str, Any]:
        """List months."""
        return closing.month_list(reader, body)

    @query(p.GET_MONTH)
    def get_month(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Show a month's statement."""
        return closing.month(reader, body)

    @command(p.SIGN_MONTH)
    def sign_month(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Sign a month's statement."""
        return closing.sign(unit, body)

    @query(p.FUND_REPORT)
    def fund_report(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Report on the funds of a region in a period."""
        return reporting.report(reader, body)

    @query(p.FUND_REPORT_FILE)
    def fund_report_file(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Return a report as a file."""
        return reporting.report_file(reader, body)

    @job("reconcile-books", every=10)
    def reconcile_books(self) -> None:
        """Store what is due of daily reconciliations and months' statements."""
        closing.reconcile_due(self.reader(), self.transact)
