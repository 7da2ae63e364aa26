"""An estimate (资金测算) from its request to its end. Who reckons holds it for a while and must say so again.

The one who reckons may be killed at any moment: when the time is over, the next one takes it and begins anew.
What the first one still says then is not heard, because its attempt is over.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from contracts.vocabularies import regions
from contracts.vocabularies.errors import Refusal

HELD: Final = timedelta(seconds=30)
MOST_ATTEMPTS: Final = 3
MOST_WAITING: Final = 5
WAITING: Final = "waiting"
RUNNING: Final = "running"
DONE: Final = "done"
FAILED: Final = "failed"
CANCELLED: Final = "cancelled"
OPEN: Final = (WAITING, RUNNING)


@dataclass(frozen=True)
class Estimate:
    """held_until: real time (UTC), to which the present attempt may go without a word; read: rows so far.

    baseline and scenario: edition, hash, people, total_fen, out; None until done. problems: of its rows.
    """

    id: str
    name: str
    region: str
    year: int
    base_year: int | None
    population_id: str | None
    growth_percent: int
    edition: str
    changes: tuple[Mapping[str, Any], ...]
    rules: tuple[Mapping[str, Any], ...]
    requested_by: str
    requested_at: datetime
    reason: str
    status: str = WAITING
    attempt: int = 0
    held_until: datetime | None = None
    read: int = 0
    rows: int | None = None
    finished_at: datetime | None = None
    baseline: Mapping[str, Any] | None = None
    scenario: Mapping[str, Any] | None = None
    problems: tuple[Mapping[str, Any], ...] = ()

    @property
    def content(self) -> dict[str, Any]:
        """The scenario as services.policy.overlay takes it."""
        return {"change": list(self.changes), "rule": list(self.rules)}


def check_region(region: str) -> None:
    """Check that an estimate may be made of a region. Raises Refusal `settlement.estimate_region`."""
    if region not in (*regions.PROVINCES, *regions.CITIES):
        raise Refusal("settlement.estimate_region", field="region", region=region)


def check_queue(waiting: int) -> None:
    """Check that a region has room for one more. Raises Refusal `settlement.estimate_queue`."""
    if waiting >= MOST_WAITING:
        raise Refusal("settlement.estimate_queue", count=waiting)


def due(estimate: Estimate, now: datetime) -> bool:
    """Return whether somebody has to reckon it: it waits, or who held it is gone. now: real time."""
    abandoned = estimate.held_until is None or estimate.held_until < now
    return estimate.status == WAITING or (estimate.status == RUNNING and abandoned)


def taken(estimate: Estimate, now: datetime, at: datetime) -> Estimate:
    """Return the estimate in the hands of its next attempt, or failed after too many. now: real time."""
    if estimate.attempt >= MOST_ATTEMPTS:
        reason = "测算进程多次中断 / the process ended again and again"
        return (
            failed(estimate, estimate.attempt, [{"row": 0, "column": "", "reason": reason}], at) or estimate
        )
    return replace(
        estimate, status=RUNNING, attempt=estimate.attempt + 1, held_until=now + HELD, read=0, rows=None
    )


def told(estimate: Estimate, attempt: int, read: int, now: datetime) -> Estimate | None:
    """Return the estimate after a word of its attempt; None when that one is over."""
    if not _of(estimate, attempt):
        return None
    return replace(estimate, held_until=now + HELD, read=read)


def done(
    estimate: Estimate, attempt: int, rows: int, sides: Sequence[Mapping[str, Any]], at: datetime
) -> Estimate | None:
    """Return the estimate with its two sides; None when the attempt is over."""
    if not _of(estimate, attempt):
        return None
    ended = replace(estimate, status=DONE, held_until=None, read=rows, rows=rows, finished_at=at)
    return replace(ended, baseline=sides[0], scenario=sides[1])


def failed(
    estimate: Estimate, attempt: int, problems: Sequence[Mapping[str, Any]], at: datetime
) -> Estimate | None:
    """Return the estimate with what is wrong; None when the attempt is over."""
    if not _of(estimate, attempt):
        return None
    return replace(estimate, status=FAILED, held_until=None, finished_at=at, problems=tuple(problems))


def cancelled(estimate: Estimate, reason: str, at: datetime) -> Estimate:
    """Return the estimate given up. Raises Refusal `settlement.estimate_closed`."""
    if estimate.status not in OPEN:
        raise Refusal("settlement.estimate_closed", status=estimate.status)
    return replace(estimate, status=CANCELLED, held_until=None, finished_at=at, reason=reason)


def _of(estimate: Estimate, attempt: int) -> bool:
    return estimate.status == RUNNING and estimate.attempt == attempt
