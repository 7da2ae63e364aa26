"""Password hashes: argon2id with the memory that OWASP names as the least (19 MiB, 2 passes)."""

import threading
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# A flood of sign-ins takes turns instead of 19 MiB each.
_TURNS: Final = threading.BoundedSemaphore(4)
_NOBODY: Final = _HASHER.hash("nobody has this password")


def hashed(password: str) -> str:
    """Return the argon2id hash of a password, with its parameters and salt."""
    with _TURNS:
        return _HASHER.hash(password)


def matches(known: str | None, password: str) -> bool:
    """Return whether the password is the one hashed; None (no such account) takes as long and is False."""
    with _TURNS:
        try:
            return _HASHER.verify(known or _NOBODY, password) and known is not None
        except (VerificationError, InvalidHashError):
            return False


def outdated(known: str) -> bool:
    """Return whether a hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(known)
