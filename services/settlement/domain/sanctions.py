"""Sanctions (处理) on a body: recorded with ground and clause, told to whoever keeps the provider's record.

Source: S23 (37 §19; 600 §7; 7 §24).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from contracts.vocabularies.errors import Refusal

BARRED: Final = "claims_barred"
RECORDED: Final = "recorded"
LIFTED: Final = "lifted"


@dataclass(frozen=True)
class Sanction:
    """until: the last day of a bar from claims; handed_to: the authority that a case went to.

    by recorded it, lifted_by is another hand; None while it holds.
    """

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
    status: str = RECORDED
    lifted_by: str | None = None
    lifted_at: datetime | None = None
    lift_reason: str | None = None


def check(sanction: Sanction, today: date) -> None:
    """Raise Refusal `settlement.bar_needs_day` unless a bar, and only a bar, has a last day after today."""
    barred = sanction.measure == BARRED
    if barred != (sanction.until is not None) or (sanction.until is not None and sanction.until <= today):
        raise Refusal("settlement.bar_needs_day", field="until")


def lifted(sanction: Sanction, by: str, reason: str, at: datetime) -> Sanction:
    """Lift a sanction by another hand. Raises Refusal `out_of_order` or `settlement.other_hand`."""
    if sanction.status != RECORDED:
        raise Refusal("out_of_order", status=sanction.status, step="lift_sanction")
    if by == sanction.by:
        raise Refusal("settlement.other_hand", held=f"sanction/{sanction.id}")
    return replace(sanction, status=LIFTED, lifted_by=by, lifted_at=at, lift_reason=reason)


def barred_until(sanctions: Iterable[Sanction], today: date) -> date | None:
    """Return the last day of a bar that holds today, None when there is none."""
    bars = [each for each in sanctions if each.measure == BARRED and each.status == RECORDED]
    days = [each.until for each in bars if each.until is not None]
    return max((day for day in days if day >= today), default=None)
