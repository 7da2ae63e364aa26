"""A thousand phones in forty sessions, and SIGKILL of the service that takes their sign-ins.

A phone repeats its answer, byte for byte, until it is told what became of it. Afterwards the roster is
exactly what the phones were told: nobody lost, nobody doubled, nobody told otherwise.
"""

import random
import signal
from datetime import timedelta

import pytest

from tests.integration.acceptance.world import World
from tests.support import backends
from tests.support.gateway import Gateway
from tests.support.phones import Phones, assert_as_told
from tests.support.services import Running
from tests.support.standing import stand, with_accounts


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("classes", "learners", "kills"), [(8, 25, 2), pytest.param(40, 25, 6, marks=pytest.mark.long)]
)
def test_the_roster_is_exactly_what_the_phones_were_told(
    stack: backends.Backend, classes: int, learners: int, kills: int
) -> None:
    chance = random.Random(classes)
    with (
        stack.sandbox(("acceptance", "gateway")) as sandbox,
        Running(sandbox, ["acceptance"]) as running,
        Gateway(sandbox) as gateway,
    ):
        world, total = World(running), classes * learners
        made = stand(world.db, classes, learners, world.now - timedelta(minutes=5))
        with_accounts(running.database("gateway"), made)
        phones = Phones(gateway.base, made)
        phones.open_screens()
        phones.begin()
        for share in sorted(chance.random() for _ in range(kills)):
            phones.await_told(int(total * share))
            running.kill("acceptance", signal.SIGKILL)
        phones.end()
        assert_as_told(phones, world.db, total)
