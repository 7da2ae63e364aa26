"""One sandbox with acceptance running, shared by a module: business time only moves forward."""

from collections.abc import Iterator

import pytest

from tests.integration.acceptance.rooms import MINUTE, Room
from tests.integration.acceptance.world import World
from tests.support import backends
from tests.support.services import Running
from tests.support.standing import HERE, stand


@pytest.fixture(scope="module")
def world(stack: backends.Backend) -> Iterator[World]:
    """Acceptance, running alone: what it hears, the test tells."""
    with stack.sandbox(("acceptance", "gateway")) as sandbox, Running(sandbox, ["acceptance"]) as running:
        yield World(running)


@pytest.fixture(scope="module")
def two(world: World) -> Iterator[World]:
    """The same with a second instance of the service, so that commits meet between processes."""
    second = world.running.start_second("acceptance")
    yield world
    second.terminate()
    second.wait(30)


@pytest.fixture
def room(world: World) -> Room:
    """A class of twelve whose session began a quarter of an hour ago, with the screen open."""
    (it,) = stand(world.db, 1, 12, world.now - 15 * MINUTE)
    room = Room(world, it)
    room.call("open_session", longitude=HERE[0], latitude=HERE[1])
    return room
