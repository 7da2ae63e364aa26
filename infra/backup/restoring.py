"""Restoring: all databases, the broker's topology, and what was on its way when the backup was taken."""

import gzip
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final, cast
from urllib.parse import quote

import bson
from bson.raw_bson import RawBSONDocument
from kombu import Connection
from pymongo import MongoClient
from pymongo.write_concern import WriteConcern

from infra.backup import topology
from infra.backup.manifest import BROKER, KEYS, Entry, Manifest
from infra.backup.saving import RAW, Client, Tell
from infra.errors import Trouble
from infra.procs import Administration, Place
from services.chassis import migrate
from services.chassis.mongo import database as majority_database
from services.chassis.processes import database_of
from services.chassis.replay import Fed, Target, feed

BATCH: Final = 500
# what a set-up writes by itself
_OF_SET_UP: Final = "migrations"


def restore(
    admin: Administration,
    place: Place,
    folder: Path,
    keys: Path | None = None,
    replace: bool = False,
    tell: Tell = lambda line: None,
) -> Fed:
    """Bring a prepared place (`infra.setup` has run, no process runs) to a backup's state.

    keys: the newest folder of persons' keys, by default the backup's own; replace: what is there is deleted.
    Returns how many facts were sent to followers again. Raises Trouble before anything is changed when the
    backup is damaged, a process runs, or the databases hold data.
    """
    manifest = Manifest.read(folder)
    keys = keys or folder / KEYS
    manifest.check(folder, keys)
    saved = json.loads((folder / BROKER).read_text())
    client: Client = MongoClient(admin.mongo_uri, tz_aware=True)
    with client:
        _check_place(admin, place, client, manifest, replace)
        topology.load(admin.management_url, place.vhost, saved)
        _purge(_vhost_url(admin, place), saved)
        for name in dict.fromkeys(entry.database for entry in manifest.collections):
            client.drop_database(f"{place.prefix}{name}")
        for entry in manifest.collections:
            path = keys / Path(entry.file).relative_to(KEYS) if entry.is_key else folder / entry.file
            _load(client, place, entry, path)
            tell(f"{entry.database}.{entry.name}: {entry.count}")
        for name in dict.fromkeys(entry.database for entry in manifest.collections):
            if name in migrate.STORES:
                client[f"{place.prefix}{name}"][_OF_SET_UP].delete_one({"_id": "lock"})
                migrate.run(name, client[f"{place.prefix}{name}"])
    return _send_again(admin, place, manifest, saved, tell)


def _check_place(
    admin: Administration, place: Place, client: Client, manifest: Manifest, replace: bool
) -> None:
    readers = topology.consumers(admin.management_url, place.vhost, _vhost_url(admin, place))
    if readers:
        raise Trouble(f"Processes run: {', '.join(readers)} are read.", "Stop all of them first.")
    for entry in manifest.collections:
        found = client[f"{place.prefix}{entry.database}"][entry.name].find_one({}, {"_id": 1})
        if found is not None and entry.name != _OF_SET_UP and not replace:
            raise Trouble(
                f"{entry.database}.{entry.name} holds data.",
                "Restore into a new place, or delete what is there: --replace",
            )


def _vhost_url(admin: Administration, place: Place) -> str:
    return f"{admin.amqp_url.rpartition('/')[0]}/{quote(place.vhost, safe='')}"


def _purge(amqp_url: str, saved: dict[str, Any]) -> None:
    """Empty the queues: their messages are of another history than the restored one."""
    with Connection(amqp_url, connect_timeout=5) as connection:
        channel: Any = connection.channel()
        for queue in saved["queues"]:
            channel.queue_purge(queue["name"])


def _load(client: Client, place: Place, entry: Entry, path: Path) -> None:
    database = client[f"{place.prefix}{entry.database}"]
    database.create_collection(entry.name, **dict(entry.options))
    collection = database.get_collection(
        entry.name, codec_options=RAW, write_concern=WriteConcern("majority")
    )
    with gzip.open(path, "rb") as file:
        documents: Iterator[RawBSONDocument] = bson.decode_file_iter(cast(IO[bytes], file), codec_options=RAW)
        while batch := list(islice(documents, BATCH)):
            collection.insert_many(batch, bypass_document_validation=True)
    if entry.indexes:
        database.command("createIndexes", entry.name, indexes=[dict(index) for index in entry.indexes])


def _send_again(
    admin: Administration, place: Place, manifest: Manifest, saved: dict[str, Any], tell: Tell
) -> Fed:
    """Send each follower the facts of its sources' logs that its marks do not cover."""
    amqp_url, all_fed = _vhost_url(admin, place), Fed()
    there = {entry.database for entry in manifest.collections}
    for process, aggregates in sorted(topology.followed(saved).items()):
        if database_of(process) not in there:
            continue
        own = majority_database(admin.mongo_uri, f"{place.prefix}{database_of(process)}")
        target = Target(process, own, aggregates)
        for source in target.sources:
            if source in there:
                log = majority_database(admin.mongo_uri, f"{place.prefix}{source}")
                fed = feed(target, log, amqp_url, high_water=None)
                tell(f"{process} from {source}: {fed.sent} sent again")
                all_fed += fed
    return all_fed
