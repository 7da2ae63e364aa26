"""A mandate (代办授权): a body may post demands for a person or a firm, until a day: recorded → withdrawn |
expired.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from contracts.vocabularies.errors import Refusal
from services.intake.domain.facts import Fact, require
from services.intake.domain.terms import Terms


@dataclass(frozen=True)
class Mandate:
    """principal_ref: who gave it; agency_ref: who holds it; given: by the principal's account, or on paper
    (then ground says which); ended_by: the side that withdrew it.
    """

    id: str
    principal_ref: str
    agency_ref: str
    agency_name: str
    kind: str
    region: str
    given: str
    valid_from: date
    valid_until: date
    recorded_at: datetime
    ground: str | None = None
    status: str = "recorded"
    ended_by: str | None = None
    reason: str | None = None
    past: tuple[Mapping[str, Any], ...] = ()

    def stands(self, today: date) -> bool:
        """Return whether it may be acted on."""
        return self.status == "recorded" and self.valid_from <= today <= self.valid_until


Decision = tuple[Mandate, list[Fact]]
_KEPT: Final = ("given", "ground", "valid_from", "valid_until", "recorded_at", "status", "ended_by", "reason")


def id_of(agency_ref: str, principal_ref: str) -> str:
    """Return the id of the mandate between two: there is one, given anew when it has ended."""
    return f"{agency_ref}:{principal_ref}"


def term(first: date | None, last: date | None, today: date, terms: Terms) -> tuple[date, date]:
    """Return the first and last day of a mandate. Raises Refusal `intake.mandate_term`."""
    begins = first or today
    ends = last or begins + timedelta(days=terms.mandate)
    longest = begins + timedelta(days=terms.mandate_most)
    if not max(today, begins) <= ends <= longest:
        raise Refusal(
            "intake.mandate_term", field="valid_until", first=today.isoformat(), last=longest.isoformat()
        )
    return begins, ends


def record(mandate: Mandate, before: Mandate | None, today: date) -> Decision:
    """Take in a mandate (→ recorded, anew when the one before it has ended).

    What its principal or an officer has withdrawn is not brought back by a paper: the principal's own account
    has to say so. Raises Refusal `intake.mandate_stands`, `intake.mandate_withdrawn`.
    """
    if before is not None:
        if before.status == "recorded" and before.valid_until >= today:
            raise Refusal("intake.mandate_stands", until=before.valid_until.isoformat())
        if mandate.given == "paper" and before.ended_by in ("principal", "officer"):
            raise Refusal("intake.mandate_withdrawn")
        ended = {name: getattr(before, name) for name in _KEPT}
        mandate = replace(mandate, past=(*before.past, ended))
    told = {name: getattr(mandate, name) for name in ("kind", "given", "valid_from", "valid_until")}
    return mandate, [_fact(mandate, "recorded", **told)]


def withdraw(mandate: Mandate, by: str, reason: str) -> Decision:
    """One side, or an officer, ends it (recorded → withdrawn). Raises Refusal `out_of_order`."""
    require(mandate.status, ("recorded",), "withdraw")
    ended = replace(mandate, status="withdrawn", ended_by=by, reason=reason)
    return ended, [_fact(mandate, "withdrawn", by=by, reason=reason)]


def expire(mandate: Mandate, today: date) -> Decision:
    """Its term is over (recorded → expired)."""
    if mandate.status != "recorded" or mandate.valid_until >= today:
        return mandate, []
    return replace(mandate, status="expired"), [_fact(mandate, "expired", valid_until=mandate.valid_until)]


def require_standing(mandate: Mandate | None, today: date) -> Mandate:
    """Return the mandate when it may be acted on. Raises Refusal `intake.mandate_not_standing`."""
    if mandate is None or not mandate.stands(today):
        raise Refusal("intake.mandate_not_standing", field="mandate_id")
    return mandate


def _fact(mandate: Mandate, verb: str, **told: object) -> Fact:
    parties = {name: getattr(mandate, name) for name in ("principal_ref", "agency_ref", "agency_name")}
    return f"intake.mandate.{verb}", {**parties, **told}
