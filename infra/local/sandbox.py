"""A vhost and databases of its own on a running stack, for one test, in a few tenths of a second."""

import contextlib
import secrets
import threading
from types import TracebackType
from typing import Any

import requests
from pymongo import MongoClient

from infra.local.settings import administration_of, environment_of, passwords_of, sandbox_place
from infra.local.state import State
from infra.procs import ACCOUNTS, PROCESSES
from infra.setup import database, run
from infra.setup.broker import Broker


class Sandbox:
    """The system's names on servers shared with other sandboxes; nothing of it is seen from another one.

    Broker users are shared by all sandboxes of a server, their rights are not. A context manager.
    """

    def __init__(self, state: State, services: tuple[str, ...]) -> None:
        self.services = services or ACCOUNTS
        self._state = state
        self.place = sandbox_place(state, f"t{secrets.token_hex(5)}")
        self._admin = administration_of(state)
        passwords = passwords_of(state)
        run.prepare(self._admin, self.place, {name: passwords[name] for name in self.services})

    def env(self, name: str) -> dict[str, str]:
        """Return the WUDAN_* settings of one process within the sandbox."""
        if name not in self.services:
            raise ValueError(f"the sandbox was made without {name}")
        return environment_of(self._state, name, self.place)

    @property
    def amqp_url(self) -> str:
        """Return the administrator's URL of the vhost."""
        return f"{self._admin.amqp_url.rpartition('/')[0]}/{self.place.vhost}"

    @property
    def mongo_uri(self) -> str:
        """Return the administrator's URI of the database server."""
        return self._admin.mongo_uri

    @property
    def management(self) -> Broker:
        """Return the broker's management API, as the administrator."""
        return Broker(self._admin.management_url)

    def database(self, client: MongoClient[dict[str, Any]], name: str) -> Any:
        """Return the database of the process `name` on a client of the test's own."""
        return client[self.place.database_of(PROCESSES[name])]

    def drop(self) -> None:
        """Delete the databases and their users at once, and the vhost as the broker finds the time.

        The broker now and then takes a minute to delete a few quorum queues; nobody needs to wait for it.
        """
        dropping = threading.Thread(target=self._drop_vhost, name=f"drop {self.place.vhost}", daemon=True)
        dropping.start()
        with database.connect(self._admin.mongo_uri) as client:
            database.drop(client, self.place, self.services)

    def _drop_vhost(self) -> None:
        with contextlib.suppress(requests.RequestException):  # the broker may end first
            self.management.drop_vhost(self.place.vhost)

    def __enter__(self) -> "Sandbox":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.drop()
