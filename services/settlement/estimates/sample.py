"""A made-up population: a pattern for analysts, and what tests and the benchmark reckon with."""

import csv
import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final, TextIO

from contracts.vocabularies import groups, regions
from services.settlement.estimates.columns import COLUMNS, HEAD

YEAR: Final = 2026
_TRAININGS: Final = (
    ("6-18-02-04", "5", 120_000),
    ("6-18-02-04", "4", 180_000),
    ("6-18-02-04", "3", 240_000),
    ("6-31-01-03", "4", 160_000),
    ("4-10-01-05", "5", 100_000),
)
_CITY: Final = "3706"
_GROUPS: Final = tuple(code for code in groups.CODES if "graduate" not in code)
_COUNTIES: Final = tuple(code for code in regions.COUNTIES if code.startswith(_CITY))
_PRICES: Final = (100, 97, 95, 92, 90, 85, 80)


def write(file: TextIO, people: int, seed: int = 1, trainings: float = 0.75) -> None:
    """Write a population of so many rows: projects and classes of 20 to 40, then living costs."""
    writer = csv.writer(file)
    writer.writerow(HEAD)
    chance = random.Random(seed)  # noqa: S311 - made-up data
    written = 0
    while written < people:
        rows = _training(chance) if chance.random() < trainings else _living(chance)
        # some come again in another training
        refs = chance.sample(range(4 * people + 40), 40)
        for ref, row in zip(refs, rows, strict=False):
            if written == people:
                return
            written += 1
            writer.writerow([f"a{ref}", *(row.get(name, "") for name in COLUMNS)])


def _training(chance: random.Random) -> Iterator[dict[str, Any]]:
    occupation, level, standard = chance.choice(_TRAININGS)
    day = date(YEAR, 1, 1) + timedelta(days=chance.randrange(365))
    project = chance.random() < 0.7
    shared = {
        "kind": "project" if project else "class_training",
        "region": chance.choice(_COUNTIES),
        "occupation": occupation,
        "level": level,
        "day": day,
        "price_fen": "" if chance.random() < 0.5 else standard * chance.choice(_PRICES) // 100,
        "project": f"p{chance.getrandbits(48):012x}" if project else "",
    }
    likely = chance.choice((0.8, 0.9, 0.97))
    for _ in range(chance.randrange(20, 41)):
        yield shared | _person(chance) | _outcome(chance, day, level, likely)


def _outcome(chance: random.Random, day: date, level: str, likely: float) -> dict[str, Any]:
    completed = chance.random() < 0.95
    works = completed and chance.random() < likely
    return {
        "days": chance.choice((0, *range(3, 21))),
        "completed": "yes" if completed else "no",
        "certificate": level if completed and chance.random() < 0.97 else "",
        "employed_from": day + timedelta(days=chance.randrange(-5, 200)) if works else "",
        "enrolled_on": day - timedelta(days=21),
        "advance": "no" if chance.random() < 0.05 else "yes",
    }


def _living(chance: random.Random) -> Iterator[dict[str, Any]]:
    day = date(YEAR, 1, 1) + timedelta(days=chance.randrange(365))
    shared = {
        "kind": chance.choice(("living_cost", "living_cost", "transport")),
        "region": chance.choice(_COUNTIES),
    }
    for _ in range(chance.randrange(20, 41)):
        days = {"days": chance.randrange(0, 80), "day": day}
        yield shared | _person(chance) | days


def _person(chance: random.Random) -> dict[str, Any]:
    group = chance.choice(_GROUPS)
    graduated: Any = ""
    if chance.random() < 0.1:
        group = "graduate_of_year"
        graduated = date(YEAR - chance.randrange(2), chance.randrange(1, 13), 28)
    return {
        "groups": group if chance.random() < 0.9 else f"{group};disabled",
        "groups_proven": "no" if chance.random() < 0.03 else "yes",
        "graduated_on": graduated,
        "pension": chance.choices(("no", "yes", "unknown"), (96, 2, 2))[0],
        "real_name": "no" if chance.random() < 0.02 else "yes",
    }
