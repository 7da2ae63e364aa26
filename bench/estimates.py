"""An estimate over 1,000,000 people: seconds and memory of both sides, beside a plain pass of the file."""

import csv
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from bench.report import Table, kept
from services.policy import rules_for
from services.policy.overlay import overlaid
from services.settlement.estimates import sample
from services.settlement.estimates.comparing import reckon_both

RUNS = 5
PEOPLE = 1_000_000
YEAR = sample.YEAR + 1
LIMIT_SECONDS, LIMIT_BYTES = 20.0, 2 * 2**30
LOOK_SECONDS = 0.1
CHANGES = (
    ("sd.yantai.living-cost", {"daily_fen": 3500}),
    ("sd.yantai.project.welder.4", {"per_person_fen": 200_000}),
    ("sd.project.employment-rate", {"percent": 90}),
)


def measure(table: Table) -> None:
    """Reckon both sides five times. Memory: of all processes together, shared pages counted twice."""
    rules = rules_for("370000")
    changes = [{"rule": id, "valid_from": f"{YEAR}-01-01", "values": values} for id, values in CHANGES]
    sides = (rules, overlaid(rules, "bench", {"change": changes}))
    with tempfile.TemporaryDirectory(prefix="bench-estimates-") as folder:
        path = Path(folder) / "population.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            sample.write(file, PEOPLE)
        peers, took, cpu, peaks, cases = [], [], [], [], 0
        for _ in range(RUNS):
            peers.append(_plain_pass(path))
            began, used = time.perf_counter(), _children_seconds()
            with _peak() as peak:
                found = reckon_both(path, sides, YEAR, lambda _: True)
            took.append(time.perf_counter() - began)
            cpu.append(_children_seconds() - used)
            peaks.append(peak[0])
            cases = found[0].cases
            assert [each.rows for each in found] == [PEOPLE, PEOPLE]
    seconds, peer, most = statistics.median(took), statistics.median(peers), max(peaks)
    used = statistics.median(cpu)
    met = kept(seconds < LIMIT_SECONDS and most < LIMIT_BYTES)
    table.note(
        f"estimate, {PEOPLE:,} people, both sides: {seconds:.1f} s, {most / 2**20:,.0f} MB at most",
        f"under {LIMIT_SECONDS:.0f} s and 2 GB: {met}; {used:.1f} s of CPU, {cases:,} cases",
    )
    table.note("plain pass over the same file by the csv module (peer)", f"{peer:.1f} s")


def _plain_pass(path: Path) -> float:
    began = time.perf_counter()
    with path.open(encoding="utf-8", newline="") as file:
        assert sum(1 for _ in csv.reader(file)) == PEOPLE + 1
    return time.perf_counter() - began


def _children_seconds() -> float:
    used = os.times()
    return used.children_user + used.children_system


@contextmanager
def _peak() -> Iterator[list[int]]:
    """Watch the resident memory of this process and its children; the list holds the most seen, in bytes."""
    most, done, this = [0], threading.Event(), psutil.Process()

    def watch() -> None:
        while not done.wait(LOOK_SECONDS):
            most[0] = max(most[0], sum(_resident(each) for each in [this, *this.children(recursive=True)]))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield most
    finally:
        done.set()
        watcher.join()


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0
