"""Commands on a real broker and a real database: once for a key, whole or not at all, clear refusals."""

import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from contracts.vocabularies.errors import Refusal
from services.chassis.actor import Actor
from tests.integration.chassis.conftest import WORKER
from tests.support.services import Running, wait_for


def add(lab: Running, counter: str, amount: int = 1, mood: str = "fine", **how: object) -> dict:
    return lab.call("intake.lab_add", {"counter": counter, "amount": amount, "mood": mood}, WORKER, **how)


def test_a_command_is_stored_and_its_fact_reaches_the_follower(lab: Running) -> None:
    assert add(lab, "a", 5) == {"id": "a", "total": 5, "version": 2}
    assert add(lab, "a", 7)["total"] == 12
    doc = wait_for(lambda: lab.database("catalogue").sums.find_one({"_id": "a", "sum": 12}))
    assert doc["facts"] == [1, 2]
    assert wait_for(lambda: lab.database("intake").outbox.count_documents({"pending": True}) == 0)
    assert lab.call("intake.lab_total", {"counter": "a"})["total"] == 12


def test_the_same_key_fifty_times_at_once_acts_once(lab: Running) -> None:
    key = uuid.uuid4().hex
    barrier = threading.Barrier(50)

    def once(_n: int) -> dict:
        barrier.wait()
        return add(lab, "k", 3, key=key)

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(once, range(50)))
    assert answers == [answers[0]] * 50
    assert lab.database("intake").counters.find_one({"_id": "k"})["total"] == 3
    assert lab.database("intake").outbox.count_documents({"subject": "k"}) == 1


def test_the_same_key_with_another_body_is_refused(lab: Running) -> None:
    add(lab, "k", 3, key="same")
    with pytest.raises(Refusal, match="key_reused"):
        add(lab, "k", 4, key="same")
    with pytest.raises(Refusal, match=r"role\.forbidden"):
        lab.call("intake.lab_add", {"counter": "k", "amount": 1}, Actor("x", frozenset({"provider"})))
    with pytest.raises(Refusal, match=r"role\.forbidden"):
        lab.call("intake.lab_add", {"counter": "k", "amount": 1})
    with pytest.raises(Refusal) as wrong:
        lab.call("intake.lab_add", {"counter": "k", "amount": -1, "more": 1}, WORKER)
    assert {error["field"] for error in wrong.value.facts["errors"]} == {"amount", "more"}
    with pytest.raises(Refusal, match="stale_version"):
        add(lab, "k", 1, expected_version=1)
    assert add(lab, "k", 1, expected_version=2)["version"] == 3


def test_a_refusal_or_a_bug_writes_nothing_even_beside_others_in_its_group(lab: Running) -> None:
    def one(n: int) -> str:
        amount, mood = [(1, "fine"), (13, "fine"), (14, "fine"), (15, "asks"), (1, "asks")][n % 5]
        try:
            add(lab, "g", amount, mood)
        except Refusal as refusal:
            return refusal.code
        return "ok"

    with ThreadPoolExecutor(20) as pool:
        codes = list(pool.map(one, range(100)))
    assert sorted(codes) == ["internal"] * 20 + ["invalid"] * 40 + ["ok"] * 40
    assert lab.database("intake").counters.find_one({"_id": "g"})["total"] == 40
    assert wait_for(lambda: lab.database("catalogue").sums.find_one({"_id": "g", "sum": 40}))[
        "facts"
    ] == list(range(1, 41))


def test_what_cannot_be_stored_is_its_own_units_failure_only(lab: Running) -> None:
    def one(n: int) -> str:
        try:
            add(lab, f"h{n}", 16 if n % 10 == 3 else 1)
        except Refusal as refusal:
            return refusal.code
        return "ok"

    with ThreadPoolExecutor(20) as pool:
        codes = list(pool.map(one, range(40)))
    assert [n for n, code in enumerate(codes) if code == "internal"] == [3, 13, 23, 33]
    assert codes.count("ok") == 36
    assert lab.database("intake").counters.count_documents({}) == 36


def test_a_call_past_its_deadline_is_not_begun(lab: Running) -> None:
    with pytest.raises(Refusal, match=r"deadline_passed|unavailable"):
        add(lab, "late", 1, seconds=-1)
    assert lab.database("intake").counters.find_one({"_id": "late"}) is None


def test_killed_in_the_middle_nothing_is_lost_or_doubled(lab: Running) -> None:
    """200 commands with their keys, retried until answered, while the service is killed three times."""
    stop_killing = threading.Event()

    def surely(n: int) -> int:
        for _attempt in range(60):
            try:
                return int(add(lab, f"s{n % 7}", 1, key=f"key-{n}", seconds=3)["total"])
            except Refusal as refusal:
                if refusal.code not in ("unavailable", "deadline_passed", "busy"):
                    raise
                time.sleep(0.1)
        raise AssertionError("never answered")

    with ThreadPoolExecutor(16) as pool:
        results = [pool.submit(surely, n) for n in range(200)]
        answers = lab.database("intake").answers
        for kill in range(3):
            wait_for(lambda least=kill * 50: answers.count_documents({}) > least, what="progress")
            lab.kill("intake")
        stop_killing.set()
        for result in results:
            result.result()
    totals = {doc["_id"]: doc["total"] for doc in lab.database("intake").counters.find()}
    assert sum(totals.values()) == 200
    wait_for(
        lambda: {doc["_id"]: doc["sum"] for doc in lab.database("catalogue").sums.find()} == totals,
        40,
        "the follower's sums",
    )
    for doc in lab.database("catalogue").sums.find():
        assert doc["facts"] == list(range(1, totals[doc["_id"]] + 1))
    assert lab.dead("catalogue") == 0
