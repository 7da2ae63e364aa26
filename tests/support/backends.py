"""Where tests get their broker and database from, started once for a run.

From containers when a Docker engine answers and the images are there, else from the local stack;
WUDAN_TEST_BACKEND=containers or =local decides otherwise. The first worker that needs them starts them;
the process that started the workers ends them.
"""

import contextlib
import os
import shutil
import time
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from filelock import FileLock

from infra.local import Sandbox, Stack
from infra.procs import Administration
from tests.support import containers

ROOT = Path(__file__).parents[2]
FOLDER = "WUDAN_TEST_FOLDER"
CHOICE = "WUDAN_TEST_BACKEND"
START_SECONDS = 300


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
        _end(folder)
        shutil.rmtree(folder, ignore_errors=True)


def shared() -> Backend:
    """Return the run's backend, started if no other worker has."""
    folder = Path(os.environ[FOLDER])
    folder.mkdir(parents=True, exist_ok=True)
    chosen = folder / "backend"
    with FileLock(folder / "start.lock", timeout=START_SECONDS):
        if not chosen.exists():
            chosen.write_text(_start(folder))
    return containers.Containers(folder) if chosen.read_text() == "containers" else _stack(folder)


def _start(folder: Path) -> str:
    """Start broker and database; return from where."""
    wanted = os.environ.get(CHOICE, "")
    if wanted not in ("", "local", "containers"):
        raise ValueError(f"{CHOICE} must be local or containers, not {wanted!r}")
    if wanted != "local" and _start_containers(folder, must=wanted == "containers"):
        return "containers"
    _stack(folder).up()
    return "local"


def _start_containers(folder: Path, must: bool) -> bool:
    """Tell whether broker and database run in containers now; raises what went wrong when they must."""
    reason = containers.why_not(containers.image_of("rabbitmq"), containers.image_of("mongo"))
    if reason is None:
        try:
            containers.Containers(folder).up()
            return True
        except Exception as problem:
            _end(folder)
            if must:
                raise
            line = f"{type(problem).__name__}: {problem}".splitlines()[0][:200]
            warnings.warn(f"tests use the local stack, containers did not start: {line}", stacklevel=2)
            return False
    if must:
        raise RuntimeError(f"{CHOICE}=containers, but {reason}")
    return False


def _stack(folder: Path) -> Stack:
    return Stack(folder / "stack", ports="free", services=False)


def _end(folder: Path) -> None:
    """End containers and local stack, whichever there are, and delete their state."""
    containers.remove(folder)
    _stack(folder).clean()


def _sweep() -> None:
    """Clean up after runs that were killed."""
    for folder in (ROOT / ".local").glob("tests-*-*"):
        pid = int(folder.name.split("-")[1])
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, 0)
            continue
        _end(folder)
        shutil.rmtree(folder, ignore_errors=True)
