"""Sandboxes that last for a module: a gateway takes seconds to start."""

from collections.abc import Callable, Iterator

import pytest

from infra.local import Sandbox
from tests.support import backends


@pytest.fixture(scope="module")
def module_sandbox(stack: backends.Backend) -> Iterator[Callable[..., Sandbox]]:
    """Return a function that makes sandboxes dropped at the end of the module."""
    made: list[Sandbox] = []

    def make(*services: str) -> Sandbox:
        made.append(stack.sandbox(services))
        return made[-1]

    yield make
    for sandbox in made:
        sandbox.drop()
