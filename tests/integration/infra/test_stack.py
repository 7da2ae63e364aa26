"""The local stack's whole life: start, kill, stop, start again with its data, clean up."""

import http.client
import ipaddress
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from kombu import Connection
from pymongo import MongoClient

from infra import setup
from infra.errors import Trouble
from infra.local import Stack, broker
from infra.local.state import in_use

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def own(make_stack: Callable[..., Stack]) -> Stack:
    """A stack of this module's own, with the stand-in as its only process."""
    stack = make_stack(services=["standin"])
    stack.up()
    return stack


def eventually(condition: Callable[[], object], seconds: float = 60) -> None:
    """Wait for a condition that has an end."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "did not come true in time"
        time.sleep(0.1)


def remember(stack: Stack, number: int) -> None:
    """Write a document and a message that must survive."""
    with MongoClient(stack.admin.mongo_uri) as client:
        client.kept.get_collection("numbers").insert_one({"_id": number})
    with Connection(stack.admin.amqp_url, transport_options={"confirm_publish": True}) as connection:
        queue = connection.SimpleQueue("kept")
        queue.put({"number": number})
        queue.close()


def remembered(stack: Stack) -> set[int]:
    """Return the numbers that both broker and database still know."""
    with MongoClient(stack.admin.mongo_uri) as client:
        stored = {row["_id"] for row in client.kept.numbers.find()}
    with Connection(stack.admin.amqp_url) as connection, connection.channel() as channel:
        messages = []
        while (message := channel.basic_get("kept")) is not None:
            messages.append(message)
        told = {int(message.body[-2:-1]) for message in messages}
    return stored & told


def test_it_is_ready_when_up_returns(own):
    assert set(own.states().values()) == {"RUNNING"}
    setup.wait_until_ready(own.admin, 5)
    assert in_use(own.state.ports()["standin"])


def test_nothing_listens_beyond_loopback(own):
    ports = set(own.state.ports().values())
    listening = [c for c in psutil.net_connections("tcp") if c.status == "LISTEN" and c.laddr.port in ports]
    started = ("amqp", "management", "metrics", "dist", "epmd", "mongod", "standin")
    assert {c.laddr.port for c in listening} == {own.state.ports()[name] for name in started}
    assert all(ipaddress.ip_address(c.laddr.ip).is_loopback for c in listening)


def test_secrets_are_for_the_owner_only(own):
    for path in (own.state.folder / "secrets.json", own.state.folder / "database.key", own.state.logs):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    secrets = own.state.secrets()
    config = (own.state.folder / "supervisord.conf").read_text()
    lines = [" ".join(process.info["cmdline"] or ()) for process in psutil.process_iter(["cmdline"])]
    for name, secret in secrets.items():
        assert secret not in config, name
        assert not any(secret in line for line in lines), name


@pytest.mark.skipif(os.getuid() != 0, reason="only root has rights to give up")
def test_roots_broker_runs_without_rights(own):
    assert psutil.Process(own.pid("broker")).uids().real == broker.account().pw_uid != 0


@pytest.mark.parametrize("name", ["broker", "mongod", "standin", "epmd"])
def test_a_killed_process_comes_back(own, name):
    killed = own.kill(name)
    eventually(lambda: not psutil.pid_exists(killed))
    eventually(lambda: own.pid(name) not in (None, killed))
    own.await_infrastructure(60)
    own.await_ready("standin")


def test_a_stopped_process_stays_down_until_started(own):
    own.stop("standin")
    assert own.pid("standin") is None
    own.start("standin")
    own.await_ready("standin")


def test_the_command_line_stops_and_starts_one_process(own):
    stopped = command(own, "stop", "standin")
    assert (stopped.returncode, stopped.stdout) == (0, "standin is stopped\n")
    assert own.pid("standin") is None
    started = command(own, "start", "standin")
    assert (started.returncode, started.stdout) == (0, "standin is ready\n"), started.stderr
    assert own.pid("standin") is not None
    assert own.pid("mongod") is not None


def test_the_set_up_may_run_again(own):
    own.set_up()
    own.set_up()


def test_a_running_stack_is_not_started_twice(own):
    with pytest.raises(Trouble, match="runs already"):
        Stack(own.state.folder, services=["standin"]).up()
    assert own.alive()


def test_data_survives_kills_and_a_second_start(make_stack):
    stack = make_stack()
    stack.up()
    secrets, ports = stack.state.secrets(), stack.state.ports()
    remember(stack, 1)
    for name in ("broker", "mongod"):
        killed = stack.kill(name)
        eventually(lambda name=name, killed=killed: stack.pid(name) not in (None, killed))
    stack.await_infrastructure(60)
    remember(stack, 2)

    children = psutil.Process(stack.pid("mongod")).parent().children(recursive=True)
    stack.down()
    assert psutil.wait_procs(children, timeout=10)[1] == []
    assert not any(in_use(port) for port in ports.values())
    stack.down()

    again = Stack(stack.state.folder, services=False)
    again.up()
    assert again.state.secrets() == secrets
    assert again.state.ports() == ports
    assert remembered(again) == {1, 2}

    folder, home = again.state.folder, broker.home(again.state)
    again.clean()
    assert not folder.exists()
    assert not home.exists()


def command(stack: Stack, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run the command line on the stack's folder."""
    return subprocess.run(
        [sys.executable, "-m", "infra.local", *words],
        cwd=ROOT,
        env=os.environ | {"WUDAN_STATE_DIR": str(stack.state.folder)} | environ,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_port_in_use_is_told_in_one_line(make_stack):
    stack = make_stack()
    stack.state.prepare("free")
    port = stack.state.ports()["amqp"]
    with socket.create_server(("127.0.0.1", port)):
        result = command(stack, "up", "--detach")
    assert result.returncode == 1
    assert result.stderr.splitlines()[0] == f"Port {port} (amqp) is in use by another program."
    assert "WUDAN_PORT_AMQP" in result.stderr.splitlines()[1]
    assert "Traceback" not in result.stderr
    assert not stack.alive()


def test_a_server_that_cannot_start_is_told_with_its_log(make_stack):
    stack = make_stack()
    stack.state.prepare("free")
    data = stack.state.folder / "database"
    data.mkdir()
    (data / "storage.bson").write_bytes(b"damaged")
    with pytest.raises(Trouble, match="mongod ends as soon as it is started") as caught:
        stack.up()
    assert "Its log ends:" in caught.value.what
    assert not stack.alive()


def test_the_command_line_tells_that_nothing_runs(make_stack):
    stack = make_stack()
    assert command(stack, "status").returncode == 1
    assert command(stack, "stop").stdout == "nothing was running\n"
    assert command(stack, "start", "standin").stderr.startswith("No stack runs in ")
    result = command(stack, "exec", "intake", "--", "true")
    assert result.returncode == 1
    assert result.stderr.startswith("There is no local stack in ")


def test_the_command_line_gives_a_process_its_settings(own):
    program = "import os; print(os.environ['WUDAN_MONGO_DB'], os.environ['WUDAN_AMQP_URL'])"
    result = command(own, "exec", "intake", "--", sys.executable, "-c", program)
    assert result.stdout.split() == ["intake", own.env("intake")["WUDAN_AMQP_URL"]]


def test_supervisord_answers_after_a_call_that_was_interrupted(own, monkeypatch):
    def interrupted(connection):
        raise SystemExit(130)

    with monkeypatch.context() as patch:
        patch.setattr(http.client.HTTPConnection, "getresponse", interrupted)
        with pytest.raises(SystemExit):
            own.states()
    assert own.states()["mongod"] == "RUNNING"


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupt_during_the_start_ends_all(make_stack, sent):
    stack = make_stack()
    program = [sys.executable, "-m", "infra.local", "up", "--free-ports"]
    environ = os.environ | {"WUDAN_STATE_DIR": str(stack.state.folder)}
    process = subprocess.Popen(program, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL)
    eventually(lambda: stack.state.exists() and stack.alive() and stack.states().get("mongod") == "RUNNING")
    process.send_signal(sent)
    assert process.wait(60) != 0
    assert not stack.alive()
    assert not any(in_use(port) for port in stack.state.ports().values())
