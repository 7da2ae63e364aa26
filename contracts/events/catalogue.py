"""Facts of the catalogue (列单): projects."""

from marshmallow import fields

from contracts.fields import (
    Contract,
    Count,
    Fen,
    LongText,
    Name,
    OccupationCode,
    Ref,
    RegionCode,
    level,
    listed,
    mode,
    one_of,
)
from contracts.registry import event
from contracts.vocabularies import modes
from contracts.vocabularies.statuses import SOURCING_WAYS


class _Project(Contract):
    name = Name(required=True)
    region = RegionCode(required=True)
    occupation = OccupationCode(required=True)
    level = level(required=True)
    mode = mode(required=True)
    programme = fields.String(load_default=None, allow_none=True)
    seats = Count(low=1, required=True)
    hours = Count(low=1, high=5000, required=True)


class ProjectDrafted(_Project):
    demand_ids = listed(Ref(), low=1, high=2000, required=True)


class ProjectListed(_Project):
    """edition counts its publications; standard: the rate it is listed at, its rule, whether illustrative."""

    edition = Count(low=1, required=True)
    sourcing_way = one_of(SOURCING_WAYS, required=True)
    standard_fen = Fen(required=True)
    standard_rule = fields.String(required=True)
    illustrative = fields.Boolean(required=True)
    organisation = one_of(modes.ORGANISATIONS.codes, load_default=modes.PROJECT_TYPE)
    training_kind = one_of(modes.KINDS.codes, load_default=modes.EMPLOYMENT_SKILLS)


class ProjectSourcing(Contract):
    sourcing_id = Ref(required=True)


class ProjectAwarded(Contract):
    sourcing_id = Ref(required=True)
    provider_ref = Ref(required=True)
    price_fen = Fen(required=True)


class ProjectRunning(Contract):
    class_id = Ref(required=True)


class ProjectClosed(Contract):
    reason = LongText(required=True)


class ProjectWithdrawn(Contract):
    reason = LongText(required=True)


PROJECT_DRAFTED = event("catalogue.project.drafted", 1, ProjectDrafted)
PROJECT_LISTED = event("catalogue.project.listed", 1, ProjectListed)
PROJECT_SOURCING = event("catalogue.project.sourcing", 1, ProjectSourcing)
PROJECT_AWARDED = event("catalogue.project.awarded", 1, ProjectAwarded)
PROJECT_RUNNING = event("catalogue.project.running", 1, ProjectRunning)
PROJECT_CLOSED = event("catalogue.project.closed", 1, ProjectClosed)
PROJECT_WITHDRAWN = event("catalogue.project.withdrawn", 1, ProjectWithdrawn)
