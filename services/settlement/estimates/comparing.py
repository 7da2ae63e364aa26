"""Both sides of an estimate: reckoned in two processes at once, and laid side by side."""

import gc
import multiprocessing
import multiprocessing.connection
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

from services.policy import RuleSet
from services.settlement.estimates.population import PopulationInvalid
from services.settlement.estimates.reckoning import Reckoning, Table

_WAIT: Final = 0.5


class Stopped(Exception):
    """Nobody wants the estimate any more."""


class Broken(Exception):
    """A process that reckoned a side ended without a word."""


@dataclass(frozen=True)
class Cell:
    """One city, group and kind of claim on both sides; fen and people of next year, growth in them."""

    city: str
    group: str
    kind: str
    baseline_people: int
    baseline_fen: int
    scenario_people: int
    scenario_fen: int

    @property
    def difference_fen(self) -> int:
        """What the scenario costs more, negative where it costs less."""
        return self.scenario_fen - self.baseline_fen


def reckon_both(
    path: Path, sides: Sequence[RuleSet], year: int, tell: Callable[[int], bool], region: str | None = None
) -> list[Table]:
    """Return the tables of a population under both rule sets, each reckoned in a process of its own.

    `tell` hears how many rows are read and answers whether to go on; `region`: every row lies in it. Raises
    PopulationInvalid, Stopped, Broken.
    """
    # a new interpreter each: nothing of this process's threads and sockets goes along
    context = multiprocessing.get_context("spawn")
    running = []
    for rules in sides:
        mine, theirs = context.Pipe(duplex=False)
        process = context.Process(target=_side, args=(theirs, path, rules, year, region), daemon=True)
        process.start()
        theirs.close()
        running.append((process, mine))
    try:
        return _gathered([pipe for _, pipe in running], tell)
    finally:
        for process, pipe in running:
            process.kill()
            process.join()
            pipe.close()


def side_by_side(baseline: Table, scenario: Table, growth_percent: int) -> list[Cell]:
    """Return the cells of both tables with the growth in them, rounded down to a person and a fen."""
    grown = [_grown(table.cells, growth_percent) for table in (baseline, scenario)]
    keys = sorted(set(grown[0]) | set(grown[1]))
    return [Cell(*key, *grown[0].get(key, (0, 0)), *grown[1].get(key, (0, 0))) for key in keys]


def summary(rules: RuleSet, table: Table, growth_percent: int) -> dict[str, Any]:
    """Return what is said of one side."""
    grown = _grown(table.cells, growth_percent).values()
    return {
        "edition": rules.edition,
        "hash": rules.hash,
        "people": sum(people for people, _ in grown),
        "total_fen": sum(fen for _, fen in grown),
        "out": dict(table.out),
    }


def _grown(
    cells: Mapping[tuple[str, str, str], tuple[int, int]], percent: int
) -> dict[tuple[str, str, str], tuple[int, int]]:
    return {key: (people * percent // 100, fen * percent // 100) for key, (people, fen) in cells.items()}


def _side(pipe: Connection, path: Path, rules: RuleSet, year: int, region: str | None) -> None:
    """Reckon one side and send it. Ends by itself when nobody listens any more."""
    # what is made is kept to the end: looking for garbage in it would only cost time
    gc.disable()
    try:
        table = Reckoning(rules, lambda read: pipe.send(("read", read)), region).read(path, year).table()
        pipe.send(("table", table))
    except PopulationInvalid as invalid:
        pipe.send(("wrong", invalid.problems))
    except BrokenPipeError:
        return


def _gathered(pipes: "list[Connection]", tell: Callable[[int], bool]) -> list[Table]:
    found: dict[int, Table] = {}
    read = [0] * len(pipes)
    while len(found) < len(pipes):
        waited = [pipe for number, pipe in enumerate(pipes) if number not in found]
        ready = multiprocessing.connection.wait(waited, _WAIT)
        for number, pipe in enumerate(pipes):
            if pipe in ready:
                kind, said = _heard(pipe)
                if kind == "table":
                    found[number] = said
                elif kind == "wrong":
                    raise PopulationInvalid(said)
                else:
                    read[number] = said
        if not tell(min(read)):
            raise Stopped
    return [found[number] for number in range(len(pipes))]


def _heard(pipe: Connection) -> tuple[str, Any]:
    try:
        said: tuple[str, Any] = pipe.recv()
    except EOFError:
        raise Broken from None
    return said
