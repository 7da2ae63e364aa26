"""Facts of mandates (委托): who may post demands on whose behalf, and until when."""

from contracts.fields import Contract, Day, LongText, Name, Ref, one_of
from contracts.registry import event
from contracts.vocabularies.statuses import DEMAND_KINDS, MANDATE_GIVEN, MANDATE_PARTIES


class OfMandate(Contract):
    """principal_ref: the person or firm; agency_ref: the body that posts for it."""

    principal_ref = Ref(required=True)
    agency_ref = Ref(required=True)
    agency_name = Name(required=True)


class MandateRecorded(OfMandate):
    """kind: of the principal's demands; given: by the principal's own account, or on paper to the agency."""

    kind = one_of(DEMAND_KINDS, required=True)
    given = one_of(MANDATE_GIVEN, required=True)
    valid_from = Day(required=True)
    valid_until = Day(required=True)


class MandateWithdrawn(OfMandate):
    by = one_of(MANDATE_PARTIES, required=True)
    reason = LongText(required=True)


class MandateExpired(OfMandate):
    valid_until = Day(required=True)


MANDATE_RECORDED = event("intake.mandate.recorded", 1, MandateRecorded)
MANDATE_WITHDRAWN = event("intake.mandate.withdrawn", 1, MandateWithdrawn)
MANDATE_EXPIRED = event("intake.mandate.expired", 1, MandateExpired)
