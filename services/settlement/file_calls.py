"""Calls and jobs of the files of a claim."""

from typing import Any

from contracts.commands import settlement_files as c
from services.chassis.outside_scan import Scanner, scanner_of
from services.chassis.service import Reader, Service, Unit, command, job, query
from services.settlement import filing


class FileCalls(Service):
    """Taking files in, showing them, having them scanned."""

    @command(c.PUT_FILE_PART)
    def put_file_part(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Take one part of an upload."""
        return filing.put_part(unit, body)

    @command(c.ATTACH_FILE)
    def attach_file(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Make a file of an upload."""
        return filing.attach(unit, self.reader(), body, self._scanner() is not None)

    @query(c.LIST_FILES)
    def list_files(self, reader: Reader, body: Any) -> dict[str, Any]:
        """List a claim's files."""
        return filing.listed(reader, body["claim_id"])

    @query(c.OPEN_FILE)
    def open_file(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Show a file whose bytes were just compared with its hash."""
        return filing.open_file(reader, self.transact, body)

    @query(c.READ_FILE_PART)
    def read_file_part(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Show one part of a file."""
        return filing.read_part(reader, body)

    @job("scan-files", every=2)
    def scan_files(self) -> None:
        """Have waiting files scanned."""
        filing.scan_waiting(self.reader(), self.transact, self._scanner())

    @job("sweep-uploads", every=600)
    def sweep_uploads(self) -> None:
        """Delete what was sent and never became a file."""
        filing.sweep(self.reader(), self.transact)

    def _scanner(self) -> Scanner | None:
        return scanner_of(self.settings.scan_command(), self.settings.scan_socket())
