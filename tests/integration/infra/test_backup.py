"""Backup while the system runs; restore into another stack, where the same books go on."""

import gzip
import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import bson
import pytest
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from pymongo import MongoClient

from infra import backup
from infra.backup.manifest import Manifest
from infra.errors import Trouble
from infra.local import Sandbox, Stack
from infra.local.settings import operator_environment
from tests.integration.chassis.conftest import LABORATORY, WORKER, hears_counters, laboratory_in
from tests.integration.chassis.test_replay import Adding, followed, totals
from tests.support.backends import Backend
from tests.support.services import Running, wait_for

ROOT = Path(__file__).parents[3]
LAB = {"intake": LABORATORY, "catalogue": LABORATORY}
RAW = CodecOptions(document_class=RawBSONDocument)


@pytest.fixture(scope="module")
def second(make_stack: Callable[..., Stack]) -> Stack:
    """Another stack, with ports, passwords and keys of its own."""
    stack = make_stack()
    stack.up()
    return stack


@pytest.fixture
def place(second: Stack) -> Iterator[Sandbox]:
    """An empty place on the second stack, prepared and with no process."""
    with hears_counters(), second.sandbox(("intake", "catalogue", "gateway")) as sandbox:
        yield sandbox


def books(folder: Path, keys: Path | None = None) -> dict[tuple[str, str], set[bytes]]:
    """Return each collection's documents as a backup's files have them."""
    found = {}
    for entry in Manifest.read(folder).collections:
        with gzip.open(
            (keys or folder / "keys").parent / entry.file if entry.is_key else folder / entry.file
        ) as file:
            found[(entry.database, entry.name)] = set(_documents(file.read()))
        assert len(found[(entry.database, entry.name)]) == entry.count
    return found


def _documents(data: bytes) -> Iterator[bytes]:
    while data:
        size = int.from_bytes(data[:4], "little")
        yield data[:size]
        data = data[size:]


def kept(sandbox: Sandbox, collections: Any) -> dict[tuple[str, str], set[bytes]]:
    """Return each collection's documents as the database has them."""
    with MongoClient(sandbox.mongo_uri, document_class=RawBSONDocument) as client:
        return {
            (database, name): {doc.raw for doc in client[f"{sandbox.place.prefix}{database}"][name].find()}
            for database, name in collections
        }


def indexes(sandbox: Sandbox, database: str, name: str) -> dict[str, Any]:
    with MongoClient(sandbox.mongo_uri) as client:
        return dict(client[f"{sandbox.place.prefix}{database}"][name].index_information())


def assert_books_agree(documents: dict[tuple[str, str], set[bytes]]) -> None:
    """What a backup holds is of one moment: source, log and follower fit each other."""
    decoded = {key: [bson.decode(raw) for raw in raws] for key, raws in documents.items()}
    told: dict[str, int] = {}
    for row in decoded[("intake", "outbox")]:
        told[row["subject"]] = told.get(row["subject"], 0) + row["event"]["data"]["amount"]
    assert told == {doc["_id"]: doc["total"] for doc in decoded[("intake", "counters")]}
    marks = {mark["_id"]: mark["last"] for mark in decoded[("catalogue", "marks")]}
    for doc in decoded[("catalogue", "sums")]:
        assert doc["facts"] == list(range(1, marks[f"intake.counter:{doc['_id']}"] + 1))
        assert doc["sum"] <= told[doc["_id"]]


def test_saved_under_load_restored_elsewhere_and_going_on(
    running: Callable[..., Running], stack: Backend, second: Stack, place: Sandbox, tmp_path: Path
) -> None:
    with hears_counters():
        first = laboratory_in(running("intake", "catalogue", extra=LAB))
    known = first.call("intake.lab_add", {"counter": "known", "amount": 5}, WORKER, key="kept-key")
    folder = tmp_path / "backup"
    with Adding(first) as adding:
        wait_for(lambda: sum(followed(first).values()) > 25, what="a follower at work")
        first.kill("catalogue", restart=False)
        begun = adding.made
        wait_for(lambda: adding.made > begun + 15, what="facts on their way")
        backup.save(stack.admin, first.sandbox.place, folder)
        saved_at = adding.made
        wait_for(lambda: adding.made > saved_at + 5, what="a system that runs on")
    documents = books(folder)
    assert_books_agree(documents)

    fed = backup.restore(second.admin, place.place, folder)
    assert fed.sent >= 15
    restored = kept(place, documents)
    changed = {("intake", "migrations"), ("catalogue", "migrations"), ("gateway", "migrations")}
    assert {key: restored[key] for key in restored if key not in changed} == {
        key: documents[key] for key in documents if key not in changed
    }
    for database, name in documents:
        assert indexes(place, database, name) == indexes(first.sandbox, database, name), (database, name)

    with Running(place, ("intake", "catalogue"), LAB) as again:
        wait_for(lambda: followed(again) == totals(again), 60, "what was on its way has arrived")
        assert (
            again.call("intake.lab_add", {"counter": "known", "amount": 5}, WORKER, key="kept-key") == known
        )
        again.call("intake.lab_add", {"counter": "c0", "amount": 1}, WORKER)
        wait_for(lambda: followed(again) == totals(again), 60, "the system goes on")
        assert again.dead("catalogue") == 0
        with pytest.raises(Trouble, match=r"Processes run: catalogue\.events"):
            backup.restore(second.admin, place.place, folder, replace=True)


