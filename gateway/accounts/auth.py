"""Sign-up, sign-in with a slow-down after failures, bearer tokens and page sessions."""

import hashlib
import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from contracts.vocabularies.errors import Refusal
from gateway.accounts import passwords
from gateway.accounts.cache import Expiring
from gateway.accounts.store import Account, AccountStore, Holder, UsernameTaken

Kind = Literal["token", "session"]
LIFETIME: Final[dict[Kind, timedelta]] = {"token": timedelta(hours=12), "session": timedelta(hours=8)}
# Tries before the slow-down begins: by (name, address), and by name alone against many addresses.
_FREE_TRIES: Final = 5
_FREE_TRIES_BY_NAME: Final = 50
_LONGEST_WAIT: Final = 900
_CACHED_SECONDS: Final = 5.0


@dataclass(frozen=True)
class Identity:
    """Who is signed in, how, and the hash of the token or session."""

    account: Holder
    kind: Kind
    grant: str


class Auth:
    """What the gateway knows about who asks. now: real time, aware UTC."""

    def __init__(self, store: AccountStore, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self._known: Expiring[Identity | None] = Expiring(_CACHED_SECONDS, 20_000)

    def sign_up(
        self, username: str, password: str, roles: frozenset[str], region: str | None = None, key: str = ""
    ) -> Account:
        """Make an account; the same key, name and password again give the account that is there.

        Raises Refusal `gateway.username_taken`.
        """
        name_key = _comparable(username)
        account = Account(
            id=f"acc-{secrets.token_hex(12)}",
            username=username,
            password=passwords.hashed(password),
            roles=roles,
            region=region,
            person_ref=None,
            body_ref=None,
            key=key,
        )
        try:
            self._store.add(account, name_key, self._now())
        except UsernameTaken:
            there = self._store.by_name(name_key)
            if there and key and there.key == key and passwords.matches(there.password, password):
                return there
            raise Refusal("gateway.username_taken", field="username") from None
        return account

    def sign_in(self, username: str, password: str, address: str) -> Account:
        """Return the account of a right password; address: where the try comes from.

        Raises Refusal `gateway.credentials` (also for an unknown name, after as long a time) and
        `gateway.sign_in_slowed` while the wait after failures lasts.
        """
        name_key = _comparable(username)
        here = "|".join(("at", _digest(f"{name_key}|{address}")))
        anywhere = "|".join(("name", _digest(name_key)))
        self._slowed([here, anywhere])
        account = self._store.by_name(name_key)
        if not passwords.matches(account.password if account else None, password) or account is None:
            self._failed(here, _FREE_TRIES)
            self._failed(anywhere, _FREE_TRIES_BY_NAME)
            raise Refusal("gateway.credentials")
        self._store.forget_failures(here)
        if passwords.outdated(account.password):
            self._store.set_password(account.id, passwords.hashed(password))
        return account

    def change_password(self, identity: Identity, old: str, new: str) -> None:
        """Replace the password and end every token and session. Raises Refusal `gateway.credentials`."""
        account = self._store.by_id(identity.account.id)
        if not passwords.matches(account.password if account else None, old):
            raise Refusal("gateway.credentials", field="old_password")
        self._store.set_password(identity.account.id, passwords.hashed(new))
        self._store.revoke_all(identity.account.id)
        self._known.clear()

    def grant(self, account: Holder, kind: Kind) -> tuple[str, datetime]:
        """Return a new token or session secret, and until when it lasts."""
        secret = f"wd{kind[0]}_{secrets.token_urlsafe(32)}"
        until = self._now() + LIFETIME[kind]
        self._store.grant(_digest(secret), account, kind, until)
        return secret, until

    def identify(self, secret: str, kind: Kind) -> Identity | None:
        """Return who holds a token or session; looked up at most every few seconds."""
        grant = _digest(secret)
        known = self._known.get(grant)
        if known is not Expiring.MISSING:
            return known if known is None or known.kind == kind else None
        held = self._store.holder(grant, kind, self._now())
        identity = Identity(held[0], kind, grant) if held else None
        self._known.put(grant, identity)
        return identity

    def account(self, id: str) -> Account | None:
        """Return an account."""
        return self._store.by_id(id)

    def revoke(self, identity: Identity) -> None:
        """End the token or session that was used (in other workers within a few seconds)."""
        self._store.revoke(identity.grant)
        self._known.drop(identity.grant)

    def check(self) -> None:
        """Raise when the database does not answer."""
        self._store.check()

    def _slowed(self, keys: list[str]) -> None:
        now = self._now()
        waits = [each.not_before - now for each in self._store.failures(keys) if each.not_before]
        longest = max(waits, default=timedelta())
        if longest > timedelta():
            raise Refusal("gateway.sign_in_slowed", seconds=int(longest.total_seconds()) + 1)

    def _failed(self, key: str, free: int) -> None:
        now = self._now()
        beyond = self._store.count_failure(key, now) - free
        if beyond >= 0:
            self._store.wait_until(
                key, now + timedelta(seconds=min(_LONGEST_WAIT, 15 * 2 ** min(beyond, 10)))
            )


def _comparable(username: str) -> str:
    return unicodedata.normalize("NFKC", username).casefold()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
