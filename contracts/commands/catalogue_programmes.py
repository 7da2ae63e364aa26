"""Calls of the programmes of a year (1+N) [37 §1] and of one county one project [7 专栏6]."""

from marshmallow import ValidationError, fields, validates_schema

from contracts.events.catalogue_programmes import Quota
from contracts.fields import Contract, Count, LongText, Name, Ref, RegionCode, listed, one_of
from contracts.registry import command, query
from contracts.vocabularies import pools, programmes, roles

_OFFICER = {roles.CATALOGUE_OFFICER}


class SetProgrammeRequest(Contract):
    """Set a programme of a region for a year, or set it anew. quotas: the most seats to be listed, by
    region.
    """

    year = Count(low=2019, high=2100, required=True)
    code = one_of(programmes.CODES, required=True)
    region = RegionCode(required=True)
    target = Count(low=1, high=10_000_000, required=True)
    quotas = listed(fields.Nested(Quota), high=200, required=True)

    @validates_schema
    def named_once(self, data: dict[str, list[dict[str, str]]], **_: object) -> None:
        """Refuse a region that is named twice."""
        named = [quota["region"] for quota in data["quotas"]]
        if len(set(named)) < len(named):
            raise ValidationError("区域重复 / a region is named twice", "quotas")


class ProgrammesRequest(Contract):
    year = Count(low=2019, high=2100, required=True)
    region = RegionCode(required=True)


class QuotaUsed(Quota):
    """listed: seats of projects that are listed under it; left: what may still be listed."""

    listed = Count(required=True)
    left = Count(required=True)


class Programme(Contract):
    """A programme of a region and year. version and target: null where none was set.

    projects, seats: listed in the region that year; trained: people who completed a class of them, null in
    public where the figure is small or would give a small one away.
    """

    id = Ref(required=True)
    version = Count(required=True, allow_none=True)
    year = Count(required=True)
    code = one_of(programmes.CODES, required=True)
    zh = fields.String(required=True)
    en = fields.String(required=True)
    region = RegionCode(required=True)
    target = Count(high=10_000_000, required=True, allow_none=True)
    projects = Count(required=True)
    seats = Count(high=10**9, required=True)
    trained = Count(high=10**9, required=True, allow_none=True)
    quotas = listed(fields.Nested(QuotaUsed), high=200, required=True)


class Programmes(Contract):
    """The one action with its programmes of a year; the sums are over all of them."""

    action = Name(required=True)
    programmes = listed(fields.Nested(Programme), high=50, required=True)
    target = Count(high=10**9, required=True)
    projects = Count(required=True)
    seats = Count(high=10**9, required=True)
    trained = Count(high=10**9, required=True, allow_none=True)


class DesignateRequest(Contract):
    """Put a listed project on the list of one county one project for a year."""

    year = Count(low=2019, high=2100, required=True)
    county = RegionCode(required=True)
    project_id = Ref(required=True)
    theme = one_of(pools.THEMES.codes, required=True)
    reason = LongText(required=True)


class EndCountyProjectRequest(Contract):
    county_project_id = Ref(required=True)
    reason = LongText(required=True)


class CountyProject(Contract):
    id = Ref(required=True)
    version = Count(required=True)
    year = Count(required=True)
    county = RegionCode(required=True)
    project_id = Ref(required=True)
    theme = one_of(pools.THEMES.codes, required=True)
    reason = LongText(required=True)
    status = one_of(pools.COUNTY_PROJECT, required=True)


class CountyLine(Contract):
    """A county, with what stands on the list for it, null where nothing does."""

    county = RegionCode(required=True)
    project = fields.Nested(CountyProject, required=True, allow_none=True)


class CountyProjects(Contract):
    """All counties of the region; with: how many have a project on the list."""

    counties = listed(fields.Nested(CountyLine), high=500, required=True)
    covered = Count(required=True)
    missing = Count(required=True)


SET_PROGRAMME = command("catalogue.set_programme", SetProgrammeRequest, Programme, _OFFICER)
LIST_PROGRAMMES = query("catalogue.list_programmes", ProgrammesRequest, Programmes, set())
DESIGNATE = command("catalogue.designate_county_project", DesignateRequest, CountyProject, _OFFICER)
END_COUNTY_PROJECT = command("catalogue.end_county_project", EndCountyProjectRequest, CountyProject, _OFFICER)
LIST_COUNTY_PROJECTS = query("catalogue.list_county_projects", ProgrammesRequest, CountyProjects, set())
