"""The locked step before services start: once, whoever starts it, and never on a newer database."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from infra.local import Sandbox
from services.chassis.migrate import LOCK
from tests.support.services import wait_for

ROOT = Path(__file__).parents[3]
STEPS = "chassis_indexes,index,shades"


class Place:
    """An empty database, and processes that migrate it."""

    def __init__(self, sandbox: Sandbox, client: "MongoClient[dict[str, Any]]") -> None:
        self.sandbox = sandbox
        self.name = f"{sandbox.place.prefix}laboratory"
        self.database: Any = client[self.name]

    def start(self, **environ: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "tests.integration.chassis.migrations"]
        return subprocess.Popen(
            [*command, self.sandbox.mongo_uri, self.name],
            cwd=ROOT,
            env=os.environ | environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self) -> tuple[int, str, str]:
        process = self.start()
        said = process.communicate(timeout=60)
        return process.returncode, said[0].splitlines()[-1].strip() if said[0] else "", said[1].strip()


@pytest.fixture
def place(make_sandbox: Callable[..., Sandbox]):
    sandbox = make_sandbox("gateway")
    with MongoClient(sandbox.mongo_uri, tz_aware=True) as client:
        yield Place(sandbox, client)
        client.drop_database(f"{sandbox.place.prefix}laboratory")


def test_started_three_times_at_once_each_step_runs_once(place: Place) -> None:
    place.database.things.insert_many([{"_id": 1, "colour": "red"}, {"_id": 2, "colour": "blue"}])
    processes = [place.start() for _ in range(3)]
    said = [process.communicate(timeout=60)[0].splitlines()[-1] for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert sorted(said) == ["", "", STEPS]
    assert place.database.runs.count_documents({}) == 1
    assert "colour" in place.database.things.index_information()
    assert {doc["shade"] for doc in place.database.things.find()} == {"dark red", "dark blue"}
    assert place.database.migrations.find_one({"_id": "lock"}) is None


def test_a_newer_database_is_refused_in_one_line(place: Place) -> None:
    assert place.run()[:2] == (0, STEPS)
    place.database.migrations.update_one({"_id": "state"}, {"$push": {"done": "of_next_year"}})
    code, _said, why = place.run()
    assert (code, why) == (
        1,
        f"database {place.name} is at step 4 (of_next_year), this code knows 3: use the newer release",
    )
    assert place.database.runs.count_documents({}) == 1


def test_a_database_of_another_line_is_refused(place: Place) -> None:
    place.run()
    place.database.migrations.update_one({"_id": "state"}, {"$set": {"done.1": "something_else"}})
    code, _said, why = place.run()
    assert (code, why) == (1, f"database {place.name}: step 2 was something_else, this code has index")


def test_a_killed_migration_holds_the_next_up_for_seconds_only(place: Place) -> None:
    hanging = place.start(HANG="1")
    wait_for(lambda: place.database.runs.count_documents({}) == 1, 30, "the second step's begin")
    lock = place.database.migrations.find_one({"_id": "lock"})
    wait_for(
        lambda: place.database.migrations.find_one({"_id": "lock"})["until"] > lock["until"], 20, "a renewal"
    )
    hanging.kill()
    hanging.wait()
    assert LOCK.total_seconds() <= 15
    assert place.run()[:2] == (0, "shades")
    assert place.database.runs.count_documents({}) == 2
