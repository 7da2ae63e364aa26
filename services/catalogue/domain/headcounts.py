"""Which demands of a project were met, by whom: from the classes that were completed.

A worker's demand is met when its poster completed a class of the project. A firm's demand for n people is
met by people who completed one, in the order of the wanted start; nobody counts for two firms' demands.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from services.catalogue.domain.demands import Demand

# where the people of a demand stand, in the order in which they are shown
STATES: Final = ("waiting", "open", "planned", "met", "unmet", "gone")
_GONE: Final = ("returned", "withdrawn", "lapsed")


@dataclass(frozen=True)
class Outcome:
    """What came of a demand in its project. met: people; by_class: how many of them by the class's id."""

    demand_id: str
    met: int
    by_class: Mapping[str, int] = field(default_factory=dict)


def outcomes(demands: Sequence[Demand], completed: Mapping[str, Sequence[str]]) -> list[Outcome]:
    """Return what came of each demand. completed: who completed each class, by the class's id."""
    classes = {person: class_id for class_id in sorted(completed) for person in completed[class_id]}
    free = sorted(classes, key=lambda person: (classes[person], person))
    found = []
    for demand in sorted(demands, key=lambda each: (each.wanted_from, each.id)):
        if demand.kind == "worker":
            class_id = classes.get(demand.poster_ref)
            found.append(Outcome(demand.id, int(class_id is not None), {class_id: 1} if class_id else {}))
            continue
        taken, free = free[: demand.headcount], free[demand.headcount :]
        by_class: dict[str, int] = {}
        for person in taken:
            by_class[classes[person]] = by_class.get(classes[person], 0) + 1
        found.append(Outcome(demand.id, len(taken), by_class))
    return found


def places(demand: Demand, met: int, project_closed: bool) -> dict[str, int]:
    """Return where the people of a demand stand: they add up to its headcount.

    met: people trained; project_closed: nobody of it will be trained any more in the project that took it in.
    """
    left = demand.headcount - met
    if demand.status in _GONE:
        state = "gone"
    elif demand.status == "submitted":
        state = "waiting"
    elif demand.open:
        state = "open"
    elif project_closed or demand.status == "met":
        state = "unmet"
    else:
        state = "planned"
    return {"met": met, state: left}
