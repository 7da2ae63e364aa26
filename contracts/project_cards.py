"""The card of a project, as requests, answers and facts have it."""

from marshmallow import fields

from contracts.fields import Contract, Count, LongText, Name, Ref, listed, one_of
from contracts.vocabularies.statuses import ASSESSMENT_KINDS, SESSION_KINDS


class CardPost(Contract):
    """A post that a firm wants people for. demand_id: the firm's demand in the project."""

    name = Name(required=True)
    headcount = Count(low=1, high=100_000, required=True)
    demand_id = Ref(required=True)
    skills = LongText(required=True)


class CardPart(Contract):
    """A part of the content. hours: class hours."""

    title = Name(required=True)
    hours = Count(low=1, high=5000, required=True)
    kind = one_of(SESSION_KINDS, required=True)


class SkillStandard(Contract):
    """The skill standard (职业标准、培训规范) by its edition; illustrative: not checked against a published
    one.
    """

    name = Name(required=True)
    edition = Name(required=True)
    illustrative = fields.Boolean(required=True)


class Card(Contract):
    """Posts and headcount, skills required, content [37 §5]; assessment and employment services [37 §1]."""

    posts = listed(fields.Nested(CardPost), high=200, required=True)
    skills = LongText(required=True, allow_none=True)
    content = listed(fields.Nested(CardPart), high=100, required=True)
    assessment = one_of(ASSESSMENT_KINDS, required=True, allow_none=True)
    skill_standard = fields.Nested(SkillStandard, required=True, allow_none=True)
    services = LongText(required=True, allow_none=True)
