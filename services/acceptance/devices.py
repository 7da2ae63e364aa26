"""Keys of learners' devices and the session's changing code: known algorithms of a known library.

ECDSA on P-256 with SHA-256 (FIPS 186-5), as WebCrypto signs; TOTP with HMAC-SHA-256 (RFC 6238).
"""

import base64
import hmac
from datetime import datetime
from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from contracts.devices import signed_text
from services.acceptance.domain.copies import Voucher
from services.acceptance.domain.sign_ins import Answer, Checked, Limits, Screen

DIGITS: Final = 8
SECRET_BYTES: Final = 32
_HALF: Final = 32


def checked(
    answer: Answer, voucher: Voucher | None, screen: Screen | None, limits: Limits, now: datetime
) -> Checked:
    """Return what the signature and the code of an answer prove."""
    key, secret = voucher.device_key if voucher else None, screen.secret if screen else None
    fits = (limits.period, limits.back, limits.ahead)
    live = secret is not None and code_fits(secret, answer.code, now, *fits)
    return Checked(
        signed=key is not None and signed_by(key, answer.signature, text_of(answer)),
        live=live,
        as_signed=live or (secret is not None and code_fits(secret, answer.code, answer.signed_at, *fits)),
    )


def text_of(answer: Answer) -> bytes:
    """Return the bytes that the device signed."""
    where = (answer.class_id, answer.session_id, answer.voucher_id)
    return signed_text(where, answer.code, answer.nonce, answer.signed_at, answer.spot)


def signed_by(device_key: str, signature: str, text: bytes) -> bool:
    """Return whether the device's key made the signature; False too for a key that is none."""
    raw = base64.b64decode(signature)
    r, s = int.from_bytes(raw[:_HALF], "big"), int.from_bytes(raw[_HALF:], "big")
    try:
        key = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), base64.b64decode(device_key))
        key.verify(encode_dss_signature(r, s), text, ECDSA(SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


def code_at(secret: str, moment: datetime, period: int, steps: int = 0) -> str:
    """Return the code of a session at a moment. secret: base64; period: seconds; steps: periods later."""
    return _code(secret, max(0, int(moment.timestamp()) // period + steps) * period, period)


@lru_cache(65_536)
def _code(secret: str, second: int, period: int) -> str:
    # of a whole class that answers within the same seconds; a province has thousands of classes at once
    return TOTP(base64.b64decode(secret), DIGITS, SHA256(), period).generate(second).decode()


def code_fits(secret: str, code: str, moment: datetime, period: int, back: int, ahead: int) -> bool:
    """Return whether this is the code of the moment, or of one of `back` periods before or `ahead` after."""
    # nearly all of a class send the code that shows, or the one before
    steps = sorted(range(-back, ahead + 1), key=abs)
    return any(hmac.compare_digest(code_at(secret, moment, period, each), code) for each in steps)
