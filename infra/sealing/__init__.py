"""The client of sealed bids: runs with a bidder or an opening officer, never on the server.

A program of one's own can do the same; the format is in docs/decisions/0016.
"""

from infra.sealing.boxes import (
    OfficerKey,
    SealedBid,
    SealingError,
    answer_challenge,
    key_id,
    open_layer,
    published_as_received,
    seal,
)

__all__ = [
    "OfficerKey",
    "SealedBid",
    "SealingError",
    "answer_challenge",
    "key_id",
    "open_layer",
    "published_as_received",
    "seal",
]
