"""What a local stack remembers between two starts: its secrets and its ports, under one directory."""

import base64
import contextlib
import errno
import json
import os
import random
import secrets
import socket
import tempfile
from pathlib import Path
from typing import Final

from nacl.signing import SigningKey

from infra.errors import Trouble
from infra.procs import ACCOUNTS, SIGNERS

HOST: Final = "127.0.0.1"
ADMIN: Final = "wudan-admin"
FIXED_PORTS: Final = {
    "gateway": 8000,
    "standin": 8090,
    "intake": 8101,
    "catalogue": 8102,
    "selection": 8103,
    "acceptance": 8104,
    "settlement": 8105,
    "oversight": 8106,
    "projector": 8107,
    "amqp": 5682,
    "management": 15682,
    "metrics": 15693,
    "dist": 25682,
    "epmd": 4379,
    "mongod": 27027,
}
# below the range that the kernel takes outgoing ports from, so that no connection sits on one of ours
FREE_PORTS: Final = range(10000, 32000, 20)


class State:
    """Secrets, ports and folders of the stack in `folder`. Everything in it is for its owner only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.logs = folder / "logs"
        self._secrets = folder / "secrets.json"
        self._ports = folder / "ports.json"

    def prepare(self, ports: str) -> None:
        """Make folders, secrets and ports where they are missing; `ports` is "fixed" or "free".

        Raises Trouble when the folder cannot be written.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self.logs.mkdir(mode=0o700, exist_ok=True)
            if not self._secrets.exists():
                _write(self._secrets, _new_secrets())
            elif completed := _completed(self.secrets()):
                _write(self._secrets, completed)
            if not self._ports.exists():
                _write(self._ports, dict(FIXED_PORTS) if ports == "fixed" else _reserve_ports(self.folder))
        except OSError as error:
            raise Trouble(
                f"{self.folder} cannot be written: {error.strerror}.",
                "Give yourself the right, or set WUDAN_STATE_DIR to a folder of yours.",
            ) from error

    def secrets(self) -> dict[str, str]:
        """Return the secrets by setting name. Raises Trouble when the stack was never started."""
        return {str(key): str(value) for key, value in self._read(self._secrets).items()}

    def ports(self) -> dict[str, int]:
        """Return the ports by name; WUDAN_PORT_<NAME> in the environment goes before what is stored."""
        stored = {name: int(str(port)) for name, port in self._read(self._ports).items()}
        return {name: _from_environment(name, port) for name, port in stored.items()}

    def exists(self) -> bool:
        """Tell whether a stack was ever started here."""
        return self._ports.exists()

    def release(self) -> None:
        """Give reserved ports back to other stacks."""
        for mark in _marks().glob("*"):
            with contextlib.suppress(OSError):
                if mark.read_text() == str(self.folder):
                    mark.unlink()

    def _read(self, path: Path) -> dict[str, object]:
        try:
            content = json.loads(path.read_text())
        except FileNotFoundError:
            raise Trouble(f"There is no local stack in {self.folder}.", "Start one: make run") from None
        except ValueError:
            content = None
        if not isinstance(content, dict):
            raise Trouble(f"{path} is damaged.", "Restore it, or begin anew: make clean")
        return content


def _write(path: Path, content: object) -> None:
    partial = path.with_suffix(".new")
    with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(content, file, indent=1)
    partial.rename(path)


def _from_environment(name: str, port: int) -> int:
    variable = f"WUDAN_PORT_{name.upper()}"
    value = os.environ.get(variable)
    if value is None or value == str(port):
        return port
    if name == "mongod":
        raise Trouble(
            f"{variable} cannot change: the replica set is known by port {port}.",
            "Unset it, or begin with empty data: make clean",
        )
    if not (value.isascii() and value.isdigit() and 0 < int(value) < 65536):
        raise Trouble(f"{variable} is no port: {value!r}.", "Set it to a number from 1 to 65535.")
    return int(value)


def _new_secrets() -> dict[str, str]:
    signing = {name: SigningKey.generate() for name in SIGNERS}
    values = {f"WUDAN_PASSWORD_{name.upper()}": secrets.token_urlsafe(32) for name in ACCOUNTS}
    for name, key in signing.items():
        values[f"WUDAN_ACTOR_SIGNING_KEY_{name.upper()}"] = f"{name}-1:{_base64(bytes(key))}"
    public = (f"{name}-1:{_base64(bytes(key.verify_key))}" for name, key in signing.items())
    return values | {
        "WUDAN_ACTOR_PUBLIC_KEYS": ",".join(public),
        "WUDAN_CREDENTIAL_SIGNING_KEY": f"issuer-1:{_base64(bytes(SigningKey.generate()))}",
        "WUDAN_PERSON_MASTER_KEY": _base64(secrets.token_bytes(96)),
        "WUDAN_LOOKUP_KEY": _base64(secrets.token_bytes(32)),
        "WUDAN_SESSION_SECRET": secrets.token_urlsafe(32),
        "WUDAN_ADMIN_PASSWORD": secrets.token_urlsafe(12),
        "WUDAN_REGISTRY_TOKEN": secrets.token_urlsafe(32),
        "WUDAN_BANK_TOKEN": secrets.token_urlsafe(32),
        "WUDAN_STANDIN_ADMIN_TOKEN": secrets.token_urlsafe(32),
        "broker_administrator": secrets.token_urlsafe(32),
        "broker_cookie": secrets.token_hex(16),
        "database_administrator": secrets.token_urlsafe(32),
        "database_keyfile": _base64(secrets.token_bytes(96)),
    }


def _completed(known: dict[str, str]) -> dict[str, str]:
    """Return the secrets of an older stack with those that it has not yet, nothing when it has all."""
    fresh = _new_secrets()
    missing = {name: value for name, value in fresh.items() if name not in known}
    if not missing:
        return {}
    keys = "WUDAN_ACTOR_PUBLIC_KEYS"
    signers = [name for name in SIGNERS if f"WUDAN_ACTOR_SIGNING_KEY_{name.upper()}" in missing]
    public = [entry for entry in fresh[keys].split(",") if entry.partition("-")[0] in signers]
    return known | missing | {keys: ",".join([known[keys], *public])}


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _marks() -> Path:
    return Path(tempfile.gettempdir()) / f"wudan-ports-{os.getuid()}"


def _reserve_ports(folder: Path) -> dict[str, int]:
    """Take a block of ports that no other stack has marked and no program listens on."""
    _marks().mkdir(mode=0o700, exist_ok=True)
    for first in random.sample(FREE_PORTS, len(FREE_PORTS)):
        mark = _marks() / str(first)
        if mark.exists() and not Path(mark.read_text() or "/").exists():
            mark.unlink(missing_ok=True)
        try:
            with open(mark, "x") as file:
                file.write(str(folder))
        except FileExistsError:
            continue
        ports = dict(zip(FIXED_PORTS, range(first, first + FREE_PORTS.step), strict=False))
        if not any(in_use(port) for port in ports.values()):
            return ports
    raise Trouble(
        "No block of 20 free ports was found.", "End other stacks: make stop, or python -m infra.local clean"
    )


def free_ports(count: int) -> list[int]:
    """Return ports that nobody listens on now, for a process that a test starts by itself."""
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind((HOST, 0))
        return [one.getsockname()[1] for one in sockets]


def in_use(port: int) -> bool:
    """Tell whether a program listens on the port of the loopback address."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return True
            raise Trouble(
                f"Port {port} cannot be opened: {error.strerror}.", "Choose ports above 1023."
            ) from error
    return False
