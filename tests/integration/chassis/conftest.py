"""The laboratory services, running in a sandbox."""

import contextlib
from collections.abc import Callable, Iterator
from unittest.mock import patch

import pytest

from services.chassis.actor import Actor
from services.chassis.migrate import chassis_indexes
from services.chassis.topology import FOLLOWS
from tests.support.services import Running

LABORATORY = {"TEST_MODULE": "tests.integration.chassis.laboratory"}
WORKER = Actor("tester", frozenset({"worker"}))


@contextlib.contextmanager
def hears_counters() -> Iterator[None]:
    """Let sandboxes made meanwhile give the laboratory's follower the right to hear of counters."""
    more = (*FOLLOWS["catalogue"], "intake.counter")
    with patch.dict(FOLLOWS, {"catalogue": more}):
        yield


@pytest.fixture
def lab(running: Callable[..., Running]) -> Running:
    """Counter (as intake) and Sums (as catalogue), the latter following the former."""
    with hears_counters():
        return laboratory_in(
            running("intake", "catalogue", extra={"intake": LABORATORY, "catalogue": LABORATORY})
        )


def laboratory_in(started: Running) -> Running:
    """Give the running laboratory its indexes."""
    for name in ("intake", "catalogue"):
        chassis_indexes(started.database(name))
    return started
