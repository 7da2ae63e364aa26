"""Commands and queries of selection (选单): seats in classes, the line for them, training vouchers."""

from marshmallow import ValidationError, fields, validates_schema

from contracts.devices import DeviceKey
from contracts.fields import Contract, Count, Day, LongText, Moment, Name, Ref, RegionCode, listed, one_of
from contracts.paging import Page
from contracts.registry import command, query
from contracts.vocabularies import roles, statuses
from contracts.vocabularies.classes import MOST_LEARNERS

ELIGIBILITY = ("yes", "no", "needs_proof")
_WORKER = {roles.WORKER}
_ISSUERS = {roles.CATALOGUE_OFFICER, roles.SUPERVISOR}
_READERS = {roles.WORKER, roles.SUPERVISOR, roles.CATALOGUE_OFFICER, roles.AUDITOR}


class _ClassRequest(Contract):
    class_id = Ref(required=True)


class _EnrolmentRequest(Contract):
    enrolment_id = Ref(required=True)


class _VoucherRequest(Contract):
    voucher_id = Ref(required=True)


class EligibilityLine(Contract):
    """One ground: the rule with its document and clause, and what it means for this person."""

    rule = fields.String(required=True)
    document = fields.String(required=True)
    clause = fields.String(required=True)
    outcome = one_of(ELIGIBILITY, required=True)
    zh = LongText(required=True)
    en = LongText(required=True)


class Eligibility(Contract):
    """Whether training in this class would be subsidised for the person, reckoned on `day`, and every ground.

    rules_edition: the rules that it was reckoned with. Residence is never asked.
    """

    class_id = Ref(required=True)
    day = Day(required=True)
    outcome = one_of(ELIGIBILITY, required=True)
    rules_edition = fields.String(required=True)
    lines = listed(fields.Nested(EligibilityLine), high=50, required=True)


class Enrolment(Contract):
    """A choice of a class (选单).

    arrival: the person's place among all who ever chose the class; place: in the waiting line (候补), both
    from 1 and never reused; ahead: how many waited before them when this was answered; hold_until: confirm
    before it; eligible: what eligibility said when they chose (told, never a reason to refuse the seat).
    """

    id = Ref(required=True)
    version = Count(low=1, required=True)
    status = one_of(statuses.ENROLMENT, required=True)
    class_id = Ref(required=True)
    class_name = Name(required=True)
    person_ref = Ref(required=True)
    arrival = Count(low=1, required=True)
    place = Count(low=1, required=True, allow_none=True)
    ahead = Count(required=True, allow_none=True)
    seat = Count(low=1, required=True, allow_none=True)
    hold_until = Moment(required=True, allow_none=True)
    voucher_id = Ref(required=True, allow_none=True)
    chosen_at = Moment(required=True)
    eligible = one_of(ELIGIBILITY, required=True)
    reason = LongText(required=True, allow_none=True)


class CancelSeatRequest(_EnrolmentRequest):
    reason = LongText(load_default=None, allow_none=True)


class EnrolmentList(Contract):
    """next: the cursor of the next page, null on the last."""

    items = listed(fields.Nested(Enrolment), high=100, required=True)
    next = Ref(required=True, allow_none=True)


class ClassEnrolmentsRequest(Page):
    class_id = Ref(required=True)
    status = one_of(statuses.ENROLMENT, load_default=None, allow_none=True)


class Seating(Contract):
    """Seats of one class as they stand; public, no persons."""

    id = Ref(required=True)
    version = Count(low=1, required=True)
    status = one_of(statuses.SEATING, required=True)
    capacity = Count(required=True)
    taken = Count(required=True)
    waiting = Count(required=True)
    enrol_until = Moment(required=True)


class IssueVouchersRequest(Contract):
    """To the confirmed of a class, or to listed persons: one of the two."""

    region = RegionCode(required=True)
    valid_until = Moment(required=True)
    class_id = Ref(load_default=None, allow_none=True)
    person_refs = listed(Ref(), low=1, high=MOST_LEARNERS, load_default=None, allow_none=True)

    @validates_schema
    def one_target(self, data: dict[str, object], **_: object) -> None:
        """Refuse both targets at once, none, or a person named twice."""
        persons = data.get("person_refs")
        if (data.get("class_id") is None) == (persons is None):
            raise ValidationError(
                "须且只能给出 class_id 或 person_refs / give class_id or person_refs, not both", "class_id"
            )
        if isinstance(persons, list) and len(set(persons)) < len(persons):
            raise ValidationError("名单中有重复 / a person is listed twice", "person_refs")


