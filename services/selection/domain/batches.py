"""Batches of vouchers (发放批次): to whom, within which budget, and what became of them.

Unused vouchers are the known failure of such schemes, so a batch is looked at by how many were claimed and
used, and by why the others were not.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from services.selection.domain.vouchers import UNUSED

SMALL: Final = 5
"""Fewer persons than this are not counted by cause: an officer might know them."""
_CLAIMED: Final = frozenset({"claimed", "bound", "in_use", "redeemed"})
_USED: Final = frozenset({"in_use", "redeemed"})


@dataclass(frozen=True)
class Batch:
    """One batch. To a class, a list, or all of some groups in the region (a rule): class_id, neither, groups.

    budget_fen, voucher_fen: both or neither; given: vouchers given by the batch itself, replacements not
    counted; after: the last person of the rule who was looked at; passed_over: who of them held a voucher.
    """

    id: str
    region: str
    valid_until: datetime
    issued_at: datetime
    status: str = "issued"
    name: str | None = None
    class_id: str | None = None
    groups: tuple[str, ...] | None = None
    budget_fen: int | None = None
    voucher_fen: int | None = None
    voucher_ids: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    given: int = 0
    after: str = ""
    passed_over: int = 0
    short: bool = False

    @property
    def left(self) -> int | None:
        """How many vouchers the budget still gives, None without one."""
        if self.budget_fen is None or self.voucher_fen is None:
            return None
        return self.budget_fen // self.voucher_fen - self.given


@dataclass(frozen=True)
class Count:
    """How many vouchers of a batch are alike: by status, whether claimed, used, spoken of, replaced."""

    status: str
    claimed: bool
    used: bool
    reminded: bool
    replaced: bool
    number: int


def figures(counts: Iterable[Count]) -> dict[str, int]:
    """Count vouchers by status."""
    found: dict[str, int] = {}
    for each in counts:
        found[each.status] = found.get(each.status, 0) + each.number
    return found


def progress(batch: Batch, counts: Iterable[Count], causes: dict[str, int]) -> dict[str, Any]:
    """Return what became of a batch's vouchers (contracts.commands.selection_vouchers.Progress)."""
    rows = tuple(counts)
    by_status = figures(rows)

    def number(statuses: frozenset[str], *flags: str) -> int:
        return sum(
            row.number for row in rows if row.status in statuses or any(getattr(row, flag) for flag in flags)
        )

    worth, none = batch.voucher_fen, frozenset[str]()
    unused, redeemed = number(UNUSED), by_status.get("redeemed", 0)
    open_fen = None if worth is None else worth * (unused + by_status.get("in_use", 0))
    spent_fen = None if worth is None else worth * redeemed
    free_fen = None
    if batch.budget_fen is not None and open_fen is not None and spent_fen is not None:
        free_fen = batch.budget_fen - open_fen - spent_fen
    return {
        "issued": sum(by_status.values()),
        "claimed": number(_CLAIMED, "claimed"),
        "used": number(_USED, "used"),
        "redeemed": redeemed,
        "expired": by_status.get("expired", 0),
        "revoked": by_status.get("revoked", 0),
        "replaced": number(none, "replaced"),
        "open": unused,
        "reminded": number(none, "reminded"),
        "open_fen": open_fen,
        "spent_fen": spent_fen,
        "free_fen": free_fen,
        "causes": [
            {"cause": cause, "people": people if people >= SMALL else None}
            for cause, people in sorted(causes.items())
        ],
    }
