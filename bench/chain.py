"""(d) The whole chain: demands carried to payment an hour, by the demonstration."""

import os
import statistics
import subprocess
import sys
import time

from bench.report import Table
from infra.local import Stack
from infra.local.settings import client_environment

RUNS = 5
DEMANDS = 25


def measure(stack: Stack, table: Table) -> None:
    """Run the demonstration five times: 24 workers' demands and a firm's go through all five orders."""
    env = {**os.environ, **client_environment(stack.state)}
    took = []
    for _ in range(RUNS):
        began = time.perf_counter()
        done = subprocess.run([sys.executable, "-m", "infra.demo"], env=env, capture_output=True, text=True)
        took.append(time.perf_counter() - began)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    seconds = statistics.median(took)
    table.note(
        f"(d) whole chain, one after another: {seconds:.1f} s for {DEMANDS} demands",
        f"{DEMANDS * 3600 / seconds:,.0f} demands an hour",
    )
