"""Sealed attachments of a bid (应榜附件): what is told of them openly, and what the sealed bid says (0016).

Each is sealed in parts under a key of its own, and the keys lie in the sealed bid alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contracts.vocabularies import bid_files as words
from contracts.vocabularies.errors import Refusal
from contracts.vocabularies.files import ENDINGS
from services.acceptance.domain.facts import distinct

KEY_BYTES = 32


@dataclass(frozen=True)
class Attachment:
    """What the bidder tells openly: where the sealed bytes lie, how many, and their SHA-256."""

    upload_id: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Inside:
    """What the sealed bid says of an attachment. key: hex of the 32 bytes that open its parts."""

    name: str
    size: int
    sha256: str
    sealed_sha256: str
    key: str


@dataclass(frozen=True)
class BidFile:
    """An attachment of an opened bid. problem: of statuses.BID_FILE_PROBLEMS, None when it is whole."""

    inside: Inside
    content_type: str | None = None
    problem: str | None = None


def check(attachments: Sequence[Attachment]) -> None:
    """Raise Refusal `acceptance.attachments` unless number, sizes and names of uploads hold."""
    plain = [words.plain_size(each.size) for each in attachments]
    for place, size in enumerate(plain):
        if not 0 < size <= words.LARGEST:
            raise Refusal("acceptance.attachment_size", field=f"attachments.{place}.size", most=words.LARGEST)
    if sum(plain) > words.LARGEST_TOGETHER or len(attachments) > words.MOST:
        raise Refusal(
            "acceptance.attachments", field="attachments", most=words.MOST, together=words.LARGEST_TOGETHER
        )
    if not distinct([each.upload_id for each in attachments]):
        raise Refusal("acceptance.attachment_missing", field="attachments")


def read_inside(text: Mapping[str, Any]) -> tuple[Inside, ...]:
    """Return what a bid says of its attachments. Raises ValueError, KeyError or TypeError when it is no list
    of them."""
    listed = text.get("attachments", [])
    if not isinstance(listed, list) or len(listed) > words.MOST:
        raise ValueError("attachments")
    return tuple(_inside(each) for each in listed)


def _inside(each: Mapping[str, Any]) -> Inside:
    if type(each["size"]) is not int or not 0 < each["size"] <= words.LARGEST:
        raise ValueError("size")
    for name, length in (("sha256", 32), ("sealed_sha256", 32), ("key", KEY_BYTES)):
        if len(bytes.fromhex(each[name])) != length:
            raise ValueError(name)
    name = each["name"]
    if not isinstance(name, str) or not 0 < len(name.strip()) <= 120 or not name.isprintable():
        raise ValueError("name")
    name.encode()
    return Inside(name, each["size"], each["sha256"], each["sealed_sha256"], each["key"])


def fits(name: str, content_type: str) -> bool:
    """Return whether a type is one that attachments may have, and the name's ending agrees with it."""
    return content_type in words.TYPES and name.lower().endswith(ENDINGS[content_type])
