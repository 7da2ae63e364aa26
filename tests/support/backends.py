"""Where tests get their broker and database from: the local stack, started once for a run.

The first worker that needs it starts it; the process that started the workers ends it.
"""

import contextlib
import os
import shutil
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from filelock import FileLock

from infra.local import Sandbox, Stack
from infra.setup import Administration

ROOT = Path(__file__).parents[2]
FOLDER = "WUDAN_TEST_FOLDER"
START_SECONDS = 180


class Backend(Protocol):
    """What tests ask of broker and database, whoever runs them."""

    def sandbox(self, services: Iterable[str] = ()) -> Sandbox:
        """Return a fresh vhost and fresh databases."""

    def env(self, name: str) -> dict[str, str]:
        """Return the settings of one process outside any sandbox."""

    @property
    def admin(self) -> Administration:
        """Return the administrator's way to broker and database."""


def begin() -> None:
    """Name this run's folder, for this process and the workers that it starts."""
    _sweep()
    os.environ[FOLDER] = str(ROOT / ".local" / f"tests-{os.getpid()}-{time.time_ns() % 10**9}")


def end() -> None:
    """End what was started in this run and delete its folder."""
    folder = Path(os.environ.pop(FOLDER))
    if folder.exists():
        _stack(folder).clean()
        shutil.rmtree(folder, ignore_errors=True)


def shared() -> Backend:
    """Return the run's backend, started if no other worker has."""
    folder = Path(os.environ[FOLDER])
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / "start.lock", timeout=START_SECONDS):
        stack = _stack(folder)
        if not stack.alive():
            stack.up()
    return stack


def _stack(folder: Path) -> Stack:
    return Stack(folder / "stack", ports="free", services=False)


def _sweep() -> None:
    """Clean up after runs that were killed."""
    for folder in (ROOT / ".local").glob("tests-*-*"):
        pid = int(folder.name.split("-")[1])
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, 0)
            continue
        _stack(folder).clean()
        shutil.rmtree(folder, ignore_errors=True)
