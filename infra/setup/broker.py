"""The broker's side of the set-up: vhost, a user for each process, and the least rights that it needs.

Everything goes through the management HTTP API and is idempotent. What each right is for is in
docs/operations.md; the names follow the topology in services/chassis.
"""

import base64
import hashlib
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlsplit

import requests

from infra.errors import Trouble
from services.chassis import topology

NOTHING: Final = "^$"
RPC: Final = "nameko-rpc"
CALLED: Final = ("intake", "catalogue", "selection", "acceptance", "settlement", "oversight")
CONSUMERS: Final = (*CALLED, "projector")
CALLS: Final[dict[str, str]] = {
    # who may call what: routing keys on the RPC exchange
    "gateway": rf"({'|'.join(CALLED)})\.[a-z_]+",
    "selection": r"intake\.credential_subject",
    "settlement": (
        r"intake\.payee_details|intake\.masked_names|intake\.recheck|"
        r"intake\.shared_contacts|intake\.compare_wages"
    ),
}
TIMEOUT: Final = 30


@dataclass(frozen=True)
class Rights:
    """Regular expressions over names (configure, write, read), and over routing keys by topic exchange."""

    configure: str
    write: str
    read: str
    topics: Mapping[str, tuple[str, str]]


def rights_of(name: str) -> Rights:
    """Return what the process `name` may do on the broker.

    A service publishes its own facts and answers, reads its own queues, and settles failures over its
    own inbox exchange. Only those who call others have reply queues, which they declare themselves.
    """
    reply = rf"rpc\.reply-{name}-.*"
    write, read, keys = [], [], []
    topics: dict[str, tuple[str, str]] = {}
    if name in CONSUMERS:
        write.append(rf"{name}\.inbox")
        read.append(rf"{name}\.events(\..*)?")
        # each connection binds again what the process follows
        write.append(rf"{name}\.events")
        for exchange, keys_of in _followed(name).items():
            read.append(re.escape(exchange))
            topics[exchange] = (NOTHING, _any_of(re.escape(key) for key in keys_of))
    if name in CALLED:
        write += [RPC, rf"{name}\.facts"]
        read.append(f"rpc-{name}")
        keys.append(r"rpc\.reply-.*")
        own = f"{name}.facts"
        topics[own] = (rf"^{name}\..*$", topics.get(own, (NOTHING, NOTHING))[1])
    if name in CALLS:
        write += [RPC, reply]
        read += [RPC, reply]
        keys.append(CALLS[name])
    replies = f"^{reply}$" if name in CALLS else NOTHING
    topics[RPC] = (_any_of(keys), replies)
    return Rights(replies, _any_of(dict.fromkeys(write)), _any_of(read), topics)


def _followed(name: str) -> dict[str, list[str]]:
    """Return the patterns that a process binds, by exchange (its own inbox aside)."""
    found: dict[str, list[str]] = {}
    for exchange, key in topology.topology_spec()[name].bindings:
        found.setdefault(exchange, []).append(key)
    return found


def _any_of(patterns: Iterable[str]) -> str:
    joined = "|".join(patterns)
    return f"^({joined})$" if joined else NOTHING


class Broker:
    """The management API of one broker, as the administrator. Raises requests.RequestException."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.user = parts.username or ""
        self._base = f"{parts.scheme}://{parts.hostname}:{parts.port}/api"
        self._http = requests.Session()
        self._http.auth = (parts.username or "", parts.password or "")
        self._http.trust_env = False

    def ready(self) -> bool:
        """Tell whether the management API answers. Raises Trouble when it refuses the administrator."""
        try:
            answer = self._http.get(f"{self._base}/overview", timeout=TIMEOUT)
        except requests.ConnectionError:
            return False
        if answer.status_code in (401, 403):
            raise Trouble(
                f"The broker at {self._base} refuses the administrator {self.user!r}.",
                "Check the user in WUDAN_ADMIN_MANAGEMENT_URL, or start from empty data.",
            )
        return answer.ok

    def prepare(self, vhost: str, passwords: Mapping[str, str]) -> None:
        """Make the vhost, or renew it: the users of `passwords` and their rights.

        One call with all definitions instead of one for each right.
        """
        mine = [{"user": self.user, "vhost": vhost, "configure": ".*", "write": ".*", "read": ".*"}]
        rights = {name: rights_of(name) for name in passwords}
        self.post(
            "definitions",
            {
                "vhosts": [{"name": vhost}],
                "users": [_user(name, password) for name, password in passwords.items()],
                "permissions": mine + [_permission(vhost, name, right) for name, right in rights.items()],
                "topic_permissions": [
                    {"user": name, "vhost": vhost, "exchange": exchange, "write": write, "read": read}
                    for name, right in rights.items()
                    for exchange, (write, read) in right.topics.items()
                ],
            },
        )

    def drop_vhost(self, vhost: str) -> None:
        """Delete a vhost with everything in it (users stay)."""
        answer = self._http.delete(f"{self._base}/vhosts/{quote(vhost, safe='')}", timeout=TIMEOUT)
        if answer.status_code != 404:
            answer.raise_for_status()

    def get(self, path: str) -> object:
        """Return the decoded answer of a GET below /api."""
        answer = self._http.get(f"{self._base}/{path}", timeout=TIMEOUT)
        answer.raise_for_status()
        return answer.json()

    def post(self, path: str, body: object) -> None:
        """Send a body below /api. Raises requests.HTTPError with the broker's reason."""
        answer = self._http.post(f"{self._base}/{path}", json=body, timeout=TIMEOUT)
        if not answer.ok:
            raise requests.HTTPError(f"{path}: {answer.status_code} {answer.text[:500]}", response=answer)


def _user(name: str, password: str) -> dict[str, object]:
    if not re.fullmatch(r"[a-z][a-z0-9_-]*", name):
        raise ValueError(f"not a process name: {name!r}")
    # RabbitMQ's format: base64(salt + sha256(salt + password))
    salt = os.urandom(4)
    digest = base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()
    return {
        "name": name,
        "password_hash": digest,
        "hashing_algorithm": "rabbit_password_hashing_sha256",
        "tags": "",
    }


def _permission(vhost: str, name: str, rights: Rights) -> dict[str, str]:
    return {
        "user": name,
        "vhost": vhost,
        "configure": rights.configure,
        "write": rights.write,
        "read": rights.read,
    }
