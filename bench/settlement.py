"""Settlement: a claim of a thousand people, and many reviewers on one fund account.

It runs on servers of its own with settlement alone, told what other services would tell and answer it, and
is called as the gateway calls it.
"""

import os
import shutil
import statistics
import time
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from pymongo import InsertOne, MongoClient
from pymongo.errors import PyMongoError
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from bench.load import Measured, median, percentiles
from bench.report import Table, kept
from infra.local import Stack
from services.chassis.actor import Actor
from tests.integration.settlement.world import FIRST, Town
from tests.support.ground import Ground
from tests.support.services import Running

ROOT = Path(__file__).parents[1]
RUNS = 5
PEOPLE, CLASS = 1000, 50
CLAIMS, CLAIMS_ALONE = 192, 48
CLIENTS = (1, 8, 32)
BUDGET = 10_000_000_00
LIMIT_SECONDS = 2.0
Client = MongoClient[dict[str, Any]]
SURE: dict[str, Any] = {
    "read_concern": ReadConcern("snapshot"),
    "write_concern": WriteConcern("majority"),
}


def measure(table: Table) -> None:
    """Fill the table."""
    folder = ROOT / ".local" / f"bench-settlement-{os.getpid()}"
    extra = {"WUDAN_LOG_LEVEL": "ERROR"}
    stack = Stack(folder, ports="free", services=("settlement",), extra=extra)
    try:
        stack.up()
        with Running(Ground(stack), ()) as running, MongoClient(stack.admin.mongo_uri) as client:
            town = Town(running)
            with town.intake:
                town.budget(BUDGET)
                _large_claim(town, client, table)
                _one_account(town, client, table)
    finally:
        stack.clean()
        shutil.rmtree(folder, ignore_errors=True)


def _large_claim(town: Town, client: Client, table: Table) -> None:
    """From the command to the computed claim, beside a bare transaction that writes as many documents."""
    by, people = town.provider(), town.people(PEOPLE)
    project, _ = town.training(by, people[:CLASS])
    town.hold_classes(by, project, [people[at : at + CLASS] for at in range(CLASS, PEOPLE, CLASS)])
    ours, peer = [], []
    for _ in range(RUNS):
        began = time.perf_counter()
        claim = town.advance(by, project)
        ours.append(time.perf_counter() - began)
        assert (claim["status"], claim["people"], claim["refused_people"]) == ("computed", PEOPLE, 0), claim
        rows = town.db.limit_rows.count_documents({"claims": claim["id"]})
        began = time.perf_counter()
        _write(client, rows)
        peer.append(time.perf_counter() - began)
        town.step("withdraw_claim", by, claim["id"])
    seconds, bare = statistics.median(ours), statistics.median(peer)
    met = f"under {LIMIT_SECONDS:.0f} s: {kept(seconds < LIMIT_SECONDS)}"
    beside = f"{seconds / bare:.1f} × a bare transaction of its {rows:,} limit rows ({bare:.2f} s)"
    table.note(
        f"(e) claim of {PEOPLE:,} people, submit → computed: {seconds:.2f} s",
        f"{met}; {beside}",
    )


def _write(client: Client, count: int) -> None:
    """Commit a transaction of as many inserts."""
    with client.start_session() as session, session.start_transaction(**SURE):
        documents = [InsertOne({"_id": uuid.uuid4().hex, "text": "x" * 100}) for _ in range(count)]
        client["bench"]["rows"].bulk_write(documents, session=session)


def _one_account(town: Town, client: Client, table: Table) -> None:
    """Acceptances a second that encumber one account, beside bare transactions on one document."""
    by, person = town.provider(), town.people(1)
    project, _ = town.training(by, person)
    classes = town.hold_classes(by, project, [person] * CLAIMS)
    claims = [
        town.call("submit_claim", by, kind="living_cost", project_id=project, class_id=id)["id"]
        for id in classes
    ]
    client["bench"]["account"].insert_one({"_id": "one", "sum": 0})
    found: dict[tuple[str, int], list[Measured]] = {}
    for _ in range(RUNS):
        for clients in CLIENTS:
            these = claims if clients > 1 else claims[:CLAIMS_ALONE]
            ours = _timed(clients, [lambda id=id: town.step("accept_claim", FIRST, id) for id in these])
            peer = _timed(clients, [lambda: _add(client)] * len(these))
            found.setdefault(("ours", clients), []).append(ours)
            found.setdefault(("peer", clients), []).append(peer)
            _undo(town, by, these)
    town.sound()
    for clients in CLIENTS:
        ours, peer = median(found["ours", clients]), median(found["peer", clients])
        many = "1 client" if clients == 1 else f"{clients} clients"
        table.add(f"(e) bare transaction on one document, {many} (peer)", peer, "")
        remark = f"{ours.rate / peer.rate:.0%} of the bare transaction"
        table.add(f"(e) encumbrance of one account, {many}", ours, remark)


def _undo(town: Town, by: Actor, claims: Sequence[str]) -> None:
    """Set the amounts free, so that the same claims can be accepted once more."""

    def back(id: str) -> None:
        town.step("send_back_claim", FIRST, id)
        town.step("resubmit_claim", by, id)

    with ThreadPoolExecutor(max(CLIENTS)) as pool:
        list(pool.map(back, claims))


def _timed(clients: int, steps: Sequence[Callable[[], Any]]) -> Measured:
    """Take all steps from as many threads; their refusals are raised."""

    def take(step: Callable[[], Any]) -> float:
        began = time.perf_counter()
        step()
        return time.perf_counter() - began

    began = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        took = sorted(pool.map(take, steps))
    return Measured(len(took) / (time.perf_counter() - began), *percentiles(took), 0)


def _add(client: Client) -> None:
    """Read one document and write it anew in a transaction, again while others are in the way."""
    while True:
        try:
            with client.start_session() as session, session.start_transaction(**SURE):
                accounts = client["bench"]["account"]
                document = accounts.find_one({"_id": "one"}, session=session)
                assert document is not None
                changed = {**document, "sum": document["sum"] + 1}
                accounts.replace_one({"_id": "one"}, changed, session=session)
                return
        except PyMongoError as problem:
            if not problem.has_error_label("TransientTransactionError"):
                raise
