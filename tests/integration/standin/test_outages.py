import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from contracts.vocabularies.sample_ids import make_citizen_id
from services.chassis.metrics import OUTSIDE_OPEN
from services.chassis.outside import Answered, OutsideSystem, OutsideUnavailable
from services.chassis.outside_bank import PAYER, Bank
from services.chassis.outside_registry import Registry
from tests.support.standin import IMPATIENT, TOKEN, StandIn

NUMBER = make_citizen_id(serial=7)


def ask(registry: Registry) -> object:
    return registry.person_exists(NUMBER, "示例甲")


def reason(call: Callable[[], object]) -> str:
    with pytest.raises(OutsideUnavailable) as caught:
        call()
    assert NUMBER not in str(caught.value)
    return caught.value.reason


def is_open() -> bool:
    return bool(OUTSIDE_OPEN.labels("registry")._value.get())


def open_breaker(registry: Registry) -> None:
    for _ in range(3):
        with pytest.raises(OutsideUnavailable):
            ask(registry)
    assert is_open()


def wait_until_answered(registry: Registry) -> None:
    end = time.monotonic() + 10
    while True:
        try:
            assert isinstance(ask(registry), Answered)
            return
        except OutsideUnavailable:
            assert time.monotonic() < end, "the breaker never closed"
            threading.Event().wait(0.05)


def test_a_short_outage_is_bridged_by_retries(registry: Registry, standin: StandIn) -> None:
    standin.fault("registry", "down", remaining=2)
    assert isinstance(ask(registry), Answered)
    assert standin.asked("registry") == 3


def test_the_breaker_opens_rests_and_closes_again(registry: Registry, standin: StandIn) -> None:
    standin.fault("registry", "down")
    open_breaker(registry)
    seen = standin.asked("registry")
    assert seen == IMPATIENT.failures
    assert reason(lambda: ask(registry)) == "resting after repeated failures"
    assert standin.asked("registry") == seen, "an open breaker must not let a request through"
    standin.fault("registry", "ok")
    wait_until_answered(registry)
    assert not is_open()


def test_one_probe_at_a_time_while_open(registry: Registry, standin: StandIn) -> None:
    standin.fault("registry", "down")
    open_breaker(registry)
    standin.fault("registry", "slow", seconds=0.5)
    seen = standin.asked("registry")
    threading.Event().wait(IMPATIENT.open_for + 0.05)
    gate = threading.Barrier(8)

    def one(_: int) -> str:
        gate.wait(10)
        try:
            ask(registry)
        except OutsideUnavailable as problem:
            return problem.reason
        return "answered"

    with ThreadPoolExecutor(8) as pool:
        outcomes = sorted(pool.map(one, range(8)))
    assert outcomes == ["answered"] + ["resting after repeated failures"] * 7
    assert standin.asked("registry") == seen + 1


def test_a_slow_system_is_cut_off(registry: Registry, standin: StandIn) -> None:
    standin.fault("registry", "slow", seconds=5)
    began = time.monotonic()
    assert reason(lambda: ask(registry)) == "no answer (ReadTimeout)"
    assert time.monotonic() - began < IMPATIENT.attempts * IMPATIENT.read + 2


def test_a_killed_system_is_unavailable_and_back_after_its_start(
    registry: Registry, standin: StandIn
) -> None:
    standin.kill()
    assert reason(lambda: ask(registry)) == "no answer (ConnectionError)"
    standin.start()
    wait_until_answered(registry)


@pytest.mark.parametrize("mode", ["wrong", "garbage"])
def test_a_wrong_answer_is_no_answer(registry: Registry, bank: Bank, standin: StandIn, mode: str) -> None:
    standin.fault("registry", mode)
    standin.fault("bank", mode)
    expected = "does not fit the question" if mode == "wrong" else "not a JSON object"
    assert expected in reason(lambda: ask(registry))
    assert expected in reason(lambda: bank.receipt("B1", len))
    assert expected in reason(lambda: bank.statement_page(PAYER, date(2026, 3, 1), date(2026, 3, 1), 1, len))
    assert standin.asked("registry") == 1, "what is wrong is not asked again at once"


def test_a_refused_credential_is_an_outage_not_a_verdict(standin: StandIn) -> None:
    registry = Registry(OutsideSystem("registry", f"{standin.url}/registry", "old", patience=IMPATIENT))
    assert reason(lambda: ask(registry)) == "our credentials are refused (HTTP 401)"


def test_a_wrong_address_is_an_outage(standin: StandIn) -> None:
    registry = Registry(OutsideSystem("registry", f"{standin.url}/elsewhere", TOKEN, patience=IMPATIENT))
    assert reason(lambda: ask(registry)) == "HTTP 404"


def test_calls_run_side_by_side(registry: Registry, standin: StandIn) -> None:
    standin.fault("registry", "slow", seconds=0.5)
    began = time.monotonic()
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: ask(registry), range(10)))
    assert all(isinstance(answer, Answered) for answer in answers)
    assert time.monotonic() - began < 4.5, "ten calls of half a second must not stand in line"


UNDER_EVENTLET = """
    import eventlet; eventlet.monkey_patch()
    import sys, time
    from services.chassis.outside import Answered, OutsideSystem, OutsideUnavailable, Patience
    from services.chassis.outside_registry import Registry
    registry = Registry(OutsideSystem("registry", sys.argv[1], sys.argv[2], patience=Patience(read=3)))
    ticks = []

    def tick():
        while True:
            ticks.append(1)
            eventlet.sleep(0.01)

    eventlet.spawn(tick)
    began = time.monotonic()
    pile = eventlet.GreenPool(10)
    answers = list(pile.imap(lambda _: registry.person_exists(sys.argv[3], "示例甲"), range(10)))
    assert all(isinstance(answer, Answered) for answer in answers), answers
    assert time.monotonic() - began < 3, time.monotonic() - began
    assert len(ticks) > 15, "the calls held up the hub"
"""


def test_under_eventlet(standin: StandIn) -> None:
    standin.fault("registry", "slow", seconds=0.5)
    code = textwrap.dedent(UNDER_EVENTLET)
    arguments = [f"{standin.url}/registry", TOKEN, NUMBER]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, *arguments], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
