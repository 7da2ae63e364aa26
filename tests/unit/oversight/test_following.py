"""Oversight reads the facts of every module that declares some, in a process that imports nothing else."""

import subprocess
import sys

from contracts.registry import EVENTS
from contracts.shapes import load_all

PROGRAM = (
    "import services.oversight.service\n"
    "from contracts.registry import EVENTS\n"
    "print('\\n'.join(sorted(EVENTS)))"
)


def test_every_declared_fact_can_be_read() -> None:
    load_all()
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    assert set(done.stdout.split()) == set(EVENTS)
