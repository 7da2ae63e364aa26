"""Calls of projects beside their way: proposals from demands, drafts changed, cards, headcount met and
unmet.
"""

from marshmallow import fields

from contracts.commands.catalogue import DraftProjectRequest, Project, ProjectRequest
from contracts.events.catalogue import StandardReference
from contracts.fields import (
    Contract,
    Count,
    Day,
    Fen,
    Name,
    OccupationCode,
    Ref,
    RegionCode,
    level,
    listed,
    mode,
    one_of,
)
from contracts.paging import Page
from contracts.project_cards import Card
from contracts.registry import command, query
from contracts.vocabularies import roles, statuses

_OFFICER = {roles.CATALOGUE_OFFICER}
_READERS = {roles.CATALOGUE_OFFICER, roles.SUPERVISOR, roles.AUDITOR}
HEADCOUNT_STATES = ("waiting", "open", "planned", "met", "unmet", "gone")


class _Where(Contract):
    region = RegionCode(load_default=None, allow_none=True)
    occupation = OccupationCode(load_default=None, allow_none=True)
    level = level(load_default=None, allow_none=True)


class ProposalsRequest(Page, _Where):
    """Group open demands into proposals. The figures are those of the rules unless told: how far from the
    centre (km), how many days from the first start to the last, how many people at least and at most.
    """

    within_km = Count(high=1000, load_default=None, allow_none=True)
    within_days = Count(high=730, load_default=None, allow_none=True)
    at_least = Count(low=1, high=2000, load_default=None, allow_none=True)
    at_most = Count(low=1, high=2000, load_default=None, allow_none=True)


class ProposalCounty(Contract):
    """km: from the centre's county."""

    county = RegionCode(required=True)
    km = Count(required=True)
    demands = Count(required=True)
    headcount = Count(required=True)


class Proposal(Contract):
    """Demands that would make one project, with what brought them together.

    suggested_name: after the usual pattern; region: the smallest that has all its counties; first_day and
    last_day: of the wanted starts; farthest_km: from the centre; demand_ids: what drafting it takes.
    """

    suggested_name = Name(required=True)
    region = RegionCode(required=True)
    occupation = OccupationCode(required=True)
    level = level(required=True)
    centre = RegionCode(required=True)
    counties = listed(fields.Nested(ProposalCounty), high=200, required=True)
    first_day = Day(required=True)
    last_day = Day(required=True)
    farthest_km = Count(required=True)
    workers = Count(required=True)
    firms = Count(required=True)
    firm_headcount = Count(required=True)
    headcount = Count(required=True)
    demand_ids = listed(Ref(), high=2000, required=True)


class LeftOut(Contract):
    """Demands of a county, occupation and level that are in no proposal: too few are wanted near and soon."""

    county = RegionCode(required=True)
    occupation = OccupationCode(required=True)
    level = level(required=True)
    demands = Count(required=True)
    headcount = Count(required=True)


class Proposals(Contract):
    """Every open demand is in one proposal or in left_out: headcount is the sum of both.

    rule: where the figures are from; next: the cursor of the next page.
    """

    items = listed(fields.Nested(Proposal), high=100, required=True)
    next = Ref(required=True, allow_none=True)
    rule = fields.String(required=True)
    within_km = Count(required=True)
    within_days = Count(required=True)
    at_least = Count(required=True)
    at_most = Count(required=True)
    proposals = Count(required=True)
    headcount = Count(required=True)
    proposed_headcount = Count(required=True)
    left_headcount = Count(required=True)
    left_out = listed(fields.Nested(LeftOut), high=100_000, required=True)


class ReviseProjectRequest(DraftProjectRequest):
    """The whole plan and all demands of a draft, as they are to be."""

    project_id = Ref(required=True)


class SplitPart(Contract):
    name = Name(required=True)
    region = RegionCode(required=True)
    seats = Count(low=1, high=100_000, required=True)
    demand_ids = listed(Ref(), low=1, high=2000, required=True)


class SplitProjectRequest(ProjectRequest):
    """Each demand of the draft in exactly one part."""

    parts = listed(fields.Nested(SplitPart), low=2, high=20, required=True)


class SplitProject(Contract):
    items = listed(fields.Nested(Project), high=20, required=True)


class MergeProjectsRequest(Contract):
    """Drafts of one occupation and level become one."""

    project_ids = listed(Ref(), low=2, high=20, required=True)
    name = Name(required=True)
    region = RegionCode(required=True)
    seats = Count(low=1, high=100_000, required=True)


class DescribeProjectRequest(Card):
    project_id = Ref(required=True)


