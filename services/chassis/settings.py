"""Settings of a process: environment variables with the prefix WUDAN_, and nothing else.

What every process needs is read at once; what only some need is read when asked for, so that
a process fails with one clear line that names the variable, what it is, and the way out.
"""

import base64
import binascii
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, NoReturn, cast

Mode = Literal["production", "demonstration"]

_MEANINGS: Final[dict[str, str]] = {
    "WUDAN_MODE": "`production` or `demonstration` (only the latter lets business time be moved)",
    "WUDAN_AMQP_URL": "the broker with this process's own user, amqp://user:password@host:port/vhost",
    "WUDAN_MONGO_URI": "the database with this process's own user, mongodb://…?authSource=…&replicaSet=rs0",
    "WUDAN_MONGO_DB": "the name of this process's own database",
    "WUDAN_ACTOR_PUBLIC_KEYS": "Ed25519 public keys of those who sign actors, `kid:base64,kid2:base64`",
    "WUDAN_ACTOR_SIGNING_KEY": "the Ed25519 seed that this process signs actors with, `kid:base64`",
    "WUDAN_CREDENTIAL_SIGNING_KEY": "the Ed25519 seed that credentials are signed with (selection only)",
    "WUDAN_CREDENTIAL_OLD_KEYS": "public keys of credentials signed before, `kid:base64` (selection only)",
    "WUDAN_PERSON_MASTER_KEY": "the key over the persons' keys, 96 bytes in base64 (intake only)",
    "WUDAN_LOOKUP_KEY": "the key of the look-up hashes, 32 bytes in base64 (intake only)",
    "WUDAN_SESSION_SECRET": "the secret that page sessions are signed with (gateway only)",
    "WUDAN_ADMIN_PASSWORD": "the first administrator's password",
    "WUDAN_REGISTRY_URL": "where the registries answer, http(s)://host:port",
    "WUDAN_REGISTRY_TOKEN": "the bearer token of the registries",
    "WUDAN_BANK_URL": "where the bank answers, http(s)://host:port",
    "WUDAN_BANK_TOKEN": "the bearer token of the bank",
    "WUDAN_SCAN_COMMAND": "a command that scans a file on standard input: 0 clean, 1 found (settlement only)",
    "WUDAN_SCAN_SOCKET": "where clamd listens, a path or host:port (settlement only)",
    "WUDAN_OCID_PREFIX": "the prefix that the Open Contracting Partnership registered (acceptance only)",
    "WUDAN_PUBLIC_URL": "where the public finds the gateway, http(s)://host (acceptance, selection)",
    "WUDAN_HTTP_HOST": "the address that health and metrics are bound to",
    "WUDAN_HTTP_PORT": "the port of health and metrics, 0 for none",
    "WUDAN_GATEWAY_BIND": "where the gateway listens, host:port",
    "WUDAN_CLOCK_DB": "the database that holds the business clock",
    "WUDAN_LOG_LEVEL": "DEBUG, INFO, WARNING or ERROR",
    "WUDAN_ADMIN_AMQP_URL": "the broker with the administrator's user (setup only)",
    "WUDAN_ADMIN_MANAGEMENT_URL": "the broker's management API, http://user:password@host:port (setup only)",
    "WUDAN_ADMIN_MONGO_URI": "the database with the administrator's user (setup only)",
}
_WAY_OUT: Final = (
    "set it in the environment (docs/operations.md; `python -m infra.local up` sets all of them)"
)


class SettingsError(Exception):
    """A variable is missing or malformed; the text is one line for the person who starts the process."""


