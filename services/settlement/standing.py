"""Whether a body may claim: not while a sanction bars it, at whatever step the claim is by then.

Only bodies are sanctioned (S23), so a person's own claim passes.
"""

from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from services.chassis.unit import Unit
from services.settlement.domain import sanctions
from services.settlement.store import recoveries


def barred(unit: Unit, body_ref: str) -> str | None:
    """Return the last day of a bar that holds today, None when there is none."""
    until = sanctions.barred_until(recoveries.sanctions_of(unit, body_ref), today_in_shanghai(unit.now))
    return None if until is None else until.isoformat()


def check(unit: Unit, body_ref: str) -> None:
    """Raise Refusal `settlement.sanctioned` while a body is barred from claims."""
    until = barred(unit, body_ref)
    if until is not None:
        raise Refusal("settlement.sanctioned", until=until)