def secret_values(stack: Any, sandbox: Sandbox) -> set[str]:
    names = ("PASSWORD", "KEY", "SECRET", "TOKEN", "URL", "URI")
    values = {
        value
        for process in sandbox.services
        for name, value in sandbox.env(process).items()
        if any(part in name for part in names)
    }
    return {part for value in values for part in (value, value.rpartition(":")[2]) if len(part) > 16}


def test_no_secrets_and_only_for_the_owner(stack: Backend, make_sandbox: Any, tmp_path: Path) -> None:
    sandbox = make_sandbox("intake", "gateway")
    manifest = backup.save(stack.admin, sandbox.place, tmp_path / "backup")
    assert "WUDAN_PERSON_MASTER_KEY" in manifest.secrets
    paths = [tmp_path / "backup", *(tmp_path / "backup").rglob("*")]
    assert all(stat.S_IMODE(path.stat().st_mode) & 0o077 == 0 for path in paths)
    files = [path for path in paths if path.is_file()]
    text = b"".join(gzip.decompress(p.read_bytes()) if p.suffix == ".gz" else p.read_bytes() for p in files)
    values = secret_values(stack, sandbox)
    assert len(values) > 5
    assert not [value for value in values if value.encode() in text]
    assert b"password_hash" not in text
    with pytest.raises(Trouble, match="exists"):
        backup.save(stack.admin, sandbox.place, tmp_path / "backup")


def test_a_destroyed_key_stays_destroyed_with_the_newest_keys(
    stack: Backend, second: Stack, make_sandbox: Any, place: Sandbox, tmp_path: Path
) -> None:
    sandbox = make_sandbox("intake", "catalogue", "gateway")
    with MongoClient(sandbox.mongo_uri) as client:
        intake = client[f"{sandbox.place.prefix}intake"]
        intake.persons.insert_many([{"_id": "a"}, {"_id": "b"}])
        intake.person_keys.insert_many([{"_id": "key-of-a"}, {"_id": "key-of-b"}])
        backup.save(stack.admin, sandbox.place, tmp_path / "old")
        intake.person_keys.delete_one({"_id": "key-of-a"})
        backup.save(stack.admin, sandbox.place, tmp_path / "new")
    assert not list((tmp_path / "old" / "data").rglob("person_keys*"))
    backup.restore(second.admin, place.place, tmp_path / "old", keys=tmp_path / "new" / "keys")
    with MongoClient(place.mongo_uri) as client:
        intake = client[f"{place.place.prefix}intake"]
        assert [doc["_id"] for doc in intake.persons.find().sort("_id")] == ["a", "b"]
        assert [doc["_id"] for doc in intake.person_keys.find()] == ["key-of-b"]


def test_what_is_damaged_or_in_the_way_is_refused_before_anything_changes(
    stack: Backend, second: Stack, make_sandbox: Any, place: Sandbox, tmp_path: Path
) -> None:
    folder = tmp_path / "backup"
    sandbox = make_sandbox("intake", "catalogue", "gateway")
    with MongoClient(sandbox.mongo_uri) as client:
        client[f"{sandbox.place.prefix}intake"].things.insert_one({"_id": "saved"})
    backup.save(stack.admin, sandbox.place, folder)
    with MongoClient(place.mongo_uri) as client:
        things = client[f"{place.place.prefix}intake"].things
        things.insert_one({"_id": "there"})
        with pytest.raises(Trouble, match=r"intake\.things holds data"):
            backup.restore(second.admin, place.place, folder)
        with pytest.raises(Trouble, match="is no backup"):
            backup.restore(second.admin, place.place, tmp_path, replace=True)
        path = next(folder.rglob("things.bson.gz"))
        whole = path.read_bytes()
        path.write_bytes(whole[:-1])
        with pytest.raises(Trouble, match="missing or damaged"):
            backup.restore(second.admin, place.place, folder, replace=True)
        assert [doc["_id"] for doc in things.find()] == ["there"]
        path.write_bytes(whole)
        backup.restore(second.admin, place.place, folder, replace=True)
        assert [doc["_id"] for doc in things.find()] == ["saved"]


def test_the_command_line(second: Stack, tmp_path: Path) -> None:
    def command(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "infra.backup", *words],
            cwd=ROOT,
            env=os.environ | operator_environment(second.state),
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )

    saved = command("save", str(tmp_path / "backup"))
    assert saved.returncode == 0, saved.stderr
    assert "WUDAN_LOOKUP_KEY" in saved.stdout
    restored = command("restore", str(tmp_path / "backup"))
    assert restored.returncode == 0, restored.stderr
    assert "restored; 0 facts were on their way" in restored.stdout
    again = command("save", str(tmp_path / "backup"))
    assert (again.returncode, again.stderr.splitlines()[0].endswith("exists.")) == (1, True)
