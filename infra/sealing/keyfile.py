"""An opening officer's key on the own device: a file that its passphrase opens (Argon2id, secretbox)."""

import base64
import json
import os
from pathlib import Path

from nacl.exceptions import CryptoError
from nacl.pwhash import argon2id
from nacl.secret import SecretBox
from nacl.utils import random

from infra.sealing.boxes import OfficerKey
from infra.sealing.errors import SealingError

LEAST_PASSPHRASE = 12


def write(path: Path, key: OfficerKey, passphrase: str) -> None:
    """Write a key that its owner alone may read. Raises SealingError when a file is there, or the passphrase
    has less than 12 characters.
    """
    if len(passphrase) < LEAST_PASSPHRASE:
        raise SealingError(f"a passphrase has at least {LEAST_PASSPHRASE} characters")
    salt = random(argon2id.SALTBYTES)
    sealed = SecretBox(_derived(passphrase, salt)).encrypt(key.private)
    text = {"key_id": key.key_id, "public_key": key.public_key, "salt": _text(salt), "sealed": _text(sealed)}
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise SealingError(f"{path} is there already; it is not written over") from None
    with os.fdopen(file, "w") as out:
        json.dump(text, out, indent=2)


def read(path: Path, passphrase: str) -> OfficerKey:
    """Return the key in a file. Raises SealingError when it is none, or the passphrase is another."""
    try:
        text = json.loads(path.read_text())
        box = SecretBox(_derived(passphrase, base64.b64decode(text["salt"], validate=True)))
        return OfficerKey(box.decrypt(base64.b64decode(text["sealed"], validate=True)))
    except CryptoError:
        raise SealingError("the passphrase does not open this key") from None
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise SealingError(f"{path} is no key file") from problem


def _derived(passphrase: str, salt: bytes) -> bytes:
    return argon2id.kdf(
        SecretBox.KEY_SIZE,
        passphrase.encode(),
        salt,
        opslimit=argon2id.OPSLIMIT_MODERATE,
        memlimit=argon2id.MEMLIMIT_MODERATE,
    )


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
