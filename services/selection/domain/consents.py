"""Consent (授权): a body reads some of a record, for a purpose, until it ends or is revoked [37 §12]."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from contracts.vocabularies.errors import Refusal

Fact = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Consent:
    """scope: kinds of entries, credits, name. readings: how often it was used."""

    id: str
    person_ref: str
    reader_code: str
    reader_ref: str
    reader_name: str
    purpose: str
    scope: tuple[str, ...]
    given_at: datetime
    until: datetime
    ended_at: datetime | None = None
    readings: int = 0


def status(consent: Consent, now: datetime) -> str:
    """Return where a consent stands: given, revoked, ended."""
    if consent.ended_at is not None:
        return "revoked"
    return "given" if now < consent.until else "ended"


def check_term(now: datetime, until: datetime, days: int) -> None:
    """Raise Refusal `selection.consent_term` for an end in the past or further off than `days`."""
    latest = now + timedelta(days=days)
    if not now < until <= latest:
        shown = latest.isoformat(timespec="minutes").replace("+00:00", "Z")
        raise Refusal("selection.consent_term", "until", latest=shown)


def give(consent: Consent) -> Fact:
    """Return the fact of a consent."""
    told = {
        "person_ref": consent.person_ref,
        "reader_ref": consent.reader_ref,
        "scope": list(consent.scope),
        "until": consent.until,
    }
    return "selection.consent.given", told


def revoke(consent: Consent, now: datetime) -> tuple[Consent, Fact | None]:
    """End a consent at once; one that has ended already stays as it is."""
    if status(consent, now) != "given":
        return consent, None
    told = {"person_ref": consent.person_ref, "reader_ref": consent.reader_ref}
    return replace(consent, ended_at=now), ("selection.consent.revoked", told)


def read(consent: Consent, reader_code: str | None, now: datetime) -> Consent:
    """Use a consent once more. reader_code: of the body that reads.

    Raises Refusal `owner.forbidden`, `selection.consent_closed`.
    """
    if reader_code != consent.reader_code:
        raise Refusal("owner.forbidden")
    standing = status(consent, now)
    if standing != "given":
        raise Refusal("selection.consent_closed", status=standing)
    return replace(consent, readings=consent.readings + 1)
