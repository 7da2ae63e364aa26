"""Commands and queries of the panel (评审组): the pool of experts, the draw, declared conflicts."""

from marshmallow import fields

from contracts.commands.acceptance_sourcing import Sourcing, SourcingRequest
from contracts.fields import Contract, Count, LongText, Moment, Ref, RegionCode, Sha256, listed, one_of
from contracts.paging import Page
from contracts.registry import command, query
from contracts.vocabularies import roles, statuses

# the pool is another hand's than the draw
_POOL = {roles.SUPERVISOR}
_READERS = {roles.PANEL_MEMBER, roles.CATALOGUE_OFFICER, roles.SUPERVISOR, roles.AUDITOR}


class RegisterExpertRequest(Contract):
    """account: of a panel member. body_refs: bodies that the expert belongs to or had to do with of late."""

    account = Ref(required=True)
    region = RegionCode(required=True)
    body_refs = listed(Ref(), high=50, load_default=list)


class RemoveExpertRequest(Contract):
    account = Ref(required=True)
    reason = LongText(required=True)


class Expert(Contract):
    """One of the pool (专家库)."""

    account = Ref(required=True)
    version = Count(low=1, required=True)
    status = one_of(statuses.EXPERT, required=True)
    region = RegionCode(required=True)
    body_refs = listed(Ref(), high=50, required=True)
    registered_at = Moment(required=True)
    removed_for = fields.String(required=True)


class ListExpertsRequest(Page):
    region = RegionCode(load_default=None, allow_none=True)


class Experts(Contract):
    """next: the cursor of the next page, null on the last."""

    items = listed(fields.Nested(Expert), high=100, required=True)
    next = Ref(required=True, allow_none=True)


class DeclareConflictRequest(SourcingRequest):
    """conflict: what stands in the way; null: nothing does."""

    conflict = LongText(required=True, allow_none=True)


class ExcuseMemberRequest(SourcingRequest):
    """account: of a member who does not declare or judge."""

    account = Ref(required=True)
    reason = LongText(required=True)


class Member(Contract):
    """member: the place in the draw, by which the score sheet names it. excused_for: by a supervisor, why."""

    member = Count(low=1, required=True)
    account = Ref(required=True)
    declared_at = Moment(required=True, allow_none=True)
    conflict = fields.String(required=True, allow_none=True)
    excused_for = fields.String(required=True, allow_none=True)


class ExcludedExpert(Contract):
    account = Ref(required=True)
    why = one_of(statuses.PANEL_EXCLUDED, required=True)


class Panel(Contract):
    """A draw that anyone who has it can do again: seed = SHA-256 of the nonce and the sorted receipts, joined
    by line ends; order = by SHA-256 of seed:account. receipts: those of all bids of the process.
    """

    sourcing_id = Ref(required=True)
    nonce = Ref(required=True)
    receipts = listed(Sha256(), required=True)
    seed = Sha256(required=True)
    order = listed(Ref(), high=10_000, required=True)
    excluded = listed(fields.Nested(ExcludedExpert), high=10_000, required=True)
    seats = Count(required=True)
    members = listed(fields.Nested(Member), high=10_000, required=True)
    drawn_at = Moment(required=True)
    ready = fields.Boolean(required=True)


REGISTER_EXPERT = command("acceptance.register_expert", RegisterExpertRequest, Expert, _POOL)
REMOVE_EXPERT = command("acceptance.remove_expert", RemoveExpertRequest, Expert, _POOL)
LIST_EXPERTS = query("acceptance.list_experts", ListExpertsRequest, Experts, {*_POOL, roles.AUDITOR})
DRAW_PANEL = command("acceptance.draw_panel", SourcingRequest, Sourcing, {roles.CATALOGUE_OFFICER})
DECLARE_CONFLICT = command(
    "acceptance.declare_conflict", DeclareConflictRequest, Sourcing, {roles.PANEL_MEMBER}
)
EXCUSE_MEMBER = command("acceptance.excuse_member", ExcuseMemberRequest, Sourcing, {roles.SUPERVISOR})
GET_PANEL = query("acceptance.get_panel", SourcingRequest, Panel, _READERS)
