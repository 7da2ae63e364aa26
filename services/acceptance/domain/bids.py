"""Sealed bids (应榜): receipt, two layers opened by two officers [S10; 37 §6].

A bid is sealed on the bidder's side in two nested boxes, the outer for officer 1, the inner for officer 2.
Here lie only bytes; the receipt is the hash of what lies here, the commitment the hash of what must come out.
"""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from contracts.vocabularies.errors import Refusal
from services.acceptance.domain import attachments as files
from services.acceptance.domain.attachments import Attachment, BidFile
from services.acceptance.domain.copies import TRAINERS, Body
from services.acceptance.domain.facts import Fact, require
from services.acceptance.domain.sourcing import OPEN, Sourcing

SCHEME = "nested-sealed-box/1"
SEAL_BYTES = 48  # what one libsodium sealed box adds
MAX_BYTES = 64 * 1024
SALT_BYTES = 32
MAX_FEN = 10**13


@dataclass(frozen=True)
class Seal:
    """How a bid is sealed. key_ids: outer and inner; commitment: SHA-256 of the plaintext (salted)."""

    scheme: str
    key_ids: tuple[str, ...]
    commitment: str


@dataclass(frozen=True)
class Receipt:
    """What a bidder was told: SHA-256 of the ciphertext, and when."""

    receipt: str
    at: datetime


@dataclass(frozen=True)
class Offer:
    """What a bid says once it is open. price_fen: for one person."""

    price_fen: int
    plan: str
    teachers: tuple[str, ...]
    places: tuple[str, ...]


@dataclass(frozen=True)
class Bid:
    """One provider's bid. inner: what officer 1 took out; plaintext: what officer 2 took out of that."""

    id: str
    sourcing_id: str
    provider_ref: str
    provider_name: str
    ciphertext: bytes
    seal: Seal
    receipt: str
    received_at: datetime
    earlier: tuple[Receipt, ...] = ()
    withdrawn_at: datetime | None = None
    inner: bytes | None = None
    plaintext: bytes | None = None
    offer: Offer | None = None
    excluded: str | None = None
    excluded_note: str = ""
    attachments: tuple[Attachment, ...] = ()
    files: tuple[BidFile, ...] = ()
    set_aside_at: datetime | None = None

    def intact(self) -> bool:
        """Return whether the bytes that lie here are those that the receipt names."""
        return sha256(self.ciphertext).hexdigest() == self.receipt

    def past_layer(self, layer: int) -> bool:
        """Return whether a layer is behind this bid: opened, or the bid put aside."""
        return self.excluded is not None or (self.inner if layer == 1 else self.plaintext) is not None


def bid_id(sourcing_id: str, provider_ref: str) -> str:
    """Return the id of a provider's bid: one for each sourcing, by its very id."""
    return f"{sourcing_id}:{provider_ref}"


def submit(
    sourcing: Sourcing,
    old: Bid | None,
    provider: Body,
    ciphertext: bytes,
    seal: Seal,
    now: datetime,
    attachments: tuple[Attachment, ...] = (),
) -> tuple[Sourcing, Bid, list[Fact]]:
    """A verified provider or enterprise bids, or replaces its bid, before the deadline.

    Raises Refusal `acceptance.bids_closed` at and after bids_until, `acceptance.body_unverified`,
    `acceptance.seal` when the seal is not for this sourcing's keys, and those of attachments.check.
    """
    provider.require(TRAINERS)
    require_open(sourcing, now)
    files.check(attachments)
    expected = tuple(key.key_id for key in sourcing.notice.keys)
    if seal.scheme != SCHEME or seal.key_ids != expected:
        raise Refusal("acceptance.seal", field="seal", scheme=SCHEME)
    if not 2 * SEAL_BYTES < len(ciphertext) <= MAX_BYTES:
        raise Refusal("acceptance.bid_size", field="ciphertext", most=MAX_BYTES)
    earlier = (*old.earlier, Receipt(old.receipt, old.received_at)) if old else ()
    bid = Bid(
        bid_id(sourcing.id, provider.id), sourcing.id, provider.id, provider.name, ciphertext, seal,
        sha256(ciphertext).hexdigest(), now, earlier, attachments=attachments,
    )  # fmt: skip
    count = sourcing.sealed_bids + (0 if old and old.withdrawn_at is None else 1)
    fact = ("acceptance.sourcing.bid_received", _counted(count, bid, old))
    return replace(sourcing, sealed_bids=count), bid, [fact]


