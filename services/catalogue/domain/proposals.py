"""Projects proposed from open demands: of one occupation and level, near one another, wanted at about one
time.

The rule is greedy, and its figures are shown: of all counties and first days the circle and the days with
most people are taken first (then the earliest day, then the lowest code), until too few people are left
anywhere. Nothing chains: every county of a proposal lies within the distance from its centre [37 §4, §5].
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from contracts.vocabularies import levels, naming, regions

Distance = Callable[[str, str], int | None]
TOO_FEW: Final = "too_few"


@dataclass(frozen=True)
class Limits:
    """within_km: from the centre's county; within_days: from the first wanted start to the last;
    at_least, at_most: people of a proposal.
    """

    within_km: int
    within_days: int
    at_least: int
    at_most: int


@dataclass(frozen=True)
class Wanted:
    """An open demand, as far as it is grouped by it. headcount: people not trained yet."""

    id: str
    kind: str
    county: str
    occupation: str
    level: str
    wanted_from: date
    headcount: int


@dataclass(frozen=True)
class Proposal:
    """Demands that would make one project. centre: the county that the others lie about."""

    occupation: str
    level: str
    centre: str
    demands: tuple[Wanted, ...]

    @property
    def headcount(self) -> int:
        """People asked for."""
        return sum(demand.headcount for demand in self.demands)

    @property
    def counties(self) -> tuple[str, ...]:
        """Where they are asked for, by code."""
        return tuple(sorted({demand.county for demand in self.demands}))

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last wanted start."""
        starts = [demand.wanted_from for demand in self.demands]
        return min(starts), max(starts)

    @property
    def region(self) -> str:
        """The smallest region that has all its counties."""
        shared = [
            code
            for code in (self.centre, *regions.ancestors(self.centre))
            if all(regions.covers(code, county) for county in self.counties)
        ]
        return shared[0] if shared else self.centre

    @property
    def name(self) -> str:
        """The name that is suggested, after the brands' pattern with the level."""
        return f"{naming.suggested(self.region, self.occupation)}（{levels.name(self.level)}）"


@dataclass(frozen=True)
class _Found:
    people: int
    first: date
    centre: str

    @property
    def order(self) -> tuple[int, date, str]:
        return -self.people, self.first, self.centre


def propose(
    wanted: Iterable[Wanted], limits: Limits, distance: Distance
) -> tuple[list[Proposal], list[Wanted]]:
    """Return proposals, those with most people first, and the demands in none of them.

    Each demand is in exactly one of both. The same demands give the same proposals, in whatever order they
    come.
    """
    kinds: dict[tuple[str, str], list[Wanted]] = {}
    for demand in wanted:
        kinds.setdefault((demand.occupation, demand.level), []).append(demand)
    proposals: list[Proposal] = []
    left: list[Wanted] = []
    for kind in sorted(kinds):
        made, rest = _of_kind(kinds[kind], limits, distance)
        proposals += made
        left += rest
    proposals.sort(key=lambda each: (-each.headcount, each.days, each.occupation, each.level, each.centre))
    return proposals, sorted(left, key=lambda each: each.id)


def _of_kind(
    demands: Sequence[Wanted], limits: Limits, distance: Distance
) -> tuple[list[Proposal], list[Wanted]]:
    free: dict[str, list[Wanted]] = {}
    for demand in sorted(demands, key=lambda each: (each.wanted_from, each.id)):
        free.setdefault(demand.county, []).append(demand)
    near = {one: _near(one, free, limits.within_km, distance) for one in sorted(free)}
    best = {one: _densest(one, near[one], free, limits) for one in near}
    proposals: list[Proposal] = []
    left: list[Wanted] = []
    while True:
        found = min((each for each in best.values() if each), key=lambda each: each.order, default=None)
        if found is None or found.people < limits.at_least:
            return proposals, left + [demand for rest in free.values() for demand in rest]
        chosen = _members(found, near[found.centre], free, limits)
        if sum(demand.headcount for demand in chosen) < limits.at_least:
            left += chosen
        else:
            first = chosen[0]
            proposals.append(Proposal(first.occupation, first.level, found.centre, tuple(chosen)))
        gone = {demand.id for demand in chosen}
        touched = {demand.county for demand in chosen}
        for county in touched:
            free[county] = [demand for demand in free[county] if demand.id not in gone]
        for one in near:
            if touched & near[one].keys():
                best[one] = _densest(one, near[one], free, limits)


def _near(one: str, counties: Iterable[str], most: int, distance: Distance) -> dict[str, int]:
    found = {other: distance(one, other) for other in sorted(counties)}
    return {other: km for other, km in found.items() if km is not None and km <= most}


def _densest(
    centre: str, near: Iterable[str], free: dict[str, list[Wanted]], limits: Limits
) -> _Found | None:
    """Return the days about a centre with most people; more than make a project count as many as make one."""
    if not free[centre]:
        return None
    people: dict[date, int] = {}
    for county in near:
        for demand in free[county]:
            people[demand.wanted_from] = people.get(demand.wanted_from, 0) + demand.headcount
    days = sorted(people)
    best: _Found | None = None
    end = total = 0
    for first in days:
        while end < len(days) and (days[end] - first).days <= limits.within_days:
            total += people[days[end]]
            end += 1
        found = _Found(min(total, limits.at_most), first, centre)
        if best is None or found.order < best.order:
            best = found
        total -= people[first]
    return best


def _members(
    found: _Found, near: dict[str, int], free: dict[str, list[Wanted]], limits: Limits
) -> list[Wanted]:
    """Return who is taken: who waits longest, then who is nearest; a demand is never divided."""
    last = found.first + timedelta(days=limits.within_days)
    within = [
        demand for county in near for demand in free[county] if found.first <= demand.wanted_from <= last
    ]
    within.sort(key=lambda each: (each.wanted_from, near[each.county], each.id))
    chosen: list[Wanted] = []
    people = 0
    for demand in within:
        if not chosen or people + demand.headcount <= limits.at_most:
            chosen.append(demand)
            people += demand.headcount
    return chosen
