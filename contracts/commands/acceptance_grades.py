"""Queries of acceptance: grades of training bodies, each point explained, and the formula they follow."""

from marshmallow import fields

from contracts.commands.acceptance_providers import ProviderRequest
from contracts.fields import (
    Contract,
    Count,
    Day,
    LongText,
    Name,
    Ref,
    RegionCode,
    Sha256,
    listed,
    one_of,
)
from contracts.registry import query
from contracts.vocabularies import statuses


class GradePoint(Contract):
    """One criterion of a grade: `counted` of `out_of` gives `points` (hundredths), which weigh `weight`.

    points null: there is nothing to judge by yet, and the weights of the others make up for it.
    """

    criterion = one_of(statuses.GRADE_CRITERIA, required=True)
    name = Name(required=True)
    weight = Count(high=100, required=True)
    points = Count(required=True, allow_none=True)
    counted = Count(high=10**13, required=True)
    out_of = Count(high=10**13, required=True)
    zh = LongText(required=True)
    en = LongText(required=True)
    rule = fields.String(required=True)


class Condition(Contract):
    """One condition of the priority list, and whether it is met."""

    met = fields.Boolean(required=True)
    zh = LongText(required=True)
    en = LongText(required=True)
    rule = fields.String(required=True)


class Grade(Contract):
    """A grade with each of its points explained. points: hundredths; zh, en: how the letter follows."""

    provider_ref = Ref(required=True)
    name = Name(required=True)
    day = Day(required=True)
    grade = one_of(statuses.GRADES, required=True, allow_none=True)
    points = Count(required=True, allow_none=True)
    zh = LongText(required=True)
    en = LongText(required=True)
    lines = listed(fields.Nested(GradePoint), required=True)
    preferred = fields.Boolean(required=True)
    conditions = listed(fields.Nested(Condition), required=True)
    rules_edition = fields.String(required=True)
    rules_hash = Sha256(required=True)


class FormulaRequest(Contract):
    """day: today unless told."""

    region = RegionCode(required=True)
    day = Day(load_default=None, allow_none=True)


class FormulaRule(Contract):
    """One parameter of the formula as data. document: `platform` is ours; status: illustrative and others."""

    id = fields.String(required=True)
    topic = fields.String(required=True)
    zh = fields.String(required=True)
    en = fields.String(required=True)
    document = fields.String(required=True)
    status = fields.String(required=True)
    valid_from = Day(required=True)
    valid_to = Day(required=True, allow_none=True)
    values = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)


class Formula(Contract):
    """The formula of grades as it is published: rules of a day, and in words how they work together."""

    region = RegionCode(required=True)
    day = Day(required=True)
    zh = listed(LongText(), required=True)
    en = listed(LongText(), required=True)
    rules = listed(fields.Nested(FormulaRule), required=True)
    rules_edition = fields.String(required=True)
    rules_hash = Sha256(required=True)


PROVIDER_GRADE = query("acceptance.provider_grade", ProviderRequest, Grade, set())
GRADING_FORMULA = query("acceptance.grading_formula", FormulaRequest, Formula, set())