def withdraw(sourcing: Sourcing, bid: Bid, now: datetime) -> tuple[Sourcing, Bid, list[Fact]]:
    """A bidder takes its bid back before the deadline.

    Raises Refusal `acceptance.bids_closed`, `out_of_order` when it is withdrawn already.
    """
    require_open(sourcing, now)
    if bid.withdrawn_at is not None:
        raise Refusal("out_of_order", status="withdrawn", step="withdraw_bid")
    count = sourcing.sealed_bids - 1
    fact = ("acceptance.sourcing.bid_withdrawn", _counted(count, bid))
    return replace(sourcing, sealed_bids=count), replace(bid, withdrawn_at=now), [fact]


def _counted(count: int, bid: Bid, old: Bid | None = None) -> dict[str, Any]:
    # the receipt itself is published at the opening; its hash tells before that it was given
    replaced = old is not None and old.withdrawn_at is None
    return {
        "sealed_bids": count,
        "receipt_hash": _hash(bid.receipt),
        "replaces": _hash(old.receipt) if old and replaced else None,
    }


def _hash(receipt: str) -> str:
    return sha256(receipt.encode()).hexdigest()


def require_open(sourcing: Sourcing, now: datetime) -> None:
    """Raise Refusal `acceptance.bids_closed` unless bids are taken."""
    if sourcing.status(now) not in OPEN:
        raise Refusal("acceptance.bids_closed", until=sourcing.notice.bids_until.isoformat())


def contents_for(sourcing: Sourcing, bids: list[Bid], account: str, now: datetime) -> list[tuple[Bid, bytes]]:
    """Return what this opening officer has to open: nothing leaves before the deadline, whoever asks.

    Officer 1 gets the ciphertexts, officer 2 what officer 1 took out, once all of it is there.
    Nothing leaves of a process that was given up or failed. Raises Refusal `acceptance.not_opening_officer`,
    `out_of_order`, `acceptance.bids_sealed`, `acceptance.outer_first`.
    """
    layer = sourcing.layer_of(account)
    if sourcing.status(now) in ("cancelled", "failed"):
        raise Refusal("out_of_order", status=sourcing.status(now), step="sealed_bids")
    if now < sourcing.notice.bids_until:
        raise Refusal("acceptance.bids_sealed", until=sourcing.notice.bids_until.isoformat())
    sourcing.require_enough()
    if layer == 1:
        return [(bid, bid.ciphertext) for bid in bids if bid.withdrawn_at is None]
    if sourcing.sealed_bids and sourcing.outer_opened_at is None:
        raise Refusal("acceptance.outer_first")
    return [(bid, bid.inner) for bid in bids if bid.inner is not None and bid.excluded is None]


@dataclass(frozen=True)
class Opened:
    """What an officer brings back for one bid: its content, or why it could not be opened.

    files: what the platform then found of its attachments; None when stored bytes are not those it told of.
    """

    bid_id: str
    content: bytes | None
    problem: str = ""
    files: tuple[BidFile, ...] | None = ()


def open_layer(
    sourcing: Sourcing, bids: list[Bid], account: str, brought: list[Opened], now: datetime
) -> tuple[Sourcing, list[Bid], list[Fact]]:
    """One officer brings back one layer, in one or several calls; returns the bids as they now are.

    When the second layer of every bid is there: sealed → opened, and all receipts are published.
    Raises Refusal `acceptance.not_opening_officer`, `out_of_order`, `acceptance.outer_first`,
    `acceptance.bid_unknown`, `acceptance.layer_length`, `acceptance.commitment`.
    """
    layer = sourcing.layer_of(account)
    require(sourcing.status(now), ("sealed",), "open_layer")
    sourcing.require_enough()
    if layer == 2 and sourcing.outer_opened_at is None:
        raise Refusal("acceptance.outer_first")
    live = {bid.id: bid for bid in bids if bid.withdrawn_at is None}
    for place, each in enumerate(brought):
        field = f"bids.{place}"
        bid = live.get(each.bid_id)
        if bid is None or bid.past_layer(layer):
            raise Refusal("acceptance.bid_unknown", field=f"{field}.bid_id")
        live[bid.id] = _opened(sourcing, bid, layer, each, f"{field}.content")
    return _after_layer(sourcing, list(live.values()), layer, now)


