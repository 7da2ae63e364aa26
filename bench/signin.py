"""Sign-in: ten times a province's morning, beside the bare call through the same gateway and broker.

80,000 sign-ins within half an hour are 45 a second. The whole system runs; every learner signs in once, from
another class than the one before, and each answer is signed when it is sent.
"""

import itertools
import os
import shutil
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pymongo import MongoClient

from bench import people
from bench.load import Measured, median, request, run
from bench.report import Table, kept
from infra.devices import Device
from infra.local import Stack
from services.acceptance import devices
from tests.support.standing import Learner, Standing, stand, with_accounts, with_screens

ROOT = Path(__file__).parents[1]
RATE, SECONDS, LIMIT_MS = 450, 300, 300
CLIENTS, LEARNERS, PERIOD = 64, 40, 10
RUNS, BARE_SECONDS = 5, 4.0
# the last answers come after the end
NEARLY = 0.99
EXTRA = {
    "WUDAN_BENCH": "1",
    "WUDAN_GATEWAY_REQUESTS_A_MINUTE": "0",
    "WUDAN_GATEWAY_SIGN_INS_A_MINUTE": "0",
    "WUDAN_LOG_LEVEL": "WARNING",
}
# for a look at it that is no measurement
SHORTER = "WUDAN_BENCH_SIGNIN_SECONDS"


def measure(table: Table) -> None:
    """Fill the table."""
    folder = ROOT / ".local" / f"bench-signin-{os.getpid()}"
    stack = Stack(folder, ports="free", extra=EXTRA)
    seconds = int(os.environ.get(SHORTER, SECONDS))
    try:
        stack.up()
        with MongoClient(stack.admin.mongo_uri, tz_aware=True) as client:
            classes = -(-RATE * (seconds + 5) // LEARNERS)
            made = stand(client["acceptance"], classes, LEARNERS, _now() - timedelta(minutes=5), 1, Device())
            with_accounts(client["gateway"], made)
            secrets = with_screens(client["acceptance"], made, _now())
            bare = _bare(stack, made)
            table.add("(f) bare call through gateway and broker (peer)", bare, "")
            found = run(stack.gateway_url, _phones(made, secrets), seconds, RATE)
            _report(table, found, bare, client["acceptance"])
    finally:
        stack.clean()
        shutil.rmtree(folder, ignore_errors=True)


def _bare(stack: Stack, made: list[Standing]) -> Measured:
    tokens = itertools.cycle([each.token for each in made])

    def once() -> Measured:
        makers = [people.empty_calls(next(tokens)) for _ in range(32)]
        return run(stack.gateway_url, makers, BARE_SECONDS)

    return median([once() for _ in range(RUNS)])


def _phones(made: list[Standing], secrets: dict[str, str]) -> list[Callable[[], bytes]]:
    """Return clients that send one learner's answer after another's, one of each class in turn."""
    order = ((each, each.learners[number]) for number in range(LEARNERS) for each in made)
    lock = threading.Lock()

    def make() -> bytes:
        with lock:
            each, learner = next(order)
        return _answer(each, learner, secrets[each.id])

    return [make] * CLIENTS


def _answer(each: Standing, learner: Learner, secret: str) -> bytes:
    now = _now()
    shown = {"code": devices.code_at(secret, now, PERIOD), "at": now.isoformat()}
    body = each.answer(learner, shown)
    headers = {"Authorization": f"Bearer {learner.token}"}
    return request("POST", f"/v1/classes/{each.id}/sign-ins", body, headers)


def _report(table: Table, found: Measured, bare: Measured, database: Any) -> None:
    rate, p99 = kept(found.rate >= NEARLY * RATE), kept(found.p99 < LIMIT_MS)
    ratio = f"{found.rate / bare.rate:.0%} of the bare call; {RATE}/s {rate}; p99 under {LIMIT_MS} ms {p99}"
    table.add(f"(f) sign-in at {RATE} a second, {CLIENTS} phones at a time", found, ratio)
    rows = database["sign_ins"].count_documents({})
    confirmed = database["sign_ins"].count_documents({"state": "confirmed"})
    batches = list(database["sign_in_batches"].find({}, {"count": 1}))
    told = sum(each["count"] for each in batches)
    acks = found.answers - found.failures
    size = rows / max(1, len(batches))
    table.note(
        "(f) none lost, none doubled",
        f"{acks} phones answered, {rows} rows, {confirmed} of them confirmed live, {told} told; "
        f"{size:.0f} in a call on average; {found.failures} refused (none: {kept(found.failures == 0)})",
    )
    # whose answer came too late may have a row all the same; whoever was answered has one, told once
    assert acks <= rows == told, f"{acks} phones answered, {rows} rows, {told} told"
    assert found.failures or acks == rows, f"{acks} phones answered, {rows} rows"


def _now() -> datetime:
    return datetime.now(UTC)
