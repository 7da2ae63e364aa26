"""The processes of the system: what each runs, which account it has, and its environment.

The local stack, the tests and docker-compose.yml all follow this table.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

PYTHON: Final = sys.executable
CLOCK: Final = "clock"


@dataclass(frozen=True)
class Process:
    """One process.

    `database` is the database that it owns or writes (None: it has no account on broker and database);
    `secrets` are the settings that it alone gets, beside those that all get.
    """

    name: str
    command: tuple[str, ...]
    database: str | None = None
    writes_clock: bool = False
    secrets: tuple[str, ...] = ()

    @property
    def has_account(self) -> bool:
        """Tell whether the process has a user of its own on broker and database."""
        return self.database is not None


def _service(name: str, database: str = "", secrets: tuple[str, ...] = ()) -> Process:
    command = (PYTHON, "-m", "services.chassis.run", name)
    return Process(name, command, database=database or name, secrets=secrets)


_REGISTRY: Final = ("WUDAN_REGISTRY_URL", "WUDAN_REGISTRY_TOKEN")
_BANK: Final = ("WUDAN_BANK_URL", "WUDAN_BANK_TOKEN")

PROCESSES: Final[dict[str, Process]] = {
    process.name: process
    for process in (
        Process("standin", (PYTHON, "-m", "infra.standin")),
        _service("intake", secrets=("WUDAN_PERSON_MASTER_KEY", "WUDAN_LOOKUP_KEY", *_REGISTRY)),
        _service("catalogue"),
        _service("selection", secrets=("WUDAN_ACTOR_SIGNING_KEY", "WUDAN_CREDENTIAL_SIGNING_KEY")),
        _service("acceptance"),
        _service("settlement", secrets=("WUDAN_ACTOR_SIGNING_KEY", *_BANK)),
        _service("oversight"),
        _service("projector", database="gateway"),
        Process(
            "gateway",
            (PYTHON, "-m", "gunicorn", "-c", "gateway/gunicorn.conf.py", "gateway.app:create_app()"),
            database="gateway",
            writes_clock=True,
            secrets=("WUDAN_ACTOR_SIGNING_KEY", "WUDAN_SESSION_SECRET", "WUDAN_ADMIN_PASSWORD"),
        ),
    )
}
ACCOUNTS: Final = tuple(name for name, process in PROCESSES.items() if process.has_account)
SIGNERS: Final = ("gateway", "settlement", "selection")


@dataclass(frozen=True)
class Place:
    """Where broker and database are, and under which names the system lives there.

    `prefix` goes before every database name, so that several systems can share one server (tests).
    """

    broker: str
    management: str
    database: str
    vhost: str = "wudan"
    prefix: str = ""
    replica_set: str = "rs0"

    def amqp_url(self, user: str, password: str) -> str:
        """Return the broker's URL for one user."""
        account = f"{quote(user, safe='')}:{quote(password, safe='')}"
        return f"amqp://{account}@{self.broker}/{quote(self.vhost, safe='')}"

    def management_url(self, user: str, password: str) -> str:
        """Return the URL of the broker's management API for one user."""
        return f"http://{quote(user, safe='')}:{quote(password, safe='')}@{self.management}"

    def mongo_uri(self, user: str, password: str, auth_source: str) -> str:
        """Return the database's URI for one user, who is defined in `auth_source`."""
        account = f"{quote(user, safe='')}:{quote(password, safe='')}"
        return f"mongodb://{account}@{self.database}/?authSource={auth_source}&replicaSet={self.replica_set}"

    def database_of(self, process: Process) -> str:
        """Return the name of the process's database here."""
        return f"{self.prefix}{process.database}"

    @property
    def clock(self) -> str:
        """Return the name of the database that holds the business clock."""
        return f"{self.prefix}{CLOCK}"


@dataclass(frozen=True)
class Administration:
    """The administrator's way to broker and database (WUDAN_ADMIN_*), with the credentials in the URLs."""

    amqp_url: str
    management_url: str
    mongo_uri: str


def environment(
    process: Process, place: Place, secrets: Mapping[str, str], shared: Mapping[str, str]
) -> dict[str, str]:
    """Return the WUDAN_* settings of one process.

    `secrets` holds WUDAN_PASSWORD_<NAME> for each account, a signing key for each signer as
    WUDAN_ACTOR_SIGNING_KEY_<NAME>, and every other secret under its own name. `shared` goes to all.
    Raises KeyError when a secret that the process needs is not there.
    """
    values = dict(shared)
    if process.has_account:
        password = secrets[f"WUDAN_PASSWORD_{process.name.upper()}"]
        database = place.database_of(process)
        values |= {
            "WUDAN_AMQP_URL": place.amqp_url(process.name, password),
            "WUDAN_MONGO_URI": place.mongo_uri(process.name, password, database),
            "WUDAN_MONGO_DB": database,
            "WUDAN_CLOCK_DB": place.clock,
            "WUDAN_ACTOR_PUBLIC_KEYS": secrets["WUDAN_ACTOR_PUBLIC_KEYS"],
        }
    for name in process.secrets:
        own = f"{name}_{process.name.upper()}"
        values[name] = secrets[own if own in secrets else name]
    return values
