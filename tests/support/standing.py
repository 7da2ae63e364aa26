"""Classes that stand ready for their sessions, with learners' vouchers, devices and accounts.

They are written as the services write them: what is asked of classes, seats and accounts is tested elsewhere,
and a morning of sign-ins needs more of them than could be filed.
"""

import base64
import hashlib
import os
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from infra.devices import Device
from services.acceptance import devices
from services.acceptance.domain.classes import Place, Plan, Session, Training
from services.acceptance.domain.copies import Voucher
from services.acceptance.domain.sign_ins import Screen
from services.acceptance.store.codec import to_doc
from services.chassis.actor import Actor

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PLACE = Place("示例车间", "示例路 1 号", 121.25, 37.5)
HERE = (PLACE.longitude, PLACE.latitude)
KINDS = ("safety", "compulsory")


@dataclass
class Learner:
    """One on a roster, with a device; token: a bearer token of the gateway."""

    ref: str
    voucher_id: str
    device: Device
    token: str = ""

    @property
    def actor(self) -> Actor:
        return Actor(f"account-{self.ref}", frozenset({"worker"}), person_ref=self.ref)


@dataclass
class Standing:
    """A class with a filed roster."""

    training: Training
    learners: list[Learner]
    token: str = ""

    @property
    def id(self) -> str:
        return self.training.id

    @property
    def provider(self) -> Actor:
        ref = self.training.provider_ref
        return Actor(f"account-{ref}", frozenset({"provider"}), body_ref=ref)

    def session(self, n: int = 0) -> str:
        return self.training.plan.sessions[n].session_id

    def answer(
        self,
        learner: Learner,
        shown: dict[str, Any],
        n: int = 0,
        spot: Any = HERE,
        at: datetime | None = None,
    ) -> dict[str, Any]:
        """What a learner's device signs of a code that it saw; at: by the device's clock."""
        where = (self.id, self.session(n), learner.voucher_id)
        signed_at = at or datetime.fromisoformat(shown["at"])
        return learner.device.answer(where, shown["code"], signed_at, spot)


def stand(
    database: Any,
    classes: int,
    learners: int,
    first: datetime,
    sessions: int = 1,
    device: Device | None = None,
) -> list[Standing]:
    """Put classes into acceptance's database, `sessions` days of three hours from `first` on.

    device: one for all, where making thousands of keys is not what is looked at.
    """
    made = [_class(learners, first, sessions, device) for _ in range(classes)]
    trainings = [to_doc(each.training) for each in made]
    vouchers = [
        to_doc(Voucher(one.voucher_id, one.ref, each.id, "bound", one.device.public_key))
        for each in made
        for one in each.learners
    ]
    for name, docs in (("trainings", trainings), ("vouchers", vouchers)):
        for at in range(0, len(docs), 5000):
            database[name].insert_many([{**doc, "version": 1, "seq": 0} for doc in docs[at : at + 5000]])
    return made


def with_screens(database: Any, made: list[Standing], opened_at: datetime) -> dict[str, str]:
    """Open the sign-in to each class's first session; return the secrets of the codes by class."""
    secrets = {each.id: base64.b64encode(os.urandom(devices.SECRET_BYTES)).decode() for each in made}
    screens = [
        to_doc(Screen(each.session(), each.id, secrets[each.id], each.provider.account, opened_at, 0))
        for each in made
    ]
    database["screens"].insert_many([{**doc, "version": 1, "seq": 0} for doc in screens])
    return secrets


def with_accounts(database: Any, made: list[Standing]) -> None:
    """Give everybody an account and a bearer token in the gateway's database."""
    accounts, grants = [], []
    for each in made:
        each.token = account(accounts, grants, each.provider)
        for one in each.learners:
            one.token = account(accounts, grants, one.actor)
    for name, docs in (("accounts", accounts), ("grants", grants)):
        for at in range(0, len(docs), 5000):
            database[name].insert_many(docs[at : at + 5000])


def account(accounts: list[Any], grants: list[Any], actor: Actor) -> str:
    """Add an account with a bearer token of the gateway for an actor; return the token."""
    token = f"wdt_{uuid.uuid4().hex}"
    row = {
        "_id": actor.account, "name_key": actor.account, "username": actor.account, "password": "-",
        "roles": sorted(actor.roles), "region": None, "person_ref": actor.person_ref,
        "body_ref": actor.body_ref, "key": uuid.uuid4().hex, "made_at": datetime.now(UTC),
    }  # fmt: skip
    accounts.append(row)
    hashed = hashlib.sha256(token.encode()).hexdigest()
    until = datetime.now(UTC) + DAY
    names = ("username", "roles", "region", "person_ref", "body_ref")
    holder = {name: row[name] for name in names}
    grant = {"_id": hashed, "account": actor.account, "kind": "token", "until": until, "holder": holder}
    grants.append(grant)
    return token


def _class(count: int, first: datetime, sessions: int, device: Device | None) -> Standing:
    id = uuid.uuid4().hex
    held = tuple(
        Session(
            f"{id}-{n + 1:03d}",
            first + n * DAY,
            first + n * DAY + 3 * HOUR,
            KINDS[n % 2],
            4,
            "示例课题",
            "示例师",
        )
        for n in range(sessions)
    )
    learners = [
        Learner(ref, uuid.uuid4().hex, device or Device())
        for ref in sorted(uuid.uuid4().hex for _ in range(count))
    ]
    training = Training(
        id, "project", "sourcing", uuid.uuid4().hex, "示例培训机构", "6-18-02-04", "4", "on_site",
        "370611", Plan("焊工一班", PLACE, count, first - DAY, held), "filer", first - 9 * DAY, "supervisor",
        first - 8 * DAY,
        roster=tuple(sorted(each.ref for each in learners)), roster_filed_at=first - HOUR,
    )  # fmt: skip
    return Standing(training, learners)
