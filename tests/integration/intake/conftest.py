"""A running intake, with the stand-in registries that it asks."""

import itertools
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from contracts.vocabularies.sample_ids import make_citizen_id, make_credit_code
from services.chassis.actor import Actor, SigningKey, sign
from services.chassis.rpc_client import RpcClients
from services.chassis.settings import Settings
from services.intake.store.vault import Vault
from tests.support import backends
from tests.support.services import Running, wait_for
from tests.support.standin import TOKEN, StandIn

WELDER = "6-18-02-04"
OFFICER = Actor("officer", frozenset({"catalogue_officer"}), region="370600")
SETTLEMENT = Actor("service:settlement", frozenset({"service:settlement"}))


class World:
    """Calls intake as people that it makes up. Shared by the tests of a module."""

    def __init__(self, running: Running, standin: StandIn) -> None:
        self.running = running
        self.standin = standin
        self.db = running.database("intake")
        # serials 996 to 999 mean something to the stand-in
        self._serials = iter(range(1, 990))
        self._counter = itertools.count(1)

    def worker(self) -> Actor:
        """Return an account that has registered nobody yet."""
        return Actor(f"worker-{uuid.uuid4().hex[:12]}", frozenset({"worker"}))

    def details(self, **changes: Any) -> dict[str, Any]:
        """Return the details of a new made-up person."""
        serial = changes.pop("serial", None) or next(self._serials)
        return {
            "id_number": make_citizen_id(serial=serial),
            "name": f"示例{serial}号",
            "phone": f"139{serial:08d}",
            "region": "370611",
            "groups": ["unemployed"],
            "bank_account": f"62220000{serial:08d}",
            **changes,
        }

    def firm(self, kind: str, **changes: Any) -> tuple[Actor, dict[str, Any]]:
        """Return an account and the details of a body that the stand-in's registry will know."""
        code = make_credit_code(next(self._counter))
        actor = Actor(f"{kind}-{uuid.uuid4().hex[:12]}", frozenset({kind}))
        given = {"credit_code": code, "name": f"演示单位{code[-4:]}", "region": "370611", "kind": kind}
        return actor, {**given, **changes}

    def demand(self, **changes: Any) -> dict[str, Any]:
        """Return a worker's demand."""
        wanted = today_in_shanghai(self.running.clock.now()) + timedelta(days=30)
        body = {"kind": "worker", "region": "370611", "occupation": WELDER, "level": "4"}
        return {**body, "wanted_from": wanted.isoformat(), **changes}

    def call(self, method: str, actor: Actor | None, key: str | None = None, **body: Any) -> dict[str, Any]:
        """Call intake."""
        return self.running.call(f"intake.{method}", body, actor, key, seconds=60.0)

    def post(self, actor: Actor, key: str | None = None, **changes: Any) -> dict[str, Any]:
        """Post a worker's demand."""
        return self.call("post_demand", actor, key, **self.demand(**changes))

    def verified_worker(self) -> Actor:
        """Return the account of a registered person whom the registries confirmed."""
        actor = self.worker()
        person = self.call("register_person", actor, **self.details())
        self.await_status("persons", person["id"], "verified")
        return actor

    def verified_firm(self, kind: str) -> tuple[Actor, str]:
        """Return the account and the id of a body that the registry confirmed."""
        actor, given = self.firm(kind)
        body = self.call("register_body", actor, **given)
        self.await_status("bodies", body["id"], "verified")
        return actor, body["id"]

    def await_status(self, collection: str, id: str, status: str) -> dict[str, Any]:
        """Wait until a document has a status, and return it."""
        return wait_for(
            lambda: self.db[collection].find_one({"_id": id, "status": status}), 30, f"{id} {status}"
        )

    def told(self, id: str) -> list[str]:
        """Return the verbs of the facts told of a thing, in order."""
        rows = self.db.outbox.find({"subject": id}).sort("sequence", 1)
        return [row["type"].rpartition(".")[2] for row in rows]

    def fact(self, id: str, verb: str) -> dict[str, Any]:
        """Return the data of the latest fact of that kind told of a thing."""
        rows = [
            row
            for row in self.db.outbox.find({"subject": id}).sort("sequence", 1)
            if row["type"].endswith(f".{verb}")
        ]
        return dict(rows[-1]["event"]["data"])

    def as_settlement(self, payee_ref: str, purpose: str = "拨付") -> dict[str, Any]:
        """Ask for a payee's details as settlement does, under its own signature; raises why there are
        none.
        """
        settings = Settings.from_env(self.running.sandbox.env("settlement"))
        token = sign(SETTLEMENT, SigningKey(*settings.actor_signing_key()))
        envelope = {
            "body": {"payee_refs": [payee_ref], "purpose": purpose},
            "actor": token,
            "deadline": int((time.time() + 30) * 1000),
        }
        clients = RpcClients(settings.amqp_url(), "settlement")
        try:
            answer = clients.call("intake.payee_details", envelope)
        finally:
            clients.forget()
        if answer["missing"]:
            raise Refusal(answer["missing"][0]["code"], what=payee_ref)
        return dict(answer["items"][0])

    def vault(self) -> Vault:
        """Return a vault of this test process, with the keys that the service has."""
        settings = Settings.from_env(self.running.sandbox.env("intake"))
        return Vault(
            settings.mongo_uri(), settings.mongo_db(), settings.person_master_key(), settings.lookup_key()
        )


def at_once(steps: Iterable[Callable[[], Any]], threads: int = 50) -> list[Any]:
    """Take all steps in parallel; return each one's answer or refusal, in the order given."""

    def take(step: Callable[[], Any]) -> Any:
        try:
            return step()
        except Refusal as refusal:
            return refusal

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(take, list(steps)))


@pytest.fixture(scope="module")
def world(stack: backends.Backend, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One intake process and one stand-in for the tests of a module."""
    standin = StandIn(tmp_path_factory.mktemp("standin"))
    standin.start()
    sandbox = stack.sandbox(("intake", "gateway", "settlement"))
    outside = {"WUDAN_REGISTRY_URL": f"{standin.url}/registry", "WUDAN_REGISTRY_TOKEN": TOKEN}
    try:
        with Running(sandbox, ("intake",), {"intake": outside}) as running:
            yield World(running, standin)
    finally:
        sandbox.drop()
        standin.kill()