@dataclass(frozen=True)
class Settings:
    """Read-only settings: fields have defaults, methods raise SettingsError when their variable is unset."""

    mode: Mode
    http_host: str
    http_port: int
    gateway_bind: str
    clock_db: str
    log_level: str
    otlp_endpoint: str | None
    _environ: Mapping[str, str] = field(repr=False, compare=False)

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Read the settings that every process needs.

        Raises SettingsError when one is malformed. WUDAN_MODE is `production` unless told, the safe side.
        """
        environ = dict(environ)
        return cls(
            mode=cast(Mode, _one_of(environ, "WUDAN_MODE", ("production", "demonstration"))),
            http_host=_text(environ, "WUDAN_HTTP_HOST") or "127.0.0.1",
            http_port=_port(environ, "WUDAN_HTTP_PORT"),
            gateway_bind=_text(environ, "WUDAN_GATEWAY_BIND") or "127.0.0.1:8000",
            clock_db=_text(environ, "WUDAN_CLOCK_DB") or "clock",
            log_level=_one_of(environ, "WUDAN_LOG_LEVEL", ("INFO", "DEBUG", "WARNING", "ERROR")),
            otlp_endpoint=_text(environ, "OTEL_EXPORTER_OTLP_ENDPOINT") or None,
            _environ=environ,
        )

    def amqp_url(self) -> str:
        """Return the broker's URL, with the vhost in its path."""
        return self._url("WUDAN_AMQP_URL", "amqp", "amqps")

    def mongo_uri(self) -> str:
        """Return the database's URI."""
        return self._url("WUDAN_MONGO_URI", "mongodb", "mongodb+srv")

    def mongo_db(self) -> str:
        """Return the name of this process's own database."""
        return self._required("WUDAN_MONGO_DB")

    def actor_public_keys(self) -> dict[str, bytes]:
        """Return the raw Ed25519 public keys (32 bytes each) by kid."""
        name = "WUDAN_ACTOR_PUBLIC_KEYS"
        keys: dict[str, bytes] = {}
        for entry in self._required(name).split(","):
            kid, key = _kid_and_key(name, entry)
            if kid in keys:
                _fail(name, f"names the kid {kid!r} twice")
            keys[kid] = key
        return keys

    def actor_signing_key(self) -> tuple[str, bytes]:
        """Return (kid, raw Ed25519 seed of 32 bytes)."""
        return _kid_and_key("WUDAN_ACTOR_SIGNING_KEY", self._required("WUDAN_ACTOR_SIGNING_KEY"))

    def credential_signing_key(self) -> tuple[str, bytes]:
        """Return (kid, raw Ed25519 seed of 32 bytes) that credentials are signed with."""
        name = "WUDAN_CREDENTIAL_SIGNING_KEY"
        return _kid_and_key(name, self._required(name))

    def credential_old_keys(self) -> dict[str, bytes]:
        """Return the raw public keys by kid that credentials were signed with before; they stay published."""
        name = "WUDAN_CREDENTIAL_OLD_KEYS"
        given = _text(self._environ, name)
        return dict(_kid_and_key(name, entry) for entry in given.split(",")) if given else {}

    def person_master_key(self) -> bytes:
        """Return the 96 bytes of the master key over the persons' keys."""
        return self._key("WUDAN_PERSON_MASTER_KEY", 96)

    def lookup_key(self) -> bytes:
        """Return the 32 bytes that look-up hashes are keyed with."""
        return self._key("WUDAN_LOOKUP_KEY", 32)

    def session_secret(self) -> str:
        """Return the secret of page sessions."""
        return self._required("WUDAN_SESSION_SECRET")

    def admin_password(self) -> str:
        """Return the first administrator's password."""
        return self._required("WUDAN_ADMIN_PASSWORD")

    def registry_url(self) -> str:
        """Return the base URL of the registries."""
        return self._url("WUDAN_REGISTRY_URL", "http", "https")

    def registry_token(self) -> str:
        """Return the bearer token of the registries."""
        return self._required("WUDAN_REGISTRY_TOKEN")

    def bank_url(self) -> str:
        """Return the base URL of the bank."""
        return self._url("WUDAN_BANK_URL", "http", "https")

    def bank_token(self) -> str:
        """Return the bearer token of the bank."""
        return self._required("WUDAN_BANK_TOKEN")

    def scan_command(self) -> str:
        """Return the command that scans a file on its standard input, empty for none."""
        return _text(self._environ, "WUDAN_SCAN_COMMAND")

    def scan_socket(self) -> str:
        """Return where clamd listens (a path or host:port), empty for none."""
        address = _text(self._environ, "WUDAN_SCAN_SOCKET")
        if address and "/" not in address and not re.fullmatch(r"[^:]+:[0-9]{1,5}", address):
            _fail("WUDAN_SCAN_SOCKET", "must be a path or host:port")
        return address

    def ocid_prefix(self) -> str:
        """Return the prefix of Open Contracting IDs; without a registered one a made-up one."""
        prefix = _text(self._environ, "WUDAN_OCID_PREFIX") or "ocds-0wudan"
        if not re.fullmatch(r"ocds-[a-z0-9]{6}", prefix):
            _fail("WUDAN_OCID_PREFIX", "must look like ocds-abc123")
        return prefix

    def public_url(self) -> str:
        """Return the base URL that exports name; without one an address that nobody has."""
        if not _text(self._environ, "WUDAN_PUBLIC_URL"):
            return "https://wudan.invalid"
        return self._url("WUDAN_PUBLIC_URL", "http", "https")

    def admin_amqp_url(self) -> str:
        """Return the broker's URL with the administrator's user (setup only)."""
        return self._url("WUDAN_ADMIN_AMQP_URL", "amqp", "amqps")

    def admin_management_url(self) -> str:
        """Return the URL of the broker's management API, credentials in it (setup only)."""
        return self._url("WUDAN_ADMIN_MANAGEMENT_URL", "http", "https")

    def admin_mongo_uri(self) -> str:
        """Return the database's URI with the administrator's user (setup only)."""
        return self._url("WUDAN_ADMIN_MONGO_URI", "mongodb", "mongodb+srv")

    def password_of(self, service: str) -> str:
        """Return a service's password, broker and database alike (setup only)."""
        return self._required(f"WUDAN_PASSWORD_{service.upper()}")

    def _required(self, name: str) -> str:
        return _text(self._environ, name) or _fail(name, "is not set")

    def _url(self, name: str, *schemes: str) -> str:
        value = self._required(name)
        if not re.match(rf"({'|'.join(re.escape(scheme) for scheme in schemes)})://[^/\s]+", value):
            _fail(name, f"must begin with {' or '.join(f'{scheme}://' for scheme in schemes)}")
        return value.rstrip("/") if value.startswith("http") else value

    def _key(self, name: str, size: int) -> bytes:
        return _decoded(name, self._required(name), size)


