"""How long proposing projects takes: as many open demands as one query takes, over a whole province.

Run by itself: `python -m bench.proposals`. In process, without the database.
"""

import random
import time
from datetime import date, timedelta
from typing import Final

from contracts.vocabularies import levels, occupations, places, regions
from services.catalogue.domain.proposals import Limits, Wanted, propose

DEMANDS: Final = 20_000
LIMITS: Final = Limits(within_km=40, within_days=60, at_least=10, at_most=300)


def demands(count: int, kinds: int, seed: int = 7) -> list[Wanted]:
    """Return made-up demands of Shandong's counties: of so many occupations, of five levels, over a year."""
    dice = random.Random(seed)
    counties = [code for code in regions.COUNTIES if code.startswith("37")]
    chosen = occupations.CODES[:kinds]
    first = date(2027, 1, 1)
    return [
        Wanted(
            f"d{number:06}",
            "worker",
            dice.choice(counties),
            dice.choice(chosen),
            dice.choice(levels.CODES[:5]),
            first + timedelta(days=dice.randrange(365)),
            1,
        )
        for number in range(count)
    ]


def main() -> None:
    """Print what was measured: many kinds of demands, and the hardest case, all of one occupation."""
    for kinds in (8, 1):
        wanted = demands(DEMANDS, kinds)
        began = time.perf_counter()
        made, left = propose(wanted, LIMITS, places.distance_km)
        took = time.perf_counter() - began
        people = sum(each.headcount for each in made)
        print(
            f"{DEMANDS} demands of {kinds} occupations: {len(made)} proposals of {people} people, "
            f"{len(left)} left out, {took:.2f} s"
        )


if __name__ == "__main__":
    main()
