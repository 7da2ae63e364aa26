"""SIGKILL in the middle of the demonstration: each service, the broker and the database, at seeded points.

Afterwards, with no hand laid on anything, the figures are right to the fen, nothing is lost or doubled, no
dead letter lies anywhere, and every invariant of the domain holds in the databases.
"""

import random
import time

import pytest

from infra.local import Stack
from infra.procs import PROCESSES
from tests.support.delivery import World
from tests.support.demo import Demo
from tests.support.invariants import await_delivered, violations

POINTS = 5
# lines printed from the first step to the last; the table comes after them
FIRST_LINE, LAST_LINE = 3, 66
VICTIMS = (*PROCESSES, "broker", "mongod")
PATIENCE = 240.0


def plan(seed: int) -> list[tuple[int, float, list[str]]]:
    """Return the points of a run: after which printed line, how many seconds into what follows, and who is
    killed there. Everybody is killed once.
    """
    chance = random.Random(seed)
    span = (LAST_LINE - FIRST_LINE) / POINTS
    lines = [FIRST_LINE + int(span * (place + chance.random())) for place in range(POINTS)]
    victims = chance.sample(VICTIMS, len(VICTIMS))
    return [(line, chance.random(), victims[place::POINTS]) for place, line in enumerate(lines)]


def kill_along(stack: Stack, demo: Demo, seed: int) -> None:
    """Kill as planned while the demonstration goes on."""
    for line, seconds, victims in plan(seed):
        demo.await_line(line, PATIENCE * 2)
        time.sleep(seconds)  # so that kills fall into the middle of a step, not only at its begin
        for victim in victims:
            # one that was killed before may still be starting
            stack.await_infrastructure() if victim in ("broker", "mongod") else stack.await_ready(victim)
            stack.kill(victim)


@pytest.mark.timeout(1500)
@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.long) for seed in (2, 3, 4, 5))])
def test_nothing_is_lost_or_doubled(whole_stack: Stack, seed: int) -> None:
    options = ("--patience", f"{PATIENCE:.0f}", "--map-seconds", f"{PATIENCE:.0f}")
    with Demo(whole_stack, *options) as demo:
        kill_along(whole_stack, demo, seed)
        status = demo.finish(1200)
    assert status == 0, demo.printed
    for name in whole_stack.services:
        whole_stack.await_ready(name)
    with World(whole_stack) as world:
        await_delivered(world, PATIENCE)
        assert violations(world) == {}
