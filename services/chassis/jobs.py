"""Scheduled jobs: each due time runs once, whatever the number of instances."""

import time
from datetime import UTC, datetime
from typing import Any, Final

import eventlet
import structlog
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from services.chassis import metrics
from services.chassis.mongo import Document

RUNS: Final = "job_runs"
_log = structlog.get_logger(__name__)


def take(database: "Database[Document]", name: str, due: int) -> bool:
    """Take a due time (seconds since the epoch, real time) by its unique row; False when another has it."""
    try:
        database[RUNS].insert_one({"_id": f"{name}:{due}", "at": datetime.now(UTC)})
    except DuplicateKeyError:
        return False
    return True


class JobEntrypoint(Entrypoint):
    """Runs a method at every multiple of `every` seconds of real time, never beside a run still going."""

    def __init__(self, name: str, every: int, **kwargs: Any) -> None:
        self.name = name
        self.every = every
        super().__init__(**kwargs)

    def setup(self) -> None:
        """Prepare to run."""
        self._stopping = False

    def start(self) -> None:
        """Begin the schedule."""
        self._thread = self.container.spawn_managed_thread(self._run, identifier=f"job-{self.name}")

    def stop(self) -> None:
        """End after the run in hand."""
        self._stopping = True
        self._thread.wait()

    def _run(self) -> None:
        while not self._stopping:
            due = int(time.time() // self.every + 1) * self.every
            while not self._stopping and time.time() < due:
                eventlet.sleep(min(0.2, max(0.0, due - time.time())))
            if not self._stopping:
                self._run_once(due)

    def _run_once(self, due: int) -> None:
        done = eventlet.event.Event()

        def finished(_context: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
            done.send(exc_info is None)
            return result, exc_info

        try:
            self.container.spawn_worker(self, (due,), {}, handle_result=finished)
        except ContainerBeingKilled:
            return
        outcome = "ok" if done.wait() else "failed"
        metrics.JOBS.labels(self.container.service_name, self.name, outcome).inc()
