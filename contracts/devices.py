"""What a learner's device signs at sign-in, and how its key and its signature travel.

The device makes a P-256 key that cannot be taken out of it (WebCrypto, extractable: false) and signs with
ECDSA over SHA-256. Positions are rounded to six decimals of a degree before they are signed.
"""

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from marshmallow import ValidationError, fields

from contracts.fields import moment_text

SCHEME: Final = "wudan-sign-in-1"
SHOWING: Final = "wudan-voucher-1"
VOUCHER_TOKEN: Final = "voucher+jwt"  # noqa: S105
"""The type of a voucher's token, so that nothing else signed by the issuer passes for one."""
KEY_BYTES: Final = 65
SIGNATURE_BYTES: Final = 64
_UNCOMPRESSED: Final = 4


class _Base64(fields.String):
    """Base64 of a fixed number of bytes, kept as text."""

    size = 0

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            raw = base64.b64decode(text, validate=True) if len(text) <= 2 * self.size else b""
        except (binascii.Error, ValueError):
            raw = b""
        if len(raw) != self.size or not self.fits(raw):
            raise ValidationError(f"应为 {self.size} 字节的 base64 / base64 of {self.size} bytes is needed")
        return text

    def fits(self, raw: bytes) -> bool:
        """Tell whether the bytes have the right form."""
        return len(raw) == self.size


class DeviceKey(_Base64):
    """A public P-256 key as WebCrypto exports it raw: an uncompressed point (SEC 1), base64."""

    size = KEY_BYTES

    def fits(self, raw: bytes) -> bool:
        """Tell whether it begins as an uncompressed point does."""
        return raw[0] == _UNCOMPRESSED


class DeviceSignature(_Base64):
    """An ECDSA signature as WebCrypto gives it: r and s, 32 bytes each, base64."""

    size = SIGNATURE_BYTES


def signed_text(where: Sequence[str], code: str, nonce: str, signed_at: datetime, spot: Any) -> bytes:
    """Return the bytes that the device signs. where: class, session and voucher; spot: longitude and latitude
    in degrees, or None.
    """
    position = "-" if spot is None else f"{spot[0]:.6f},{spot[1]:.6f}"
    return "\n".join((SCHEME, *where, code, nonce, moment_text(signed_at), position)).encode()


def shown_text(token: str, shown_at: datetime) -> bytes:
    """Return the bytes that the device signs when it shows a voucher's token to a class without a network."""
    return "\n".join((SHOWING, token, moment_text(shown_at))).encode()
