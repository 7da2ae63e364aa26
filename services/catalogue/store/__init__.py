"""What the catalogue keeps, and how it looks in MongoDB.

demands    copies of intake's demands, kept by its facts        projects   training projects
"""

from collections.abc import Sequence
from typing import Any, Final

from pymongo.database import Database

from services.catalogue.store.demands import demand_indexes
from services.catalogue.store.projects import project_indexes
from services.chassis.migrate import Step


def indexes(database: "Database[dict[str, Any]]") -> None:
    """Indexes of the lists and of the summary."""
    demand_indexes(database)
    project_indexes(database)


MIGRATIONS: Final[Sequence[Step]] = (indexes,)