def _text(environ: Mapping[str, str], name: str) -> str:
    return environ.get(name, "").strip()


def _one_of(environ: Mapping[str, str], name: str, allowed: tuple[str, ...]) -> str:
    value = _text(environ, name) or allowed[0]
    if value not in allowed:
        _fail(name, f"must be {' or '.join(allowed)}")
    return value


def _port(environ: Mapping[str, str], name: str) -> int:
    value = _text(environ, name) or "0"
    if not (value.isascii() and value.isdigit() and int(value) <= 65535):
        _fail(name, "must be a port, 0 to 65535")
    return int(value)


def _kid_and_key(name: str, entry: str) -> tuple[str, bytes]:
    kid, colon, key = entry.strip().partition(":")
    if not colon or not re.fullmatch(r"[a-z]+-[0-9]+", kid):
        _fail(name, "must look like kid:base64, the kid like gateway-1")
    return kid, _decoded(name, key, 32)


def _decoded(name: str, text: str, size: int) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        _fail(name, "is not valid base64")
    if len(key) != size:
        _fail(name, f"must hold {size} bytes, it holds {len(key)}")
    return key


def _fail(name: str, problem: str) -> NoReturn:
    """Raise SettingsError; the value itself never appears, it may be a secret."""
    meaning = _MEANINGS.get(name)
    if meaning is None and name.startswith("WUDAN_PASSWORD_"):
        meaning = "a service's password, broker and database alike (setup only)"
    raise SettingsError(f"{name} {problem}: {meaning or 'a setting of Wudan'}; {_WAY_OUT}") from None
