"""A morning in small, through the gateway: phones sign in at once while the service is killed."""

import signal
from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.integration.acceptance.world import World
from tests.support import backends
from tests.support.gateway import Gateway
from tests.support.phones import Phones, assert_as_told
from tests.support.services import Running
from tests.support.standing import HERE, stand, with_accounts

CLASSES, LEARNERS = 6, 20


@pytest.fixture(scope="module")
def morning(stack: backends.Backend) -> Iterator[tuple[World, Gateway]]:
    with (
        stack.sandbox(("acceptance", "gateway")) as sandbox,
        Running(sandbox, ["acceptance"]) as running,
        Gateway(sandbox) as gateway,
    ):
        yield World(running), gateway


def test_the_roster_is_what_the_phones_were_told_though_the_service_was_killed(morning) -> None:
    world, gateway = morning
    made = stand(world.db, CLASSES, LEARNERS, world.now - timedelta(minutes=5))
    with_accounts(world.running.database("gateway"), made)
    phones = Phones(gateway.base, made)
    phones.open_screens()
    phones.begin()
    for share in (0.2, 0.6):
        phones.await_told(int(CLASSES * LEARNERS * share))
        world.running.kill("acceptance", signal.SIGKILL)
    phones.end()
    assert_as_told(phones, world.db, CLASSES * LEARNERS)
    # sign-ins that came together travelled together
    calls = world.db["sign_in_batches"].count_documents({})
    assert calls < CLASSES * LEARNERS


def test_a_refusal_is_the_phones_own_and_leaves_its_mark(morning) -> None:
    world, gateway = morning
    (it,) = stand(world.db, 1, 3, world.now - timedelta(minutes=5))
    with_accounts(world.running.database("gateway"), [it])
    screen, at = gateway.client(it.token), f"/v1/classes/{it.id}/sessions/{it.session()}"
    assert screen.post(f"{at}/opening").status_code == 200
    shown = screen.get(f"{at}/code").json()
    one, thief, far = it.learners
    answer = it.answer(one, shown)
    taken = gateway.client(one.token).post(f"/v1/classes/{it.id}/sign-ins", answer)
    assert (taken.status_code, taken.json()["status"]) == (200, "confirmed")
    assert gateway.client(one.token).post(f"/v1/classes/{it.id}/sign-ins", answer).json() == taken.json()
    stolen = gateway.client(thief.token).post(f"/v1/classes/{it.id}/sign-ins", answer)
    assert (stolen.status_code, stolen.json()["code"]) == (403, "acceptance.replayed")
    away = it.answer(far, shown, spot=(HERE[0], HERE[1] + 0.01))
    refused = gateway.client(far.token).post(f"/v1/classes/{it.id}/sign-ins", away)
    assert (refused.status_code, refused.json()["code"]) == (409, "acceptance.too_far")
    marks = {row["kind"] for row in world.db["sign_in_risks"].find({"class_id": it.id})}
    assert marks == {"replayed", "too_far"}
    bad = gateway.client(far.token).post(f"/v1/classes/{it.id}/sign-ins", {**answer, "signature": "x"})
    assert (bad.status_code, bad.json()["errors"][0]["field"]) == (422, "signature")
