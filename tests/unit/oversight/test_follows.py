"""Oversight can read every fact that any service tells."""

import subprocess
import sys
from pathlib import Path

import contracts.events
from contracts.registry import SERVICES

ROOT = Path(__file__).parents[3]
PROGRAM = "import services.oversight.service; from contracts.registry import EVENTS; print(*sorted(EVENTS))"


def test_oversight_knows_every_declared_fact():
    modules = sorted(path.stem for path in Path(contracts.events.__path__[0]).glob("[a-z]*.py"))
    # a service may declare its facts in several modules, settlement in settlement_bank too
    assert {name.partition("_")[0] for name in modules} <= set(SERVICES)
    declare_all = ";".join(f"import contracts.events.{name}" for name in modules)
    known, declared = (
        subprocess.run(
            [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
        ).stdout.split()
        for program in (PROGRAM, f"{declare_all};{PROGRAM}")
    )
    assert known == declared
    assert len(known) > 60
