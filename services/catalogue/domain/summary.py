"""The live summary of demands: what each demand adds to its rows, at the grains that are read."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from services.catalogue.domain.demands import Demand

STATES: Final = ("posted", "open", "taken", "met", "gone")
# Demands of each state and the people in them. posted counts all that ever came; the others where they stand.
COUNTS: Final = tuple(f"{state}{tail}" for state in STATES for tail in ("", "_heads"))
# Each a collection and what its rows are told apart by. A question is answered from the smallest that can:
# a million demands lie in some 180,000 cells, but in 30,000 sums and 1,600 months (bench/summary.py).
GRAINS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "demand_months": ("region", "month", "kind"),
        "demand_sums": ("region", "occupation", "level", "kind"),
        "demand_cells": ("region", "occupation", "level", "month", "kind"),
    }
)


@dataclass(frozen=True)
class Row:
    """A row of the summary, or what changes in it. grain: its collection; key: its values there."""

    grain: str
    key: tuple[str, ...]
    counts: Mapping[str, int]

    @property
    def id(self) -> str:
        """Its id in the collection."""
        return "|".join(self.key)


def counts_of(demand: Demand) -> dict[str, int]:
    """Return what one demand adds to each of its rows, zeros left out."""
    found: dict[str, int] = {}
    for state in ("posted", *_standing(demand)):
        found |= {state: 1, f"{state}_heads": demand.headcount}
    return found


def _standing(demand: Demand) -> tuple[str, ...]:
    if demand.standing:
        return ("open",) if demand.open else ("taken",)
    if demand.status == "met":
        return ("met",)
    return ("gone",) if demand.status in ("withdrawn", "lapsed") else ()


def changes(pairs: Iterable[tuple[Demand | None, Demand]]) -> list[Row]:
    """Return by how much rows change when demands do; before: None for a new one."""
    sums: dict[tuple[str, tuple[str, ...]], Counter[str]] = {}
    for before, after in pairs:
        for demand, sign in ((before, -1), (after, 1)):
            for place in _places(demand) if demand else ():
                row = sums.setdefault(place, Counter())
                for name, value in counts_of(demand).items() if demand else ():
                    row[name] += sign * value
    changed = ((place, {name: by for name, by in row.items() if by}) for place, row in sums.items())
    return [Row(*place, counts) for place, counts in changed if counts]


def _places(demand: Demand) -> Iterable[tuple[str, tuple[str, ...]]]:
    return ((grain, tuple(getattr(demand, name) for name in names)) for grain, names in GRAINS.items())


def grain_for(names: Iterable[str]) -> str:
    """Return the smallest grain whose rows know all of these (county, occupation, level, month, kind)."""
    wanted = set(names)
    return next(grain for grain, known in GRAINS.items() if wanted <= set(known))


@dataclass(frozen=True)
class Difference:
    """A count of a row that is not what follows from the demands. row: its grain and values, joined."""

    row: str
    count: str
    kept: int
    reckoned: int


def differences(kept: Iterable[Row], reckoned: Iterable[Row]) -> Iterator[Difference]:
    """Compare rows with what follows from the demands, both by id, rows without counts left out."""
    ours, theirs = iter(kept), iter(reckoned)
    one, other = next(ours, None), next(theirs, None)
    while one or other:
        if other is None or (one is not None and one.id < other.id):
            yield from _between(one, None)
            one = next(ours, None)
        elif one is None or other.id < one.id:
            yield from _between(None, other)
            other = next(theirs, None)
        else:
            yield from _between(one, other)
            one, other = next(ours, None), next(theirs, None)


def _between(kept: Row | None, reckoned: Row | None) -> Iterator[Difference]:
    row = kept or reckoned
    for name in COUNTS if row else ():
        have = kept.counts.get(name, 0) if kept else 0
        want = reckoned.counts.get(name, 0) if reckoned else 0
        if have != want and row:
            yield Difference(f"{row.grain}/{row.id}", name, have, want)
