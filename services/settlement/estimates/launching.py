"""Gives what is due to processes of their own, so that reckoning never holds up the calls of this one."""

import atexit
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from typing import Any, Final

import structlog

from services.chassis.calls import Reader
from services.chassis.clock import real_now
from services.chassis.unit import Unit
from services.settlement.domain import estimates as rules
from services.settlement.domain.estimates import Estimate
from services.settlement.store import estimates as store

MOST: Final = 1
_running: Final[dict[str, "subprocess.Popen[bytes]"]] = {}
_log = structlog.get_logger(__name__)


def run_due(reader: Reader, transact: Callable[[Callable[[Unit], Any]], Any]) -> None:
    """Start the estimate that has waited longest, unless this process has one under way."""
    for id, process in list(_running.items()):
        if process.poll() is not None:
            del _running[id]
    now = real_now()
    for estimate in store.open_ones(reader):
        if len(_running) >= MOST:
            return
        if rules.due(estimate, now) and estimate.id not in _running:
            taken = transact(partial(_take, id=estimate.id))
            if taken is not None:
                _start(taken)


def _take(unit: Unit, id: str) -> Estimate | None:
    estimate = store.load(unit, id)
    if estimate is None or not rules.due(estimate, real_now()):
        return None
    after = rules.taken(estimate, real_now(), unit.now)
    store.save(unit, after)
    return after if after.status == rules.RUNNING else None


def _start(estimate: Estimate) -> None:
    command = (
        sys.executable,
        "-m",
        "services.settlement.estimates.worker",
        estimate.id,
        str(estimate.attempt),
    )
    _running[estimate.id] = subprocess.Popen(command)
    _log.info(
        "estimate begun", estimate=estimate.id, attempt=estimate.attempt, process=_running[estimate.id].pid
    )


@atexit.register
def _end_all() -> None:
    """End what is under way with this process; the next one begins it anew."""
    for process in _running.values():
        process.terminate()
