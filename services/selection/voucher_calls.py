"""Calls of selection: training vouchers from issue to end."""

from typing import Any

from contracts.commands import selection as c
from services.chassis.service import Reader, Service, Unit, command, job, query
from services.selection import passes, views


class VoucherCalls(Service):
    """An officer issues, a worker claims and binds."""

    @command(c.ISSUE_VOUCHERS)
    def issue_vouchers(self, unit: Unit, body: dict[str, Any]) -> Any:
        """Issue a batch of vouchers."""
        refs = body["person_refs"]
        wanted = passes.Issue(
            body["region"], body["valid_until"], body["class_id"], None if refs is None else tuple(refs)
        )
        doc = passes.issue(unit, wanted)
        return views.shown(doc, figures={"issued": len(doc["voucher_ids"])})

    @command(c.CLAIM_VOUCHER)
    def claim_voucher(self, unit: Unit, body: dict[str, Any]) -> Any:
        """Claim an issued voucher."""
        return views.shown(passes.claim(unit, body["voucher_id"], body["device_key"]))

    @command(c.BIND_DEVICE)
    def bind_device(self, unit: Unit, body: dict[str, Any]) -> Any:
        """Bind the device that signs in with a voucher."""
        return views.shown(passes.bind_device(unit, body["voucher_id"], body["device_key"]))

    @command(c.BIND_VOUCHER)
    def bind_voucher(self, unit: Unit, body: dict[str, Any]) -> Any:
        """Bind a claimed voucher to a class."""
        return views.shown(passes.bind(unit, body["voucher_id"], body["class_id"]))

    @query(c.GET_VOUCHER)
    def get_voucher(self, reader: Reader, body: dict[str, Any]) -> Any:
        """Show a voucher."""
        return views.voucher(reader, body["voucher_id"])

    @query(c.LIST_VOUCHERS)
    def list_vouchers(self, reader: Reader, body: dict[str, Any]) -> Any:
        """Show the person's own vouchers."""
        return views.vouchers(reader, body)

    @query(c.GET_BATCH)
    def get_batch(self, reader: Reader, body: dict[str, Any]) -> Any:
        """Show a batch of vouchers with its figures."""
        return views.batch(reader, body["batch_id"])

    @job("expire-vouchers", every=5)
    def expire_vouchers(self) -> None:
        """End the vouchers that were not used while they were valid."""
        while self.transact(passes.expire) == passes.PART:
            pass
