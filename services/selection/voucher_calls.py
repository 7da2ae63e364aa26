"""Calls of selection: training vouchers from issue to end."""

from functools import partial
from typing import Any

from contracts.commands import selection_vouchers as c
from services.chassis.service import Reader, Service, Unit, command, job, query
from services.selection import issuing, passes, voucher_store
from services.selection import voucher_views as views


class VoucherCalls(Service):
    """An officer issues, a worker claims and binds."""

    @command(c.ISSUE_VOUCHERS)
    def issue_vouchers(self, unit: Unit, body: dict[str, Any]) -> Any:
        """Issue a batch of vouchers."""
        lists = {
            name: None if body[name] is None else tuple(body[name]) for name in ("person_refs", "groups")
        }
        return views.new_batch(issuing.issue(unit, issuing.Issue(**{**body, **lists})))

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

    @command(c.REVOKE_VOUCHER)
    def revoke_voucher(self, unit: Unit, body: dict[str, Any]) -> Any:
        """Take an unused voucher back."""
        return views.shown(passes.revoke(unit, body["voucher_id"], body["reason"]))

    @command(c.REPLACE_VOUCHER)
    def replace_voucher(self, unit: Unit, body: dict[str, Any]) -> Any:
        """Give another voucher in the place of an unused one."""
        return views.shown(passes.replace_by_new(unit, body["voucher_id"], body["reason"]))

    @command(c.TELL_NON_USE)
    def tell_non_use(self, unit: Unit, body: dict[str, Any]) -> Any:
        """Say why a voucher is not, or was not, used."""
        return views.shown(passes.tell_non_use(unit, body["voucher_id"], body["cause"]))

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

    @query(c.LIST_BATCHES)
    def list_batches(self, reader: Reader, body: dict[str, Any]) -> Any:
        """Show a region's batches with their figures."""
        return views.batches(reader, body)

    @query(c.LIST_BATCH_VOUCHERS)
    def list_batch_vouchers(self, reader: Reader, body: dict[str, Any]) -> Any:
        """Show the vouchers of a batch."""
        return views.batch_vouchers(reader, body)

    @query(c.VOUCHER_TOKEN)
    def voucher_token(self, reader: Reader, body: dict[str, Any]) -> Any:
        """Give what the person shows to a class without a network."""
        return views.token(reader, body["voucher_id"], self.settings.credential_signing_key())

    @query(c.CLASS_HOLDERS)
    def class_holders(self, reader: Reader, body: dict[str, Any]) -> Any:
        """Show by which names vouchers are good for a class now."""
        return views.holders(reader, body["class_id"], self.settings.credential_signing_key())

    @job("issue-to-groups", every=2)
    def issue_to_groups(self) -> None:
        """Give out, in parts, the vouchers of batches by groups."""
        for batch_id in voucher_store.batches_to_issue(self.reader()):
            while self.transact(partial(issuing.go_on, batch_id)):
                pass

    @job("remind-vouchers", every=10)
    def remind_vouchers(self) -> None:
        """Speak to the holders of unused vouchers whose end comes near."""
        while self.transact(passes.remind) == passes.PART:
            pass

    @job("expire-vouchers", every=5)
    def expire_vouchers(self) -> None:
        """End the vouchers that were not used while they were valid."""
        while self.transact(passes.expire) == passes.PART:
            pass
