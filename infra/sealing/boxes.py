"""Sealing a bid and opening one layer: runs with the bidder or with an opening officer, never on the server.

A bid is JSON, salted and padded, in two nested libsodium sealed boxes: the inner for the second opening
officer, the outer for the first. Neither officer alone reads it, nor does anybody who holds the database.
"""

import base64
import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from infra.sealing.attachments import SealedAttachment
from infra.sealing.errors import SealingError

SCHEME: Final = "nested-sealed-box/1"
PAD_TO: Final = 1024


@dataclass(frozen=True)
class OfficerKey:
    """An opening officer's key pair. The private half (32 raw bytes) stays on the officer's device."""

    private: bytes = field(repr=False)

    @classmethod
    def generate(cls) -> "OfficerKey":
        """Return a new key pair."""
        return cls(bytes(PrivateKey.generate()))

    @property
    def public(self) -> bytes:
        """The public half, 32 raw bytes."""
        return bytes(PrivateKey(self.private).public_key)

    @property
    def public_key(self) -> str:
        """The public half as POST /v1/opening-keys wants it."""
        return base64.b64encode(self.public).decode()

    @property
    def key_id(self) -> str:
        """The name under which a notice shows the key."""
        return key_id(self.public)


@dataclass(frozen=True)
class SealedBid:
    """What a bidder keeps (plaintext, receipt) and what it sends: the parts of each attachment first
    (bodies of POST …/bids/parts), then the bid (body of POST …/bids).
    """

    plaintext: bytes = field(repr=False)
    ciphertext: bytes
    body: dict[str, Any]
    attachments: tuple[SealedAttachment, ...] = ()

    @property
    def receipt(self) -> str:
        """The receipt that the platform has to give, and to publish at the opening."""
        return sha256(self.ciphertext).hexdigest()

    def parts(self) -> Iterator[dict[str, Any]]:
        """Return the bodies that bring the attachments' parts."""
        for each in self.attachments:
            for number, part in enumerate(each.parts):
                content = base64.b64encode(part).decode()
                yield {"upload_id": each.upload_id, "number": number, "content": content}


def key_id(public_key: bytes) -> str:
    """Return the name of a public key: the first 32 hex digits of its SHA-256."""
    return sha256(public_key).hexdigest()[:32]


def seal(
    offer: Mapping[str, Any],
    sourcing: Mapping[str, Any],
    provider_ref: str,
    attachments: Sequence[SealedAttachment] = (),
    expected_keys: Sequence[str] = (),
) -> SealedBid:
    """Seal an offer (price_fen, plan, teachers, places) for a challenge as GET /v1/sourcings/<id> shows it.

    provider_ref: the bidder's own id; expected_keys: names of the two keys, outer first, when the bidder has
    them from the officers themselves. Raises SealingError when the notice's keys do not fit their names, or
    are not those.
    """
    outer, inner = _keys(sourcing)
    if expected_keys and list(expected_keys) != [key_id(outer), key_id(inner)]:
        raise SealingError("the notice's keys are not those that the officers named")
    text = {
        **offer,
        "attachments": [each.inside for each in attachments],
        "sourcing_id": sourcing["id"],
        "provider_ref": provider_ref,
        "salt": secrets.token_hex(32),
    }
    plaintext = _padded(json.dumps(text, ensure_ascii=False).encode())
    ciphertext = SealedBox(PublicKey(outer)).encrypt(SealedBox(PublicKey(inner)).encrypt(plaintext))
    envelope = {
        "scheme": SCHEME,
        "key_ids": [key_id(outer), key_id(inner)],
        "commitment": sha256(plaintext).hexdigest(),
    }
    told = [each.told for each in attachments]
    body = {
        "ciphertext": base64.b64encode(ciphertext).decode(), "seal": envelope, "attachments": told,
    }  # fmt: skip
    return SealedBid(plaintext, ciphertext, body, tuple(attachments))


def answer_challenge(registered: Mapping[str, Any], key: OfficerKey) -> dict[str, str]:
    """Return the body that confirms a key, from the answer to its registration.

    Raises SealingError when what was registered is not this key.
    """
    if registered["id"] != key.key_id or registered["challenge"] is None:
        raise SealingError(f"this is not the registration of the key {key.key_id}")
    try:
        proof = SealedBox(PrivateKey(key.private)).decrypt(base64.b64decode(registered["challenge"]))
    except (CryptoError, ValueError) as problem:
        raise SealingError("the key does not open the challenge") from problem
    return {"proof": base64.b64encode(proof).decode()}


def open_layer(sealed: Mapping[str, Any], key: OfficerKey) -> dict[str, Any]:
    """Open this officer's layer of GET …/sealed-bids: the body of POST …/openings.

    A bid whose bytes are not those of its receipt, or that does not open, comes back with its problem.
    Raises SealingError when the challenge names another key.
    """
    if sealed["key_id"] != key.key_id:
        raise SealingError(f"these bids are sealed for key {sealed['key_id']}, not for {key.key_id}")
    return {"bids": [_opened(each, sealed["layer"], key) for each in sealed["items"]]}


def _opened(bid: Mapping[str, Any], layer: int, key: OfficerKey) -> dict[str, Any]:
    content = base64.b64decode(bid["content"], validate=True)
    if layer == 1 and sha256(content).hexdigest() != bid["receipt"]:
        return {"bid_id": bid["bid_id"], "problem": "the stored bytes are not those of the receipt"}
    try:
        plain = SealedBox(PrivateKey(key.private)).decrypt(content)
    except CryptoError:
        return {"bid_id": bid["bid_id"], "problem": "the key does not open it"}
    if layer == 2 and sha256(plain).hexdigest() != bid["commitment"]:
        return {"bid_id": bid["bid_id"], "problem": "it is not what the bidder committed to"}
    if not plain:
        return {"bid_id": bid["bid_id"], "problem": "the seal is empty"}
    return {"bid_id": bid["bid_id"], "content": base64.b64encode(plain).decode()}


def published_as_received(bid: SealedBid, sourcing: Mapping[str, Any], provider_ref: str) -> bool:
    """Return whether the receipt published at the opening is the bidder's own, and the hashes of its
    attachments are; if not, it was swapped.
    """
    found = [
        (each["receipt"], each["attachments"])
        for each in sourcing["bids"]
        if each["provider_ref"] == provider_ref
    ]
    return found == [(bid.receipt, [each.told["sha256"] for each in bid.attachments])]


def receipt_hash(receipt: str) -> str:
    """Return what the facts before the opening tell of a receipt that was given."""
    return sha256(receipt.encode()).hexdigest()


def batches(opened: Mapping[str, Any], most: int = 5) -> Iterator[dict[str, Any]]:
    """Return what open_layer returned in several bodies, as large bids want it."""
    bids = opened["bids"]
    for start in range(0, len(bids), most):
        yield {"bids": bids[start : start + most]}


def _keys(sourcing: Mapping[str, Any]) -> tuple[bytes, bytes]:
    listed = sorted(sourcing["opening_keys"], key=lambda each: each["layer"])
    keys = [base64.b64decode(each["public_key"], validate=True) for each in listed]
    if [key_id(each) for each in keys] != [each["key_id"] for each in listed] or len(set(keys)) != 2:
        raise SealingError("the notice's keys do not fit their names")
    return keys[0], keys[1]


def _padded(text: bytes) -> bytes:
    """Fill up with blanks, which JSON passes over, so that the length tells nothing of the price."""
    return text + b" " * (-len(text) % PAD_TO)