def _opened(sourcing: Sourcing, bid: Bid, layer: int, brought: Opened, field: str) -> Bid:
    if not bid.intact() or brought.files is None:
        return replace(bid, excluded="swapped", excluded_note="stored bytes differ from the receipt")
    if brought.content is None:
        return replace(bid, excluded="unopenable", excluded_note=brought.problem)
    before = bid.ciphertext if layer == 1 else bid.inner
    if before is None or len(brought.content) != len(before) - SEAL_BYTES:
        raise Refusal("acceptance.layer_length", field=field)
    if layer == 1:
        return replace(bid, inner=brought.content)
    if sha256(brought.content).hexdigest() != bid.seal.commitment:
        raise Refusal("acceptance.commitment", field=field)
    return read_offer(replace(bid, plaintext=brought.content, files=brought.files), sourcing)


def _after_layer(
    sourcing: Sourcing, bids: list[Bid], layer: int, now: datetime
) -> tuple[Sourcing, list[Bid], list[Fact]]:
    facts: list[Fact] = []
    if layer == 1 and all(bid.past_layer(1) for bid in bids):
        sourcing = replace(sourcing, outer_opened_at=now)
    # when officer 1 could open none there is nothing left for officer 2
    if sourcing.outer_opened_at is not None and all(bid.past_layer(2) for bid in bids):
        sourcing = replace(sourcing, opened_at=now)
        receipts = [
            {
                "bid_id": bid.id, "provider_ref": bid.provider_ref, "receipt": bid.receipt,
                "attachments": [each.sha256 for each in bid.attachments],
            }
            for bid in bids
        ]  # fmt: skip
        facts.append(("acceptance.sourcing.opened", {"bids": receipts}))
    return sourcing, bids, facts


def read_offer(bid: Bid, sourcing: Sourcing) -> Bid:
    """Return the bid with its offer, or excluded with the reason: unreadable, copied, above the ceiling."""
    try:
        text = json.loads(bid.plaintext or b"")
        offer, inside = _offer(text), files.read_inside(text)
    except (ValueError, KeyError, TypeError, RecursionError) as problem:
        return replace(bid, excluded="unreadable", excluded_note=type(problem).__name__)
    # a sealed box does not say who made it: without this a stolen ciphertext could be handed in as one's own
    if text.get("sourcing_id") != sourcing.id or text.get("provider_ref") != bid.provider_ref:
        return replace(bid, offer=offer, excluded="not_its_own")
    if [each.sealed_sha256 for each in inside] != [each.sha256 for each in bid.attachments]:
        return replace(bid, offer=offer, excluded="attachments_differ")
    if offer.price_fen > sourcing.notice.ceiling_fen:
        return replace(bid, offer=offer, excluded="above_ceiling")
    if sourcing.notice.fixed_price and offer.price_fen != sourcing.notice.ceiling_fen:
        return replace(bid, offer=offer, excluded="not_fixed_price")
    return replace(bid, offer=offer)


def _offer(text: dict[str, Any]) -> Offer:
    price, plan, salt = text["price_fen"], text["plan"], text["salt"]
    if type(price) is not int or not 0 <= price <= MAX_FEN:
        raise ValueError("price")
    if len(bytes.fromhex(salt)) < SALT_BYTES:
        raise ValueError("salt")
    return Offer(price, _text(plan), _texts(text["teachers"]), _texts(text["places"]))


def _texts(values: Any) -> tuple[str, ...]:
    if not isinstance(values, list) or not values:
        raise ValueError("a list with at least one entry is needed")
    return tuple(_text(each) for each in values)


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("text is needed")
    value.encode()  # a lone surrogate is JSON but no text that can be kept
    return value
