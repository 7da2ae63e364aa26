"""The steps of the set-up, in order. Each may run again at any time and changes nothing that is right."""

import contextlib
import socket
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Final
from urllib.parse import urlsplit

import requests
from amqp.exceptions import AMQPError
from kombu.exceptions import KombuError
from pymongo.errors import PyMongoError

from infra.errors import Trouble
from infra.procs import PROCESSES, Administration, Place
from infra.setup import database
from infra.setup.broker import Broker
from services.chassis import migrate, topology

READY_SECONDS: Final = 120.0
PAUSE_SECONDS: Final = 0.05
REFUSALS: Final = (requests.RequestException, AMQPError, KombuError, PyMongoError, migrate.MigrationError)


def wait_until_ready(
    admin: Administration, seconds: float = READY_SECONDS, check: Callable[[], None] = lambda: None
) -> None:
    """Wait until broker and database answer and the replica set has a primary.

    `check` is called while waiting and may raise a Trouble of its own. Raises Trouble when one does not
    answer in time, or refuses the administrator.
    """
    deadline = time.monotonic() + seconds
    where = admin.mongo_uri.rpartition("@")[2].partition("/")[0]
    _await(lambda: database.ready(admin.mongo_uri), check, f"The database at {where}", deadline)
    database.initiate(admin.mongo_uri, deadline)
    where = admin.management_url.rpartition("@")[2]
    _await(Broker(admin.management_url).ready, check, f"The broker's management API at {where}", deadline)
    amqp = urlsplit(admin.amqp_url)
    address = (amqp.hostname or "", amqp.port or 5672)
    _await(lambda: _listens(address), check, f"The broker at {address[0]}:{address[1]}", deadline)


def _listens(address: tuple[str, int]) -> bool:
    try:
        socket.create_connection(address, timeout=5).close()
    except OSError:
        return False
    return True


def _await(ready: Callable[[], bool], check: Callable[[], None], what: str, deadline: float) -> None:
    while not ready():
        check()
        if time.monotonic() > deadline:
            raise Trouble(
                f"{what} does not answer.", "Start it, or look into its log; then run the set-up again."
            )
        time.sleep(PAUSE_SECONDS)


def prepare(admin: Administration, place: Place, passwords: Mapping[str, str]) -> None:
    """Make vhost, users, rights and topology on the broker; users and migrations in the database.

    `passwords` maps each process to its password, on broker and database alike. Both must be ready.
    Raises Trouble when broker or database refuse.
    """
    with _told(
        "broker", "Check WUDAN_ADMIN_MANAGEMENT_URL and WUDAN_ADMIN_AMQP_URL and their user's rights."
    ):
        Broker(admin.management_url).prepare(place.vhost, passwords)
        declare_topology(admin, place, passwords)
    with (
        _told("database", "Check WUDAN_ADMIN_MONGO_URI, and which release the data is from."),
        database.connect(admin.mongo_uri) as client,
    ):
        database.prepare(client, place, passwords)
        _migrate(client, place, passwords)


@contextlib.contextmanager
def _told(who: str, way_out: str) -> Iterator[None]:
    """Turn what the libraries raise into a Trouble."""
    try:
        yield
    except REFUSALS as error:
        raise Trouble(f"The {who} refuses the set-up: {error}", way_out) from error


def _migrate(client: database.Client, place: Place, names: Collection[str]) -> None:
    """Bring the databases of the processes `names` to this code's state, each once."""
    for family in sorted({PROCESSES[name].database or "" for name in names}):
        migrate.run(family, client[f"{place.prefix}{family}"])


def declare_topology(admin: Administration, place: Place, names: Collection[str]) -> None:
    """Declare the exchanges, queues and bindings of the processes `names`.

    oversight's are always among them: it binds every event, and an event without a queue is an error.
    """
    spec = topology.topology_spec()
    wanted = {name: spec[name] for name in spec if name in names or name == "oversight"}
    topology.declare(f"{admin.amqp_url.rpartition('/')[0]}/{place.vhost}", wanted)
