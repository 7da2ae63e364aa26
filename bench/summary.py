"""The live summary over 1,000,000 demands, asked as the gateway asks it, beside a plain sum over the demands.

It runs on servers of its own with the catalogue alone. The demands are spread as unevenly as people
are: over counties and occupations by 1/rank, over levels as skills are held; evenly over twelve months.
"""

import itertools
import os
import random
import shutil
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pymongo import MongoClient

from bench.report import Table
from contracts.commands.catalogue_summary import DIMENSIONS
from contracts.vocabularies import occupations, regions
from infra.local import Stack
from services.catalogue.domain.summary import GRAINS
from services.catalogue.store.sums import summary_rows
from services.chassis.actor import Actor
from tests.support.ground import Ground
from tests.support.services import Running

ROOT = Path(__file__).parents[1]
DEMANDS, RUNS, LIMIT_MS, AT_ONCE = 1_000_000, 5, 300, 10_000
# for a look at it that is no measurement
FEWER = "WUDAN_BENCH_SUMMARY_DEMANDS"
PROVINCE, CITY, JOB = "370000", "370600", "6-18-02-04"
LEVELS = {"5": 40, "4": 30, "3": 20, "2": 7, "1": 3}
OFFICER = Actor("bench", frozenset({"catalogue_officer"}), region=PROVINCE)
SUMS, MONTHS = "catalogue.summarise_demands", "catalogue.demand_trends"
BY_JOB = {"by": ["occupation", "level"]}
ASKED: dict[str, tuple[str, dict[str, Any]]] = {
    "occupation × level, province": (SUMS, BY_JOB),
    "county, province": (SUMS, {"by": ["county"]}),
    "month, province": (MONTHS, {"first": "2026-01", "last": "2026-12"}),
    "county × occupation × level × month, a city": (SUMS, {"region": CITY, "by": list(DIMENSIONS)}),
    "county × level × month, an occupation": (SUMS, {"occupation": JOB, "by": ["county", "level", "month"]}),
    "occupation × month, province (from all cells)": (SUMS, {"by": ["occupation", "month"]}),
}


def measure(table: Table) -> None:
    """Fill the table."""
    folder = ROOT / ".local" / f"bench-summary-{os.getpid()}"
    extra = {"WUDAN_LOG_LEVEL": "ERROR"}
    stack = Stack(folder, ports="free", services=("catalogue",), extra=extra)
    count = int(os.environ.get(FEWER, DEMANDS))
    try:
        stack.up()
        with Running(Ground(stack), ()) as running, MongoClient(stack.admin.mongo_uri) as client:
            database = client["catalogue"]
            _fill(database, count)
            summary_rows(database)
            rows = ", ".join(f"{database[grain].count_documents({}):,} {grain}" for grain in GRAINS)
            table.note(f"(h) {count:,} demands in rows", rows)
            _figures(table, running, database)
    finally:
        stack.clean()
        shutil.rmtree(folder, ignore_errors=True)


def _figures(table: Table, running: Running, database: Any) -> None:
    peer = _milliseconds(lambda: _plain(database))
    table.note(
        "(h) plain sum over the demands, occupation × level (peer)", f"{peer:.0f} ms, median of {RUNS}"
    )
    bare = _milliseconds(lambda: running.call("catalogue.ping", {}, OFFICER))
    table.note("(h) empty call of the same service (peer)", f"{bare:.1f} ms")
    for name, (call, body) in ASKED.items():
        took = _milliseconds(lambda call=call, body=body: running.call(call, body, OFFICER, seconds=60.0))
        kept = "kept" if took < LIMIT_MS else "MISSED"
        told = f"{took:.0f} ms, {took / peer:.0%} of the sum over the demands; {LIMIT_MS} ms {kept}"
        table.note(f"(h) summary by {name}", told)
    plain = {(row["_id"]["occupation"], row["_id"]["level"]): row["people"] for row in _plain(database)}
    lines = running.call(SUMS, BY_JOB, OFFICER, seconds=60.0)["lines"]
    found = {(line["occupation"], line["level"]): line["workers"] for line in lines}
    assert found == plain, "the summary differs from the demands"


def _plain(database: Any) -> list[Any]:
    """What the summary would ask of the demands themselves, had it no rows."""
    by = {"occupation": "$occupation", "level": "$level"}
    sums = {"$group": {"_id": by, "people": {"$sum": "$headcount"}}}
    return list(database["demands"].aggregate([{"$match": {"open": True}}, sums]))


def _milliseconds(ask: Callable[[], Any]) -> float:
    took = []
    for _ in range(RUNS + 1):
        began = time.perf_counter()
        ask()
        took.append(1000 * (time.perf_counter() - began))
    # the first one reads from the disk
    return statistics.median(took[1:])


def _fill(database: Any, count: int) -> None:
    made = _demands(count)
    while batch := list(itertools.islice(made, AT_ONCE)):
        database["demands"].insert_many(batch, ordered=False)


def _demands(count: int) -> Iterator[dict[str, Any]]:
    draw = random.Random(37)
    counties = [code for code in regions.COUNTIES if regions.covers(PROVINCE, code)]
    jobs = list(occupations.CODES)
    draw.shuffle(counties)
    draw.shuffle(jobs)
    places = draw.choices(counties, [1 / (1 + rank) for rank in range(len(counties))], k=count)
    wanted = draw.choices(jobs, [1 / (1 + rank) for rank in range(len(jobs))], k=count)
    levels = draw.choices(list(LEVELS), list(LEVELS.values()), k=count)
    for number, (region, occupation, level) in enumerate(zip(places, wanted, levels, strict=True)):
        month = f"2026-{draw.randrange(12) + 1:02}"
        yield {
            "_id": f"bench-{number}", "kind": "worker", "poster_ref": f"p{number}", "region": region,
            "occupation": occupation, "level": level, "headcount": 1, "mode": "on_site", "group": None,
            "wanted_from": f"{month}-15", "status": "verified", "project_id": None, "month": month,
            "open": True, "version": 1, "seq": 0,
        }  # fmt: skip
