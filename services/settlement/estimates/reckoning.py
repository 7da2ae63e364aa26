"""Reckons a whole population under one rule set: each different case once, then counted."""

from array import array
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from contracts.vocabularies import regions
from services import policy
from services.policy import RuleSet
from services.settlement.estimates.amounts import Amounts, reckoned
from services.settlement.estimates.cases import Case, Cases
from services.settlement.estimates.columns import (
    CLASS_TRAINING,
    ORIENTED_TRAINING,
    PERSON_TRAINING,
    PROJECT,
    Row,
)
from services.settlement.estimates.population import MOST_PROBLEMS, PopulationInvalid, Problem, rows

LIMITED: Final = (PROJECT, CLASS_TRAINING, PERSON_TRAINING)
NO_GROUP: Final = "-"
LEFT_OUT: Final = "limit_reached"
NO_PLACE: Final = "places_used_up"
Cell = tuple[str, str, str]
_EVERY: Final = 20_000


@dataclass
class Table:
    """What a population gives under one rule set.

    cells: by (city, group, kind of claim) the people with an amount and the fen; out: by the fact that keeps
    them out, the rows that give nothing; cases: how many different ones were reckoned.
    """

    rows: int = 0
    cases: int = 0
    cells: dict[Cell, tuple[int, int]] = field(default_factory=dict)
    out: dict[str, int] = field(default_factory=dict)

    @property
    def total_fen(self) -> int:
        """All amounts together."""
        return sum(fen for _, fen in self.cells.values())


