"""Following facts: once, in order, retried, dead-lettered, parked and released, whatever is killed."""

import signal
import threading
from datetime import UTC, datetime
from typing import Any

from kombu import Connection
from pymongo import MongoClient

from services.chassis.mongo import database
from services.chassis.outbox import Relay, read_log
from services.chassis.publisher import ConfirmedPublisher
from services.chassis.settings import Settings
from services.chassis.topology import events_queue, inbox_exchange
from tests.integration.chassis import laboratory
from tests.integration.chassis.test_commands import add
from tests.support.services import Running, wait_for


def sums(lab: Running, id: str) -> dict[str, Any]:
    return lab.database("catalogue").sums.find_one({"_id": id}) or {"sum": 0, "facts": []}


def tell(lab: Running, subject: str, sequence: int, mood: str = "fine") -> dict[str, Any]:
    return lab.tell(laboratory.ADDED, subject, sequence, {"amount": 1, "total": sequence, "mood": mood})


def test_a_second_delivery_changes_nothing_and_an_early_fact_waits(lab: Running) -> None:
    first = tell(lab, "p", 1)
    lab.send("intake.counter.added", first, "intake.facts")
    tell(lab, "p", 4)
    tell(lab, "p", 3)
    wait_for(lambda: lab.database("catalogue").parked.count_documents({}) == 2)
    tell(lab, "p", 2)
    assert wait_for(lambda: sums(lab, "p") if sums(lab, "p")["sum"] == 4 else None)["facts"] == [1, 2, 3, 4]
    assert wait_for(lambda: lab.database("catalogue").parked.count_documents({}) == 0)


def test_a_failing_fact_is_retried(lab: Running) -> None:
    tell(lab, "f", 1, "flaky")
    assert wait_for(lambda: sums(lab, "f")["sum"] == 1)


def test_broken_messages_go_to_the_dead_letters_at_once(lab: Running) -> None:
    queue = inbox_exchange("catalogue")
    lab.send("events", "{not json", queue)
    lab.send("events", {"specversion": "1.0"}, queue)
    lab.send("events", ["no", "object"], queue, "application/json")
    lab.send("events", "text", queue, "text/plain")
    lab.send("events", b"\xff\xfe".decode("latin1"), queue, "application/x-python-serialize")
    good = tell(lab, "b", 1)
    lab.send("events", {**good, "type": "intake.counter.unheard_of"}, queue)
    lab.send("events", {**good, "sequence": 2, "id": "x2", "data": {"amount": -5}}, queue)
    wait_for(lambda: lab.dead("catalogue") == 7, what="seven dead letters")
    wait_for(lambda: sums(lab, "b")["sum"] == 1)


def test_three_relays_at_once_send_each_event_once(lab: Running) -> None:
    """Two more relays beside the service's own, over a backlog: confirmed events are not sent again."""
    env = Settings.from_env(lab.sandbox.env("intake"))
    for n in range(60):
        add(lab, f"r{n % 6}", 1)
    seen = lab.database("catalogue").marks
    wait_for(lambda: sum(mark["last"] for mark in seen.find()) == 60)
    own = lab.database("intake")
    lab.kill("catalogue", restart=False)
    lab.kill("intake", restart=False)
    with Connection(lab.sandbox.amqp_url) as connection:
        channel: Any = connection.channel()
        channel.queue_purge(events_queue("catalogue"))  # what was applied and not yet acknowledged is back
    own.outbox.update_many({}, {"$set": {"pending": True}, "$unset": {"position": ""}})
    own.relay.update_one({"_id": "relay"}, {"$set": {"until": datetime(2020, 1, 1, tzinfo=UTC)}})
    mine = database(env.mongo_uri(), env.mongo_db())
    relays = [Relay("intake", mine, ConfirmedPublisher(env.amqp_url())) for _ in range(3)]
    threads = [threading.Thread(target=_drain, args=(relay,)) for relay in relays]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert own.outbox.count_documents({"pending": True}) == 0
    assert lab.depth(events_queue("catalogue")) == 60


def _drain(relay: Relay) -> None:
    for _ in range(20):
        relay.relay_once()


def test_a_follower_that_is_killed_while_it_works_applies_each_fact_once(lab: Running) -> None:
    for n in range(12):
        add(lab, f"w{n % 3}", 1, "slow")
    wait_for(lambda: lab.database("catalogue").sums.count_documents({}) >= 1)
    lab.kill("catalogue")
    wait_for(lambda: sum(doc["sum"] for doc in lab.database("catalogue").sums.find()) == 12, 40)
    assert {doc["_id"]: doc["facts"] for doc in lab.database("catalogue").sums.find()} == {
        f"w{n}": [1, 2, 3, 4] for n in range(3)
    }


def test_sigterm_finishes_what_is_in_hand(lab: Running) -> None:
    for n in range(6):
        add(lab, f"t{n}", 1, "slow")
    wait_for(lambda: lab.database("catalogue").sums.count_documents({}) >= 1)
    lab.kill("catalogue", signal.SIGTERM)
    wait_for(lambda: lab.database("catalogue").sums.count_documents({"sum": 1}) == 6, 40)
    assert lab.dead("catalogue") == 0


def test_a_job_runs_once_for_each_due_time_with_two_instances(lab: Running) -> None:
    second = lab.start_second("catalogue")
    try:
        wait_for(lambda: lab.database("catalogue").ticks.count_documents({}) >= 4, 30)
        runs = lab.database("catalogue").job_runs.count_documents({"_id": {"$regex": "^tick:"}})
        ticks = lab.database("catalogue").ticks.count_documents({})
        assert ticks in (runs, runs - 1)
    finally:
        second.terminate()
        second.wait(20)


def test_positions_of_the_log_grow_and_skip_nothing(lab: Running) -> None:
    for n in range(30):
        add(lab, f"l{n % 4}", 1)
    own: Any = lab.database("intake")
    wait_for(lambda: own.outbox.count_documents({"pending": True}) == 0)
    rows, after = [], (0, "")
    while page := read_log(own, after, 7):
        rows += page
        after = (page[-1]["position"], page[-1]["_id"])
    assert len(rows) == 30
    for n in range(4):
        sequences = [row["sequence"] for row in rows if row["subject"] == f"l{n}"]
        assert sequences == sorted(sequences)
    assert isinstance(own.client, MongoClient)
