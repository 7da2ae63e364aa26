"""Dead letters: who is held up, who is told, and what an operator does about it on the command line."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from infra.local import Sandbox
from services.chassis.publisher import ConfirmedPublisher, Message
from services.chassis.topology import ATTEMPT_HEADER, RETRY_DELAYS_MS, inbox_exchange
from tests.integration.chassis.test_facts import sums, tell
from tests.support.services import Running, wait_for

ROOT = Path(__file__).parents[3]
LAST_ATTEMPT = {ATTEMPT_HEADER: len(RETRY_DELAYS_MS)}


def operator(sandbox: Sandbox, *words: str, expect: int = 0) -> str:
    """Run the command line as an operator would."""
    result = subprocess.run(
        [sys.executable, "-m", "services.chassis.dead_letters", *words],
        env={"WUDAN_ADMIN_AMQP_URL": sandbox.amqp_url, "PATH": "/usr/bin", "LANG": "C.UTF-8"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode == expect, result.stdout + result.stderr
    assert "Traceback" not in result.stderr
    return result.stdout + result.stderr


def at_its_last_attempt(lab: Running, fact: dict[str, Any]) -> None:
    """Deliver a fact that was tried as often as it may be: the ladder takes more than five minutes."""
    publisher = ConfirmedPublisher(lab.sandbox.amqp_url)
    body = json.dumps(fact, ensure_ascii=False)
    message = Message(
        inbox_exchange("catalogue"), "events", fact["id"], body, "application/cloudevents+json", LAST_ATTEMPT
    )
    assert publisher.publish([message]) == {fact["id"]}
    publisher.close()


def poison(lab: Running, subject: str, sequence: int) -> dict[str, Any]:
    """Make a fact that cannot be applied while there is no cure, and see it become a dead letter."""
    before = lab.dead("catalogue")
    fact = tell(lab, subject, sequence, "poison")
    at_its_last_attempt(lab, fact)
    wait_for(lambda: lab.dead("catalogue") == before + 1, what="a dead letter")
    return fact


def metrics(lab: Running) -> str:
    port = lab._ports["catalogue"]
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
        return str(answer.read().decode())


def test_a_poisonous_fact_holds_up_its_own_aggregate_until_it_is_replayed(lab: Running) -> None:
    fact = poison(lab, "ill", 1)
    for sequence in (2, 3, 4):
        tell(lab, "ill", sequence)
        tell(lab, "well", sequence - 1)
    wait_for(lambda: sums(lab, "well")["facts"] == [1, 2, 3], what="others of the same type go on")
    wait_for(lambda: lab.database("catalogue").parked.count_documents({}) == 3)
    assert sums(lab, "ill")["facts"] == []
    told = 'wudan_dead_letters_total{reason="failed",service="catalogue"} 1.0'
    assert told in metrics(lab)
    wait_for(lambda: 'wudan_events_parked{service="catalogue"} 3.0' in metrics(lab), what="the gauge")

    assert operator(lab.sandbox, "count", "catalogue", expect=1) == "1\n"
    lab.database("catalogue").cures.insert_one({"_id": "ill"})
    assert "replayed: 1" in operator(lab.sandbox, "replay", "catalogue", "--id", fact["id"])
    wait_for(lambda: sums(lab, "ill")["facts"] == [1, 2, 3, 4], what="all that was behind it, in order")
    wait_for(lambda: lab.database("catalogue").parked.count_documents({}) == 0)
    assert operator(lab.sandbox, "count", "catalogue") == "0\n"


def test_listing_and_showing_lose_nothing_and_tell_no_personal_data(lab: Running) -> None:
    facts = [poison(lab, f"p{n}", 1) for n in range(3)]
    lab.send("events", "{no json, 13800000000", inbox_exchange("catalogue"))
    wait_for(lambda: lab.dead("catalogue") == 4)
    for _again in range(3):
        lines = operator(lab.sandbox, "list", "catalogue").splitlines()
        assert [line.split()[0] for line in lines[:3]] == [fact["id"] for fact in facts]
        assert len(lines) == 4
    assert "intake.counter.added  p0#1  attempts=5" in lines[0]
    assert "ValueError: poison" in lines[0]
    assert len(operator(lab.sandbox, "list", "catalogue", "--limit", "2").splitlines()) == 2
    shown = json.loads(operator(lab.sandbox, "show", "catalogue", "--id", facts[1]["id"]))
    assert shown["body"]["data"] == facts[1]["data"]
    unread = operator(lab.sandbox, "show", "catalogue", "--id", lines[3].split()[0])
    assert "[phone]" in unread
    assert "13800000000" not in unread + "\n".join(lines)
    assert lab.dead("catalogue") == 4


def test_one_is_replayed_and_the_others_stay_in_their_order(lab: Running) -> None:
    facts = [poison(lab, f"p{n}", 1) for n in range(3)]
    lab.database("catalogue").cures.insert_one({"_id": "p1"})
    operator(lab.sandbox, "replay", "catalogue", "--id", facts[1]["id"])
    wait_for(lambda: sums(lab, "p1")["facts"] == [1])
    left = [line.split()[0] for line in operator(lab.sandbox, "list", "catalogue").splitlines()]
    assert left == [facts[0]["id"], facts[2]["id"]]
    lab.database("catalogue").cures.insert_many([{"_id": "p0"}, {"_id": "p2"}])
    assert "replayed: 2" in operator(lab.sandbox, "replay", "catalogue", "--all")
    wait_for(lambda: sums(lab, "p0")["facts"] == sums(lab, "p2")["facts"] == [1])
    assert lab.dead("catalogue") == 0


def test_a_replayed_fact_begins_a_new_ladder(lab: Running) -> None:
    fact = poison(lab, "still-ill", 1)
    operator(lab.sandbox, "replay", "catalogue", "--id", fact["id"])
    wait_for(lambda: 'wudan_event_retries_total{delay_ms="5000",service="catalogue"}' in metrics(lab), 30)
    assert lab.dead("catalogue") == 0


def test_what_follows_a_poisonous_fact_becomes_a_dead_letter_once(lab: Running) -> None:
    """The second is poisonous too: its release hands it to the broker, and no sweep sends it again."""
    first = poison(lab, "worse", 1)
    second = tell(lab, "worse", 2, "poison")
    wait_for(lambda: lab.database("catalogue").parked.count_documents({}) == 1)
    operator(lab.sandbox, "discard", "catalogue", "--id", first["id"], "--yes")
    first["data"]["mood"] = "fine"
    lab.send("events", first, inbox_exchange("catalogue"))
    wait_for(lambda: lab.database("catalogue").parked.count_documents({}) == 0, what="the release")
    at_its_last_attempt(lab, second)
    wait_for(lambda: lab.dead("catalogue") == 1, what="the second dead letter")
    sweeps = lab.database("catalogue").job_runs
    done = sweeps.count_documents({"_id": {"$regex": "^tick:"}})
    wait_for(lambda: sweeps.count_documents({"_id": {"$regex": "^tick:"}}) > done + 11, 30, "two sweeps")
    assert 'delay_ms="1000",service="catalogue"} 3.0' not in metrics(lab)
    assert lab.dead("catalogue") == 1


def test_wrong_use_is_told_in_one_line(make_sandbox: Callable[..., Sandbox]) -> None:
    sandbox = make_sandbox("catalogue")
    assert "has no dead letter nobody" in operator(sandbox, "show", "catalogue", "--id", "nobody", expect=1)
    for words in (("replay", "catalogue"), ("discard", "catalogue", "--yes")):
        assert "there is no dead letter nobody" in operator(sandbox, *words, "--id", "nobody", expect=1)
    assert "say either --id ID or --all" in operator(sandbox, "replay", "catalogue", expect=2)
    assert "is not one of" in operator(sandbox, "list", "nothing", expect=2)
