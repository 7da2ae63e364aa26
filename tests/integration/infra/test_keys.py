"""Key rotation: actors' keys side by side, and the master key over the persons' keys."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.errors import EncryptionError

from contracts.vocabularies.errors import Refusal
from infra import keys
from infra.errors import Trouble
from infra.local import Sandbox
from services.chassis.actor import SigningKey
from services.chassis.settings import Settings
from services.intake.store.vault import Vault
from tests.integration.chassis.conftest import LABORATORY, WORKER
from tests.support.services import Running

ROOT = Path(__file__).parents[3]
OLD, NEW, LOOKUP = bytes(range(96)), bytes(range(1, 97)), bytes(32)


def test_actors_keys_are_changed_without_a_pause(running: Callable[..., Running]) -> None:
    """Both keys are known, the signer changes, the old one is struck off."""
    signing, public = keys.new_actor_key("gateway-2")
    settings: dict[str, str] = dict(LABORATORY)
    lab = running("intake", extra={"intake": settings})
    before = lab.sandbox.env("intake")["WUDAN_ACTOR_PUBLIC_KEYS"]
    old = lab._signer
    new = SigningKey(*Settings.from_env({"WUDAN_ACTOR_SIGNING_KEY": signing}).actor_signing_key())

    def adds(signer: SigningKey) -> int:
        lab._signer = signer
        return int(lab.call("intake.lab_add", {"counter": "k", "amount": 1}, WORKER)["total"])

    def known(public_keys: str) -> None:
        settings["WUDAN_ACTOR_PUBLIC_KEYS"] = public_keys
        lab.kill("intake", signal.SIGTERM)

    assert adds(old) == 1
    with pytest.raises(Refusal, match=r"actor\.invalid"):
        adds(new)
    known(f"{before},{public}")
    assert (adds(old), adds(new)) == (2, 3)
    known(",".join([*(entry for entry in before.split(",") if not entry.startswith("gateway-")), public]))
    assert adds(new) == 4
    with pytest.raises(Refusal, match=r"actor\.invalid"):
        adds(old)


class Persons:
    """Five persons with a sealed name each."""

    def __init__(self, sandbox: Sandbox, client: "MongoClient[dict[str, Any]]") -> None:
        self.client = client
        self.database = f"{sandbox.place.prefix}intake"
        self._uri = sandbox.mongo_uri
        vault = self.vault(OLD)
        self.sealed = {f"p{n}": vault.seal(vault.new_key(f"p{n}"), {"name": f"示例{n}"}) for n in range(5)}

    def vault(self, master: bytes) -> Vault:
        return Vault(self._uri, self.database, master, LOOKUP)

    def names(self, master: bytes) -> list[str]:
        vault = self.vault(master)
        return [vault.open(sealed, "name")["name"] for sealed in self.sealed.values()]

    def rewrap(self, old: bytes = OLD, new: bytes = NEW, **how: Any) -> int:
        return keys.rewrap_persons(self.client, self.database, old, new, page=2, **how)


@pytest.fixture
def persons(make_sandbox: Callable[..., Sandbox]) -> Iterator[Persons]:
    sandbox = make_sandbox("intake")
    with MongoClient(sandbox.mongo_uri, w="majority") as client:
        yield Persons(sandbox, client)


NAMES = [f"示例{n}" for n in range(5)]


def test_persons_keys_are_wrapped_anew_and_what_they_seal_stays(persons: Persons) -> None:
    assert persons.names(OLD) == NAMES
    assert persons.rewrap() == 5
    assert persons.names(NEW) == NAMES
    with pytest.raises(EncryptionError):
        persons.names(OLD)
    assert persons.rewrap(NEW, OLD) == 5
    assert persons.names(OLD) == NAMES


@pytest.mark.parametrize("cut", [1, 2, 3, 4, 5, 6])
def test_cut_off_anywhere_it_goes_on(persons: Persons, cut: int) -> None:
    told: list[str] = []

    def tell(line: str) -> None:
        told.append(line)
        if len(told) == cut:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        persons.rewrap(tell=tell)
    with pytest.raises(Trouble, match="another master key"):
        persons.rewrap(new=bytes(96))
    persons.rewrap()
    assert persons.names(NEW) == NAMES
    assert persons.client[persons.database].rotations.count_documents({}) == 0


def test_a_wrong_key_changes_nothing(persons: Persons) -> None:
    with pytest.raises(Trouble, match="do not open"):
        persons.rewrap(old=bytes(96))
    assert persons.names(OLD) == NAMES
    assert persons.rewrap() == 5


def test_the_command_line() -> None:
    def command(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "infra.keys", *words],
            cwd=ROOT,
            env=os.environ | environ,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    made = command("actor", "gateway-7").stdout.splitlines()
    signing, public = made[0].partition("=")[2], made[1].rpartition(" ")[2]
    key = SigningKey(*Settings.from_env({"WUDAN_ACTOR_SIGNING_KEY": signing}).actor_signing_key())
    known = Settings.from_env({"WUDAN_ACTOR_PUBLIC_KEYS": public}).actor_public_keys()
    assert known == {"gateway-7": key.public_bytes()}
    refused = command("rewrap-persons", WUDAN_PERSON_MASTER_KEY="short")
    assert (refused.returncode, "must be 96 bytes" in refused.stderr) == (1, True)
