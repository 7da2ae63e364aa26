"""Requests that travel together: who leads, who is let go, who is refused at once."""

import functools
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from contracts.commands.acceptance_attendance import SIGN_IN
from contracts.vocabularies.errors import Refusal
from gateway import gatherer
from gateway.gatherer import Gatherer

SHARE = 4


class Behind:
    """What is behind the gateway, while `gate` is open; calls: the items of each call, with its actor."""

    share = SHARE

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.entered = threading.Semaphore(0)
        self.calls: list[tuple[list[str], str]] = []
        self.problem: BaseException | None = None

    def send(self, target, body, actor, seconds, key):
        numbers = [each["n"] for each in body["items"]]
        self.calls.append((numbers, actor))
        self.entered.release()
        assert self.gate.wait(20)
        if self.problem:
            raise self.problem
        return {"items": [{"taken": {"n": n}, "refused": None} for n in numbers]}


@pytest.fixture
def behind():
    made = Behind()
    yield made
    made.gate.set()


@pytest.fixture
def gathering(behind) -> Gatherer:
    return Gatherer(behind, SIGN_IN, 5.0)


@pytest.fixture
def phones():
    with ThreadPoolExecutor(16) as pool:
        yield pool


def item(n):
    return {"n": n, "actor": f"actor-{n}"}


def until(true):
    end = time.monotonic() + 10
    while not true():
        assert time.monotonic() < end
        time.sleep(0.005)


def _waits(gathering, n):
    return n in [each.item["n"] for each in gathering._waiting]


def joined(gathering, phones, numbers, waiting):
    """Let phones come while a call is under way, until so many wait."""
    made = []
    for n in numbers:
        made.append(phones.submit(gathering.send, item(n)))
        until(functools.partial(_waits, gathering, n))
    assert len(gathering._waiting) == waiting
    return made


def test_who_comes_while_a_call_is_under_way_travels_in_the_next_one(behind, gathering, phones):
    first = phones.submit(gathering.send, item(0))
    assert behind.entered.acquire(timeout=10)
    others = joined(gathering, phones, (1, 2, 3), 3)
    behind.gate.set()
    assert [each.result(10) for each in (first, *others)] == [{"n": n} for n in range(4)]
    assert behind.calls == [([0], "actor-0"), ([1, 2, 3], "actor-3")]
    assert gathering.send(item(4)) == {"n": 4}


def test_when_as_many_wait_as_the_share_the_next_one_is_refused_at_once(behind, gathering, phones):
    first = phones.submit(gathering.send, item(0))
    assert behind.entered.acquire(timeout=10)
    others = joined(gathering, phones, range(1, SHARE + 1), SHARE)
    with pytest.raises(Refusal, match="unavailable"):
        gathering.send(item(9))
    behind.gate.set()
    assert [each.result(10) for each in (first, *others)] == [{"n": n} for n in range(SHARE + 1)]


def test_behind_a_call_that_hangs_nobody_waits(behind, gathering, phones, monkeypatch):
    monkeypatch.setattr(gatherer, "TURN_SECONDS", 0.2)
    first = phones.submit(gathering.send, item(0))
    assert behind.entered.acquire(timeout=10)
    (waited,) = joined(gathering, phones, (1,), 1)
    with pytest.raises(Refusal, match="unavailable"):
        waited.result(10)
    assert not gathering._waiting
    until(gathering._hangs)
    began = time.monotonic()
    with pytest.raises(Refusal, match="unavailable"):
        gathering.send(item(2))
    assert time.monotonic() - began < 0.1
    assert not first.done()
    behind.gate.set()
    assert first.result(10) == {"n": 0}
    assert gathering.send(item(3)) == {"n": 3}
    assert [numbers for numbers, _ in behind.calls] == [[0], [3]]


def test_who_is_under_way_waits_for_the_answer_longer_than_for_a_turn(behind, gathering, phones, monkeypatch):
    monkeypatch.setattr(gatherer, "TURN_SECONDS", 2.0)
    monkeypatch.setattr(gatherer, "WAIT_SECONDS", 2.0)
    monkeypatch.setattr(gatherer, "STEP_SECONDS", 0.5)
    both = [phones.submit(gathering.send, item(n)) for n in range(2)]
    assert behind.entered.acquire(timeout=10)
    assert len(behind.calls[0][0]) == 2
    until(lambda: time.monotonic() - gathering._began > 2.5)
    behind.gate.set()
    assert [each.result(10) for each in both] == [{"n": 0}, {"n": 1}]


@pytest.mark.parametrize("problem", [Refusal("unavailable", what="acceptance"), ValueError("broken")])
def test_a_call_that_fails_ends_for_all_it_carried_and_the_next_is_led(behind, gathering, phones, problem):
    behind.problem = problem
    first = phones.submit(gathering.send, item(0))
    assert behind.entered.acquire(timeout=10)
    (other,) = joined(gathering, phones, (1,), 1)
    behind.gate.set()
    for each in (first, other):
        with pytest.raises(type(problem)):
            each.result(10)
    behind.problem = None
    assert gathering.send(item(2)) == {"n": 2}
