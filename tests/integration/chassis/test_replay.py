"""Replay: what a process lacks, and a read model from nothing, while new facts come."""

import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from kombu import Connection

from services.chassis import replay
from services.chassis.replay import Fed, ReplayRefused, Target
from services.chassis.topology import events_queue
from tests.integration.chassis.laboratory import Sums
from tests.integration.chassis.test_commands import add
from tests.support.services import Running, wait_for

ROOT = Path(__file__).parents[3]


def target(lab: Running) -> Target:
    return Target.of("catalogue", Sums, lab.database("catalogue"))


def feed(lab: Running, **how: Any) -> Fed:
    return replay.feed(target(lab), lab.database("intake"), lab.sandbox.amqp_url, **how)


def totals(lab: Running) -> dict[str, int]:
    return {doc["_id"]: doc["total"] for doc in lab.database("intake").counters.find()}


def followed(lab: Running) -> dict[str, int]:
    docs = list(lab.database("catalogue").sums.find())
    assert all(doc["facts"] == list(range(1, len(doc["facts"]) + 1)) for doc in docs)
    return {doc["_id"]: doc["sum"] for doc in docs}


def all_sent(lab: Running) -> bool:
    return lab.database("intake").outbox.count_documents({"pending": True}) == 0


class Adding:
    """Somebody who goes on adding to five counters, in a thread, until told to stop."""

    def __init__(self, lab: Running) -> None:
        self.made = 0
        self._lab = lab
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        while not self._stop.is_set():
            add(self._lab, f"c{self.made % 5}", 1)
            self.made += 1

    def __enter__(self) -> "Adding":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(30)


def test_a_read_model_is_rebuilt_from_nothing_while_new_facts_come(lab: Running) -> None:
    for n in range(40):
        add(lab, f"c{n % 5}", n % 10)
    wait_for(lambda: followed(lab) == totals(lab))
    with Adding(lab) as adding:
        with pytest.raises(ReplayRefused, match="stop all its instances"):
            replay.clear(target(lab), lab.sandbox.amqp_url)
        assert followed(lab)
        lab.kill("catalogue", restart=False)
        before = wait_for(lambda: adding.made, what="facts that come while it is stopped")
        replay.clear(target(lab), lab.sandbox.amqp_url)
        assert followed(lab) == {}
        lab.start("catalogue")
        assert feed(lab).sent >= 40
        lab.await_ready("catalogue")
        wait_for(lambda: adding.made > before, what="facts that come while it works off the log")
    assert wait_for(lambda: followed(lab) == totals(lab), 60, "the same sums")
    assert sum(totals(lab).values()) == 4 * sum(range(10)) + adding.made
    wait_for(lambda: lab.database("catalogue").parked.count_documents({}) == 0)
    assert lab.dead("catalogue") == 0


def test_facts_that_a_queue_lost_are_fed_again_and_nothing_else(lab: Running) -> None:
    for _ in range(3):
        add(lab, "kept", 1)
    wait_for(lambda: followed(lab) == {"kept": 3})
    lab.kill("catalogue", restart=False)
    for n in range(8):
        add(lab, f"lost{n % 2}", 1)
    wait_for(lambda: all_sent(lab) and lab.depth(events_queue("catalogue")) >= 8)
    with Connection(lab.sandbox.amqp_url) as connection:
        channel: Any = connection.channel()
        # more than eight when it was killed between the commit of a fact and its acknowledgement
        assert channel.queue_purge(events_queue("catalogue")) >= 8
    lab.start("catalogue")
    lab.await_ready("catalogue")
    add(lab, "lost0", 1)
    wait_for(lambda: lab.database("catalogue").parked.count_documents({}) == 1, what="an early fact, parked")
    assert feed(lab).known == 3
    wait_for(lambda: followed(lab) == {"kept": 3, "lost0": 5, "lost1": 4})
    assert feed(lab) == Fed(sent=0, known=12)


def test_a_replay_begins_after_a_position_and_holds_back_when_the_queue_is_long(lab: Running) -> None:
    lab.kill("catalogue", restart=False)
    for _ in range(6):
        add(lab, "c", 1)
    wait_for(lambda: all_sent(lab))
    positions = sorted({row["position"] for row in lab.database("intake").outbox.find()})
    later = lab.database("intake").outbox.count_documents({"position": {"$gt": positions[0]}})
    assert feed(lab, after=positions[0]).sent == later
    assert feed(lab, after=positions[-1]) == Fed()
    told: list[str] = []
    feeding = threading.Thread(target=feed, args=(lab,), kwargs={"high_water": 10, "tell": told.append})
    feeding.start()
    wait_for(lambda: told == ["waiting for catalogue to work off its queue"])
    assert feeding.is_alive()
    lab.start("catalogue")
    feeding.join(60)
    assert not feeding.is_alive()
    wait_for(lambda: followed(lab) == {"c": 6})


def command_line(lab: Running, *words: str) -> tuple[int, str]:
    environ = {
        "WUDAN_ADMIN_AMQP_URL": lab.sandbox.amqp_url,
        "WUDAN_ADMIN_MONGO_URI": lab.sandbox.mongo_uri,
        "PATH": "/usr/bin",
    }
    result = subprocess.run(
        [sys.executable, "-m", "services.chassis.replay", *words, "--prefix", lab.sandbox.place.prefix],
        env=environ,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Traceback" not in result.stderr
    return result.returncode, result.stdout + result.stderr


def test_the_command_line(lab: Running) -> None:
    add(lab, "not-for-the-catalogue", 1)
    wait_for(lambda: all_sent(lab))
    # the real catalogue follows demands, not the laboratory's counters
    assert command_line(lab, "catalogue", "--from", "intake") == (0, "intake: 0 sent, 0 known\n")
    for words, said in {
        ("catalogue", "--from", "settlement"): "catalogue does not follow settlement",
        ("catalogue", "--rebuild"): "catalogue keeps more than a read model",
        ("projector", "--rebuild", "--from", "catalogue"): "rebuilt from all that its process follows",
        ("catalogue", "--after", "7"): "say --from SOURCE",
    }.items():
        code, text = command_line(lab, *words)
        assert (code, said in text) == (1, True), text
