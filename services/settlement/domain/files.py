"""A file of a claim: when one may be added, what its content says it is, and whether its name agrees.

The type is found in the content. A name only has to agree with it: what a name claims is never believed.
"""

import unicodedata
from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from contracts.vocabularies import files
from contracts.vocabularies.errors import Refusal

OPEN_FOR_FILES: Final = frozenset({"computed", "sent_back"})


@dataclass(frozen=True)
class ClaimFile:
    """A file of a claim; its bytes lie in parts under its id. scan: one of files.SCANS.

    edited_at: when a read first found its bytes to differ from the hash, None while they agree.
    """

    id: str
    claim_id: str
    kind: str
    name: str
    sha256: str
    size: int
    content_type: str
    scan: str
    added_by: str
    added_at: datetime
    scan_found: str | None = None
    scanned_at: datetime | None = None
    edited_at: datetime | None = None


def check_open(status: str) -> None:
    """Check that a claim takes files. Raises Refusal `settlement.files_closed`."""
    if status not in OPEN_FOR_FILES:
        raise Refusal("settlement.files_closed", status=status)


def check_size(kind: str, size: int) -> None:
    """Check a size in bytes. Raises Refusal `settlement.file_too_large` or `settlement.file_empty`."""
    if size == 0:
        raise Refusal("settlement.file_empty", field="file")
    if size > files.LARGEST[kind]:
        raise Refusal("settlement.file_too_large", field="file", limit=files.LARGEST[kind])


def check_new(known: Iterable[ClaimFile], sha256: str) -> None:
    """Check that a claim has room for a file and not the same one.

    Raises Refusal `settlement.file_known` or `settlement.too_many_files`.
    """
    there = list(known)
    for each in there:
        if each.sha256 == sha256:
            raise Refusal("settlement.file_known", field="file", file_id=each.id)
    if len(there) >= files.MOST_FILES:
        raise Refusal("settlement.too_many_files", most=files.MOST_FILES)


def check_whole(known: Iterable[ClaimFile], answered: Container[str]) -> None:
    """Check that no file was found edited without the first review's answer to its mark.

    answered: ids of files. Raises Refusal `settlement.evidence_edited`.
    """
    for each in known:
        if each.edited_at is not None and each.id not in answered:
            raise Refusal("settlement.evidence_edited", file_id=each.id)


def check_type(kind: str, name: str, found: str) -> str:
    """Return the media type that was found in the content, when the kind allows it and the name agrees.

    Raises Refusal `settlement.file_type` or `settlement.file_name`.
    """
    if found not in files.KINDS[kind]:
        allowed = ", ".join(sorted(end for type in files.KINDS[kind] for end in files.ENDINGS[type]))
        raise Refusal("settlement.file_type", field="file", kind=kind, found=found, allowed=allowed)
    if not name.lower().endswith(files.ENDINGS[found]) or not _plain(name):
        raise Refusal("settlement.file_name", field="file", found=found)
    return found


def _plain(name: str) -> bool:
    """Tell whether a name has no path, no control and no invisible characters (which turn text around)."""
    return not any(char in '/\\:*?"<>|' or unicodedata.category(char)[0] == "C" for char in name)


def told(file: ClaimFile) -> dict[str, Any]:
    """Return the data of the fact that a file was added."""
    names = ("kind", "sha256", "size", "content_type", "scan")
    return {"file_id": file.id, **{name: getattr(file, name) for name in names}}
