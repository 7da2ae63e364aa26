"""Open demands as far as proposals are made of them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.catalogue.domain.proposals import Wanted
from services.catalogue.store.demands import DEMANDS
from services.catalogue.store.narrowing import narrowed, within
from services.chassis.calls import Reader


def wanted(reader: Reader, asked: Mapping[str, Any], region: str | None, most: int) -> list[Wanted]:
    """Return the open demands of a region (None: everywhere), at most so many."""
    filter = {"open": True, **narrowed(asked), **within(region)}
    names = ("kind", "region", "occupation", "level", "wanted_from", "headcount")
    rows = reader.database[DEMANDS].find(filter, dict.fromkeys(names, 1), limit=most)
    return [
        Wanted(
            row["_id"],
            row["kind"],
            row["region"],
            row["occupation"],
            row["level"],
            date.fromisoformat(row["wanted_from"]),
            row["headcount"],
        )
        for row in rows
    ]
