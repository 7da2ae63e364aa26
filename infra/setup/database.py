"""The database's side of the set-up: the replica set, its administrator, and a user for each process.

A user is defined in the database that it owns and can reach that one and the clock, no other.
"""

import time
from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import unquote

from pymongo import MongoClient
from pymongo.errors import ConnectionFailure, OperationFailure, PyMongoError
from pymongo.uri_parser import parse_uri

from infra.errors import Trouble
from infra.procs import PROCESSES, Place

AUTHENTICATION_FAILED: Final = 18
UNAUTHORIZED: Final = 13
NOT_YET_INITIATED: Final = 94
USER_EXISTS: Final = 51003
MECHANISMS: Final = ["SCRAM-SHA-256"]
WAIT_MS: Final = 5000

Client = MongoClient[dict[str, Any]]


def connect(uri: str, **options: Any) -> Client:
    """Return a client of the one server that `uri` names, as its user, replica set or not."""
    host, port = parse_uri(uri)["nodelist"][0]
    parsed = parse_uri(uri)
    account = {"username": parsed["username"], "password": parsed["password"], "authSource": "admin"}
    return _direct(host, port, **account, **options)


def _direct(host: str, port: int, **options: Any) -> Client:
    values: dict[str, Any] = {"serverSelectionTimeoutMS": WAIT_MS, **options}
    return MongoClient(host, port, directConnection=True, **values)


def initiate(uri: str, deadline: float) -> None:
    """Make the replica set and its administrator when they are missing; wait until there is a primary.

    `deadline` is of time.monotonic(). Raises Trouble when the server refuses the administrator.
    """
    parsed = parse_uri(uri)
    host, port = parsed["nodelist"][0]
    name = parsed["options"].get("replicaset", "rs0")
    with connect(uri) as client:
        known = _try_initiate(client, name, f"{host}:{port}")
        if known:
            _await_primary(client, deadline)
            return
    # nobody is defined yet: the server lets the first user in from its own machine, once
    with _direct(host, port) as stranger:
        if not _try_initiate(stranger, name, f"{host}:{port}"):
            _refused(f"{host}:{port}")
        _await_primary(stranger, deadline)
        _create_administrator(stranger, parsed["username"], unquote(parsed["password"]))


def _try_initiate(client: Client, name: str, member: str) -> bool:
    """Initiate the set unless it is; False when this client may not."""
    config = {"_id": name, "members": [{"_id": 0, "host": member}]}
    try:
        client.admin.command("replSetInitiate", config)
    except OperationFailure as error:
        if error.code in (AUTHENTICATION_FAILED, UNAUTHORIZED):
            return False
        if error.code != 23:  # AlreadyInitialized
            raise
    return True


def _create_administrator(client: Client, user: str, password: str) -> None:
    try:
        client.admin.command("createUser", user, pwd=password, roles=["root"])
    except OperationFailure as error:
        if error.code in (AUTHENTICATION_FAILED, UNAUTHORIZED):
            _refused(f"{client.address}")
        if error.code != USER_EXISTS:
            raise


def _refused(where: str) -> None:
    raise Trouble(
        f"The database at {where} refuses the administrator's password.",
        "It was set up with another one: use that (WUDAN_ADMIN_MONGO_URI), or start from empty data.",
    )


def _await_primary(client: Client, deadline: float) -> None:
    while not client.admin.command("hello")["isWritablePrimary"]:
        if time.monotonic() > deadline:
            raise Trouble("The database has no primary.", "See its log; `rs.status()` names the reason.")
        time.sleep(0.02)


def ready(uri: str) -> bool:
    """Tell whether a server listens, whoever is asking."""
    host, port = parse_uri(uri)["nodelist"][0]
    try:
        with _direct(host, port, serverSelectionTimeoutMS=500) as client:
            return bool(client.admin.command("ping")["ok"])
    except ConnectionFailure:
        return False
    except PyMongoError:
        return True


def prepare(client: Client, place: Place, passwords: Mapping[str, str]) -> None:
    """Make or renew the users of the processes in `passwords`, each with the rights on its own database."""
    for name, password in passwords.items():
        process = PROCESSES[name]
        database = place.database_of(process)
        roles = [
            {"role": "readWrite", "db": database},
            {"role": "readWrite" if process.writes_clock else "read", "db": place.clock},
        ]
        _put_user(client, database, name, password, roles)


def _put_user(client: Client, database: str, name: str, password: str, roles: list[dict[str, str]]) -> None:
    values: dict[str, Any] = {"pwd": password, "roles": roles, "mechanisms": MECHANISMS}
    try:
        client[database].command("createUser", name, **values)
    except OperationFailure as error:
        if error.code != USER_EXISTS:
            raise
        client[database].command("updateUser", name, **values)


def drop(client: Client, place: Place, names: Iterable[str]) -> None:
    """Delete the databases of the processes `names` with their users, and the clock."""
    for database in {place.database_of(PROCESSES[name]) for name in names} | {place.clock}:
        client[database].command("dropAllUsersFromDatabase")
        client.drop_database(database)
