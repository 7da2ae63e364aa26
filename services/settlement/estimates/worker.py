"""The process that reckons one estimate: `python -m services.settlement.estimates.worker ID ATTEMPT`.

Started by settlement with its settings. What it says is heard only while its attempt is the present one.
"""

import os
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final, TypeVar

import structlog

from services.chassis import logs
from services.chassis.actor import Actor
from services.chassis.calls import Reader
from services.chassis.clock import Clock, real_now
from services.chassis.commits import Committer, Work
from services.chassis.mongo import database
from services.chassis.settings import Settings
from services.chassis.unit import Group, Unit
from services.policy import RulesInvalid
from services.settlement.domain import estimates as rules
from services.settlement.domain.estimates import Estimate
from services.settlement.estimates import books, scenarios
from services.settlement.estimates.comparing import Broken, Stopped, reckon_both, side_by_side, summary
from services.settlement.estimates.outputs import Finished, outputs
from services.settlement.estimates.population import PopulationInvalid
from services.settlement.store import estimates as store

T = TypeVar("T")
NICE: Final = 10
TELL_SECONDS: Final = 1.0
_SELF: Final = Actor("service:settlement", frozenset())
_log = structlog.get_logger(__name__)


class Desk:
    """What reckoning needs of its process: reads and units of work on settlement's database."""

    def __init__(self, settings: Settings) -> None:
        uri = settings.mongo_uri()
        self.mode = settings.mode
        self.database = database(uri, settings.mongo_db())
        clock = Clock(database(uri, settings.clock_db), settings.mode)
        self.reader = Reader(self.database, _SELF, clock)
        self._committer = Committer("settlement", self.database, clock)

    def transact(self, run: Callable[[Unit], T]) -> T:
        """Run a unit of work. Raises what `run` raises."""

        def make(group: Group) -> Unit:
            return Unit(group, _SELF)

        result: T = self._committer.run(Work(make, run))
        return result

    def close(self) -> None:
        """End after what is waiting."""
        self._committer.stop()


class Attempt:
    """One attempt at one estimate."""

    def __init__(self, desk: Desk, id: str, number: int) -> None:
        self._desk, self._id, self._number = desk, id, number
        self._read = 0
        self._wanted = True
        self._over = threading.Event()

    def run(self) -> None:
        """Reckon, and write what came out or what is wrong; leave everything alone when it is over."""
        estimate = store.load(self._desk.reader, self._id)
        if estimate is None or not self._tell():
            return
        telling = threading.Thread(target=self._keep_telling, daemon=True)
        telling.start()
        try:
            self._try(estimate)
        finally:
            self._over.set()
            telling.join()

    def _try(self, estimate: Estimate) -> None:
        try:
            with tempfile.TemporaryDirectory(prefix="estimate-") as folder:
                self._reckon(estimate, Path(folder) / "population")
        except PopulationInvalid as invalid:
            self._fail([asdict(each) for each in invalid.problems])
        except RulesInvalid as invalid:
            self._fail([{"row": 0, "column": "", "reason": str(invalid.problems[0])[:500]}])
        except Stopped:
            _log.info("estimate given up", estimate=self._id, attempt=self._number)
        except Broken:
            # as if killed: whoever takes it next begins anew
            _log.warning("a side of the estimate ended early", estimate=self._id, attempt=self._number)

    def _reckon(self, estimate: Estimate, path: Path) -> None:
        edition = scenarios.rules_of(estimate.region, estimate.edition, self._desk.mode)
        sides = (edition, scenarios.of(estimate, edition))
        self._population(estimate, path)
        tables = reckon_both(path, sides, estimate.year, self._heard, estimate.region)
        growth = estimate.growth_percent
        cells = side_by_side(tables[0], tables[1], growth)
        finished = Finished(
            estimate.name,
            estimate.year,
            growth,
            sides,
            tables,
            cells,
            [str(dict(each)) for each in changes(estimate)],
        )
        made = outputs(finished)
        told = [summary(each, table, growth) for each, table in zip(sides, tables, strict=True)]
        rows = [{**asdict(cell), "difference_fen": cell.difference_fen} for cell in cells]
        self._desk.transact(lambda unit: self._finish(unit, tables[0].rows, told, rows, made))

    def _population(self, estimate: Estimate, path: Path) -> None:
        if estimate.population_id is not None:
            with path.open("wb") as file:
                for raw in store.parts(self._desk.database, estimate.population_id):
                    file.write(raw)
            return
        books.write(self._desk.reader, path, estimate.region, estimate.base_year or estimate.year - 1)

    def _finish(
        self,
        unit: Unit,
        rows: int,
        sides: Sequence[Mapping[str, Any]],
        cells: Sequence[dict[str, Any]],
        made: dict[str, bytes],
    ) -> None:
        estimate = store.load(unit, self._id)
        after = rules.done(estimate, self._number, rows, sides, unit.now) if estimate else None
        if after is not None:
            store.save(unit, after)
            store.put_outcome(unit, self._id, cells, made)

    def _fail(self, problems: Sequence[Mapping[str, Any]]) -> None:
        def write(unit: Unit) -> None:
            estimate = store.load(unit, self._id)
            after = rules.failed(estimate, self._number, problems, unit.now) if estimate else None
            if after is not None:
                store.save(unit, after)

        self._desk.transact(write)

    def _heard(self, read: int) -> bool:
        self._read = read
        return self._wanted

    def _keep_telling(self) -> None:
        """Say every second how far it is, whatever it is at; an outage is waited out."""
        while self._wanted and not self._over.wait(TELL_SECONDS):
            try:
                self._wanted = self._tell()
            except Exception as problem:
                _log.warning("progress not told", estimate=self._id, reason=type(problem).__name__)

    def _tell(self) -> bool:
        """Say how many rows were read; return whether the attempt goes on."""

        def write(unit: Unit) -> bool:
            estimate = store.load(unit, self._id)
            after = rules.told(estimate, self._number, self._read, real_now()) if estimate else None
            if after is not None:
                store.save(unit, after)
            return after is not None

        return self._desk.transact(write)


def changes(estimate: Estimate) -> list[Mapping[str, Any]]:
    """Return what the scenario changes and adds, one after another."""
    return [*estimate.changes, *estimate.rules]


def main(id: str, number: int) -> int:
    """Reckon one estimate; return the exit code."""
    settings = Settings.from_env()
    logs.configure("settlement", settings.log_level)
    os.nice(NICE)
    desk = Desk(settings)
    try:
        Attempt(desk, id, number).run()
    finally:
        desk.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
