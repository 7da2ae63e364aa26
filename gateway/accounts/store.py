"""Accounts, bearer tokens, page sessions and failed sign-ins in the gateway's database.

Tokens and sessions are kept as SHA-256 of the secret: who reads the database cannot sign in with it.
Real time throughout: none of this is business time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from pymongo import ASCENDING, ReturnDocument
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

Document = dict[str, Any]
_HELD: Final = ("username", "region", "person_ref", "body_ref")
FORGET_FAILURES_AFTER: Final = timedelta(minutes=30)


class UsernameTaken(Exception):
    """Another account has the name."""


@dataclass(frozen=True, kw_only=True)
class Holder:
    """Who holds a token or session; region: of officers; person_ref, body_ref: once intake has told them."""

    id: str
    username: str
    roles: frozenset[str]
    region: str | None
    person_ref: str | None
    body_ref: str | None


@dataclass(frozen=True, kw_only=True)
class Account(Holder):
    """An account, with the hash of its password and the key that it was made with."""

    password: str
    key: str


@dataclass(frozen=True)
class Failures:
    """Failed sign-ins counted under one key, and when the next try is taken."""

    count: int
    not_before: datetime | None


class AccountStore:
    """The collections accounts, grants (tokens and sessions) and sign_in_failures."""

    def __init__(self, database: "Database[Document]") -> None:
        self._accounts = database["accounts"]
        self._grants = database["grants"]
        self._failures = database["sign_in_failures"]

    def check(self) -> None:
        """Raise when the database does not answer."""
        self._accounts.database.client.admin.command("ping")

    def add(self, account: Account, name_key: str, at: datetime) -> None:
        """Insert an account; raises UsernameTaken. name_key: the user name as it is compared."""
        doc = {
            "_id": account.id,
            "name_key": name_key,
            "username": account.username,
            "password": account.password,
            "roles": sorted(account.roles),
            "region": account.region,
            "person_ref": account.person_ref,
            "body_ref": account.body_ref,
            "key": account.key,
            "made_at": at,
        }
        try:
            self._accounts.insert_one(doc)
        except DuplicateKeyError:
            raise UsernameTaken from None

    def by_name(self, name_key: str) -> Account | None:
        """Return the account of a user name."""
        return _account(self._accounts.find_one({"name_key": name_key}))

    def by_id(self, id: str) -> Account | None:
        """Return an account."""
        return _account(self._accounts.find_one({"_id": id}))

    def learn(self, id: str, person_ref: str | None, body_ref: str | None) -> None:
        """Keep whom the account stands for."""
        told = {name: ref for name, ref in (("person_ref", person_ref), ("body_ref", body_ref)) if ref}
        if told:
            self._accounts.update_one({"_id": id}, {"$set": told})
            as_granted = {f"holder.{name}": ref for name, ref in told.items()}
            self._grants.update_many({"account": id}, {"$set": as_granted})

    def unlearn(self, id: str) -> None:
        """Forget the person whom the account stood for."""
        self._accounts.update_one({"_id": id}, {"$set": {"person_ref": None}})
        self._grants.update_many({"account": id}, {"$set": {"holder.person_ref": None}})

    def set_password(self, id: str, password: str) -> None:
        """Replace the password's hash."""
        self._accounts.update_one({"_id": id}, {"$set": {"password": password}})

    def grant(self, hash: str, account: Holder, kind: str, until: datetime) -> None:
        """Keep a token or session (by its hash) until a moment, with a copy of who holds it.

        A copy that lacks whom the account stands for does no harm: intake is asked again, see actors.
        """
        holder = {name: getattr(account, name) for name in _HELD} | {"roles": sorted(account.roles)}
        doc = {"_id": hash, "account": account.id, "kind": kind, "until": until, "holder": holder}
        self._grants.insert_one(doc)

    def holder(self, hash: str, kind: str, now: datetime) -> tuple[Holder, datetime] | None:
        """Return whose grant this is and until when, unless it has ended."""
        # one document by its id: every request with a token that is new to this worker asks it
        found = self._grants.find_one({"_id": hash, "kind": kind, "until": {"$gt": now}})
        if found is None or "holder" not in found:
            return None
        values = {**found["holder"], "roles": frozenset(found["holder"]["roles"])}
        return Holder(id=found["account"], **values), found["until"]

    def revoke(self, hash: str) -> None:
        """End one grant."""
        self._grants.delete_one({"_id": hash})

    def revoke_all(self, account: str) -> None:
        """End every grant of an account."""
        self._grants.delete_many({"account": account})

    def failures(self, keys: list[str]) -> list[Failures]:
        """Return the failures counted under each key that has any."""
        found = self._failures.find({"_id": {"$in": keys}})
        return [Failures(doc["count"], doc.get("not_before")) for doc in found]

    def count_failure(self, key: str, now: datetime) -> int:
        """Count one more failure and return how many there are."""
        doc = self._failures.find_one_and_update(
            {"_id": key},
            {"$inc": {"count": 1}, "$set": {"forget_at": now + FORGET_FAILURES_AFTER}},
            upsert=True,
            return_document=ReturnDocument.AFTER,
        )
        return int(doc["count"]) if doc else 1

    def wait_until(self, key: str, moment: datetime) -> None:
        """Take no try under this key before a moment."""
        self._failures.update_one({"_id": key}, {"$set": {"not_before": moment}})

    def forget_failures(self, key: str) -> None:
        """Start counting anew."""
        self._failures.delete_one({"_id": key})


def _account(doc: Mapping[str, Any] | None) -> Account | None:
    if doc is None:
        return None
    return Account(
        id=doc["_id"],
        username=doc["username"],
        password=doc["password"],
        roles=frozenset(doc["roles"]),
        region=doc["region"],
        person_ref=doc["person_ref"],
        body_ref=doc["body_ref"],
        key=doc["key"],
    )


def accounts_indexes(database: "Database[Document]") -> None:
    """Unique names, and the end of what has run out."""
    database["accounts"].create_index([("name_key", ASCENDING)], unique=True)
    database["grants"].create_index([("until", ASCENDING)], expireAfterSeconds=0)
    database["grants"].create_index([("account", ASCENDING)])
    database["sign_in_failures"].create_index([("forget_at", ASCENDING)], expireAfterSeconds=0)


MIGRATIONS: Final = [accounts_indexes]
