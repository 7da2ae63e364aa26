"""What a service holds on one person, as the person is told it (个人信息保护法 §45) [S08]."""

from marshmallow import fields

from contracts.fields import Contract, LongText, Name, listed

MOST = 1000


class Nothing(Contract):
    """Nothing is asked for: the person is the one who asks."""


class DataSection(Contract):
    """Rows of one kind. why: what they are held for, and how long. more: there are older ones besides."""

    name = Name(required=True)
    zh = Name(required=True)
    why = LongText(required=True)
    items = listed(
        fields.Dict(keys=fields.String(), values=fields.Raw(allow_none=True)), high=MOST, required=True
    )
    more = fields.Boolean(required=True)


class PersonalData(Contract):
    service = Name(required=True)
    sections = listed(fields.Nested(DataSection), high=50, required=True)
