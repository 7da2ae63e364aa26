"""Calls of the pools: brands, bases and studios, teachers, materials, cases.

Each is proposed, then published or refused by another hand, and may be withdrawn; what is published is
public.
"""

from marshmallow import fields

from contracts import pool_entries as p
from contracts.commands.catalogue_projects import Warned
from contracts.fields import (
    Contract,
    Count,
    Day,
    Fen,
    LongText,
    Moment,
    Name,
    OccupationCode,
    Ref,
    RegionCode,
    listed,
    one_of,
)
from contracts.paging import Page
from contracts.registry import command, query
from contracts.vocabularies import pools, roles

_OFFICER = {roles.CATALOGUE_OFFICER}
_BODIES = {roles.PROVIDER, roles.ENTERPRISE, roles.AGENCY, roles.ASSESSOR}
_PROPOSERS = _OFFICER | _BODIES


class _Proposed(Contract):
    region = RegionCode(required=True)


class BrandRequest(_Proposed):
    details = fields.Nested(p.BrandDetails, required=True)


class BaseRequest(_Proposed):
    details = fields.Nested(p.BaseDetails, required=True)


class OwnTeacherDetails(p.TeacherDetails):
    """person_ref is the signed-in person's own: it is not asked for."""

    class Meta(p.TeacherDetails.Meta):
        exclude = ("person_ref",)


class TeacherRequest(_Proposed):
    details = fields.Nested(OwnTeacherDetails, required=True)


class MaterialRequest(_Proposed):
    details = fields.Nested(p.MaterialDetails, required=True)


class CaseRequest(_Proposed):
    details = fields.Nested(p.CaseDetails, required=True)


class Entry(Contract):
    """An entry of a pool. rating: the average mark (1 to 5) in hundredths, null when nobody gave one; uses:
    how many classes it was linked to; warnings: of a brand's name.
    """

    id = Ref(required=True)
    version = Count(low=1, required=True)
    status = one_of(pools.ENTRY, required=True)
    region = RegionCode(required=True)
    owner_ref = Ref(required=True, allow_none=True)
    proposed_at = Moment(required=True)
    decided_at = Moment(required=True, allow_none=True)
    batch = Name(required=True, allow_none=True)
    reason = LongText(required=True, allow_none=True)
    rating = Count(required=True, allow_none=True)
    raters = Count(required=True)
    uses = Count(required=True)


class Brand(Entry):
    """suggested_name: after 37 §10; trained: people who completed classes of its projects, null in public
    where they are few.
    """

    details = fields.Nested(p.BrandDetails, required=True)
    suggested_name = Name(required=True)
    warnings = listed(fields.Nested(Warned), high=5, required=True)
    trained = Count(required=True, allow_none=True)


class Base(Entry):
    """supported_fen: support given to it in all."""

    details = fields.Nested(p.BaseDetails, required=True)
    supported_fen = Fen(required=True)


class TeacherShown(p.TeacherDetails):
    """person_ref and conflicts: to the teacher and to officers of the region."""

    person_ref = Ref(required=True, allow_none=True)


class Teacher(Entry):
    details = fields.Nested(TeacherShown, required=True)


class Material(Entry):
    details = fields.Nested(p.MaterialDetails, required=True)


class Case(Entry):
    details = fields.Nested(p.CaseDetails, required=True)


class EntryRequest(Contract):
    """kind: filled by the address."""

    kind = one_of(p.DETAILS, required=True)
    entry_id = Ref(required=True)


class PublishRequest(EntryRequest):
    """batch: the published batch, if it is published by one."""

    batch = Name(load_default=None, allow_none=True)


class EndEntryRequest(EntryRequest):
    reason = LongText(required=True)


class RateRequest(EntryRequest):
    """mark: 1 to 5; one for each account."""

    mark = Count(low=1, high=5, required=True)


class UseRequest(EntryRequest):
    class_id = Ref(required=True)


class SupportRequest(EntryRequest):
    """Support given to a base. document: by which decision; people: trained there, where it goes by
    results.
    """

    support_kind = one_of(pools.SUPPORT_KINDS.codes, required=True)
    amount_fen = Fen(required=True)
    document = Name(required=True)
    people = Count(load_default=None, allow_none=True)
    given_on = Day(required=True)


class EntriesRequest(Page):
    """status: for officers; anyone else reads what is published."""

    region = RegionCode(load_default=None, allow_none=True)
    occupation = OccupationCode(load_default=None, allow_none=True)
    status = one_of(pools.ENTRY, load_default=None, allow_none=True)


class EntryUse(Contract):
    class_id = Ref(required=True)
    project_id = Ref(required=True)
    provider_ref = Ref(required=True)
    name = Name(required=True)
    at = Moment(required=True)


