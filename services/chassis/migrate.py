"""Migrations: numbered steps on one database, run once, under a lock, before services start.

A step that was cut off runs again, so each must stand being run twice.
"""

import importlib
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import structlog
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from services.chassis.mongo import Document

Step = Callable[["Database[Document]"], None]
# How long the lock of a killed migration holds up the next one; a living one renews it.
LOCK: Final = timedelta(seconds=15)
ANSWER_DAYS: Final = 30
STORES: Final[dict[str, str]] = {
    **{
        name: f"services.{name}.store"
        for name in ("intake", "catalogue", "selection", "acceptance", "settlement", "oversight")
    },
    "gateway": "gateway.store",
}
_log = structlog.get_logger(__name__)


class MigrationError(Exception):
    """The database is at a state that this code does not know, or another migration holds the lock."""


def chassis_indexes(database: "Database[Document]") -> None:
    """Indexes of what the chassis keeps in every database."""
    database["outbox"].create_index(
        [("pending", 1), ("_id", 1)], name="pending", partialFilterExpression={"pending": True}
    )
    database["outbox"].create_index([("position", 1), ("_id", 1)], name="log")
    database["outbox"].create_index([("subject", 1), ("sequence", 1)], name="aggregate")
    database["answers"].create_index("at", expireAfterSeconds=ANSWER_DAYS * 86400, name="expiry")
    database["job_runs"].create_index("at", expireAfterSeconds=86400, name="expiry")
    for collection in ("marks", "parked"):
        if collection not in database.list_collection_names():
            database.create_collection(collection)


def run(name: str, database: "Database[Document]") -> list[str]:
    """Bring one process family's database to this code's state; return the names of the steps that ran.

    name: intake … oversight, or gateway. Raises MigrationError when the lock cannot be had within a minute or
    the database is newer than this code, or of another line of development.
    """
    steps: Sequence[Step] = [chassis_indexes, *importlib.import_module(STORES[name]).MIGRATIONS]
    state = database["migrations"]
    with _locked(state):
        done: list[str] = (state.find_one({"_id": "state"}) or {}).get("done", [])
        _check(database.name, done, [step.__name__ for step in steps])
        for step in steps[len(done) :]:
            step(database)
            state.update_one({"_id": "state"}, {"$push": {"done": step.__name__}}, upsert=True)
            _log.info("migrated", database=database.name, step=step.__name__)
        return [step.__name__ for step in steps[len(done) :]]


def _check(database: str, done: list[str], known: list[str]) -> None:
    if len(done) > len(known):
        raise MigrationError(
            f"database {database} is at step {len(done)} ({done[-1]}), this code knows {len(known)}: "
            "use the newer release"
        )
    for number, (there, here) in enumerate(zip(done, known, strict=False), start=1):
        if there != here:
            raise MigrationError(f"database {database}: step {number} was {there}, this code has {here}")


@contextmanager
def _locked(locks: Any) -> Iterator[None]:
    owner = uuid.uuid4().hex
    _take_lock(locks, owner)
    ended = threading.Event()

    def renew() -> None:
        while not ended.wait(LOCK.total_seconds() / 5):
            mine = {"_id": "lock", "owner": owner}
            locks.update_one(mine, {"$set": {"until": datetime.now(UTC) + LOCK}})

    renewing = threading.Thread(target=renew, name="migration lock", daemon=True)
    renewing.start()
    try:
        yield
    finally:
        ended.set()
        renewing.join()
        locks.delete_one({"_id": "lock", "owner": owner})


def _take_lock(locks: Any, owner: str) -> None:
    end = time.monotonic() + 60
    while True:
        now = datetime.now(UTC)
        try:
            locks.update_one(
                {"_id": "lock", "until": {"$lt": now}},
                {"$set": {"until": now + LOCK, "owner": owner}},
                upsert=True,
            )
            return
        except DuplicateKeyError:
            if time.monotonic() > end:
                raise MigrationError(
                    "another migration holds the lock; try again when it has ended"
                ) from None
            time.sleep(0.5)
