"""Facts of selection (选单): enrolments, seats, vouchers."""

from marshmallow import fields

from contracts.devices import DeviceKey
from contracts.fields import Contract, Count, LongText, Moment, Ref, listed, one_of
from contracts.registry import event
from contracts.vocabularies.attendance import MOST_AT_ONCE
from contracts.vocabularies.vouchers import NON_USE


class _Enrolment(Contract):
    class_id = Ref(required=True)
    person_ref = Ref(required=True)


class EnrolmentHeld(_Enrolment):
    hold_until = Moment(required=True)


class EnrolmentWaiting(_Enrolment):
    """place: order of arrival, counted from 1 in each class and never reused."""

    place = Count(low=1, required=True)


class EnrolmentConfirmed(_Enrolment):
    pass


class EnrolmentEnded(_Enrolment):
    reason = LongText(required=True)


class TakenChoice(Contract):
    """id: of the enrolment; place: in the line, null for who was seated."""

    id = Ref(required=True)
    class_id = Ref(required=True)
    status = one_of(("held", "waiting"), required=True)
    place = Count(low=1, required=True, allow_none=True)
    hold_until = Moment(required=True, allow_none=True)


class ChoicesTaken(Contract):
    """Choices that were taken together, in their order of arrival; person_refs: whose, in the same order.

    An enrolment's own facts begin with what happens to it next.
    """

    items = listed(fields.Nested(TakenChoice), low=1, high=MOST_AT_ONCE, required=True)
    person_refs = listed(Ref(), low=1, high=MOST_AT_ONCE, required=True)


class SeatingChanged(Contract):
    """Seats of one class after a change; the aggregate's id is the class."""

    capacity = Count(required=True)
    taken = Count(required=True)
    waiting = Count(required=True)


class _Voucher(Contract):
    person_ref = Ref(required=True)


class VoucherIssued(_Voucher):
    """replaces: the voucher in whose place it was given."""

    batch_id = Ref(required=True)
    valid_until = Moment(required=True)
    replaces = Ref(load_default=None, allow_none=True)


class VoucherBound(_Voucher):
    class_id = Ref(required=True)


class VoucherChanged(_Voucher):
    pass


class VoucherDeviceBound(_Voucher):
    """device_key: public; the learner's device signs in with its other half."""

    device_key = DeviceKey(required=True)


class VoucherEnded(_Voucher):
    reason = LongText(required=True)


class VoucherReminded(_Voucher):
    """An unused voucher ends in `days` days or fewer."""

    valid_until = Moment(required=True)
    days = Count(required=True)


class VoucherNonUse(_Voucher):
    """The holder says why it is not (was not) used."""

    batch_id = Ref(required=True)
    cause = one_of(NON_USE.codes, required=True)


ENROLMENT_HELD = event("selection.enrolment.held", 1, EnrolmentHeld)
ENROLMENT_WAITING = event("selection.enrolment.waiting", 1, EnrolmentWaiting)
ENROLMENT_CONFIRMED = event("selection.enrolment.confirmed", 1, EnrolmentConfirmed)
ENROLMENT_CANCELLED = event("selection.enrolment.cancelled", 1, EnrolmentEnded)
ENROLMENT_EXPIRED = event("selection.enrolment.expired", 1, EnrolmentEnded)
ENROLMENT_ATTENDING = event("selection.enrolment.attending", 1, EnrolmentConfirmed)
ENROLMENT_COMPLETED = event("selection.enrolment.completed", 1, EnrolmentConfirmed)
ENROLMENT_FAILED = event("selection.enrolment.failed", 1, EnrolmentEnded)
ENROLMENT_DROPPED = event("selection.enrolment.dropped", 1, EnrolmentEnded)
CHOICES_TAKEN = event("selection.choice_batch.taken", 1, ChoicesTaken)
SEATING_CHANGED = event("selection.seating.changed", 1, SeatingChanged)
VOUCHER_ISSUED = event("selection.voucher.issued", 1, VoucherIssued)
VOUCHER_CLAIMED = event("selection.voucher.claimed", 1, VoucherChanged)
VOUCHER_DEVICE_BOUND = event("selection.voucher.device_bound", 1, VoucherDeviceBound)
VOUCHER_BOUND = event("selection.voucher.bound", 1, VoucherBound)
VOUCHER_RELEASED = event("selection.voucher.released", 1, VoucherBound)
VOUCHER_USED = event("selection.voucher.used", 1, VoucherBound)
VOUCHER_REDEEMED = event("selection.voucher.redeemed", 1, VoucherBound)
VOUCHER_EXPIRED = event("selection.voucher.expired", 1, VoucherEnded)
VOUCHER_REVOKED = event("selection.voucher.revoked", 1, VoucherEnded)
VOUCHER_REMINDED = event("selection.voucher.reminded", 1, VoucherReminded)
VOUCHER_NON_USE_TOLD = event("selection.voucher.non_use_told", 1, VoucherNonUse)
