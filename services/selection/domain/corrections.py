"""Requests to correct a record (更正申请): asked by the person, answered by an officer of the source."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from contracts.vocabularies.errors import Refusal
from contracts.vocabularies.roles import FIRST_REVIEWER, SUPERVISOR
from services.selection.domain.entries import Entry

Fact = tuple[str, dict[str, Any]]
# who answers for what a service told
OFFICES: Final = {
    "acceptance": SUPERVISOR,
    "intake": SUPERVISOR,
    "selection": SUPERVISOR,
    "settlement": FIRST_REVIEWER,
}


@dataclass(frozen=True)
class Correction:
    """status: open → upheld | rejected. region: of the officers who answer."""

    id: str
    person_ref: str
    entry_id: str
    source: str
    region: str
    says: str
    asked_at: datetime
    status: str = "open"
    reason: str | None = None
    answered_by: str | None = None
    answered_at: datetime | None = None


def ask(id: str, entry: Entry, region: str, says: str, now: datetime) -> tuple[Correction, Fact]:
    """Ask for a correction of an entry; region: the person's, where the entry has none."""
    made = Correction(id, entry.person_ref, entry.id, entry.source, entry.region or region, says, now)
    told = {"person_ref": made.person_ref, "entry_id": entry.id, "region": made.region}
    return made, ("selection.correction.asked", told)


def answer(
    asked: Correction, upheld: bool, reason: str, roles: frozenset[str], by: str, now: datetime
) -> tuple[Correction, Fact]:
    """Answer a request. Raises Refusal `out_of_order`, `selection.correction_office`."""
    if asked.status != "open":
        raise Refusal("out_of_order", status=asked.status, step="answer")
    if OFFICES[asked.source] not in roles:
        raise Refusal("selection.correction_office", source=asked.source)
    status = "upheld" if upheld else "rejected"
    told = {"person_ref": asked.person_ref, "entry_id": asked.entry_id, "upheld": upheld}
    answered = replace(asked, status=status, reason=reason, answered_by=by, answered_at=now)
    return answered, ("selection.correction.answered", told)
