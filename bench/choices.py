"""The rush: 10,000 people after 500 seats, through gateway, broker and database with the whole system up.

Its peers in the same run: the empty call through the same gateway and broker, and bare transactions of the
same documents. Every client holds its token already. And in process: how often a person can be told whether a
class would be subsidised and what it would cost.
"""

import os
import shutil
import statistics
import threading
import time
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from bench import people
from bench.load import Measured, median, percentiles, run
from bench.report import Table
from infra.local import Stack
from services.policy import ClassFacts, GroupFact, PersonFacts, eligibility
from services.policy.loader import rules_for
from services.selection.domain.classes import TrainingClass
from services.selection.domain.costs import Project
from services.selection.domain.eligibility import Asked, advise
from services.selection.domain.people import Person
from tests.support.crowd import Chooser, Rush, crowd, open_class

ROOT = Path(__file__).parents[1]
PEOPLE, SEATS, LIMIT_SECONDS, CLIENTS = 10_000, 500, 60, 64
RUNS, BARE_SECONDS, BARE_CLIENTS = 5, 4.0, 32
# what one choice that waits writes: enrolment, person, seats of the class, two facts, its answer
WRITTEN = ("enrolments", "people", "seatings", "outbox", "outbox", "answers")
EXTRA = {
    "WUDAN_BENCH": "1",
    "WUDAN_GATEWAY_REQUESTS_A_MINUTE": "0",
    "WUDAN_GATEWAY_SIGN_INS_A_MINUTE": "0",
    "WUDAN_LOG_LEVEL": "WARNING",
}
ANSWERS, TARGET = 5_000, 2_000
# for a look at it that is no measurement
FEWER = "WUDAN_BENCH_CHOICES_PEOPLE"


def measure(table: Table) -> None:
    """Fill the table."""
    _answers(table)
    folder = ROOT / ".local" / f"bench-choices-{os.getpid()}"
    stack = Stack(folder, ports="free", extra=EXTRA)
    count = int(os.environ.get(FEWER, PEOPLE))
    try:
        stack.up()
        with MongoClient(stack.admin.mongo_uri, tz_aware=True) as client:
            made = crowd(client["selection"], client["gateway"], count)
            bare = _empty(stack, made)
            table.add("(g) empty call through gateway and broker (peer)", bare, "")
            written = median([_bare(client["bench"]) for _ in range(RUNS)])
            table.add("(g) bare transaction of the same documents, 32 threads (peer)", written, "")
            _rush(stack, client["selection"], made, table, bare, written)
    finally:
        stack.clean()
        shutil.rmtree(folder, ignore_errors=True)


def _answers(table: Table) -> None:
    """Eligibility with the cost of a place, beside the bare rule function; by the processor's time."""
    begins, day = datetime(2027, 3, 1, tzinfo=UTC), date(2027, 3, 1)
    wanted = TrainingClass(
        "c", "p", "b", "示例班", "6-18-02-04", "4", "on_site", "370611", 20, begins,
        ((begins, begins + timedelta(hours=4)),),
    )  # fmt: skip
    asked = Asked(wanted, Project("p", "370611", "employment_skills", 180_000, True))
    rules = rules_for("370000", demonstration=True)
    groups = ("rural_transfer",)
    people = [Person(f"w{n}", "370611", groups, "verified", draws_pension=False) for n in range(ANSWERS)]
    facts = [PersonFacts(f"w{n}", (GroupFact(groups[0], True),), False) for n in range(ANSWERS)]
    about = ClassFacts("370611", "6-18-02-04", "4", kind="employment_skills")
    bare = _a_second(lambda: [eligibility(each, about, day, "370000", rules=rules) for each in facts])
    told = _a_second(lambda: [advise(each, asked, day, demonstration=True) for each in people])
    kept = "kept" if told >= TARGET else "MISSED"
    table.note("(g) bare rule function, in process (peer)", f"{bare:,.0f} a second and core")
    remark = f"{told:,.0f} answers a second and core, {told / bare:.0%} of it; {TARGET:,} a second {kept}"
    table.note("(g) eligibility with grounds and what the place costs, in process", remark)


def _a_second(run: Callable[[], object]) -> float:
    took = []
    for _ in range(RUNS):
        began = time.process_time()
        run()
        took.append(time.process_time() - began)
    return ANSWERS / statistics.median(took)


def _empty(stack: Stack, made: list[Chooser]) -> Measured:
    def once() -> Measured:
        makers = [people.empty_calls(each.token) for each in made[:CLIENTS]]
        return run(stack.gateway_url, makers, BARE_SECONDS)

    return median([once() for _ in range(RUNS)])


def _rush(
    stack: Stack, database: Any, made: list[Chooser], table: Table, bare: Measured, written: Measured
) -> None:
    class_id = open_class(database, SEATS)
    rush = Rush(stack.gateway_url, class_id, made, CLIENTS)
    began = time.perf_counter()
    rush.begin()
    rush.end()
    took = time.perf_counter() - began
    found = Measured(len(made) / took, *percentiles(sorted(rush.seconds)), 0, len(made))
    kept = "kept" if found.rate * LIMIT_SECONDS >= PEOPLE else "MISSED"
    ratio = f"{found.rate / bare.rate:.0%} of the empty call, {found.rate / written.rate:.0%} of the bare one"
    told = f"{took:.0f} s for all; {ratio}; 10,000 in {LIMIT_SECONDS} s {kept}"
    table.add(f"(g) choices: {len(made):,} people after {SEATS} seats, {CLIENTS} at a time", found, told)
    held = sum(each["status"] == "held" for each in rush.told.values())
    places = sorted(each["place"] for each in rush.told.values() if each["place"])
    rows = database["seats"].count_documents({})
    table.note("(g) none too many, none lost", f"{held} seated, {rows} rows, {len(places)} in the line")
    assert held == rows == min(SEATS, len(made)), f"{held} seated, {rows} rows"
    assert places == list(range(1, len(made) - held + 1)), "a place was lost or given twice"


def _bare(database: Any) -> Measured:
    """Commit transactions of the same documents from as many threads, without anything around them."""
    for name in set(WRITTEN) - set(database.list_collection_names()):
        database.create_collection(name)
    end, took = time.perf_counter() + BARE_SECONDS, [[] for _ in range(BARE_CLIENTS)]  # type: ignore[var-annotated]

    def commit(times: list[float]) -> None:
        while time.perf_counter() < end:
            began = time.perf_counter()
            with (
                database.client.start_session() as session,
                session.start_transaction(
                    read_concern=ReadConcern("snapshot"), write_concern=WriteConcern("majority")
                ),
            ):
                for name in WRITTEN:
                    row = {"_id": uuid.uuid4().hex, "text": "x" * 300}
                    database[name].insert_one(row, session=session)
            times.append(time.perf_counter() - began)

    threads = [threading.Thread(target=commit, args=(times,)) for times in took]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ordered = sorted(value for times in took for value in times)
    return Measured(len(ordered) / (time.perf_counter() - began), *percentiles(ordered), 0)
