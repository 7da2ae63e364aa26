"""Commands and queries of selection (选单): training vouchers (职业培训券) from issue to end [37 §13]."""

from marshmallow import ValidationError, fields, validates_schema

from contracts.devices import DeviceKey
from contracts.fields import (
    Contract,
    Count,
    Fen,
    LongText,
    Moment,
    Name,
    Ref,
    RegionCode,
    group,
    listed,
    one_of,
)
from contracts.paging import Page
from contracts.registry import command, query
from contracts.vocabularies import roles, statuses
from contracts.vocabularies.classes import MOST_LEARNERS
from contracts.vocabularies.vouchers import NON_USE

_WORKER = {roles.WORKER}
_ISSUERS = {roles.CATALOGUE_OFFICER, roles.SUPERVISOR}
_OVERSEERS = _ISSUERS | {roles.AUDITOR}
_READERS = {roles.WORKER} | _OVERSEERS


class _VoucherRequest(Contract):
    voucher_id = Ref(required=True)


class IssueVouchersRequest(Contract):
    """To the confirmed of a class, to listed persons, or to all of some groups in the region: one of these.

    budget_fen bounds what the batch may come to, voucher_fen is what one voucher stands for: both or neither.
    """

    region = RegionCode(required=True)
    valid_until = Moment(required=True)
    class_id = Ref(load_default=None, allow_none=True)
    person_refs = listed(Ref(), low=1, high=MOST_LEARNERS, load_default=None, allow_none=True)
    groups = listed(group(), low=1, high=20, load_default=None, allow_none=True)
    name = Name(load_default=None, allow_none=True)
    budget_fen = Fen(load_default=None, allow_none=True)
    voucher_fen = Fen(load_default=None, allow_none=True)

    @validates_schema
    def one_target(self, data: dict[str, object], **_: object) -> None:
        """Refuse several targets at once, none, or a person named twice; a budget without a worth."""
        persons = data.get("person_refs")
        if sum(data.get(name) is not None for name in ("class_id", "person_refs", "groups")) != 1:
            raise ValidationError(
                "须且只能给出 class_id、person_refs、groups 之一 / give one of class_id, person_refs, groups",
                "class_id",
            )
        if isinstance(persons, list) and len(set(persons)) < len(persons):
            raise ValidationError("名单中有重复 / a person is listed twice", "person_refs")
        budget, worth = data.get("budget_fen"), data.get("voucher_fen")
        if (budget is None) != (worth is None) or worth == 0:
            raise ValidationError(
                "预算与每券面额须同时给出 / give budget_fen and voucher_fen, or neither", "budget_fen"
            )


class Cause(Contract):
    """How many persons of a batch gave this reason for not using the voucher; null: fewer than five."""

    cause = one_of(NON_USE.codes, required=True)
    people = Count(required=True, allow_none=True)


class Progress(Contract):
    """What became of a batch's vouchers. issued: all ever given out, replacements included; claimed, used:
    ever (used: a first sign-in was confirmed); redeemed, expired, revoked: ended so; open: may still be used;
    reminded: were spoken of before their end; replaced: revoked and given anew.

    Money (fen, null without a budget): open_fen may still be spent, spent_fen was redeemed, free_fen is left
    of the budget. causes: why vouchers were not used, as their holders say.
    """

    issued = Count(high=10**9, required=True)
    claimed = Count(high=10**9, required=True)
    used = Count(high=10**9, required=True)
    redeemed = Count(high=10**9, required=True)
    expired = Count(high=10**9, required=True)
    revoked = Count(high=10**9, required=True)
    replaced = Count(high=10**9, required=True)
    open = Count(high=10**9, required=True)
    reminded = Count(high=10**9, required=True)
    open_fen = Fen(required=True, allow_none=True)
    spent_fen = Fen(required=True, allow_none=True)
    free_fen = Fen(required=True, allow_none=True)
    causes = listed(fields.Nested(Cause), high=50, required=True)


class VoucherBatch(Contract):
    """A batch (发放批次).

    status: issuing while a rule's persons are still being gone through; voucher_ids and skipped (persons who
    held an unused voucher already): of a class or a list, empty for a rule, whose vouchers are listed apart;
    passed_over: how many persons of a rule held one already; short: the budget ended before the persons did;
    figures: vouchers by status now.
    """

    id = Ref(required=True)
    version = Count(low=1, required=True)
    status = one_of(statuses.VOUCHER_BATCH, required=True)
    region = RegionCode(required=True)
    name = Name(required=True, allow_none=True)
    class_id = Ref(required=True, allow_none=True)
    groups = listed(group(), high=20, required=True, allow_none=True)
    valid_until = Moment(required=True)
    issued_at = Moment(required=True)
    budget_fen = Fen(required=True, allow_none=True)
    voucher_fen = Fen(required=True, allow_none=True)
    voucher_ids = listed(Ref(), high=MOST_LEARNERS, required=True)
    skipped = listed(Ref(), high=MOST_LEARNERS, required=True)
    passed_over = Count(high=10**9, required=True)
    short = fields.Boolean(required=True)
    figures = fields.Dict(keys=one_of(statuses.VOUCHER), values=Count(high=10**9), required=True)
    progress = fields.Nested(Progress, required=True)


