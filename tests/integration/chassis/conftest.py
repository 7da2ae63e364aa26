"""The laboratory services, running in a sandbox."""

from collections.abc import Callable
from typing import Any

import pytest
from kombu import Connection

from services.chassis.actor import Actor
from services.chassis.migrate import chassis_indexes
from services.chassis.topology import events_queue, facts_exchange
from tests.support.services import Running

LABORATORY = {"TEST_MODULE": "tests.integration.chassis.laboratory"}
WORKER = Actor("tester", frozenset({"worker"}))


@pytest.fixture
def lab(running: Callable[..., Running]) -> Running:
    """Counter (as intake) and Sums (as catalogue), the latter following the former."""
    return laboratory_in(
        running("intake", "catalogue", extra={"intake": LABORATORY, "catalogue": LABORATORY})
    )


def laboratory_in(started: Running) -> Running:
    """Let the running laboratory's follower hear of counters."""
    with Connection(started.sandbox.amqp_url) as connection:
        channel: Any = connection.channel()
        channel.queue_bind(events_queue("catalogue"), facts_exchange("intake"), "intake.counter.*")
    for name in ("intake", "catalogue"):
        chassis_indexes(started.database(name))
    return started
