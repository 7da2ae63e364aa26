"""Facts of the pools: brands, bases, teachers, materials, cases; and of the matching board."""

from marshmallow import fields

from contracts import pool_entries as p
from contracts.fields import (
    Contract,
    Count,
    Day,
    Fen,
    LongText,
    Name,
    OccupationCode,
    Ref,
    RegionCode,
    level,
    listed,
    one_of,
)
from contracts.registry import event
from contracts.vocabularies import pools


class EntryTold(Contract):
    """owner_ref: the body or person that it belongs to, null for an officer's own."""

    region = RegionCode(required=True)
    owner_ref = Ref(required=True, allow_none=True)


class EntryPublished(EntryTold):
    batch = Name(required=True, allow_none=True)


class BrandPublished(EntryPublished):
    details = fields.Nested(p.BrandDetails, required=True)


class BasePublished(EntryPublished):
    details = fields.Nested(p.BaseDetails, required=True)


class TeacherPublished(EntryPublished):
    details = fields.Nested(p.TeacherDetails, required=True)


class MaterialPublished(EntryPublished):
    details = fields.Nested(p.MaterialDetails, required=True)


class CasePublished(EntryPublished):
    details = fields.Nested(p.CaseDetails, required=True)


class EntryEnded(EntryTold):
    reason = LongText(required=True)


class EntryRated(EntryTold):
    mark = Count(low=1, high=5, required=True)


class EntryUsed(EntryTold):
    class_id = Ref(required=True)
    project_id = Ref(required=True)


class BaseSupported(EntryTold):
    """amount_fen: what was given; document: by which decision."""

    kind = one_of(pools.SUPPORT_KINDS.codes, required=True)
    amount_fen = Fen(required=True)
    document = Name(required=True)


class NeedStated(Contract):
    owner_ref = Ref(required=True)
    park = Name(required=True)
    region = RegionCode(required=True)
    occupation = OccupationCode(required=True)
    level = level(required=True)
    headcount = Count(low=1, required=True)
    wanted_from = Day(required=True)


class NeedReturned(Contract):
    owner_ref = Ref(required=True)
    reason = LongText(required=True)


class NeedListed(Contract):
    owner_ref = Ref(required=True)
    region = RegionCode(required=True)


class NeedEnded(Contract):
    reason = LongText(required=True)


class NeedConcluded(NeedEnded):
    project_id = Ref(required=True, allow_none=True)


class OfferTold(Contract):
    provider_ref = Ref(required=True)


class NeedMatched(OfferTold):
    """declined_refs: the bodies whose offers were not taken."""

    owner_ref = Ref(required=True)
    declined_refs = listed(Ref(), high=1000, required=True)


class NeedOffered(OfferTold):
    owner_ref = Ref(required=True)
    course = Name(required=True)
    hours = Count(low=1, required=True)
    seats = Count(low=1, required=True)
    price_fen = Fen(required=True)


BRAND_PROPOSED = event("catalogue.brand.proposed", 1, EntryTold)
BRAND_PUBLISHED = event("catalogue.brand.published", 1, BrandPublished)
BRAND_REFUSED = event("catalogue.brand.refused", 1, EntryEnded)
BRAND_WITHDRAWN = event("catalogue.brand.withdrawn", 1, EntryEnded)
BASE_PROPOSED = event("catalogue.base.proposed", 1, EntryTold)
BASE_PUBLISHED = event("catalogue.base.published", 1, BasePublished)
BASE_REFUSED = event("catalogue.base.refused", 1, EntryEnded)
BASE_WITHDRAWN = event("catalogue.base.withdrawn", 1, EntryEnded)
BASE_RATED = event("catalogue.base.rated", 1, EntryRated)
BASE_USED = event("catalogue.base.used", 1, EntryUsed)
BASE_SUPPORTED = event("catalogue.base.supported", 1, BaseSupported)
TEACHER_PROPOSED = event("catalogue.teacher.proposed", 1, EntryTold)
TEACHER_PUBLISHED = event("catalogue.teacher.published", 1, TeacherPublished)
TEACHER_REFUSED = event("catalogue.teacher.refused", 1, EntryEnded)
TEACHER_WITHDRAWN = event("catalogue.teacher.withdrawn", 1, EntryEnded)
TEACHER_RATED = event("catalogue.teacher.rated", 1, EntryRated)
TEACHER_USED = event("catalogue.teacher.used", 1, EntryUsed)
MATERIAL_PROPOSED = event("catalogue.material.proposed", 1, EntryTold)
MATERIAL_PUBLISHED = event("catalogue.material.published", 1, MaterialPublished)
MATERIAL_REFUSED = event("catalogue.material.refused", 1, EntryEnded)
MATERIAL_WITHDRAWN = event("catalogue.material.withdrawn", 1, EntryEnded)
MATERIAL_RATED = event("catalogue.material.rated", 1, EntryRated)
MATERIAL_USED = event("catalogue.material.used", 1, EntryUsed)
CASE_PROPOSED = event("catalogue.case.proposed", 1, EntryTold)
CASE_PUBLISHED = event("catalogue.case.published", 1, CasePublished)
CASE_REFUSED = event("catalogue.case.refused", 1, EntryEnded)
CASE_WITHDRAWN = event("catalogue.case.withdrawn", 1, EntryEnded)

NEED_STATED = event("catalogue.need.stated", 1, NeedStated)
NEED_RETURNED = event("catalogue.need.returned", 1, NeedReturned)
NEED_LISTED = event("catalogue.need.listed", 1, NeedListed)
NEED_OFFERED = event("catalogue.need.offered", 1, NeedOffered)
NEED_OFFER_WITHDRAWN = event("catalogue.need.offer_withdrawn", 1, OfferTold)
NEED_MATCHED = event("catalogue.need.matched", 1, NeedMatched)
NEED_CONCLUDED = event("catalogue.need.concluded", 1, NeedConcluded)
NEED_WITHDRAWN = event("catalogue.need.withdrawn", 1, NeedEnded)