class BatchRequest(Contract):
    batch_id = Ref(required=True)


class BatchesRequest(Page):
    """region: the officer's own when null."""

    region = RegionCode(load_default=None, allow_none=True)


class BatchList(Contract):
    items = listed(fields.Nested(VoucherBatch), high=100, required=True)
    next = Ref(required=True, allow_none=True)


class BatchVouchersRequest(Page):
    batch_id = Ref(required=True)
    status = one_of(statuses.VOUCHER, load_default=None, allow_none=True)


class Voucher(Contract):
    """A training voucher (职业培训券). replaces: the one in whose place it was given; non_use: why it was not
    used, as the holder says; reminded_days: how many days before its end it was last spoken of.
    """

    id = Ref(required=True)
    version = Count(low=1, required=True)
    status = one_of(statuses.VOUCHER, required=True)
    person_ref = Ref(required=True)
    batch_id = Ref(required=True)
    region = RegionCode(required=True)
    class_id = Ref(required=True, allow_none=True)
    valid_until = Moment(required=True)
    issued_at = Moment(required=True)
    claimed_at = Moment(required=True, allow_none=True)
    used_at = Moment(required=True, allow_none=True)
    replaces = Ref(required=True, allow_none=True)
    replaced_by = Ref(required=True, allow_none=True)
    reminded_days = Count(required=True, allow_none=True)
    non_use = one_of(NON_USE.codes, required=True, allow_none=True)
    reason = LongText(required=True, allow_none=True)


class ClaimVoucherRequest(_VoucherRequest):
    """device_key: of the device that is to sign in; without one the learner needs a code card."""

    device_key = DeviceKey(load_default=None, allow_none=True)


class BindDeviceRequest(_VoucherRequest):
    """Another device signs in from now on; supervision sees that it was changed."""

    device_key = DeviceKey(required=True)


class BindVoucherRequest(_VoucherRequest):
    class_id = Ref(required=True)


class EndVoucherRequest(_VoucherRequest):
    """An officer takes a voucher back, or gives another in its place."""

    reason = LongText(required=True)


class NonUseRequest(_VoucherRequest):
    """Why the voucher is not (was not) used: a cause and no words, so that nothing personal is told."""

    cause = one_of(NON_USE.codes, required=True)


class VoucherList(Contract):
    items = listed(fields.Nested(Voucher), high=100, required=True)
    next = Ref(required=True, allow_none=True)


class VoucherToken(Contract):
    """A signed token (JWS, EdDSA) by which a class sees without a network that the voucher is good for it;
    the key is among those of the issuer.

    It names no person and no voucher: `holder` is the same for one voucher in one class, another elsewhere.
    """

    token = fields.String(required=True)
    holder = fields.String(required=True)
    class_id = Ref(required=True)
    until = Moment(required=True)


class ClassHoldersRequest(Contract):
    class_id = Ref(required=True)


class ClassHolder(Contract):
    holder = fields.String(required=True)
    status = one_of(statuses.VOUCHER, required=True)


class ClassHolders(Contract):
    """Whose vouchers are bound to the class now, by the name in their tokens, to be taken along where there
    is no network: who is not among them has been revoked or released since.
    """

    class_id = Ref(required=True)
    at = Moment(required=True)
    items = listed(fields.Nested(ClassHolder), high=MOST_LEARNERS, required=True)


ISSUE_VOUCHERS = command("selection.issue_vouchers", IssueVouchersRequest, VoucherBatch, _ISSUERS)
GET_BATCH = query("selection.get_batch", BatchRequest, VoucherBatch, _OVERSEERS)
LIST_BATCHES = query("selection.list_batches", BatchesRequest, BatchList, _OVERSEERS)
LIST_BATCH_VOUCHERS = query("selection.list_batch_vouchers", BatchVouchersRequest, VoucherList, _OVERSEERS)
CLAIM_VOUCHER = command("selection.claim_voucher", ClaimVoucherRequest, Voucher, _WORKER)
BIND_DEVICE = command("selection.bind_device", BindDeviceRequest, Voucher, _WORKER)
BIND_VOUCHER = command("selection.bind_voucher", BindVoucherRequest, Voucher, _WORKER)
REVOKE_VOUCHER = command("selection.revoke_voucher", EndVoucherRequest, Voucher, _ISSUERS)
REPLACE_VOUCHER = command("selection.replace_voucher", EndVoucherRequest, Voucher, _ISSUERS)
TELL_NON_USE = command("selection.tell_non_use", NonUseRequest, Voucher, _WORKER)
GET_VOUCHER = query("selection.get_voucher", _VoucherRequest, Voucher, _READERS)
LIST_VOUCHERS = query("selection.list_vouchers", Page, VoucherList, _WORKER)
VOUCHER_TOKEN = query("selection.voucher_token", _VoucherRequest, VoucherToken, _WORKER)
CLASS_HOLDERS = query(
    "selection.class_holders", ClassHoldersRequest, ClassHolders, {roles.PROVIDER, roles.SUPERVISOR}
)