class EntryUses(Contract):
    items = listed(fields.Nested(EntryUse), high=100, required=True)
    next = Ref(required=True, allow_none=True)


class UsesRequest(Page, EntryRequest):
    pass


class Support(Contract):
    support_kind = one_of(pools.SUPPORT_KINDS.codes, required=True)
    amount_fen = Fen(required=True)
    document = Name(required=True)
    people = Count(required=True, allow_none=True)
    given_on = Day(required=True)
    at = Moment(required=True)


class Supports(Contract):
    items = listed(fields.Nested(Support), high=100, required=True)
    next = Ref(required=True, allow_none=True)


class BrandNameRequest(Contract):
    """Ask for the usual name; name: one to be looked at, if there is one."""

    region = RegionCode(required=True)
    occupation = OccupationCode(required=True)
    firm = Name(load_default=None, allow_none=True)
    name = Name(load_default=None, allow_none=True)


class BrandName(Contract):
    suggested_name = Name(required=True)
    warnings = listed(fields.Nested(Warned), high=5, required=True)


class BrandCoverageRequest(Contract):
    region = RegionCode(required=True)


class CityBrands(Contract):
    city = RegionCode(required=True)
    brands = Count(required=True)


class BrandCoverage(Contract):
    """One city one brand [37 §10]: each city of the region with its published brands; missing: cities
    without.
    """

    cities = listed(fields.Nested(CityBrands), high=50, required=True)
    covered = Count(required=True)
    missing = Count(required=True)


class _Entries(Contract):
    """next: the cursor of the next page, null on the last."""

    next = Ref(required=True, allow_none=True)


class Brands(_Entries):
    items = listed(fields.Nested(Brand), high=100, required=True)


class Bases(_Entries):
    items = listed(fields.Nested(Base), high=100, required=True)


class Teachers(_Entries):
    items = listed(fields.Nested(Teacher), high=100, required=True)


class Materials(_Entries):
    items = listed(fields.Nested(Material), high=100, required=True)


class Cases(_Entries):
    items = listed(fields.Nested(Case), high=100, required=True)


class EntryRef(Contract):
    entry_id = Ref(required=True)


PROPOSE_BRAND = command("catalogue.propose_brand", BrandRequest, Brand, _PROPOSERS)
PROPOSE_BASE = command("catalogue.propose_base", BaseRequest, Base, _PROPOSERS)
PROPOSE_TEACHER = command("catalogue.propose_teacher", TeacherRequest, Teacher, {roles.WORKER})
PROPOSE_MATERIAL = command("catalogue.propose_material", MaterialRequest, Material, _PROPOSERS)
PROPOSE_CASE = command("catalogue.propose_case", CaseRequest, Case, _PROPOSERS)
GET_BRAND = query("catalogue.get_brand", EntryRef, Brand, set())
GET_BASE = query("catalogue.get_base", EntryRef, Base, set())
GET_TEACHER = query("catalogue.get_teacher", EntryRef, Teacher, set())
GET_MATERIAL = query("catalogue.get_material", EntryRef, Material, set())
GET_CASE = query("catalogue.get_case", EntryRef, Case, set())
LIST_BRANDS = query("catalogue.list_brands", EntriesRequest, Brands, set())
LIST_BASES = query("catalogue.list_bases", EntriesRequest, Bases, set())
LIST_TEACHERS = query("catalogue.list_teachers", EntriesRequest, Teachers, set())
LIST_MATERIALS = query("catalogue.list_materials", EntriesRequest, Materials, set())
LIST_CASES = query("catalogue.list_cases", EntriesRequest, Cases, set())
PUBLISH_ENTRY = command("catalogue.publish_entry", PublishRequest, Entry, _OFFICER)
REFUSE_ENTRY = command("catalogue.refuse_entry", EndEntryRequest, Entry, _OFFICER)
WITHDRAW_ENTRY = command("catalogue.withdraw_entry", EndEntryRequest, Entry, _OFFICER)
RATE_ENTRY = command(
    "catalogue.rate_entry", RateRequest, Entry, {roles.PROVIDER, roles.SUPERVISOR, roles.CATALOGUE_OFFICER}
)
USE_ENTRY = command("catalogue.use_entry", UseRequest, Entry, {roles.PROVIDER})
LIST_USES = query("catalogue.list_uses", UsesRequest, EntryUses, set())
SUPPORT_BASE = command("catalogue.support_base", SupportRequest, Base, _OFFICER)
LIST_SUPPORTS = query("catalogue.list_supports", UsesRequest, Supports, set())
SUGGEST_BRAND_NAME = query("catalogue.suggest_brand_name", BrandNameRequest, BrandName, set())
BRAND_COVERAGE = query("catalogue.brand_coverage", BrandCoverageRequest, BrandCoverage, set())
