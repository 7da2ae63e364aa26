"""Commands and queries of sealed bids (应榜): handing in, opening by two officers."""

from marshmallow import ValidationError, fields, validate, validates_schema

from contracts.commands.acceptance_sourcing import BidLine, Sourcing, SourcingRequest
from contracts.fields import Base64, Contract, Count, Moment, Name, Ref, Sha256, listed, one_of
from contracts.registry import command, query
from contracts.vocabularies import bid_files, roles, statuses

BID_BYTES = 64 * 1024
# providers, and enterprises that train people themselves [600 §3; 37 §6, §9]
_PROVIDER = {roles.PROVIDER, roles.ENTERPRISE}
_OPENING = {roles.OPENING_OFFICER}
_PANEL_READERS = {roles.PANEL_MEMBER, roles.CATALOGUE_OFFICER, roles.SUPERVISOR, roles.AUDITOR}


class Seal(Contract):
    """key_ids: outer and inner; commitment: SHA-256 of the plaintext, which holds a salt of 32 bytes."""

    scheme = fields.String(required=True, validate=validate.Length(max=40))
    key_ids = listed(Ref(), low=2, high=2, required=True)
    commitment = Sha256(required=True)


class BidPartRequest(SourcingRequest):
    """One part of a sealed attachment. upload_id: chosen by the bidder, new for each one; number: from 0."""

    upload_id = Ref(required=True)
    number = Count(high=bid_files.MOST_PARTS - 1, required=True)
    content = Base64(bid_files.SEAL_BYTES + 1, bid_files.SEALED_PART_BYTES, required=True)


class BidPartTaken(Contract):
    upload_id = Ref(required=True)
    number = Count(required=True)


class SealedAttachment(Contract):
    """A sealed attachment whose parts were sent before. size and sha256: of all its sealed bytes."""

    upload_id = Ref(required=True)
    size = Count(low=bid_files.SEAL_BYTES + 1, high=bid_files.LARGEST_SEALED, required=True)
    sha256 = Sha256(required=True)


class SubmitBidRequest(SourcingRequest):
    """attachments: in the order in which the sealed bid lists them."""

    attachments = listed(fields.Nested(SealedAttachment), high=bid_files.MOST, load_default=list)
    ciphertext = Base64(1, BID_BYTES, required=True)
    seal = fields.Nested(Seal, required=True)


class BidReceipt(Contract):
    receipt = Sha256(required=True)
    at = Moment(required=True)


class Bid(Contract):
    """A bid as its bidder sees it. receipt: SHA-256 of the ciphertext, published at the opening.

    attachments: as they lie here, sealed; their hashes are published with the receipt.
    """

    id = Ref(required=True)
    version = Count(low=1, required=True)
    status = one_of(statuses.BID, required=True)
    sourcing_id = Ref(required=True)
    provider_ref = Ref(required=True)
    receipt = Sha256(required=True)
    received_at = Moment(required=True)
    earlier = listed(fields.Nested(BidReceipt), required=True)
    attachments = listed(fields.Nested(SealedAttachment), required=True)


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


class BidFile(Contract):
    """An attachment of an opened bid. problem: why it cannot be read, null when it can."""

    name = fields.String(required=True)
    size = Count(high=bid_files.LARGEST, required=True)
    sha256 = Sha256(required=True)
    content_type = fields.String(required=True, allow_none=True)
    problem = one_of(statuses.BID_FILE_PROBLEMS, required=True, allow_none=True)


class OpenedBid(BidLine):
    """An opened bid for the panel and the officers."""

    plan = fields.String(required=True, allow_none=True)
    teachers = listed(fields.String(), high=10_000, required=True)
    places = listed(fields.String(), high=10_000, required=True)
    files = listed(fields.Nested(BidFile), required=True)


class BidFileRequest(SourcingRequest):
    bid_id = Ref(required=True)
    sha256 = Sha256(required=True)


class BidFilePartRequest(BidFileRequest):
    part = Count(high=bid_files.MOST_PARTS - 1, required=True)


class BidFilePart(Contract):
    content = Base64(1, bid_files.PART_BYTES, required=True)


class OpenedBids(Contract):
    sourcing_id = Ref(required=True)
    items = listed(fields.Nested(OpenedBid), required=True)


PUT_BID_PART = command("acceptance.put_bid_part", BidPartRequest, BidPartTaken, _PROVIDER)
SUBMIT_BID = command("acceptance.submit_bid", SubmitBidRequest, Bid, _PROVIDER)
WITHDRAW_BID = command("acceptance.withdraw_bid", SourcingRequest, Bid, _PROVIDER)
MY_BID = query("acceptance.my_bid", SourcingRequest, Bid, _PROVIDER)
SEALED_BIDS = query("acceptance.sealed_bids", SourcingRequest, SealedBids, _OPENING)
OPEN_LAYER = command("acceptance.open_layer", OpenLayerRequest, Sourcing, _OPENING)
OPENED_BIDS = query("acceptance.opened_bids", SourcingRequest, OpenedBids, _PANEL_READERS)
OPEN_BID_FILE = query("acceptance.open_bid_file", BidFileRequest, BidFile, _PANEL_READERS)
READ_BID_FILE_PART = query("acceptance.read_bid_file_part", BidFilePartRequest, BidFilePart, _PANEL_READERS)
