"""Commands and queries of sourcing (接单: 揭榜挂帅): notice, sealed bids, scores, award."""

import base64
import binascii
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

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

BID_BYTES = 64 * 1024
_OFFICER = {roles.CATALOGUE_OFFICER}
# providers, and enterprises that train people themselves [600 §3; 37 §6, §9]
_PROVIDER = {roles.PROVIDER, roles.ENTERPRISE}
_OPENING = {roles.OPENING_OFFICER}
_PANEL_READERS = {roles.PANEL_MEMBER, roles.CATALOGUE_OFFICER, roles.SUPERVISOR, roles.AUDITOR}


class Base64(fields.Field[bytes]):
    """Bytes as standard base64, from `least` to `most` bytes long."""

    def __init__(self, least: int, most: int, **kwargs: Any) -> None:
        self.least, self.most = least, most
        super().__init__(metadata={"type": "string", "format": "byte"}, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bytes:
        try:
            plain = base64.b64decode(value, validate=True) if isinstance(value, str) else b""
        except (binascii.Error, ValueError):
            plain = b""
        if not self.least <= len(plain) <= self.most:
            raise ValidationError(
                f"应为 base64，{self.least} 至 {self.most} 字节"
                f" / base64 of {self.least} to {self.most} bytes is needed"
            )
        return plain

    def _serialize(self, value: bytes | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else base64.b64encode(value).decode()


class SourcingRequest(Contract):
    sourcing_id = Ref(required=True)


class Criterion(Contract):
    id = Ref(required=True)
    name = Name(required=True)
    weight = Count(low=1, high=100, required=True)


class OpeningKeyRequest(Contract):
    """An opening officer and the X25519 public key made on that officer's own device."""

    officer_account = Ref(required=True)
    public_key = Base64(32, 32, required=True)


class PublishNoticeRequest(Contract):
    """opening_keys: the first opens the outer seal, the second the inner. ceiling_fen: for one person."""

    project_id = Ref(required=True)
    goal = LongText(required=True)
    ceiling_fen = Fen(required=True)
    criteria = listed(fields.Nested(Criterion), low=1, high=20, required=True)
    questions_until = Moment(required=True)
    bids_until = Moment(required=True)
    opening_keys = listed(fields.Nested(OpeningKeyRequest), low=2, high=2, required=True)
    panel_accounts = listed(Ref(), low=1, high=15, required=True)


class OpeningKey(Contract):
    """layer 1: the outer seal. key_id: first 16 hex digits of the public key's SHA-256."""

    layer = Count(low=1, high=2, required=True)
    key_id = Ref(required=True)
    public_key = fields.String(required=True)


class BidLine(Contract):
    """A bid as all see it after the opening. points: hundredths of a point; excluded: why, if it is."""

    bid_id = Ref(required=True)
    provider_ref = Ref(required=True)
    provider_name = Name(required=True)
    receipt = Sha256(required=True)
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


class ListSourcingsRequest(Page):
    region = RegionCode(load_default=None, allow_none=True)
    project_id = Ref(load_default=None, allow_none=True)


class SourcingList(Contract):
    """next: the cursor of the next page, null on the last."""

    items = listed(fields.Nested(Sourcing), high=100, required=True)
    next = Ref(required=True, allow_none=True)


class Seal(Contract):
    """key_ids: outer and inner; commitment: SHA-256 of the plaintext, which holds a salt of 32 bytes."""

    scheme = fields.String(required=True, validate=validate.Length(max=40))
    key_ids = listed(Ref(), low=2, high=2, required=True)
    commitment = Sha256(required=True)


class SubmitBidRequest(SourcingRequest):
    ciphertext = Base64(1, BID_BYTES, required=True)
    seal = fields.Nested(Seal, required=True)


class BidReceipt(Contract):
    receipt = Sha256(required=True)
    at = Moment(required=True)


class Bid(Contract):
    """A bid as its bidder sees it. receipt: SHA-256 of the ciphertext, published at the opening."""

    id = Ref(required=True)
    version = Count(low=1, required=True)
    status = one_of(statuses.BID, required=True)
    sourcing_id = Ref(required=True)
    provider_ref = Ref(required=True)
    receipt = Sha256(required=True)
    received_at = Moment(required=True)
    earlier = listed(fields.Nested(BidReceipt), required=True)


class SealedBid(Contract):
    """content: what this officer has to open. intact: the stored bytes are those that the receipt names."""

    bid_id = Ref(required=True)
    receipt = Sha256(required=True)
    commitment = Sha256(required=True)
    intact = fields.Boolean(required=True)
    content = Base64(1, BID_BYTES, required=True)


class SealedBids(Contract):
    sourcing_id = Ref(required=True)
    layer = Count(low=1, high=2, required=True)
    key_id = Ref(required=True)
    items = listed(fields.Nested(SealedBid), required=True)


class BroughtBid(Contract):
    """What came out of one seal, or the problem that kept it shut (then the bid is excluded for it)."""

    bid_id = Ref(required=True)
    content = Base64(1, BID_BYTES, load_default=None, allow_none=True)
    problem = Name(load_default=None, allow_none=True)

    @validates_schema
    def either(self, data: dict[str, object], **_: object) -> None:
        """Refuse both or neither."""
        if (data.get("content") is None) == (data.get("problem") is None):
            raise ValidationError(
                "须且只能给出 content 或 problem / give content or problem, not both", "content"
            )


class OpenLayerRequest(SourcingRequest):
    bids = listed(fields.Nested(BroughtBid), low=1, high=100, required=True)


class OpenedBid(BidLine):
    """An opened bid for the panel and the officers."""

    plan = fields.String(required=True, allow_none=True)
    teachers = listed(fields.String(), high=10_000, required=True)
    places = listed(fields.String(), high=10_000, required=True)


class OpenedBids(Contract):
    sourcing_id = Ref(required=True)
    items = listed(fields.Nested(OpenedBid), required=True)


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
SUBMIT_BID = command("acceptance.submit_bid", SubmitBidRequest, Bid, _PROVIDER)
WITHDRAW_BID = command("acceptance.withdraw_bid", SourcingRequest, Bid, _PROVIDER)
MY_BID = query("acceptance.my_bid", SourcingRequest, Bid, _PROVIDER)
SEALED_BIDS = query("acceptance.sealed_bids", SourcingRequest, SealedBids, _OPENING)
OPEN_LAYER = command("acceptance.open_layer", OpenLayerRequest, Sourcing, _OPENING)
OPENED_BIDS = query("acceptance.opened_bids", SourcingRequest, OpenedBids, _PANEL_READERS)
SCORE_BID = command("acceptance.score_bid", ScoreBidRequest, Sourcing, {roles.PANEL_MEMBER})
NAME_CANDIDATE = command("acceptance.name_candidate", SourcingRequest, Sourcing, _OFFICER)
OBJECT = command("acceptance.object", ObjectRequest, Sourcing, _PROVIDER)
ANSWER_OBJECTION = command(
    "acceptance.answer_objection", AnswerObjectionRequest, Sourcing, {roles.SUPERVISOR}
)
AWARD = command("acceptance.award", SourcingRequest, Sourcing, _OFFICER)
FAIL_SOURCING = command("acceptance.fail_sourcing", FailSourcingRequest, Sourcing, _OFFICER)
