"""Saving: every collection at one cluster time, streamed to compressed BSON, while the system runs."""

import gzip
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from pymongo import MongoClient
from pymongo.client_session import ClientSession
from pymongo.errors import OperationFailure

from infra.backup.manifest import BROKER, DATA, KEY_COLLECTIONS, KEYS, Entry, Manifest, checksum
from infra.backup.topology import definitions
from infra.errors import Trouble
from infra.procs import CLOCK, PROCESSES, Administration, Place

Tell = Callable[[str], None]
Client = MongoClient[dict[str, Any]]
# How long the database keeps the moment that is being read; its default is five minutes.
HISTORY_SECONDS: Final = 6 * 3600
SNAPSHOT_UNAVAILABLE: Final = 246
ATTEMPTS: Final = 5
RAW: Final = CodecOptions(document_class=RawBSONDocument)


def databases() -> list[str]:
    """Return the names of all databases of the system, without prefix."""
    return sorted({process.database for process in PROCESSES.values() if process.database} | {CLOCK})


def save(admin: Administration, place: Place, folder: Path, tell: Tell = lambda line: None) -> Manifest:
    """Write a backup to a new folder, for its owner only, and return its manifest.

    Raises Trouble when the folder exists; broker's and database's errors go through, nothing is left then.
    """
    if folder.exists():
        raise Trouble(f"{folder} exists.", "Name a new folder for each backup.")
    partial = folder.with_name(f"{folder.name}.partial")
    umask = os.umask(0o077)
    try:
        manifest = _save(admin, place, partial, tell)
        partial.rename(folder)
        return manifest
    finally:
        os.umask(umask)
        shutil.rmtree(partial, ignore_errors=True)


def _save(admin: Administration, place: Place, folder: Path, tell: Tell) -> Manifest:
    folder.mkdir(parents=True)
    (folder / BROKER).write_text(
        json.dumps(definitions(admin.management_url, place.vhost), indent=1, ensure_ascii=False)
    )
    client: Client = MongoClient(admin.mongo_uri, tz_aware=True)
    with client, _long_history(client):
        for attempt in range(1, ATTEMPTS + 1):
            try:
                taken_at = datetime.now(UTC).isoformat()
                entries = _snapshot(client, place, folder, tell)
                break
            except OperationFailure as problem:
                # a collection or an index was made since: another moment will do
                if problem.code != SNAPSHOT_UNAVAILABLE or attempt == ATTEMPTS:
                    raise
    manifest = Manifest(taken_at, entries, checksum(folder / BROKER))
    manifest.write(folder)
    return manifest


@contextmanager
def _long_history(client: Client) -> Iterator[None]:
    """Let the database keep old versions for as long as a backup may take."""
    name = "minSnapshotHistoryWindowInSeconds"
    before = client.admin.command({"getParameter": 1, name: 1})[name]
    client.admin.command({"setParameter": 1, name: max(before, HISTORY_SECONDS)})
    try:
        yield
    finally:
        client.admin.command({"setParameter": 1, name: before})


def _snapshot(client: Client, place: Place, folder: Path, tell: Tell) -> list[Entry]:
    found = [
        (name, info)
        for name in databases()
        for info in client[f"{place.prefix}{name}"].list_collections()
        if info["type"] == "collection" and not info["name"].startswith("system.")
    ]
    entries = []
    with client.start_session(snapshot=True) as session:
        for name, info in sorted(found, key=lambda one: (one[0], one[1]["name"])):
            entries.append(_dump(client, place, name, info, folder, session))
            tell(f"{name}.{entries[-1].name}: {entries[-1].count}")
    return entries


def _dump(
    client: Client, place: Place, database: str, info: Any, folder: Path, session: ClientSession
) -> Entry:
    name = info["name"]
    part = KEYS if name in KEY_COLLECTIONS.get(database, ()) else DATA
    path = folder / part / database / f"{name}.bson.gz"
    path.parent.mkdir(parents=True, exist_ok=True)
    collection = client[f"{place.prefix}{database}"][name]
    count = 0
    with gzip.open(path, "wb", compresslevel=5) as file:
        for document in collection.with_options(RAW).find({}, session=session):
            file.write(document.raw)
            count += 1
    indexes = [dict(index) for index in collection.list_indexes() if index["name"] != "_id_"]
    file_name = str(path.relative_to(folder))
    return Entry(database, name, file_name, count, checksum(path), info.get("options", {}), indexes)
