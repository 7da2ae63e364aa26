"""Commands and queries of sourcing (接单: 揭榜挂帅): notice, scores, award. Bids stand in acceptance_bids."""

from marshmallow import fields

from contracts.fields import (
    Contract,
    Count,
    Fen,
    LongText,
    Moment,
    Name,
    Ref,
    RegionCode,
    Sha256,
    listed,
    one_of,
)
from contracts.paging import Page
from contracts.registry import command, query
from contracts.vocabularies import roles, statuses

_OFFICER = {roles.CATALOGUE_OFFICER}
# providers, and enterprises that train people themselves [600 §3; 37 §6, §9]
_PROVIDER = {roles.PROVIDER, roles.ENTERPRISE}


class SourcingRequest(Contract):
    sourcing_id = Ref(required=True)


class Criterion(Contract):
    id = Ref(required=True)
    name = Name(required=True)
    weight = Count(low=1, high=100, required=True)


class PublishNoticeRequest(Contract):
    """opening_officers: accounts with a confirmed key of their own; the first opens the outer seal, the
    second the inner. ceiling_fen: for one person."""

    project_id = Ref(required=True)
    goal = LongText(required=True)
    ceiling_fen = Fen(required=True)
    criteria = listed(fields.Nested(Criterion), low=1, high=20, required=True)
    questions_until = Moment(required=True)
    bids_until = Moment(required=True)
    opening_officers = listed(Ref(), low=2, high=2, required=True)
    panel_accounts = listed(Ref(), low=1, high=15, required=True)


class OpeningKey(Contract):
    """layer 1: the outer seal. key_id: first 16 hex digits of the public key's SHA-256."""

    layer = Count(low=1, high=2, required=True)
    key_id = Ref(required=True)
    public_key = fields.String(required=True)


class BidLine(Contract):
    """A bid as all see it after the opening. points: hundredths of a point; excluded: why, if it is.

    attachments: SHA-256 of each sealed attachment, as the bidder was told.
    """

    bid_id = Ref(required=True)
    provider_ref = Ref(required=True)
    provider_name = Name(required=True)
    receipt = Sha256(required=True)
    attachments = listed(Sha256(), required=True)
    price_fen = Fen(required=True, allow_none=True)
    points = Count(required=True, allow_none=True)
    excluded = one_of(statuses.BID_EXCLUDED, required=True, allow_none=True)
    excluded_note = fields.String(required=True)


class Candidate(Contract):
    provider_ref = Ref(required=True)
    provider_name = Name(required=True)
    price_fen = Fen(required=True)
    notice_until = Moment(required=True)


class Objection(Contract):
    id = Ref(required=True)
    provider_ref = Ref(required=True)
    reason = LongText(required=True)
    at = Moment(required=True)
    upheld = fields.Boolean(required=True, allow_none=True)
    answer = fields.String(required=True, allow_none=True)


class Reinvitation(Contract):
    """Bids were asked for anew because an opening key was lost. bids_until: the deadline before."""

    reason = LongText(required=True)
    at = Moment(required=True)
    bids_until = Moment(required=True)
    set_aside = Count(required=True)


class Sourcing(Contract):
    """A challenge (榜单) as it now is; the bids show after the opening."""

    id = Ref(required=True)
    version = Count(low=1, required=True)
    status = one_of(statuses.SOURCING, required=True)
    project_id = Ref(required=True)
    name = Name(required=True)
    region = RegionCode(required=True)
    seats = Count(required=True)
    hours = Count(required=True)
    goal = LongText(required=True)
    ceiling_fen = Fen(required=True)
    criteria = listed(fields.Nested(Criterion), required=True)
    published_at = Moment(required=True)
    questions_until = Moment(required=True)
    bids_until = Moment(required=True)
    opening_keys = listed(fields.Nested(OpeningKey), required=True)
    sealed_bids = Count(required=True)
    bids = listed(fields.Nested(BidLine), required=True)
    candidate = fields.Nested(Candidate, required=True, allow_none=True)
    objections = listed(fields.Nested(Objection), required=True)
    awarded_at = Moment(required=True, allow_none=True)
    failure = fields.String(required=True, allow_none=True)
    reinvitations = listed(fields.Nested(Reinvitation), required=True)


class ListSourcingsRequest(Page):
    region = RegionCode(load_default=None, allow_none=True)
    project_id = Ref(load_default=None, allow_none=True)


class SourcingList(Contract):
    """next: the cursor of the next page, null on the last."""

    items = listed(fields.Nested(Sourcing), high=100, required=True)
    next = Ref(required=True, allow_none=True)


class Score(Contract):
    criterion = Ref(required=True)
    points = Count(high=100, required=True)
    reason = Name(required=True)


class ScoreBidRequest(SourcingRequest):
    bid_id = Ref(required=True)
    scores = listed(fields.Nested(Score), low=1, high=20, required=True)


class ObjectRequest(SourcingRequest):
    reason = LongText(required=True)


class AnswerObjectionRequest(SourcingRequest):
    objection_id = Ref(required=True)
    upheld = fields.Boolean(required=True)
    answer = LongText(required=True)


class FailSourcingRequest(SourcingRequest):
    reason = LongText(required=True)


PUBLISH_NOTICE = command("acceptance.publish_notice", PublishNoticeRequest, Sourcing, _OFFICER)
GET_SOURCING = query("acceptance.get_sourcing", SourcingRequest, Sourcing, set())
LIST_SOURCINGS = query("acceptance.list_sourcings", ListSourcingsRequest, SourcingList, set())
SCORE_BID = command("acceptance.score_bid", ScoreBidRequest, Sourcing, {roles.PANEL_MEMBER})
NAME_CANDIDATE = command("acceptance.name_candidate", SourcingRequest, Sourcing, _OFFICER)
OBJECT = command("acceptance.object", ObjectRequest, Sourcing, _PROVIDER)
ANSWER_OBJECTION = command(
    "acceptance.answer_objection", AnswerObjectionRequest, Sourcing, {roles.SUPERVISOR}
)
AWARD = command("acceptance.award", SourcingRequest, Sourcing, _OFFICER)
FAIL_SOURCING = command("acceptance.fail_sourcing", FailSourcingRequest, Sourcing, _OFFICER)
