"""A stand-in for each test, and clients that do not wait long."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.chassis.outside import OutsideSystem
from services.chassis.outside_bank import Bank
from services.chassis.outside_registry import Registry
from tests.support.standin import IMPATIENT, TOKEN, StandIn


@pytest.fixture
def standin(tmp_path: Path) -> Iterator[StandIn]:
    process = StandIn(tmp_path)
    process.start()
    yield process
    process.kill()


@pytest.fixture
def registry(standin: StandIn) -> Registry:
    return Registry(OutsideSystem("registry", f"{standin.url}/registry", TOKEN, patience=IMPATIENT))


@pytest.fixture
def bank(standin: StandIn) -> Bank:
    return Bank(OutsideSystem("bank", f"{standin.url}/bank", TOKEN, patience=IMPATIENT))
