"""Facts of the programmes of a year (1+N) and of one county one project."""

from marshmallow import fields

from contracts.fields import Contract, Count, LongText, Ref, RegionCode, listed, one_of
from contracts.registry import event
from contracts.vocabularies import pools, programmes


class Quota(Contract):
    """The most seats of a programme that may be listed in a region and year."""

    region = RegionCode(required=True)
    people = Count(required=True)


class ProgrammeSet(Contract):
    """target: people to be trained in the year."""

    year = Count(low=2019, high=2100, required=True)
    code = one_of(programmes.CODES, required=True)
    region = RegionCode(required=True)
    target = Count(low=1, high=10_000_000, required=True)
    quotas = listed(fields.Nested(Quota), high=200, required=True)


class CountyProjectDesignated(Contract):
    year = Count(low=2019, high=2100, required=True)
    county = RegionCode(required=True)
    project_id = Ref(required=True)
    theme = one_of(pools.THEMES.codes, required=True)
    reason = LongText(required=True)


class CountyProjectEnded(Contract):
    reason = LongText(required=True)


PROGRAMME_SET = event("catalogue.programme.set", 1, ProgrammeSet)
COUNTY_PROJECT_DESIGNATED = event("catalogue.county_project.designated", 1, CountyProjectDesignated)
COUNTY_PROJECT_ENDED = event("catalogue.county_project.ended", 1, CountyProjectEnded)
