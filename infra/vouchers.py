"""How a class checks a training voucher without a network: the issuer's published keys, and nothing else.

A learner's device shows the token and signs the showing, so that a picture of another's screen is not enough.
Names taken along from the class's list show which vouchers were revoked or released since.
"""

import base64
import json
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePublicNumbers,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from contracts.devices import VOUCHER_TOKEN, shown_text

FRESH: Final = timedelta(minutes=2)
_HALF: Final = 32
_MOST: Final = 4096
_PARTS: Final = 3


class NotGood(Exception):
    """The voucher is not good for the class; the text says why."""


def check(
    shown: Mapping[str, str],
    keys: Iterable[Mapping[str, Any]],
    class_id: str,
    now: datetime,
    holders: Collection[str] | None = None,
) -> str:
    """Return the name of a voucher that is good for the class now. Raises NotGood.

    shown: what the device shows (infra.devices.Device.show); keys: the issuer's JWK set; holders: the names
    on the class's list when it was last fetched, None without one.
    """
    claims = _claims(shown.get("token", ""), {key["kid"]: key for key in keys})
    if claims.get("class") != class_id:
        raise NotGood("the voucher is bound to another class")
    if not claims.get("iat", 0) <= (now + FRESH).timestamp() or claims.get("exp", 0) <= now.timestamp():
        raise NotGood("the token is not valid now")
    if "cnf" in claims:
        _check_device(claims["cnf"]["jwk"], shown, now)
    name = str(claims.get("sub", ""))
    if holders is not None and name not in holders:
        raise NotGood("the voucher is no longer bound to this class")
    return name


def _claims(token: str, keys: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    parts = token.split(".") if len(token) <= _MOST else []
    if len(parts) != _PARTS:
        raise NotGood("this is no token")
    try:
        head, claims = (json.loads(_bytes(part)) for part in parts[:2])
        signature = _bytes(parts[2])
        right = head == {"alg": "EdDSA", "kid": head["kid"], "typ": VOUCHER_TOKEN}
        key = keys.get(head["kid"]) if right else None
    except (ValueError, KeyError, TypeError):
        raise NotGood("this is no token") from None
    if key is None or not isinstance(claims, dict):
        raise NotGood("the token is not signed by a key of the issuer")
    try:
        public = Ed25519PublicKey.from_public_bytes(_bytes(key["x"]))
        public.verify(signature, f"{parts[0]}.{parts[1]}".encode())
    except (InvalidSignature, ValueError):
        raise NotGood("the signature is wrong") from None
    return claims


def _check_device(jwk: Mapping[str, str], shown: Mapping[str, str], now: datetime) -> None:
    try:
        shown_at = datetime.fromisoformat(shown["shown_at"]).astimezone(UTC)
        raw = base64.b64decode(shown["signature"], validate=True)
        r, s = (int.from_bytes(half) for half in (raw[:_HALF], raw[_HALF:]))
        point = (int.from_bytes(_bytes(jwk[name])) for name in ("x", "y"))
        key = EllipticCurvePublicNumbers(*point, SECP256R1()).public_key()
        key.verify(encode_dss_signature(r, s), shown_text(shown["token"], shown_at), ECDSA(SHA256()))
    except (InvalidSignature, ValueError, KeyError):
        raise NotGood("another device shows this token") from None
    if abs(now - shown_at) > FRESH:
        raise NotGood("the showing is too old")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
