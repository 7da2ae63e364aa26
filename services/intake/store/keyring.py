"""A vault for many new people at once: their keys are made in memory and written together.

Making a key by itself costs a majority write, sealing under it a read: milliseconds for each person of a
spreadsheet. Nothing else differs from the vault, and the keys die with this object.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import bson
from bson import Binary
from pymongo.encryption import Algorithm  # type: ignore[attr-defined]
from pymongocrypt.mongocrypt import MongoCryptOptions
from pymongocrypt.synchronous.explicit_encrypter import ExplicitEncrypter
from pymongocrypt.synchronous.state_machine import MongoCryptCallback

from services.intake.store.vault import Vault, bytes_of

_UUID: Final = 4


class Keyring(Vault):
    """Seals like the vault that it is made from. Call `write` before the unit that used it commits."""

    def __init__(self, vault: Vault) -> None:
        self._lookup_key = vault._lookup_key
        self._database = vault._database
        self._encryption = vault._encryption
        self._master_key = vault._master_key
        self._new = _Keys()
        self._clear: dict[bytes, str] = {}
        self._sealer = ExplicitEncrypter(self._new, MongoCryptOptions({"local": {"key": self._master_key}}))

    def new_key(self, ref: str) -> bytes:
        """Make a data key named after a person or body, to be written with the others; return its id."""
        return bytes_of(self._sealer.create_data_key("local", key_alt_names=[ref]))

    def write(self) -> None:
        """Write the keys made since the last call, in one go. A handler that runs again makes others; those
        that seal nothing are swept.
        """
        self.write_keys(self._new.taken())

    def _opened(self, sealed: bytes) -> str:
        if sealed in self._clear:
            return self._clear[sealed]
        # the first byte says how, the next sixteen with which key
        if sealed[1:17] not in self._new.docs:
            return super()._opened(sealed)
        text: str = bson.decode(self._sealer.decrypt(bson.encode({"v": Binary(sealed, 6)})))["v"]
        return text

    def _seal(self, key_id: bytes, text: str) -> bytes:
        if key_id not in self._new.docs:
            return super()._seal(key_id, text)
        sealed = self._sealer.encrypt(
            bson.encode({"v": text}),
            Algorithm.AEAD_AES_256_CBC_HMAC_SHA_512_Random,
            key_id=Binary(key_id, _UUID),
        )
        value: bytes = bson.decode(sealed)["v"]
        self._clear[value] = text
        return value


class _Keys(MongoCryptCallback):  # type: ignore[misc]
    """What libmongocrypt asks for: new keys are kept here and found here."""

    def __init__(self) -> None:
        self.docs: dict[bytes, bytes] = {}
        self._unwritten: list[dict[str, Any]] = []

    def taken(self) -> list[dict[str, Any]]:
        found, self._unwritten = self._unwritten, []
        return found

    def insert_data_key(self, data_key: bytes) -> Binary:
        doc = bson.decode(data_key)
        self.docs[bytes_of(doc["_id"])] = bytes(data_key)
        self._unwritten.append(doc)
        id: Binary = doc["_id"]
        return id

    def fetch_keys(self, filter: bytes) -> Iterator[bytes]:
        asked: Mapping[str, Any] = bson.decode(filter)
        for id in asked["$or"][0]["_id"]["$in"]:
            yield self.docs[bytes_of(id)]

    def bson_encode(self, doc: Mapping[str, Any]) -> bytes:
        return bson.encode(doc)

    def collection_info(self, database: str, filter: bytes) -> bytes:
        raise NotImplementedError("explicit encryption asks for no collection")

    def mark_command(self, database: str, cmd: bytes) -> bytes:
        raise NotImplementedError("explicit encryption marks no command")

    def kms_request(self, kms_context: Any) -> None:
        raise NotImplementedError("the master key is local")

    def close(self) -> None:
        """Nothing is open."""
