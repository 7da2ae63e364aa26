"""Sanctions (处理) on a body: recorded with ground and clause, told to whoever keeps the provider's record.

Source: S23 (37 §19; 600 §7; 7 §24).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from contracts.vocabularies.errors import Refusal

BARRED: Final = "claims_barred"


@dataclass(frozen=True)
class Sanction:
    """until: the last day of a bar from claims; handed_to: the authority that a case went to."""

    id: str
    body_ref: str
    body_name: str
    region: str
    ground: str
    clause: str
    measure: str
    until: date | None
    handed_to: str | None
    claim_id: str | None
    reason: str
    by: str
    at: datetime
    status: str = "recorded"


def check(sanction: Sanction, today: date) -> None:
    """Raise Refusal `settlement.bar_needs_day` unless a bar, and only a bar, has a last day after today."""
    barred = sanction.measure == BARRED
    if barred != (sanction.until is not None) or (sanction.until is not None and sanction.until <= today):
        raise Refusal("settlement.bar_needs_day", field="until")


def barred_until(sanctions: Iterable[Sanction], today: date) -> date | None:
    """Return the last day of a bar that holds today, None when there is none."""
    days = [each.until for each in sanctions if each.measure == BARRED and each.until is not None]
    return max((day for day in days if day >= today), default=None)
