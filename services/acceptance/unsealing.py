"""Attachments of an opened bid: compared with what was told, opened with the keys that the bid held.

The keys are in the plaintext, so nothing here can be done before both officers have opened the bid.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from hashlib import sha256

from nacl.exceptions import CryptoError
from nacl.secret import Aead

from contracts.vocabularies import bid_files as words
from services.acceptance.domain import attachments as rules
from services.acceptance.domain.attachments import Attachment, BidFile, Inside
from services.acceptance.domain.bids import Bid
from services.chassis.content_types import type_of

Parts = Callable[[str], Iterable[bytes]]


def files_of(bid: Bid, plaintext: bytes, parts: Parts) -> tuple[BidFile, ...] | None:
    """Return the attachments of a bid as they were found; None when stored bytes are not those it told of.

    parts: gives the sealed parts of an upload. A bid that lists others than it told of gets none: the domain
    excludes it for that.
    """
    sealed = [list(parts(each.upload_id)) for each in bid.attachments]
    if not all(_as_told(each, found) for each, found in zip(bid.attachments, sealed, strict=True)):
        return None
    try:
        inside = rules.read_inside(json.loads(plaintext))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return ()
    if [each.sealed_sha256 for each in inside] != [each.sha256 for each in bid.attachments]:
        return ()
    return tuple(_judged(each, found) for each, found in zip(inside, sealed, strict=True))


def complete(attachment: Attachment, parts: Iterable[bytes]) -> bool:
    """Return whether the parts that lie here are the attachment that a bidder tells of."""
    return _as_told(attachment, list(parts))


def opened_part(inside: Inside, sealed: bytes, number: int, count: int) -> bytes:
    """Return one part of an attachment. Raises CryptoError when it is not that part."""
    return bytes(Aead(bytes.fromhex(inside.key)).decrypt(sealed, words.place_of(number, count)))


def _as_told(attachment: Attachment, parts: list[bytes]) -> bool:
    whole = b"".join(parts)
    even = all(len(part) == words.SEALED_PART_BYTES for part in parts[:-1])
    return even and (len(whole), sha256(whole).hexdigest()) == (attachment.size, attachment.sha256)


def _judged(inside: Inside, sealed: list[bytes]) -> BidFile:
    file = BidFile(inside)
    try:
        content = b"".join(_opened(inside, sealed))
    except (CryptoError, ValueError):
        return replace(file, problem="unopenable")
    if (len(content), sha256(content).hexdigest()) != (inside.size, inside.sha256):
        return replace(file, problem="differs")
    found = type_of(content)
    if not rules.fits(inside.name, found):
        return replace(file, problem="type")
    return replace(file, content_type=found)


def _opened(inside: Inside, sealed: list[bytes]) -> Iterator[bytes]:
    for number, part in enumerate(sealed):
        yield opened_part(inside, part, number, len(sealed))
