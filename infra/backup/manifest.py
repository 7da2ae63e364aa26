"""What a backup holds: one entry for each collection, with a checksum of its file."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from bson import json_util

from infra.errors import Trouble

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
BROKER: Final = "broker.json"
DATA: Final = "data"
KEYS: Final = "keys"
# by database: what is kept apart, because a destroyed key must not live on in old backups
KEY_COLLECTIONS: Final[Mapping[str, Sequence[str]]] = {"intake": ("person_keys",)}
SECRETS: Final = (
    "WUDAN_PERSON_MASTER_KEY",
    "WUDAN_LOOKUP_KEY",
    "WUDAN_ACTOR_SIGNING_KEY of gateway and settlement",
    "WUDAN_ACTOR_PUBLIC_KEYS",
    "WUDAN_SESSION_SECRET",
    "WUDAN_REGISTRY_TOKEN",
    "WUDAN_BANK_TOKEN",
    "WUDAN_PASSWORD_<NAME> of each process",
)


@dataclass(frozen=True)
class Entry:
    """One collection. database: without any prefix; file: below the backup's folder."""

    database: str
    name: str
    file: str
    count: int
    sha256: str
    options: Mapping[str, Any]
    indexes: Sequence[Mapping[str, Any]]

    @property
    def is_key(self) -> bool:
        """Tell whether it is kept in the folder of keys."""
        return self.name in KEY_COLLECTIONS.get(self.database, ())


@dataclass(frozen=True)
class Manifest:
    """taken_at: when reading began, real time, ISO; what was committed by then is in the backup."""

    taken_at: str
    collections: Sequence[Entry]
    broker_sha256: str
    secrets: Sequence[str] = field(default=SECRETS)
    format: int = FORMAT

    def write(self, folder: Path) -> None:
        """Write it to its place in the backup."""
        (folder / MANIFEST).write_text(json_util.dumps(asdict(self), indent=1, ensure_ascii=False))

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """Read it. Raises Trouble when this is no whole backup, or one of a later format."""
        try:
            values = json_util.loads((folder / MANIFEST).read_text())
            if values["format"] != FORMAT:
                raise Trouble(f"{folder} has format {values['format']}.", f"This release reads {FORMAT}.")
            return cls(**{**values, "collections": [Entry(**entry) for entry in values["collections"]]})
        except (OSError, ValueError, KeyError, TypeError) as problem:
            raise Trouble(
                f"{folder} is no backup: {problem}", "Name a folder that `save` has written."
            ) from problem

    def check(self, folder: Path, keys: Path) -> None:
        """Raise Trouble unless every file is there and as it was written (keys may be of a newer backup)."""
        wanted = {folder / BROKER: self.broker_sha256}
        wanted |= {folder / entry.file: entry.sha256 for entry in self.collections if not entry.is_key}
        for path, digest in wanted.items():
            if not path.exists() or checksum(path) != digest:
                raise Trouble(f"{path} is missing or damaged.", "Take another backup's folder.")
        for entry in self.collections:
            if entry.is_key and not (keys / Path(entry.file).relative_to(KEYS)).exists():
                raise Trouble(f"There are no keys in {keys}.", "Say where they are kept: --keys FOLDER")


def checksum(path: Path) -> str:
    """Return a file's SHA-256 in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
