"""What the catalogue keeps, and how it looks in MongoDB.

demands    copies of intake's demands, kept by its facts        projects   training projects

The live summary, rows that change in the unit that changes a demand (domain/summary.py):
demand_cells   by county, occupation, level, month and kind
demand_sums    by county, occupation, level and kind        demand_months   by county, month and kind
"""

from collections.abc import Sequence
from typing import Any, Final

from pymongo.database import Database

from services.catalogue.store.demands import demand_indexes
from services.catalogue.store.projects import project_indexes
from services.catalogue.store.sums import summary_rows
from services.chassis.migrate import Step


def indexes(database: "Database[dict[str, Any]]") -> None:
    """Indexes of the lists and of the summary."""
    demand_indexes(database)
    project_indexes(database)


MIGRATIONS: Final[Sequence[Step]] = (indexes, summary_rows)
