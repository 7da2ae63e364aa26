"""Stacks of these tests' own, to be started, killed and cleaned."""

import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from infra.local import Stack
from tests.support import backends


@pytest.fixture(scope="module")
def make_stack() -> Iterator[Callable[..., Stack]]:
    """Return a function that makes stacks on free ports; all of them are cleaned up at the end."""
    made: list[Stack] = []
    numbers = itertools.count()

    def make(folder: Path | None = None, services: list[str] | None = None) -> Stack:
        folder = folder or Path(os.environ[backends.FOLDER]) / f"own-{os.getpid()}-{next(numbers)}"
        made.append(Stack(folder, ports="free", services=services or False))
        return made[-1]

    yield make
    for stack in made:
        stack.clean()
