"""One settlement process for the tests of a module."""

from collections.abc import Iterator

import pytest

from tests.integration.settlement.world import PayingTown, Town
from tests.support import backends
from tests.support.services import Running
from tests.support.standin import TOKEN, StandIn


@pytest.fixture(scope="module")
def town(stack: backends.Backend) -> Iterator[Town]:
    """Settlement alone: its bank cannot be reached, so nothing that is ordered is sent. Intake is told."""
    sandbox = stack.sandbox(("settlement", "gateway"))
    nowhere = {"WUDAN_BANK_URL": "http://127.0.0.1:9/bank", "WUDAN_BANK_TOKEN": "none"}
    try:
        with Running(sandbox, ("settlement",), {"settlement": nowhere}) as running:
            town = Town(running)
            with town.intake:
                yield town
    finally:
        sandbox.drop()


@pytest.fixture(scope="module")
def paying_town(stack: backends.Backend, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PayingTown]:
    """Settlement with intake, whose people are registered for real, and a bank that settles at once."""
    standin = StandIn(tmp_path_factory.mktemp("standin"))
    standin.start()
    outside = {
        "WUDAN_BANK_URL": f"{standin.url}/bank",
        "WUDAN_BANK_TOKEN": TOKEN,
        "WUDAN_REGISTRY_URL": f"{standin.url}/registry",
        "WUDAN_REGISTRY_TOKEN": TOKEN,
    }
    sandbox = stack.sandbox(("intake", "settlement", "gateway"))
    try:
        with Running(
            sandbox, ("intake", "settlement"), {"intake": outside, "settlement": outside}
        ) as running:
            yield PayingTown(running, standin)
    finally:
        sandbox.drop()
        standin.kill()