class VoucherBatch(Contract):
    """A batch (发放批次).

    skipped: persons who hold an unused voucher already; figures: vouchers by status now.
    """

    id = Ref(required=True)
    version = Count(low=1, required=True)
    status = one_of(statuses.VOUCHER_BATCH, required=True)
    region = RegionCode(required=True)
    class_id = Ref(required=True, allow_none=True)
    valid_until = Moment(required=True)
    issued_at = Moment(required=True)
    voucher_ids = listed(Ref(), high=MOST_LEARNERS, required=True)
    skipped = listed(Ref(), high=MOST_LEARNERS, required=True)
    figures = fields.Dict(keys=one_of(statuses.VOUCHER), values=Count(), required=True)


class BatchRequest(Contract):
    batch_id = Ref(required=True)


class Voucher(Contract):
    """A training voucher (职业培训券)."""

    id = Ref(required=True)
    version = Count(low=1, required=True)
    status = one_of(statuses.VOUCHER, required=True)
    person_ref = Ref(required=True)
    batch_id = Ref(required=True)
    region = RegionCode(required=True)
    class_id = Ref(required=True, allow_none=True)
    valid_until = Moment(required=True)
    issued_at = Moment(required=True)
    reason = LongText(required=True, allow_none=True)


class ClaimVoucherRequest(_VoucherRequest):
    """device_key: of the device that is to sign in; without one the learner needs a code card."""

    device_key = DeviceKey(load_default=None, allow_none=True)


class BindDeviceRequest(_VoucherRequest):
    """Another device signs in from now on; supervision sees that it was changed."""

    device_key = DeviceKey(required=True)


class BindVoucherRequest(_VoucherRequest):
    class_id = Ref(required=True)


class VoucherList(Contract):
    items = listed(fields.Nested(Voucher), high=100, required=True)
    next = Ref(required=True, allow_none=True)


CHOOSE_SEAT = command("selection.choose_seat", _ClassRequest, Enrolment, _WORKER)
CONFIRM_SEAT = command("selection.confirm_seat", _EnrolmentRequest, Enrolment, _WORKER)
CANCEL_SEAT = command("selection.cancel_seat", CancelSeatRequest, Enrolment, _WORKER)
GET_ENROLMENT = query("selection.get_enrolment", _EnrolmentRequest, Enrolment, _READERS)
LIST_ENROLMENTS = query("selection.list_enrolments", Page, EnrolmentList, _WORKER)
LIST_CLASS_ENROLMENTS = query(
    "selection.list_class_enrolments",
    ClassEnrolmentsRequest,
    EnrolmentList,
    {roles.PROVIDER, roles.SUPERVISOR, roles.CATALOGUE_OFFICER, roles.AUDITOR},
)
GET_SEATING = query("selection.get_seating", _ClassRequest, Seating, set())
ELIGIBILITY_OF = query("selection.eligibility", _ClassRequest, Eligibility, _WORKER)
ISSUE_VOUCHERS = command("selection.issue_vouchers", IssueVouchersRequest, VoucherBatch, _ISSUERS)
GET_BATCH = query("selection.get_batch", BatchRequest, VoucherBatch, _ISSUERS | {roles.AUDITOR})
CLAIM_VOUCHER = command("selection.claim_voucher", ClaimVoucherRequest, Voucher, _WORKER)
BIND_DEVICE = command("selection.bind_device", BindDeviceRequest, Voucher, _WORKER)
BIND_VOUCHER = command("selection.bind_voucher", BindVoucherRequest, Voucher, _WORKER)
GET_VOUCHER = query("selection.get_voucher", _VoucherRequest, Voucher, _READERS)
LIST_VOUCHERS = query("selection.list_vouchers", Page, VoucherList, _WORKER)