class Warned(Contract):
    """What is missing or unusual, in both tongues; nothing is refused for it."""

    code = fields.String(required=True)
    zh = fields.String(required=True)
    en = fields.String(required=True)


class CardStandard(Contract):
    """The subsidy standard that the project is listed at, beside what the rules hold (reference).

    illustrative: no published rate, by the officer or by the rules; differs: the two are not the same amount.
    """

    fen = Fen(required=True)
    rule = Name(required=True)
    illustrative = fields.Boolean(required=True)
    reference = fields.Nested(StandardReference, required=True, allow_none=True)
    differs = fields.Boolean(required=True)


class ProjectCard(Card):
    """The card of a project, with its plan. headcount: asked for in its demands; firm_headcount: of them by
    firms; met: trained by now; standard: null before listing; warnings: what of 37 §1, §5 and §10 is missing.
    """

    project_id = Ref(required=True)
    status = one_of(statuses.PROJECT, required=True)
    edition = Count(required=True)
    name = Name(required=True)
    suggested_name = Name(required=True)
    region = RegionCode(required=True)
    occupation = OccupationCode(required=True)
    level = level(required=True)
    mode = mode(required=True)
    programme = fields.String(required=True, allow_none=True)
    seats = Count(required=True)
    hours = Count(required=True)
    headcount = Count(required=True)
    firm_headcount = Count(required=True)
    met = Count(required=True, allow_none=True)
    standard = fields.Nested(CardStandard, required=True, allow_none=True)
    came_from = listed(Ref(), high=20, required=True)
    became = listed(Ref(), high=20, required=True)
    warnings = listed(fields.Nested(Warned), high=20, required=True)


class HeadcountRequest(_Where):
    """region: a province, city or county of the officer's own; null for the whole of it."""

    project_id = Ref(load_default=None, allow_none=True)


class Headcount(Contract):
    """People asked for, by where they stand; the six add up to asked.

    waiting: not verified yet; open: in no project; planned: in a project that goes on; met: trained; unmet:
    left over by a project that was closed; gone: returned, withdrawn or lapsed.
    """

    demands = Count(high=10**9, required=True)
    asked = Count(high=10**9, required=True)
    waiting = Count(high=10**9, required=True)
    open = Count(high=10**9, required=True)
    planned = Count(high=10**9, required=True)
    met = Count(high=10**9, required=True)
    unmet = Count(high=10**9, required=True)
    gone = Count(high=10**9, required=True)


class HeadcountDemandsRequest(Page, HeadcountRequest):
    """The demands behind the figures; state: only those with people in it."""

    state = one_of(HEADCOUNT_STATES, load_default=None, allow_none=True)


class ClassMet(Contract):
    class_id = Ref(required=True)
    people = Count(required=True)


class HeadcountDemand(Contract):
    """One demand and where its people stand. met_in: the classes that trained them."""

    demand_id = Ref(required=True)
    kind = one_of(statuses.DEMAND_KINDS, required=True)
    poster_ref = Ref(required=True)
    region = RegionCode(required=True)
    occupation = OccupationCode(required=True)
    level = level(required=True)
    wanted_from = Day(required=True)
    status = one_of(statuses.DEMAND, required=True)
    project_id = Ref(required=True, allow_none=True)
    headcount = Count(required=True)
    met = Count(required=True)
    state = one_of(HEADCOUNT_STATES, required=True)
    met_in = listed(fields.Nested(ClassMet), high=500, required=True)


class HeadcountDemands(Contract):
    """next: the cursor of the next page, null on the last."""

    items = listed(fields.Nested(HeadcountDemand), high=100, required=True)
    next = Ref(required=True, allow_none=True)


PROPOSE_PROJECTS = query("catalogue.propose_projects", ProposalsRequest, Proposals, _READERS)
REVISE_PROJECT = command("catalogue.revise_project", ReviseProjectRequest, Project, _OFFICER)
SPLIT_PROJECT = command("catalogue.split_project", SplitProjectRequest, SplitProject, _OFFICER)
MERGE_PROJECTS = command("catalogue.merge_projects", MergeProjectsRequest, Project, _OFFICER)
DESCRIBE_PROJECT = command("catalogue.describe_project", DescribeProjectRequest, ProjectCard, _OFFICER)
PROJECT_CARD = query("catalogue.project_card", ProjectRequest, ProjectCard, set())
HEADCOUNT = query("catalogue.headcount", HeadcountRequest, Headcount, _READERS)
HEADCOUNT_DEMANDS = query("catalogue.headcount_demands", HeadcountDemandsRequest, HeadcountDemands, _READERS)
