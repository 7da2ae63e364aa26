"""Voucher tokens (培训券凭证): what a class checks without a network, and which tell bystanders nothing.

A token is a JWS (RFC 7515) signed with the issuer's Ed25519 key (RFC 8037). It carries no person and no
voucher, only a name that is the same for one voucher in one class, the class, an end, and the device that
may show it.
"""

import base64
import hashlib
import hmac
import json
from datetime import datetime
from typing import Any, Final

from nacl.signing import SigningKey

from contracts.devices import VOUCHER_TOKEN

ISSUER: Final = "wudan"
_HOLDER_BYTES: Final = 16
_POINT: Final = 32


def holder_of(seed: bytes, voucher_id: str, class_id: str) -> str:
    """Return the name of a voucher in a class, which only who holds the seed can trace to the voucher."""
    key = hashlib.blake2b(seed, digest_size=32, person=b"voucher-holder").digest()
    digest = hmac.new(key, f"{voucher_id}|{class_id}".encode(), hashlib.sha256).digest()
    return _text(digest[:_HOLDER_BYTES])


def signed(key: tuple[str, bytes], claims: dict[str, Any]) -> str:
    """Return claims as a compact JWS. key: kid and the Ed25519 seed."""
    kid, seed = key
    head = {"alg": "EdDSA", "kid": kid, "typ": VOUCHER_TOKEN}
    text = f"{_text(_json(head))}.{_text(_json(claims))}"
    return f"{text}.{_text(SigningKey(seed).sign(text.encode()).signature)}"


def claims_of(
    holder: str, class_id: str, issued: datetime, until: datetime, device: str | None
) -> dict[str, Any]:
    """Return what a token says. device: the public key (P-256, base64) bound to the voucher, if any."""
    claims: dict[str, Any] = {
        "iss": ISSUER, "sub": holder, "class": class_id, "iat": int(issued.timestamp()),
        "exp": int(until.timestamp()),
    }  # fmt: skip
    if device is not None:
        point = base64.b64decode(device)[1:]
        x, y = _text(point[:_POINT]), _text(point[_POINT:])
        claims["cnf"] = {"jwk": {"kty": "EC", "crv": "P-256", "x": x, "y": y}}
    return claims


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, separators=(",", ":"), sort_keys=True).encode()


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
