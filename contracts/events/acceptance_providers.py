"""Facts of acceptance about bodies on the register (机构名录). The aggregate's id is the body's."""

from marshmallow import fields

from contracts.fields import (
    Contract,
    Count,
    Day,
    LongText,
    Name,
    OccupationCode,
    Ref,
    RegionCode,
    Sha256,
    listed,
    one_of,
)
from contracts.registry import event
from contracts.vocabularies.statuses import BODY_KINDS, GRADES, MEASURES, OWNERSHIP


class ProviderTold(Contract):
    kind = one_of(BODY_KINDS, required=True)
    name = Name(required=True)
    region = RegionCode(required=True)


class ProviderApplied(ProviderTold):
    ownership = one_of(OWNERSHIP, required=True)


class ProviderAdmitted(ProviderTold):
    """occupations: what its licence covers."""

    occupations = listed(OccupationCode(), low=1, high=100, required=True)


class ApplicationReturned(Contract):
    reason = LongText(required=True)


class MeasureTaken(Contract):
    """until: the last day, null without one; clause: null when the body left by itself."""

    region = RegionCode(required=True)
    reason = LongText(required=True)
    clause = Name(required=True, allow_none=True)
    until = Day(required=True, allow_none=True)


class MeasureLifted(Contract):
    measure_id = Ref(required=True)
    kind = one_of(MEASURES, required=True)
    reason = LongText(required=True)


class ProviderGraded(Contract):
    """The grade or the place on the priority list has changed.

    grade: null while there is too little to judge by; points: hundredths, 0 to 10,000; rules_edition and
    rules_hash: the formula that it was reckoned by.
    """

    region = RegionCode(required=True)
    grade = one_of(GRADES, required=True, allow_none=True)
    points = Count(required=True, allow_none=True)
    preferred = fields.Boolean(required=True)
    rules_edition = fields.String(required=True)
    rules_hash = Sha256(required=True)


PROVIDER_APPLIED = event("acceptance.provider.applied", 1, ProviderApplied)
PROVIDER_CHECK_ASKED = event("acceptance.provider.check_asked", 1, ProviderTold)
PROVIDER_ADMITTED = event("acceptance.provider.admitted", 1, ProviderAdmitted)
PROVIDER_RETURNED = event("acceptance.provider.returned", 1, ApplicationReturned)
PROVIDER_WARNED = event("acceptance.provider.warned", 1, MeasureTaken)
PROVIDER_SUSPENDED = event("acceptance.provider.suspended", 1, MeasureTaken)
PROVIDER_EXITED = event("acceptance.provider.exited", 1, MeasureTaken)
PROVIDER_MEASURE_LIFTED = event("acceptance.provider.measure_lifted", 1, MeasureLifted)
PROVIDER_GRADED = event("acceptance.provider.graded", 1, ProviderGraded)
