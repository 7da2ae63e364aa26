"""One settlement process for the tests of a module."""

from collections.abc import Iterator

import pytest

from tests.integration.settlement.world import Town
from tests.support import backends
from tests.support.services import Running


@pytest.fixture(scope="module")
def town(stack: backends.Backend) -> Iterator[Town]:
    """Settlement alone: its bank cannot be reached, so nothing that is ordered is sent."""
    sandbox = stack.sandbox(("settlement", "gateway"))
    nowhere = {"WUDAN_BANK_URL": "http://127.0.0.1:9/bank", "WUDAN_BANK_TOKEN": "none"}
    try:
        with Running(sandbox, ("settlement",), {"settlement": nowhere}) as running:
            yield Town(running)
    finally:
        sandbox.drop()
