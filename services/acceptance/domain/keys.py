"""The opening officers' keys (开标密钥): registered by their owners, proven to open, retired when lost [S10].

A key pair is made on the officer's own device. Here lies the public half only.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from contracts.vocabularies import regions
from contracts.vocabularies.errors import Refusal
from services.acceptance.domain.facts import Fact, require
from services.acceptance.domain.sourcing import OpeningKey

KEY_ID_DIGITS = 32


@dataclass(frozen=True)
class RegisteredKey:
    """An officer's public key (base64 X25519). challenge: 32 random bytes sealed for it, base64.

    proof_hash: SHA-256 of those bytes, which only the private half gets out.
    """

    id: str
    officer: str
    region: str
    public_key: str
    challenge: str
    proof_hash: str
    registered_at: datetime
    confirmed_at: datetime | None = None
    retired_at: datetime | None = None
    retired_by: str | None = None
    retired_for: str | None = None

    @property
    def status(self) -> str:
        """registered, confirmed or retired (words of vocabularies.statuses.OPENING_KEY)."""
        if self.retired_at is not None:
            return "retired"
        return "registered" if self.confirmed_at is None else "confirmed"


def key_id(public_key: bytes) -> str:
    """Return the name of a public key: 32 hex digits of its SHA-256, enough that no second key has it."""
    return sha256(public_key).hexdigest()[:KEY_ID_DIGITS]


def confirm(key: RegisteredKey, by: str, proof: bytes, now: datetime) -> tuple[RegisteredKey, list[Fact]]:
    """The owner shows what was sealed for the key: registered → confirmed.

    So a key that was copied wrong, or whose private half is somebody else's, never seals a bid.
    Raises Refusal `owner.forbidden`, `out_of_order`, `acceptance.key_proof`.
    """
    if by != key.officer:
        raise Refusal("owner.forbidden")
    require(key.status, ("registered",), "confirm_opening_key")
    if sha256(proof).hexdigest() != key.proof_hash:
        raise Refusal("acceptance.key_proof", field="proof")
    data = {"officer_account": key.officer, "region": key.region, "public_key": key.public_key}
    return replace(key, confirmed_at=now), [("acceptance.opening_key.confirmed", data)]


def retire(key: RegisteredKey, by: str, reason: str, now: datetime) -> tuple[RegisteredKey, list[Fact]]:
    """The key is lost, known to others, or its officer has left: → retired, for good.

    Raises Refusal `out_of_order` when it is retired already.
    """
    require(key.status, ("registered", "confirmed"), "retire_opening_key")
    new = replace(key, retired_at=now, retired_by=by, retired_for=reason)
    return new, [("acceptance.opening_key.retired", {"officer_account": key.officer, "reason": reason})]


def for_notice(
    officers: Sequence[str], found: Sequence[Sequence[RegisteredKey]], region: str
) -> tuple[OpeningKey, ...]:
    """Return the keys that a notice seals with: each officer's newest confirmed one.

    found: each officer's registered keys, in the order of `officers`; region: the project's.
    Raises Refusal `acceptance.no_opening_key` where an officer of the region has none.
    """
    chosen = []
    for place, (officer, keys) in enumerate(zip(officers, found, strict=True)):
        usable = [
            key
            for key in keys
            if key.officer == officer and key.status == "confirmed" and regions.covers(key.region, region)
        ]
        if not usable:
            raise Refusal("acceptance.no_opening_key", field=f"opening_officers.{place}")
        key = max(usable, key=lambda each: (each.registered_at, each.id))
        chosen.append(OpeningKey(key.id, officer, key.public_key))
    return tuple(chosen)
