import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest
from pymongo import MongoClient, monitoring
from pymongo.database import Database

from contracts.vocabularies.errors import Refusal
from infra.local import Sandbox
from services.chassis.clock import Clock, real_now
from services.chassis.settings import Settings

DAY = timedelta(days=1)
SOON = timedelta(seconds=20)


class Reads(monitoring.CommandListener):
    """Counts what a client sends to the database."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        self.names.append(event.command_name)

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        pass

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        pass


@pytest.fixture
def reads() -> Reads:
    return Reads()


@pytest.fixture
def database(sandbox: Sandbox, reads: Reads) -> Iterator[Database[dict[str, Any]]]:
    settings = Settings.from_env(sandbox.env("gateway"))
    client: MongoClient[dict[str, Any]] = MongoClient(
        settings.mongo_uri(), tz_aware=True, event_listeners=[reads]
    )
    yield client[settings.clock_db]
    client.close()


def near(moment: datetime, expected: datetime) -> bool:
    return abs(moment - expected) < SOON


def test_business_time_is_real_time_until_it_is_moved(database: Database[dict[str, Any]]) -> None:
    assert near(Clock(database, "demonstration").now(), real_now())


def test_all_clocks_share_a_move_and_it_outlives_them(database: Database[dict[str, Any]]) -> None:
    target = real_now() + 40 * DAY
    assert near(Clock(database, "demonstration").advance_to(target), target)
    assert near(Clock(database, "demonstration").now(), target)


def test_never_backwards(database: Database[dict[str, Any]]) -> None:
    clock = Clock(database, "demonstration")
    clock.advance_to(real_now() + 40 * DAY)
    for moment in (real_now() + 39 * DAY, real_now()):
        with pytest.raises(Refusal) as caught:
            clock.advance_to(moment)
        assert caught.value.code == "clock.backwards"
    assert near(clock.now(), real_now() + 40 * DAY)


def test_of_many_moves_at_once_the_furthest_holds(database: Database[dict[str, Any]]) -> None:
    gate = threading.Barrier(10)
    begin = real_now() + 100 * DAY

    def move(days: int) -> None:
        gate.wait(20)
        # a move that comes after a longer one is refused as backwards
        with suppress(Refusal):
            Clock(database, "demonstration").advance_to(begin + days * DAY)

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(move, range(10)))
    assert near(Clock(database, "demonstration").now(), begin + 9 * DAY)
    assert database["clock"].count_documents({}) == 1


def test_production_ignores_the_offset_and_never_reads_it(
    database: Database[dict[str, Any]], reads: Reads
) -> None:
    Clock(database, "demonstration").advance_to(real_now() + DAY)
    clock = Clock(database, "production")
    reads.names.clear()
    assert near(clock.now(), real_now())
    assert reads.names == []
    with pytest.raises(Refusal) as caught:
        clock.advance_to(real_now() + 2 * DAY)
    assert caught.value.code == "clock.demonstration_only"


def test_a_read_inside_a_transaction(database: Database[dict[str, Any]]) -> None:
    clock = Clock(database, "demonstration")
    target = clock.advance_to(real_now() + DAY)
    with database.client.start_session() as session, session.start_transaction():
        assert near(clock.now(session), target)
