"""Commands and queries of sourcing (接单): notice, questions, scores, award, contract.

Sealed bids stand in acceptance_bids, the panel in acceptance_panel, filings and tenders in acceptance_ways.
"""

from marshmallow import fields

from contracts.fields import (
    Contract,
    Count,
    Day,
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
    subject = one_of(statuses.CRITERION_SUBJECTS, load_default="plan")


class PublishNoticeRequest(Contract):
    """A notice of the way that the project is listed for; a filing has no criteria, officers or panel.

    opening_officers: accounts with a confirmed key of their own; the first opens the outer seal, the second
    the inner. ceiling_fen: for one person; fixed_price: it is the only price. panel_seats: an odd number.
    """

    project_id = Ref(required=True)
    goal = LongText(required=True)
    ceiling_fen = Fen(required=True)
    fixed_price = fields.Boolean(load_default=False)
    criteria = listed(fields.Nested(Criterion), high=20, load_default=list)
    questions_until = Moment(required=True)
    bids_until = Moment(required=True)
    opening_officers = listed(Ref(), high=2, load_default=list)
    panel_seats = Count(high=15, load_default=0)


class OpeningKey(Contract):
    """layer 1: the outer seal. key_id: first 16 hex digits of the public key's SHA-256."""

    layer = Count(low=1, high=2, required=True)
    key_id = Ref(required=True)
    public_key = fields.String(required=True)


class BidLine(Contract):
    """A bid as all see it after the opening. points: hundredths of a point; excluded: why, if it is.

    tie: what puts it before the next one with as many points.
    attachments: SHA-256 of each sealed attachment, as the bidder was told.
    """

    bid_id = Ref(required=True)
    provider_ref = Ref(required=True)
    provider_name = Name(required=True)
    receipt = Sha256(required=True)
    attachments = listed(Sha256(), required=True)
    price_fen = Fen(required=True, allow_none=True)
    points = Count(required=True, allow_none=True)
    tie = one_of(statuses.TIE_RULES, required=True, allow_none=True)
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


class Question(Contract):
    """A question and its answer, the same for all; nobody is told who asked."""

    id = Ref(required=True)
    question = LongText(required=True)
    asked_at = Moment(required=True)
    answer = fields.String(required=True, allow_none=True)
    answered_at = Moment(required=True, allow_none=True)


class Postponement(Contract):
    before = Moment(required=True)
    after = Moment(required=True)
    reason = LongText(required=True)
    at = Moment(required=True)


class PastCandidate(Contract):
    """A candidate who is none any more, and why."""

    provider_ref = Ref(required=True)
    provider_name = Name(required=True)
    price_fen = Fen(required=True)
    named_at = Moment(required=True)
    ended_at = Moment(required=True)
    why = one_of(statuses.CANDIDACY_ENDED, required=True)
    reason = fields.String(required=True)


class Bidder(Contract):
    """One who bid on the statutory platform. provider_ref: its number here, the winner's is needed."""

    name = Name(required=True)
    price_fen = Fen(required=True)
    provider_ref = Ref(load_default=None, allow_none=True)


class Paper(Contract):
    """A paper of the process. size: bytes."""

    id = Ref(required=True)
    kind = one_of(statuses.PAPER_KINDS, required=True)
    name = Name(required=True)
    sha256 = Sha256(required=True)
    size = Count(high=10_000_000, required=True)
    at = Moment(required=True)


class TenderResult(Contract):
    """A tender on the statutory platform, as it was recorded here."""

    platform = Name(required=True)
    number = Name(required=True)
    method = one_of(statuses.TENDER_METHODS, required=True)
    published_at = Moment(required=True)
    opened_at = Moment(required=True)
    notice_until = Moment(required=True)
    bidders = listed(fields.Nested(Bidder), high=100, required=True)
    winner = Ref(required=True)


class SourcingContract(Contract):
    """The contract (培训服务合同); confirmed_at: when the provider confirmed what the officer recorded."""

    number = Name(required=True)
    signed_on = Day(required=True)
    begins_on = Day(required=True)
    ends_on = Day(required=True)
    value_fen = Fen(required=True)
    paper_id = Ref(required=True)
    confirmed_at = Moment(required=True, allow_none=True)


class Reinvitation(Contract):
    """Bids were asked for anew because an opening key was lost. bids_until: the deadline before."""

    reason = LongText(required=True)
    at = Moment(required=True)
    bids_until = Moment(required=True)
    set_aside = Count(required=True)


class Sourcing(Contract):
    """A process (榜单) as it now is; the bids show after the opening.

    attempt: 1 at the first notice of a project. draw_commitment: SHA-256 of the nonce that the panel's seed
    is made of; draw_nonce: that nonce, once it is used. ground: why it failed.
    """

    id = Ref(required=True)
    version = Count(low=1, required=True)
    status = one_of(statuses.SOURCING, required=True)
    way = one_of(statuses.SOURCING_WAYS, required=True)
    attempt = Count(low=1, required=True)
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
    ground = one_of(statuses.FAILURE_GROUNDS, required=True, allow_none=True)
    fixed_price = fields.Boolean(required=True)
    panel_seats = Count(required=True)
    draw_commitment = Sha256(required=True, allow_none=True)
    draw_nonce = Ref(required=True, allow_none=True)
    questions = listed(fields.Nested(Question), high=200, required=True)
    postponements = listed(fields.Nested(Postponement), high=100, required=True)
    past_candidates = listed(fields.Nested(PastCandidate), high=100, required=True)
    papers = listed(fields.Nested(Paper), high=50, required=True)
    tender = fields.Nested(TenderResult, required=True, allow_none=True)
    contract = fields.Nested(SourcingContract, required=True, allow_none=True)
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


class CancelSourcingRequest(SourcingRequest):
    reason = LongText(required=True)


class WithdrawWinnerRequest(SourcingRequest):
    reason = LongText(required=True)


class RevokeAwardRequest(SourcingRequest):
    reason = LongText(required=True)


class AskQuestionRequest(SourcingRequest):
    question = LongText(required=True)


class AnswerQuestionRequest(SourcingRequest):
    question_id = Ref(required=True)
    answer = LongText(required=True)


class PostponeDeadlineRequest(SourcingRequest):
    """bids_until: later than the deadline that is set."""

    bids_until = Moment(required=True)
    reason = LongText(required=True)


class RecordContractRequest(SourcingRequest):
    """paper_id: the signed contract among the papers."""

    number = Name(required=True)
    signed_on = Day(required=True)
    begins_on = Day(required=True)
    ends_on = Day(required=True)
    paper_id = Ref(required=True)


class MemberScores(Contract):
    """What one member gave. member: the place in the draw, not the person."""

    member = Count(low=1, required=True)
    points = Count(required=True)
    scores = listed(fields.Nested(Score), high=20, required=True)


class BidScores(Contract):
    """points: the mean in hundredths; arithmetic: how it came about."""

    bid_id = Ref(required=True)
    provider_name = Name(required=True)
    price_fen = Fen(required=True)
    points = Count(required=True)
    arithmetic = fields.String(required=True)
    members = listed(fields.Nested(MemberScores), high=15, required=True)


class ScoreSheet(Contract):
    """The scores with their reasons, for everybody once all of them are given."""

    sourcing_id = Ref(required=True)
    items = listed(fields.Nested(BidScores), required=True)


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
CANCEL_SOURCING = command("acceptance.cancel_sourcing", CancelSourcingRequest, Sourcing, _OFFICER)
WITHDRAW_WINNER = command("acceptance.withdraw_winner", WithdrawWinnerRequest, Sourcing, _PROVIDER)
REVOKE_AWARD = command("acceptance.revoke_award", RevokeAwardRequest, Sourcing, {roles.SUPERVISOR})
ASK_QUESTION = command("acceptance.ask_question", AskQuestionRequest, Sourcing, _PROVIDER)
ANSWER_QUESTION = command("acceptance.answer_question", AnswerQuestionRequest, Sourcing, _OFFICER)
POSTPONE_DEADLINE = command("acceptance.postpone_deadline", PostponeDeadlineRequest, Sourcing, _OFFICER)
RECORD_CONTRACT = command("acceptance.record_contract", RecordContractRequest, Sourcing, _OFFICER)
CONFIRM_CONTRACT = command("acceptance.confirm_contract", SourcingRequest, Sourcing, _PROVIDER)
SCORE_SHEET = query("acceptance.score_sheet", SourcingRequest, ScoreSheet, set())
