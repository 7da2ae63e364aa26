"""The client of sealed bids: runs with a bidder or an opening officer, never on the server.

A program of one's own can do the same; the format is in docs/decisions/0016.
"""

from infra.sealing.attachments import SealedAttachment, open_attachment, seal_attachment
from infra.sealing.boxes import (
    OfficerKey,
    SealedBid,
    answer_challenge,
    batches,
    key_id,
    open_layer,
    published_as_received,
    receipt_hash,
    seal,
)
from infra.sealing.errors import SealingError

__all__ = [
    "OfficerKey",
    "SealedAttachment",
    "SealedBid",
    "SealingError",
    "answer_challenge",
    "batches",
    "key_id",
    "open_attachment",
    "open_layer",
    "published_as_received",
    "receipt_hash",
    "seal",
    "seal_attachment",
]
