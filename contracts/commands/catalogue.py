"""Commands and queries of the catalogue (列单): demands summarised, training projects listed."""

from marshmallow import ValidationError, fields, validates_schema

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
    group,
    level,
    listed,
    mode,
    one_of,
)
from contracts.paging import Page
from contracts.registry import command, query
from contracts.vocabularies import modes, programmes, roles, statuses

_OFFICER = {roles.CATALOGUE_OFFICER}
_READERS = {roles.CATALOGUE_OFFICER, roles.SUPERVISOR, roles.AUDITOR}


class OpenDemandsRequest(Page):
    region = RegionCode(load_default=None, allow_none=True)
    occupation = OccupationCode(load_default=None, allow_none=True)
    level = level(load_default=None, allow_none=True)
    kind = one_of(statuses.DEMAND_KINDS, load_default=None, allow_none=True)


class OpenDemand(Contract):
    id = Ref(required=True)
    kind = one_of(statuses.DEMAND_KINDS, required=True)
    poster_ref = Ref(required=True)
    region = RegionCode(required=True)
    occupation = OccupationCode(required=True)
    level = level(required=True)
    headcount = Count(required=True)
    mode = mode(required=True)
    group = group(required=True, allow_none=True)
    wanted_from = Day(required=True)


class OpenDemands(Contract):
    """next: the cursor of the next page, null on the last."""

    items = listed(fields.Nested(OpenDemand), high=100, required=True)
    next = Ref(required=True, allow_none=True)


class DraftProjectRequest(Contract):
    """A project (项目). seats: people to be trained; hours: class hours a person."""

    name = Name(required=True)
    region = RegionCode(required=True)
    occupation = OccupationCode(required=True)
    level = level(required=True)
    mode = mode(required=True)
    programme = one_of(programmes.CODES, load_default=None, allow_none=True)
    seats = Count(low=1, high=100_000, required=True)
    hours = Count(low=1, high=5000, required=True)
    demand_ids = listed(Ref(), low=1, high=2000, required=True)

    @validates_schema
    def named_once(self, data: dict[str, list[str]], **_: object) -> None:
        """Refuse a demand that is named twice."""
        if len(set(data["demand_ids"])) < len(data["demand_ids"]):
            raise ValidationError("需求单重复 / a demand is named twice", "demand_ids")


class ProjectRequest(Contract):
    project_id = Ref(required=True)


class ListProjectRequest(ProjectRequest):
    """standard_fen: the rate a person, with the rule it comes from; illustrative: not a city's published
    rate. organisation: project-type (paid in stages) or ordinary (paid after the certificate); training_kind:
    what the training is for. Subsidies differ by both.
    """

    sourcing_way = one_of(statuses.SOURCING_WAYS, required=True)
    standard_fen = Fen(required=True)
    standard_rule = Name(required=True)
    illustrative = fields.Boolean(required=True)
    organisation = one_of(modes.ORGANISATIONS.codes, load_default=modes.PROJECT_TYPE)
    training_kind = one_of(modes.KINDS.codes, load_default=modes.EMPLOYMENT_SKILLS)


class EndProjectRequest(ProjectRequest):
    reason = LongText(required=True)


class Project(Contract):
    """A project as it now is. edition: how often it was listed; the later fields fill as it goes its way.

    came_from, became: the drafts that it was split from or merged of, and what it was split or merged into.
    """

    id = Ref(required=True)
    version = Count(low=1, required=True)
    status = one_of(statuses.PROJECT, required=True)
    edition = Count(required=True)
    name = Name(required=True)
    region = RegionCode(required=True)
    occupation = OccupationCode(required=True)
    level = level(required=True)
    mode = mode(required=True)
    programme = fields.String(required=True, allow_none=True)
    seats = Count(required=True)
    hours = Count(required=True)
    headcount = Count(required=True)
    demands = Count(required=True)
    sourcing_way = fields.String(required=True, allow_none=True)
    standard_fen = Fen(required=True, allow_none=True)
    standard_rule = fields.String(required=True, allow_none=True)
    illustrative = fields.Boolean(required=True, allow_none=True)
    organisation = fields.String(required=True, allow_none=True)
    training_kind = fields.String(required=True, allow_none=True)
    sourcing_id = Ref(required=True, allow_none=True)
    provider_ref = Ref(required=True, allow_none=True)
    price_fen = Fen(required=True, allow_none=True)
    reason = LongText(required=True, allow_none=True)
    drafted_at = Moment(required=True)
    came_from = listed(Ref(), high=20, load_default=list)
    became = listed(Ref(), high=20, load_default=list)


class ListProjectsRequest(Page):
    region = RegionCode(load_default=None, allow_none=True)
    occupation = OccupationCode(load_default=None, allow_none=True)
    level = level(load_default=None, allow_none=True)
    status = one_of(statuses.PROJECT, load_default=None, allow_none=True)


class Projects(Contract):
    """next: the cursor of the next page, null on the last."""

    items = listed(fields.Nested(Project), high=100, required=True)
    next = Ref(required=True, allow_none=True)


OPEN_DEMANDS = query("catalogue.open_demands", OpenDemandsRequest, OpenDemands, _READERS)
DRAFT_PROJECT = command("catalogue.draft_project", DraftProjectRequest, Project, _OFFICER)
LIST_PROJECT = command("catalogue.list_project", ListProjectRequest, Project, _OFFICER)
WITHDRAW_PROJECT = command("catalogue.withdraw_project", EndProjectRequest, Project, _OFFICER)
CLOSE_PROJECT = command("catalogue.close_project", EndProjectRequest, Project, _OFFICER)
GET_PROJECT = query("catalogue.get_project", ProjectRequest, Project, set())
LIST_PROJECTS = query("catalogue.list_projects", ListProjectsRequest, Projects, set())
