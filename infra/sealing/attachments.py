"""Attachments of a bid: sealed in parts under a key of their own, which lies in the sealed bid alone.

So whoever cannot open both layers of the bid has no key to its attachments either.
"""

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import PurePath
from typing import Any

from nacl.exceptions import CryptoError
from nacl.secret import Aead

from contracts.vocabularies import bid_files as words
from infra.sealing.errors import SealingError


@dataclass(frozen=True)
class SealedAttachment:
    """A sealed file. inside: what the sealed bid says of it, its key included; told: what is said openly."""

    upload_id: str
    parts: tuple[bytes, ...] = field(repr=False)
    inside: dict[str, Any] = field(repr=False)
    told: dict[str, Any]


def seal_attachment(name: str, content: bytes) -> SealedAttachment:
    """Seal a file. Raises SealingError when it is empty or too large."""
    if not 0 < len(content) <= words.LARGEST:
        raise SealingError(f"{name}: an attachment has 1 to {words.LARGEST} bytes")
    key = secrets.token_bytes(Aead.KEY_SIZE)
    box, pieces = Aead(key), list(_pieces(content))
    parts = tuple(
        bytes(box.encrypt(piece, words.place_of(number, len(pieces)))) for number, piece in enumerate(pieces)
    )
    upload_id, sealed = secrets.token_hex(16), b"".join(parts)
    hash = sha256(sealed).hexdigest()
    inside = {
        "name": PurePath(name).name, "size": len(content), "sha256": sha256(content).hexdigest(),
        "sealed_sha256": hash, "key": key.hex(),
    }  # fmt: skip
    return SealedAttachment(
        upload_id, parts, inside, {"upload_id": upload_id, "size": len(sealed), "sha256": hash}
    )


def open_attachment(inside: Mapping[str, Any], sealed: bytes) -> bytes:
    """Return the content of a sealed attachment. Raises SealingError when it is not what the bid says."""
    box, count = Aead(bytes.fromhex(inside["key"])), words.parts_of(len(sealed))
    try:
        content = b"".join(
            box.decrypt(part, words.place_of(number, count))
            for number, part in enumerate(_pieces(sealed, words.SEALED_PART_BYTES))
        )
    except (CryptoError, ValueError) as problem:
        raise SealingError("the attachment does not open") from problem
    if sha256(content).hexdigest() != inside["sha256"]:
        raise SealingError("the attachment is not what the bid says")
    return content


def _pieces(content: bytes, size: int = words.PART_BYTES) -> Iterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]
