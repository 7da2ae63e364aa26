"""What the catalogue keeps, and how it looks in MongoDB.

demands    copies of intake's demands, kept by its facts        projects   training projects

The live summary, rows that change in the unit that changes a demand (domain/summary.py):
demand_cells   by county, occupation, level, month and kind
demand_sums    by county, occupation, level and kind        demand_months   by county, month and kind

editions   of catalogues   edition_rows   their items, each with the editions that it holds in (editions.py)
edition_heads   one a catalogue   bodies   copies of bodies, for the directories

completions outcomes (outcomes.py)   programmes quotas county_projects (programmes.py)   needs (needs.py)
brands bases teachers materials cases, class_copies uses ratings supports (pool.py, uses.py)
"""

from collections.abc import Sequence
from typing import Any, Final

from pymongo.database import Database

from services.catalogue.store.demands import demand_indexes
from services.catalogue.store.editions import edition_rows
from services.catalogue.store.needs import need_indexes
from services.catalogue.store.outcomes import outcome_indexes
from services.catalogue.store.pool import pool_indexes
from services.catalogue.store.programmes import programme_indexes
from services.catalogue.store.projects import project_indexes
from services.catalogue.store.sums import summary_rows
from services.chassis.migrate import Step


def indexes(database: "Database[dict[str, Any]]") -> None:
    """Indexes of the lists and of the summary."""
    demand_indexes(database)
    project_indexes(database)


def project_sides(database: "Database[dict[str, Any]]") -> None:
    """Collections and indexes of headcount, programmes, pools and the matching board."""
    outcome_indexes(database)
    programme_indexes(database)
    pool_indexes(database)
    need_indexes(database)


MIGRATIONS: Final[Sequence[Step]] = (indexes, summary_rows, project_sides, edition_rows)
