"""A learner's device, as the demonstration, the benchmarks and tests use it: what a phone does in WebCrypto.

The private key stays in the object, as it stays in a phone (extractable: false).
"""

import base64
import secrets
from datetime import datetime
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from contracts.devices import shown_text, signed_text
from contracts.fields import moment_text

_HALF: Final = 32
_DECIMALS: Final = 6
Spot = tuple[float, float]


class Device:
    """One device with its key."""

    def __init__(self, key: EllipticCurvePrivateKey | None = None) -> None:
        self._key = key or generate_private_key(SECP256R1())

    @property
    def public_key(self) -> str:
        """Return the public key as a voucher is claimed with it."""
        raw = self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return base64.b64encode(raw).decode()

    def answer(
        self, where: tuple[str, str, str], code: str, signed_at: datetime, spot: Spot | None = None
    ) -> dict[str, Any]:
        """Return the signed answer to a session's code, without the class, which stands in the address.

        where: class, session and voucher; spot: longitude and latitude in degrees, when the device tells it.
        """
        nonce = secrets.token_urlsafe(16)
        if spot is not None:
            spot = (round(spot[0], _DECIMALS), round(spot[1], _DECIMALS))
        signature = self._signed(signed_text(where, code, nonce, signed_at, spot))
        body = {
            "session_id": where[1], "voucher_id": where[2], "code": code, "nonce": nonce,
            "signed_at": moment_text(signed_at), "signature": signature,
        }  # fmt: skip
        return body if spot is None else {**body, "longitude": spot[0], "latitude": spot[1]}

    def show(self, token: str, shown_at: datetime) -> dict[str, str]:
        """Return what the device shows of a voucher's token to a class without a network (infra.vouchers)."""
        signature = self._signed(shown_text(token, shown_at))
        return {"token": token, "shown_at": moment_text(shown_at), "signature": signature}

    def _signed(self, text: bytes) -> str:
        r, s = decode_dss_signature(self._key.sign(text, ECDSA(SHA256())))
        return base64.b64encode(r.to_bytes(_HALF, "big") + s.to_bytes(_HALF, "big")).decode()
