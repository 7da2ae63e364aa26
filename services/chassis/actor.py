"""Who acts: a short-lived token, signed by the gateway (or by a service for itself), verified by all."""

import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from contracts.vocabularies import regions
from contracts.vocabularies.errors import Refusal
from contracts.vocabularies.roles import service_role
from contracts.vocabularies.terms import UnknownCode

TTL_SECONDS: Final = 60
_GATEWAY: Final = "gateway"
_OPTIONAL: Final = ("region", "person_ref", "body_ref", "on_behalf_of")


@dataclass(frozen=True)
class Actor:
    """An account with its roles, its region (officers) and the person or body that it stands for."""

    account: str
    roles: frozenset[str]
    region: str | None = None
    person_ref: str | None = None
    body_ref: str | None = None
    on_behalf_of: str | None = None

    def require_region(self, code: str) -> None:
        """Raise Refusal `region.forbidden` unless this actor's region covers the region code."""
        try:
            covered = self.region is not None and regions.covers(self.region, code)
        except UnknownCode:
            covered = False
        if not covered:
            raise Refusal("region.forbidden", region=code)


class SigningKey:
    """An Ed25519 key with its kid. seed: 32 raw bytes."""

    def __init__(self, kid: str, seed: bytes) -> None:
        self.kid = kid
        self.private = Ed25519PrivateKey.from_private_bytes(seed)

    def public_bytes(self) -> bytes:
        """Return the raw public key (32 bytes), for WUDAN_ACTOR_PUBLIC_KEYS."""
        return self.private.public_key().public_bytes_raw()


def sign(actor: Actor, key: SigningKey, ttl: int = TTL_SECONDS) -> str:
    """Return the actor as a compact EdDSA JWT that expires ttl seconds of real time from now."""
    claims: dict[str, Any] = {
        "sub": actor.account,
        "roles": sorted(actor.roles),
        "exp": int(time.time()) + ttl,
    }
    claims |= {name: value for name in _OPTIONAL if (value := getattr(actor, name)) is not None}
    return jwt.encode(claims, key.private, algorithm="EdDSA", headers={"kid": key.kid})


class Verifier:
    """Verifies actor tokens; safe under threads and eventlet.

    public_keys: 32 raw bytes each, by kid; cached: how many verified tokens are kept until they expire.
    Several kids of one signer may stand side by side while a key is rotated.
    """

    def __init__(self, public_keys: Mapping[str, bytes], cached: int = 4096) -> None:
        self._keys = {kid: Ed25519PublicKey.from_public_bytes(raw) for kid, raw in public_keys.items()}
        self._cached = cached
        self._seen: OrderedDict[str, tuple[Actor, int]] = OrderedDict()
        self._lock = threading.Lock()

    def verify(self, token: str) -> Actor:
        """Return who acts. Raises Refusal `actor.expired` or `actor.invalid`."""
        with self._lock:
            known = self._seen.get(token)
            if known is not None:
                self._seen.move_to_end(token)
        actor, expires = known or self._verified(token)
        if expires <= time.time():
            raise Refusal("actor.expired")
        if known is None:
            self._remember(token, actor, expires)
        return actor

    def _remember(self, token: str, actor: Actor, expires: int) -> None:
        with self._lock:
            self._seen[token] = (actor, expires)
            while len(self._seen) > self._cached:
                self._seen.popitem(last=False)

    def _verified(self, token: str) -> tuple[Actor, int]:
        try:
            kid = jwt.get_unverified_header(token).get("kid")
            key = self._keys.get(kid) if isinstance(kid, str) else None
            if kid is None or key is None:
                raise Refusal("actor.invalid")
            claims = jwt.decode(token, key, algorithms=["EdDSA"], options={"require": ["sub", "exp"]})
        except jwt.ExpiredSignatureError:
            raise Refusal("actor.expired") from None
        except (jwt.InvalidTokenError, ValueError):
            raise Refusal("actor.invalid") from None
        actor = _actor(claims)
        _check_signer(kid, actor)
        return actor, int(claims["exp"])


def _actor(claims: Mapping[str, Any]) -> Actor:
    roles = claims.get("roles")
    optional = {name: claims.get(name) for name in _OPTIONAL}
    if not isinstance(roles, list) or not all(isinstance(role, str) for role in roles):
        raise Refusal("actor.invalid")
    if any(value is not None and not isinstance(value, str) for value in optional.values()):
        raise Refusal("actor.invalid")
    return Actor(account=claims["sub"], roles=frozenset(roles), **optional)


def _check_signer(kid: str, actor: Actor) -> None:
    """A service's key speaks for that service alone, and the gateway's for people and bodies alone."""
    signer = kid.rpartition("-")[0]
    if signer == _GATEWAY:
        allowed = not any(role.startswith(service_role("")) for role in (*actor.roles, actor.account))
    else:
        allowed = actor == Actor(service_role(signer), frozenset({service_role(signer)}))
    if not allowed:
        raise Refusal("actor.invalid")
