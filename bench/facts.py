"""(b) From the moment a fact is made to its effect committed in another service, at half load."""

import threading
import time

from pymongo import MongoClient

from bench import people
from bench.load import Measured, median, percentiles, run
from bench.report import Table, kept
from infra.local import Stack

RUNS = 5
SECONDS = 6.0
LIMIT_MS = 250


def measure(stack: Stack, table: Table, rate: float) -> None:
    """Post demands at `rate` and watch the catalogue's marks; the fact's id holds when it was made."""
    api = people.Api(stack.gateway_url)
    firm = people.enterprise(api)
    results = [_once(stack, firm, rate) for _ in range(RUNS)]
    found = median(results)
    met = f"p99 under {LIMIT_MS} ms: {kept(found.p99 < LIMIT_MS)}"
    table.add(f"(b) fact made → effect committed, {rate:.0f} commands/s", found, met)


def _once(stack: Stack, firm: str, rate: float) -> Measured:
    client: MongoClient[dict[str, object]] = MongoClient(stack.admin.mongo_uri)
    outbox, marks = client["intake"]["outbox"], client["catalogue"]["marks"]
    seen: dict[str, float] = {}
    ready, done = threading.Event(), threading.Event()

    def watch() -> None:
        with marks.watch([{"$match": {"operationType": "insert"}}], max_await_time_ms=100) as changes:
            ready.set()
            while not done.is_set() or changes.alive:
                change = changes.try_next()
                if change is not None:
                    seen[str(change["documentKey"]["_id"])] = time.time()
                elif done.is_set():
                    return

    watcher = threading.Thread(target=watch)
    watcher.start()
    ready.wait(10)
    first = time.time()
    load = run(stack.gateway_url, [people.enterprise_demands(firm) for _ in range(16)], SECONDS, rate)
    time.sleep(2)
    done.set()
    watcher.join()
    made = {
        f"intake.demand:{row['subject']}": int(str(row["_id"])[:12], 16) / 1000
        for row in outbox.find({"type": "intake.demand.posted"}, {"subject": 1})
    }
    ages = sorted(when - made[mark] for mark, when in seen.items() if made.get(mark, 0) >= first)
    missing = round(load.rate * SECONDS) - len(ages)
    return Measured(len(ages) / SECONDS, *percentiles(ages), max(0, missing))
