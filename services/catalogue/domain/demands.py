"""The catalogue's copy of a demand (需求单), kept by intake's facts, and the project that took it in."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

# From listed too: a demand that a withdrawn project set free is listed until intake's next fact arrives.
_STANDING: Final = ("verified", "listed")


@dataclass(frozen=True)
class Demand:
    """A demand as far as projects need it.

    status: intake's; project_id: ours, None while it is free; month: in which it was posted (2026-03).
    """

    id: str
    kind: str
    poster_ref: str
    region: str
    occupation: str
    level: str
    headcount: int
    mode: str
    group: str | None
    wanted_from: date
    status: str = "submitted"
    project_id: str | None = None
    month: str = field(kw_only=True)

    @property
    def standing(self) -> bool:
        """Whether intake has verified it and its poster has not given it up."""
        return self.status in _STANDING

    @property
    def open(self) -> bool:
        """Whether a project may take it in."""
        return self.standing and self.project_id is None


def heard(demand: Demand, status: str) -> Demand:
    """Take in what intake says of it."""
    return replace(demand, status=status)


def said_anew(demand: Demand, values: Mapping[str, Any]) -> Demand:
    """Take in what it asks for from now on; it waits for its check again, in the project where it is."""
    return replace(demand, **values, status="submitted")


def taken(demand: Demand, project_id: str) -> Demand:
    """Put it into a project."""
    return replace(demand, project_id=project_id)


def freed(demand: Demand) -> Demand:
    """Take it out of its project."""
    return replace(demand, project_id=None)
