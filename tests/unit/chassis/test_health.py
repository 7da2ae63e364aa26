import json
import socket
import subprocess
import sys
import textwrap
import threading
import time

import pytest

from services.chassis.health import Readiness, serve


def fails() -> None:
    raise ConnectionError("amqp://intake:hunter2@broker is gone")


def test_all_pass() -> None:
    ready, entries = Readiness({"broker": lambda: None}).report()
    assert ready
    assert entries[0]["name"] == "broker"
    assert entries[0]["reason"] is None


def test_one_fails_with_its_reason_and_no_secret() -> None:
    ready, entries = Readiness({"broker": fails, "database": lambda: None}).report()
    assert not ready
    assert [entry["ok"] for entry in entries] == [False, True]
    assert entries[0]["reason"] == "ConnectionError: amqp://intake:***@broker is gone"


def test_a_hanging_check_is_cut_off_once_and_recovers() -> None:
    gate, starts = threading.Event(), []

    def hangs() -> None:
        starts.append(1)
        gate.wait(30)

    readiness = Readiness({"a": hangs, "b": hangs}, deadline=0.1)
    began = time.monotonic()
    assert not readiness.report()[0]
    ready, entries = readiness.report()
    assert not ready
    assert "no answer within" in entries[0]["reason"]
    assert time.monotonic() - began < 5
    assert len(starts) == 2, "a check that hangs must not be started again"
    gate.set()
    assert Readiness({"a": hangs}).report()[0]


def test_no_port_no_server() -> None:
    server = serve("127.0.0.1", 0, {})
    assert server.port == 0
    server.stop()


SERVED = """
    import eventlet; eventlet.monkey_patch()
    import json, sys, time, urllib.error, urllib.request
    from services.chassis.health import serve
    broken = []

    def database():
        if broken: raise OSError("no primary")

    def hangs():
        if broken == ["hang"]: time.sleep(60)

    port = int(sys.argv[1])
    server = serve("127.0.0.1", port, {"database": database, "broker": hangs})

    def get(path):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as problem:
            return problem.code, problem.read().decode()

    result = [get("/health/live"), get("/health/ready"), get("/metrics"), get("/x")]
    broken.append("hang")
    began = time.monotonic()
    result += [get("/health/ready"), time.monotonic() - began]
    server.stop()
    try:
        get("/health/live"); result.append("still there")
    except urllib.error.URLError:
        result.append("gone")
    print(json.dumps(result))
"""


@pytest.fixture(scope="module")
def served() -> list[object]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    code = [sys.executable, "-W", "ignore", "-c", textwrap.dedent(SERVED), str(port)]
    done = subprocess.run(code, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    answers: list[object] = json.loads(done.stdout)
    return answers


def test_the_server_under_eventlet(served: list[object]) -> None:
    live, ready, metrics, unknown, broken, seconds, after = served
    assert live == [200, '{"status": "live"}']
    assert isinstance(ready, list)
    assert ready[0] == 200
    assert isinstance(metrics, list)
    assert "wudan_outbox_pending" in metrics[1]
    assert isinstance(unknown, list)
    assert unknown[0] == 404
    assert isinstance(broken, list)
    assert broken[0] == 503
    assert "no primary" in broken[1]
    assert "no answer within" in broken[1]
    assert isinstance(seconds, float)
    assert 1.9 < seconds < 5
    assert after == "gone"
