"""A store with a step that makes an index and one that changes documents, run as a process of its own."""

import os
import sys
import time
from typing import Any

from pymongo import MongoClient

from services.chassis import migrate


def index(database: Any) -> None:
    database.things.create_index("colour", name="colour")


def shades(database: Any) -> None:
    """Counts its runs; takes a while, or hangs when told to (the test kills it)."""
    database.runs.insert_one({})
    if os.environ.get("HANG"):
        time.sleep(600)
    time.sleep(0.5)
    database.things.update_many({"shade": None}, [{"$set": {"shade": {"$concat": ["dark ", "$colour"]}}}])


MIGRATIONS = (index, shades)


if __name__ == "__main__":
    migrate.STORES["laboratory"] = "tests.integration.chassis.migrations"
    uri, name = sys.argv[1:]
    with MongoClient(uri, tz_aware=True) as client:
        try:
            sys.stdout.write(",".join(migrate.run("laboratory", client[name])) + "\n")
        except migrate.MigrationError as problem:
            sys.exit(str(problem))
