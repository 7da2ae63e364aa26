"""(a) Commands a second from gateway to fact, beside an empty call and a bare transaction."""

import threading
import time
import uuid
from collections.abc import Callable, Sequence

from pymongo import MongoClient
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from bench import people
from bench.load import Measured, median, percentiles, run
from bench.report import Table
from infra.local import Stack

CLIENTS = 32
RUNS = 5
SECONDS = 4.0
FOLLOWERS = ("catalogue", "selection", "acceptance", "settlement", "oversight", "projector")
Makers = Sequence[Callable[[], bytes]]


def measure(stack: Stack, table: Table) -> float:
    """Fill the table; return half of the saturated rate of the one-document command, for (b)."""
    api = people.Api(stack.gateway_url)
    firm = people.enterprise(api)
    kinds: dict[str, Callable[[int], Makers]] = {
        "empty call (peer)": lambda n: [people.empty_calls(firm) for _ in range(n)],
        "command, one document and its fact": lambda n: [people.enterprise_demands(firm) for _ in range(n)],
    }
    for name, on in (("consumers off", False), ("consumers on", True)):
        _switch(stack, on)
        # a worker has some 300 demands in them: each kind of occupation and level once
        many = [people.worker_demands(people.worker(api)) for _ in range(CLIENTS)]
        lone = [people.worker_demands(people.worker(api)) for _ in range(RUNS)]
        figures = _interleaved(
            stack.gateway_url,
            {
                **kinds,
                "command, several documents and its fact": lambda n, many=many, lone=lone: (
                    many if n > 1 else [lone.pop()]
                ),
            },
        )
        _report(table, name, figures)
    bare = median([bare_transactions(stack, CLIENTS, SECONDS) for _ in range(RUNS)])
    table.add("(a) bare transaction of two documents, majority, 32 threads (peer)", bare, "")
    rate = figures["command, one document and its fact"].rate / 2
    half = median(
        [
            run(stack.gateway_url, kinds["command, one document and its fact"](16), SECONDS, rate)
            for _ in range(RUNS)
        ]
    )
    table.add("(a) one document, at half load", half, f"p99/p50 {half.p99 / half.p50:.1f} (at most 5)")
    return rate


def _interleaved(url: str, kinds: dict[str, Callable[[int], Makers]]) -> dict[str, Measured]:
    """Measure kinds in turn, so that a noisy minute hits all alike; 32 clients, then one."""
    results: dict[str, list[Measured]] = {}
    for _run in range(RUNS):
        for name, makers in kinds.items():
            results.setdefault(name, []).append(run(url, makers(CLIENTS), SECONDS))
            results.setdefault(f"{name}, 1 client", []).append(run(url, makers(1), SECONDS / 2))
    return {name: median(found) for name, found in results.items()}


def _report(table: Table, heading: str, figures: dict[str, Measured]) -> None:
    for name, measured in figures.items():
        one = ", 1 client" if name.endswith("1 client") else ""
        peer = figures[f"empty call (peer){one}"]
        ratio = "" if name.startswith("empty") else f"{measured.rate / peer.rate:.0%} of the empty call"
        table.add(f"(a) {name}, {heading}", measured, ratio)


def _switch(stack: Stack, on: bool) -> None:
    for name in FOLLOWERS:
        if on:
            stack.start(name)
            stack.await_ready(name)
        else:
            stack.stop(name)


def bare_transactions(stack: Stack, clients: int, seconds: float) -> Measured:
    """Commit transactions of two inserts from as many threads, without anything around them."""
    client: MongoClient[dict[str, object]] = MongoClient(stack.admin.mongo_uri, maxPoolSize=clients)
    database = client["bench"]
    for name in ("one", "two"):
        if name not in database.list_collection_names():
            database.create_collection(name)
    end, took = time.perf_counter() + seconds, [[] for _ in range(clients)]  # type: ignore[var-annotated]

    def commit(times: list[float]) -> None:
        while time.perf_counter() < end:
            began = time.perf_counter()
            with (
                client.start_session() as session,
                session.start_transaction(
                    read_concern=ReadConcern("snapshot"), write_concern=WriteConcern("majority")
                ),
            ):
                for name in ("one", "two"):
                    database[name].insert_one({"_id": uuid.uuid4().hex, "text": "x" * 200}, session=session)
            times.append(time.perf_counter() - began)

    threads = [threading.Thread(target=commit, args=(times,)) for times in took]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ordered = sorted(value for times in took for value in times)
    return Measured(len(ordered) / (time.perf_counter() - began), *percentiles(ordered), 0)
