"""Personal data at rest: MongoDB client-side encryption, explicit, with a data key for each person.

Whoever reads the database sees random bytes. Destroying a person's key makes every copy of the bytes
unreadable, those in a backup of the data included when the keys are backed up apart from it.
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cache
from typing import Any, Final

from bson import Binary
from bson.codec_options import CodecOptions
from pymongo.encryption import Algorithm, ClientEncryption  # type: ignore[attr-defined]
from pymongo.errors import DuplicateKeyError, EncryptionError
from pymongo.write_concern import WriteConcern

from services.chassis.clock import real_now
from services.chassis.mongo import client
from services.chassis.settings import Settings
from services.chassis.unit import Unit

KEYS: Final = "person_keys"
PERSONS: Final = "persons"
BODIES: Final = "bodies"
IMPORTS: Final = "imports"
KEPT: Final = "kept_identities"
# A key in libmongocrypt's memory outlives the key in the database by this long at most.
_KEY_MEMORY_MS: Final = 1_000
_ABANDONED: Final = timedelta(hours=1)
_LOOKED_AT: Final = timedelta(hours=26)


def bytes_of(value: Any) -> bytes:
    """Return a BSON binary as the bytes that it is."""
    return bytes(value)


class Forgotten(Exception):
    """The key of this data has been destroyed: nobody can read it any more."""


class Vault:
    """Seals and opens personal fields.

    master_key: 96 bytes over the data keys; lookup_key: 32 bytes for hashes.
    """

    def __init__(self, uri: str, database: str, master_key: bytes, lookup_key: bytes) -> None:
        self._master_key = master_key
        self._lookup_key = lookup_key
        self._database = client(uri)[database]
        self._encryption: ClientEncryption[dict[str, Any]] = ClientEncryption(
            {"local": {"key": master_key}},
            f"{database}.{KEYS}",
            client(uri),
            CodecOptions(),
            key_expiration_ms=_KEY_MEMORY_MS,
        )

    def number_hash(self, id_number: str) -> str:
        """Return the keyed hash under which a citizen number is looked up."""
        return hmac.new(self._lookup_key, f"citizen:{id_number}".encode(), hashlib.sha256).hexdigest()

    def contact_hash(self, kind: str, value: str) -> str:
        """Return the keyed hash of a phone or a bank account: equal values give equal hashes."""
        return hmac.new(self._lookup_key, f"{kind}:{value}".encode(), hashlib.sha256).hexdigest()

    def new_key(self, ref: str) -> bytes:
        """Make a data key named after a person or body and return its id.

        It is written outside the unit; when the unit comes to nothing the key seals nothing, and is swept.
        """
        try:
            return bytes_of(self._encryption.create_data_key("local", key_alt_names=[ref]))
        except EncryptionError as problem:
            if not isinstance(problem.cause, DuplicateKeyError):
                raise
            # an earlier run of the same unit made it
            known = self._encryption.get_key_by_alt_name(ref)
            if known is None:
                raise
            return bytes_of(known["_id"])

    def write_keys(self, docs: Sequence[Mapping[str, Any]]) -> None:
        """Write data keys that were made elsewhere under the same master key."""
        if docs:
            keys = self._database.get_collection(KEYS, write_concern=WriteConcern("majority"))
            keys.insert_many([dict(each) for each in docs], ordered=False)

    def seal(self, key_id: bytes, fields: Mapping[str, str | None]) -> dict[str, bytes]:
        """Return the given fields, encrypted at random (equal values look different); absent ones are left
        out.
        """
        return {name: self._seal(key_id, text) for name, text in fields.items() if text is not None}

    def open(self, sealed: Mapping[str, bytes], *names: str) -> dict[str, str]:
        """Return the named fields in clear, those that are there. Raises Forgotten when the key is gone."""
        try:
            return {name: self._opened(sealed[name]) for name in names if name in sealed}
        except EncryptionError as problem:
            if "not all keys requested were satisfied" in str(problem):
                raise Forgotten from None
            raise

    def sweep(self) -> int:
        """Delete keys that are more than an hour old and belong to nobody; return how many."""
        now = real_now()
        keys = self._database[KEYS]
        made = {"creationDate": {"$gt": now - _LOOKED_AT, "$lt": now - _ABANDONED}}
        owners = {key["keyAltNames"][0]: key["_id"] for key in keys.find(made)}
        for collection in (PERSONS, BODIES, IMPORTS, KEPT):
            for doc in self._database[collection].find(
                {"_id": {"$in": list(owners)}, "key_id": {"$ne": b""}}, ["_id"]
            ):
                del owners[doc["_id"]]
        return keys.delete_many({"_id": {"$in": list(owners.values())}}).deleted_count

    def _opened(self, sealed: bytes) -> str:
        text: str = self._encryption.decrypt(Binary(sealed, 6))
        return text

    def _seal(self, key_id: bytes, text: str) -> bytes:
        return self._encryption.encrypt(
            text, Algorithm.AEAD_AES_256_CBC_HMAC_SHA_512_Random, key_id=Binary(key_id, 4)
        )


@cache
def _vault(uri: str, database: str, master_key: bytes, lookup_key: bytes) -> Vault:
    return Vault(uri, database, master_key, lookup_key)


def vault_of(settings: Settings) -> Vault:
    """Return the process's vault."""
    return _vault(
        settings.mongo_uri(), settings.mongo_db(), settings.person_master_key(), settings.lookup_key()
    )


def destroy_key(unit: Unit, key_id: bytes) -> None:
    """Delete a data key in the unit: with it or not at all."""
    unit.delete(KEYS, Binary(key_id, 4))  # type: ignore[arg-type]  # the one collection whose ids are not text