class Reckoning:
    """A population read under one rule set, row by row kept as numbers.

    `tell` hears how many rows were read; `region`: every row has to lie in it.
    """

    def __init__(
        self, rules: RuleSet, tell: Callable[[int], None] = lambda _: None, region: str | None = None
    ) -> None:
        self._rules = rules
        self._tell = tell
        self._within = (
            None if region is None else {each for each in regions.CODES if regions.covers(region, each)}
        )
        self._sorter = Cases(rules)
        self._numbers: dict[Case, int] = {}
        self._read: list[Case] = []
        self._cases: list[Case] = []
        self._places: dict[tuple[str, str], int] = {}
        self._case_of = array("l")
        self._place_of = array("l")
        self._limit_of = array("l")
        self._limits: dict[tuple[date, str, str], int] = {}
        self._first: dict[str, int] = {}
        self._again: dict[str, list[int]] = {}
        self._amounts: list[Amounts] = []
        self._oriented: list[int] = []
        self._left_out: dict[int, str] = {}

    def read(self, path: Path, year: int | None = None) -> "Reckoning":
        """Read a file, moving its cases into `year`, and reckon. Raises PopulationInvalid."""
        problems: list[Problem] = []
        for number, (person, row) in enumerate(rows(path, year), 1):
            if number % _EVERY == 0:
                self._tell(number)
            try:
                self._take(person, row, number)
            except (LookupError, ValueError) as problem:
                column = "region" if isinstance(problem, LookupError) else "project"
                problems.append(Problem(number, column, str(problem)))
                if len(problems) >= MOST_PROBLEMS:
                    break
        if problems:
            raise PopulationInvalid(problems)
        self._tell(len(self._case_of))
        self._reckon()
        return self

    def amounts_of_rows(self) -> Iterable[Amounts]:
        """Yield what each row gives, in the order of the file."""
        for number, case in enumerate(self._case_of):
            out = self._left_out.get(number)
            yield Amounts({}, out) if out else self._amounts[case]

    def table(self) -> Table:
        """Return people and amounts by city, group and kind of claim."""
        counted = Counter(zip(self._place_of, self._case_of, strict=True))
        for number in self._left_out:
            counted[(self._place_of[number], self._case_of[number])] -= 1
        places = list(self._places)
        made = Table(rows=len(self._case_of), cases=len(set(self._cases)))
        out: Counter[str] = Counter(self._left_out.values())
        for (place, case), people in counted.items():
            amounts = self._amounts[case]
            for kind, fen in amounts.fen.items():
                cell = (*places[place], kind)
                before = made.cells.get(cell, (0, 0))
                made.cells[cell] = (before[0] + people, before[1] + people * fen)
            if amounts.reason and people:
                out[amounts.reason] += people
        made.cells = {cell: sums for cell, sums in sorted(made.cells.items()) if sums != (0, 0)}
        made.out = dict(sorted(out.items()))
        return made

    def _take(self, person: str, row: Row, number: int) -> None:
        if self._within is not None and row.region not in self._within:
            raise LookupError("不在本次测算的地区内 / outside of the region of this estimate")
        case = self._sorter.of(row, number)
        kept = self._numbers.get(case)
        if kept is None:
            kept = self._numbers[case] = len(self._numbers)
            self._read.append(case)
        group = row.groups[0] if row.groups else NO_GROUP
        place = self._places.setdefault((row.region, group), len(self._places))
        limit = -1
        if row.kind in LIMITED or row.kind == ORIENTED_TRAINING:
            taken = (row.certified_on or row.day, row.occupation, row.level)
            limit = self._limits.setdefault(taken, len(self._limits))
        index = len(self._case_of)
        self._case_of.append(kept)
        self._place_of.append(place)
        self._limit_of.append(limit)
        if row.kind == ORIENTED_TRAINING:
            self._oriented.append(index)
        elif limit >= 0 and self._first.setdefault(person, index) != index:
            self._met_again(person, case, index)

    def _met_again(self, person: str, case: Case, index: int) -> None:
        before = self._again.setdefault(person, [self._first[person]])
        earlier = next((each for each in before if self._read[self._case_of[each]][:2] == case[:2]), None)
        if case[0] == PROJECT and earlier is not None:
            raise ValueError(
                f"该人员已在第 {earlier + 1} 行同一项目中 / in this project already, row {earlier + 1}"
            )
        before.append(index)

    def _reckon(self) -> None:
        cities = ((regions.city_of(region) or region, group) for region, group in self._places)
        self._cases = [self._sorter.settled(case) for case in self._read]
        self._numbers.clear()
        different = list(dict.fromkeys(self._cases))
        found = dict(zip(different, reckoned(different, self._rules), strict=True))
        self._amounts = [found[case] for case in self._cases]
        self._by_city(list(cities))
        keys = list(self._limits)
        for indexes in self._again.values():
            self._left_out.update(dict.fromkeys(self._over_limit(indexes, keys), LEFT_OUT))
        self._left_out.update(dict.fromkeys(self._without_place(keys), NO_PLACE))

    def _by_city(self, cities: list[tuple[str, str]]) -> None:
        numbers: dict[tuple[str, str], int] = {}
        renamed = [numbers.setdefault(city, len(numbers)) for city in cities]
        self._place_of = array("l", (renamed[place] for place in self._place_of))
        self._places = numbers

    def _without_place(self, keys: list[tuple[date, str, str]]) -> list[int]:
        """Return who comes after the places of oriented training; the first by date come first [600 §9]."""
        out: list[int] = []
        taken = 0
        for index in sorted(self._oriented, key=lambda each: (keys[self._limit_of[each]][0], each)):
            if not self._amounts[self._case_of[index]].fen:
                continue
            places = self._rules.one("oriented_cap", keys[self._limit_of[index]][0]).values.get("places")
            if places is not None and taken >= places:
                out.append(index)
            else:
                taken += 1
        return out

    def _over_limit(self, indexes: list[int], keys: list[tuple[date, str, str]]) -> list[int]:
        """Return which trainings of one person the limits leave out, the first by date come first [AP]."""
        out: list[int] = []
        taken: set[str] = set()
        for index in sorted(indexes, key=lambda each: (keys[self._limit_of[each]][0], each)):
            if sum(self._amounts[self._case_of[index]].fen.values()) <= 0:
                continue
            day, occupation, level = keys[self._limit_of[index]]
            limits = policy.limit_keys(
                "-", occupation, level, day, self._rules.jurisdiction, rules=self._rules
            )
            free = [slot for slot in limits.slots if slot not in taken]
            if limits.pair in taken or (limits.slots and not free):
                out.append(index)
                continue
            taken.update(free[:1])
            if limits.pair is not None:
                taken.add(limits.pair)
        return out
