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
from contracts.project_cards import Card
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
    """came_from: the drafts that it was split from or merged of."""

    demand_ids = listed(Ref(), low=1, high=2000, required=True)
    came_from = listed(Ref(), high=20, load_default=list)


class ProjectRevised(_Project):
    """A draft with another plan or other demands. demand_ids: all of them; added and removed: the
    difference.
    """

    demand_ids = listed(Ref(), low=1, high=2000, required=True)
    added = listed(Ref(), high=2000, required=True)
    removed = listed(Ref(), high=2000, required=True)


class StandardReference(Contract):
    """What the rules held for such a training. edition: of the rules; status: illustrative, in force …"""

    fen = Fen(required=True)
    rule = fields.String(required=True)
    edition = fields.String(required=True)
    status = fields.String(required=True)


class ProjectListed(_Project):
    """edition counts its publications; standard: the rate it is listed at, its rule, whether illustrative.

    reference: what the rules say of it, null where they have no standard; card: null where none was made.
    """

    edition = Count(low=1, required=True)
    sourcing_way = one_of(SOURCING_WAYS, required=True)
    standard_fen = Fen(required=True)
    standard_rule = fields.String(required=True)
    illustrative = fields.Boolean(required=True)
    organisation = one_of(modes.ORGANISATIONS.codes, load_default=modes.PROJECT_TYPE)
    training_kind = one_of(modes.KINDS.codes, load_default=modes.EMPLOYMENT_SKILLS)
    reference = fields.Nested(StandardReference, load_default=None, allow_none=True)
    card = fields.Nested(Card, load_default=None, allow_none=True)


class ProjectSourcing(Contract):
    sourcing_id = Ref(required=True)


class ProjectAwarded(Contract):
    sourcing_id = Ref(required=True)
    provider_ref = Ref(required=True)
    price_fen = Fen(required=True)


class ProjectRunning(Contract):
    class_id = Ref(required=True)


class ProjectClosed(Contract):
    """unmet_demand_ids: of its demands those that nobody was trained for; they are free again."""

    reason = LongText(required=True)
    unmet_demand_ids = listed(Ref(), high=2000, load_default=list)


class ProjectWithdrawn(Contract):
    """became: what a draft was split or merged into."""

    reason = LongText(required=True)
    became = listed(Ref(), high=20, load_default=list)


PROJECT_DRAFTED = event("catalogue.project.drafted", 1, ProjectDrafted)
PROJECT_REVISED = event("catalogue.project.revised", 1, ProjectRevised)
PROJECT_DESCRIBED = event("catalogue.project.described", 1, Card)
PROJECT_LISTED = event("catalogue.project.listed", 1, ProjectListed)
PROJECT_SOURCING = event("catalogue.project.sourcing", 1, ProjectSourcing)
PROJECT_AWARDED = event("catalogue.project.awarded", 1, ProjectAwarded)
PROJECT_RUNNING = event("catalogue.project.running", 1, ProjectRunning)
PROJECT_CLOSED = event("catalogue.project.closed", 1, ProjectClosed)
PROJECT_WITHDRAWN = event("catalogue.project.withdrawn", 1, ProjectWithdrawn)
