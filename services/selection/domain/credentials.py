"""Credentials (凭证) that anyone can check: what each says, until when, and where its revocation stands."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from contracts.vocabularies.errors import Refusal

Fact = tuple[str, dict[str, Any]]
# bits of a status list, the least that the W3C recommends, so that an index tells nothing of its holder
LIST_BITS: Final = 131_072
# half of a list is given out, so that a free index is found at once
LIST_FILL: Final = LIST_BITS // 2


@dataclass(frozen=True)
class Credential:
    """kind: certificate (of entry_id) or record (of a scope). subject: an opaque id made for it alone.

    status_list, status_index: its bit; holder_key: of the device that shows it, base64.
    """

    id: str
    person_ref: str
    kind: str
    entry_id: str | None
    scope: tuple[str, ...]
    audience: str
    purpose: str
    issued_at: datetime
    until: datetime
    with_name: bool
    with_id_number: bool
    holder_key: str | None
    subject: str
    status_list: int
    status_index: int
    revoked_at: datetime | None = None
    reason: str | None = None


def status(credential: Credential, now: datetime) -> str:
    """Return where a credential stands: valid, revoked, ended."""
    if credential.revoked_at is not None:
        return "revoked"
    return "valid" if now < credential.until else "ended"


def issued(credential: Credential) -> Fact:
    """Return the fact of a credential."""
    told = {"person_ref": credential.person_ref, "kind": credential.kind, "until": credential.until}
    return "selection.credential.issued", told


def revoke(credential: Credential, reason: str, now: datetime) -> tuple[Credential, Fact | None]:
    """Revoke a credential; one that is revoked already stays as it is."""
    if credential.revoked_at is not None:
        return credential, None
    told = {"person_ref": credential.person_ref, "reason": reason}
    return replace(credential, revoked_at=now, reason=reason), ("selection.credential.revoked", told)


def check_valid(credential: Credential, now: datetime) -> None:
    """Raise Refusal `selection.credential_closed` for one that is not valid any more."""
    standing = status(credential, now)
    if standing != "valid":
        raise Refusal("selection.credential_closed", status=standing)


def next_index(drawn: int, tries: int) -> int:
    """Return the index to try: drawn at random at first, then one after another."""
    return (drawn + tries) % LIST_BITS


def of_entry(credential: Credential, entry_id: str, kind: str) -> bool:
    """Tell whether a credential says what an entry says."""
    return credential.entry_id == entry_id or kind in credential.scope
