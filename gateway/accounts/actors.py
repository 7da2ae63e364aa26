"""The signed actor of an account, made once for some seconds, with the person or body that it stands for."""

from collections.abc import Callable
from typing import Any, Final

from contracts.vocabularies.roles import SELF_REGISTERED
from gateway.accounts.cache import Expiring
from gateway.accounts.store import AccountStore, Holder
from services.chassis.actor import TTL_SECONDS, Actor, SigningKey, sign

_REUSED_SECONDS: Final = TTL_SECONDS / 2
Ask = Callable[[str, str], dict[str, Any]]


class Actors:
    """Signs actors. ask(account id, token): intake's answer on whom the account stands for."""

    def __init__(self, store: AccountStore, key: SigningKey, ask: Ask) -> None:
        self._store = store
        self._key = key
        self._ask = ask
        self._tokens: Expiring[str] = Expiring(_REUSED_SECONDS, 20_000)
        self._refs: Expiring[tuple[str | None, str | None]] = Expiring(300.0, 20_000)

    def token(self, account: Holder, service: str) -> str:
        """Return the actor's token for a call of a service.

        intake knows its accounts itself. For any other service an account that may stand for a person or a
        body, and of which neither is known yet, is asked for there.
        Raises intake's Refusal, `unavailable` too.
        """
        person, body = self._known(account) if service == "intake" else self.asked(account)
        return self._signed(account, person, body)

    def asked(self, account: Holder) -> tuple[str | None, str | None]:
        """Return the person and the body that the account stands for; intake is asked when neither is known.

        Raises intake's Refusal, `unavailable` too.
        """
        person, body = self._known(account)
        if person is None and body is None and account.roles & SELF_REGISTERED:
            told = self._ask(account.id, self._signed(account, None, None))
            person, body = told.get("person_ref"), told.get("body_ref")
            if person or body:
                self._store.learn(account.id, person, body)
                self._refs.put(account.id, (person, body))
        return person, body

    def stands_for(self, account: Holder) -> tuple[str | None, str | None]:
        """Return the person and the body that the account is known to stand for."""
        return self._known(account)

    def person_deleted(self, account: Holder) -> None:
        """Forget whom an account stood for: who registers again is asked for anew."""
        self._store.unlearn(account.id)
        self._refs.drop(account.id)

    def _known(self, account: Holder) -> tuple[str | None, str | None]:
        if account.person_ref or account.body_ref:
            return account.person_ref, account.body_ref
        known = self._refs.get(account.id)
        return (None, None) if known is Expiring.MISSING else known

    def _signed(self, account: Holder, person: str | None, body: str | None) -> str:
        name = f"{account.id}|{person}|{body}"
        token = self._tokens.get(name)
        if token is Expiring.MISSING:
            actor = Actor(account.id, account.roles, account.region, person, body)
            token = sign(actor, self._key)
            self._tokens.put(name, token)
        return str(token)
