"""What intake tells settlement for a public notice: names, masked, nothing else."""

from marshmallow import fields

from contracts.fields import Contract, Ref, listed
from contracts.registry import query
from contracts.vocabularies import roles


class MaskedNamesRequest(Contract):
    person_refs = listed(Ref(), low=1, high=100, required=True)


class MaskedName(Contract):
    """name: its first character and stars; null when the person is unknown or forgotten."""

    person_ref = Ref(required=True)
    name = fields.String(required=True, allow_none=True)


class MaskedNames(Contract):
    items = listed(fields.Nested(MaskedName), high=100, required=True)


MASKED_NAMES = query(
    "intake.masked_names", MaskedNamesRequest, MaskedNames, {roles.service_role("settlement")}
)
