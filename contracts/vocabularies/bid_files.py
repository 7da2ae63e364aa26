"""Sealed attachments of a bid (应榜附件): how large, of which types, and how they are cut."""

from typing import Final

from contracts.vocabularies.files import DOCX, JPEG, MEGABYTE, PDF, PNG, XLSX

TYPES: Final = frozenset({PDF, JPEG, PNG, DOCX, XLSX})
MOST: Final = 8
LARGEST: Final = 10 * MEGABYTE
LARGEST_TOGETHER: Final = 20 * MEGABYTE
# one message of the broker carries one part; it is sealed by itself
PART_BYTES: Final = 512 * 1024
# a nonce of 24 bytes before it, a tag of 16 after it
SEAL_BYTES: Final = 40
SEALED_PART_BYTES: Final = PART_BYTES + SEAL_BYTES
MOST_PARTS: Final = -(-LARGEST // PART_BYTES)
LARGEST_SEALED: Final = LARGEST + MOST_PARTS * SEAL_BYTES
SCHEME: Final = "wudan-bid-part/1"


def parts_of(sealed_bytes: int) -> int:
    """Return how many parts a sealed attachment of so many bytes has."""
    return -(-sealed_bytes // SEALED_PART_BYTES)


def plain_size(sealed_bytes: int) -> int:
    """Return how many bytes are sealed in an attachment of so many sealed bytes."""
    return sealed_bytes - SEAL_BYTES * parts_of(sealed_bytes)


def place_of(number: int, count: int) -> bytes:
    """Return what binds a part to its place: part `number` (from 0) of `count`."""
    return f"{SCHEME}|{number}|{count}".encode()
