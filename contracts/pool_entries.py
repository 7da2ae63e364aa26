"""What describes each kind of thing in a pool, as requests, answers and facts have it. No personal data: a
teacher is a reference.
"""

from typing import Final

from marshmallow import fields, validate

from contracts.fields import (
    Contract,
    Count,
    Day,
    LongText,
    Name,
    OccupationCode,
    Ref,
    level,
    listed,
    one_of,
)
from contracts.vocabularies import pools


class Spot(Contract):
    """A place on the map (degrees, WGS 84)."""

    address = Name(required=True)
    longitude = fields.Float(required=True, validate=validate.Range(73, 136))
    latitude = fields.Float(required=True, validate=validate.Range(3, 54))


class BrandDetails(Contract):
    """A training brand [37 §10]. firm: whose name it has in place of a place's; project_ids: what it rests
    on.
    """

    name = Name(required=True)
    occupation = OccupationCode(required=True)
    firm = Name(load_default=None, allow_none=True)
    strengths = LongText(required=True)
    project_ids = listed(Ref(), high=50, load_default=list)


class BaseDetails(Contract):
    """A public training base or a skill-master studio. places: people at once; shared: others may use it,
    on the terms told.
    """

    name = Name(required=True)
    base_kind = one_of(pools.BASE_KINDS.codes, required=True)
    grade = one_of(pools.GRADES.codes, required=True)
    host = Name(required=True)
    spot = fields.Nested(Spot, required=True)
    occupations = listed(OccupationCode(), low=1, high=50, required=True)
    places = Count(low=1, high=10_000, required=True)
    equipment = LongText(load_default=None, allow_none=True)
    shared = fields.Boolean(required=True)
    terms = LongText(load_default=None, allow_none=True)


class Qualification(Contract):
    """What a teacher is qualified by, without its number. valid_until: the last day, null without one."""

    name = Name(required=True)
    issued_by = Name(required=True)
    level = level(load_default=None, allow_none=True)
    valid_until = Day(load_default=None, allow_none=True)


class TeacherDetails(Contract):
    """A teacher, who enters himself or herself. person_ref: who it is; employer_ref: the body, if one is;
    conflicts: bodies that a declared interest keeps the teacher from.
    """

    person_ref = Ref(required=True)
    source = one_of(pools.TEACHER_SOURCES.codes, required=True)
    employer_ref = Ref(load_default=None, allow_none=True)
    part_time = fields.Boolean(required=True)
    occupations = listed(OccupationCode(), low=1, high=20, required=True)
    levels = listed(level(), low=1, high=9, required=True)
    honours = listed(one_of(pools.HONOURS.codes), high=10, load_default=list)
    qualification = fields.Nested(Qualification, required=True)
    profile = LongText(load_default=None, allow_none=True)
    conflicts = listed(Ref(), high=50, load_default=list)


class MaterialDetails(Contract):
    """A textbook, courseware or a course. standard: the skill standard that it follows, by its edition."""

    title = Name(required=True)
    material_kind = one_of(pools.MATERIAL_KINDS.codes, required=True)
    publisher = Name(required=True)
    edition = Name(required=True)
    occupation = OccupationCode(required=True)
    level = level(load_default=None, allow_none=True)
    hours = Count(low=1, high=5000, load_default=None, allow_none=True)
    isbn = fields.String(validate=validate.Regexp(r"^97[89]\d{10}\Z"), load_default=None, allow_none=True)
    address = fields.URL(
        schemes={"https"}, validate=validate.Length(1, 500), load_default=None, allow_none=True
    )
    standard = Name(load_default=None, allow_none=True)
    summary = LongText(load_default=None, allow_none=True)


class CaseDetails(Contract):
    """A success case [37 §11]. consented: it names nobody, or who is named agreed; figures: as the body
    states.
    """

    title = Name(required=True)
    story = LongText(required=True)
    occupation = OccupationCode(load_default=None, allow_none=True)
    project_id = Ref(load_default=None, allow_none=True)
    brand_id = Ref(load_default=None, allow_none=True)
    figures = LongText(load_default=None, allow_none=True)
    spot = fields.Nested(Spot, load_default=None, allow_none=True)
    consented = fields.Boolean(required=True)


DETAILS: Final[dict[str, type[Contract]]] = {
    "brand": BrandDetails,
    "base": BaseDetails,
    "teacher": TeacherDetails,
    "material": MaterialDetails,
    "case": CaseDetails,
}
