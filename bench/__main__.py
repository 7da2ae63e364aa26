"""`python -m bench [a b c d policy settlement estimates signin choices demands summary]`: figures in a table.

a to d share a stack of their own; the other parts bring what they need.
"""

import os
import shutil
import sys
import time
from pathlib import Path

import psutil

from bench import (
    chain,
    choices,
    commands,
    demands,
    estimates,
    facts,
    maps,
    policy,
    settlement,
    signin,
    summary,
)
from bench.report import Table, kept
from infra.local import Stack
from services.chassis import logs

ROOT = Path(__file__).parents[1]
EXTRA = {
    "WUDAN_BENCH": "1",
    "WUDAN_GATEWAY_REQUESTS_A_MINUTE": "0",
    "WUDAN_GATEWAY_SIGN_INS_A_MINUTE": "0",
    "WUDAN_LOG_LEVEL": "WARNING",
}
ON_STACK = ("a", "b", "c", "d")
OTHERS = {
    "policy": policy.measure,
    "settlement": settlement.measure,
    "estimates": estimates.measure,
    "signin": signin.measure,
    "summary": summary.measure,
    "choices": choices.measure,
    "demands": demands.measure,
}
REST_SECONDS = 10
LIMIT_MB = 120


def main(parts: list[str]) -> int:
    """Run the named parts, all by default."""
    logs.configure("bench", "WARNING")
    unknown = set(parts) - {*ON_STACK, *OTHERS}
    if unknown:
        sys.stderr.write(f"unknown parts: {sorted(unknown)}; there are {[*ON_STACK, *OTHERS]}\n")
        return 2
    wanted = parts or [*ON_STACK, *OTHERS]
    table = Table()
    if set(wanted) & set(ON_STACK):
        _on_stack(table, wanted)
    for name, measure in OTHERS.items():
        if name in wanted:
            measure(table)
    sys.stdout.write(f"\n{table.markdown()}\n")
    return 0


def _on_stack(table: Table, wanted: list[str]) -> None:
    """Run what is measured through the gateway."""
    folder = ROOT / ".local" / f"bench-{os.getpid()}"
    stack = Stack(folder, ports="free", extra=EXTRA)
    try:
        stack.up()
        _memory(stack, table)
        rate = commands.measure(stack, table) if "a" in wanted else 100.0
        if "b" in wanted:
            facts.measure(stack, table, rate)
        if "c" in wanted:
            maps.measure(stack, table)
        if "d" in wanted:
            chain.measure(stack, table)
    finally:
        stack.clean()
        shutil.rmtree(folder, ignore_errors=True)


def _memory(stack: Stack, table: Table) -> None:
    """Resident memory of each process at rest; gunicorn's workers one by one."""
    time.sleep(REST_SECONDS)
    for name in stack.services:
        pid = stack.pid(name)
        assert pid is not None, name
        process = psutil.Process(pid)
        for each in [process, *process.children(recursive=True)]:
            megabytes = each.memory_info().rss / 2**20
            table.note(
                f"memory at rest: {name} ({each.pid})",
                f"{megabytes:.0f} MB; under {LIMIT_MB}: {kept(megabytes < LIMIT_MB)}",
            )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
