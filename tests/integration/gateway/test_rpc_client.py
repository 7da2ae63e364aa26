"""The RPC client on a real broker with a real service: deadlines, cut connections, callees that are away."""

import socket
import threading
import time

import pytest

from contracts.vocabularies.errors import Refusal
from services.chassis.rpc_client import RpcClients, envelope
from services.chassis.settings import Settings
from tests.support.services import Running


@pytest.fixture(scope="module")
def running(module_sandbox):
    with Running(module_sandbox("intake", "catalogue", "gateway"), ["intake"]) as running:
        yield running


@pytest.fixture
def clients(running):
    settings = Settings.from_env(running.sandbox.env("gateway"))
    clients = RpcClients(settings.amqp_url(), "gateway")
    yield clients
    clients.forget()


def ping(clients, seconds=5.0):
    return clients.call("intake.ping", envelope({}, "", seconds))


def refused(call):
    with pytest.raises(Refusal) as refusal:
        call()
    return refusal.value.code


def test_one_connection_serves_call_after_call(clients):
    for _call in range(50):
        assert ping(clients) == {}
    assert len(clients._idle) == 1


def test_threads_have_clients_of_their_own_and_get_their_own_answers(clients):
    answers = []

    def call():
        for _call in range(20):
            answers.append(ping(clients))

    threads = [threading.Thread(target=call) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [{}] * 240
    assert 1 <= len(clients._idle) <= 12


def test_a_connection_that_was_cut_is_replaced_without_the_caller_noticing(clients):
    ping(clients)
    clients._idle[0]._connection.transport.sock.shutdown(socket.SHUT_RDWR)
    assert ping(clients) == {}


def test_what_is_no_service_is_told_at_once(clients):
    began = time.monotonic()
    assert refused(lambda: clients.call("nobody.ping", envelope({}, "", 10))) == "unavailable"
    assert time.monotonic() - began < 9  # well before its deadline


def test_a_service_that_is_not_running_is_told_before_the_deadline(clients):
    began = time.monotonic()
    assert refused(lambda: clients.call("catalogue.ping", envelope({}, "", 10))) == "unavailable"
    assert time.monotonic() - began < 9  # before its deadline
    assert ping(clients) == {}


def test_a_deadline_is_kept(clients):
    ping(clients)
    began = time.monotonic()
    assert refused(lambda: clients.call("catalogue.ping", envelope({}, "", 0.5))) == "unavailable"
    assert time.monotonic() - began < 8  # it ends
    assert refused(lambda: ping(clients, seconds=-1)) == "unavailable"
    assert ping(clients) == {}


def test_a_method_that_does_not_exist_is_internal_and_says_nothing_of_it(clients):
    assert refused(lambda: clients.call("intake.made_up", envelope({}, "", 5))) == "internal"


def test_a_callee_that_refuses_is_heard(clients):
    assert refused(lambda: clients.call("intake.list_demands", envelope({}, "", 5))) == "role.forbidden"
    assert refused(lambda: clients.call("intake.list_demands", envelope({}, "x", 5))) == "actor.invalid"


def test_a_broker_that_cannot_be_reached_is_told_soon():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = RpcClients(f"amqp://a:b@127.0.0.1:{taken.getsockname()[1]}/x", "gateway")
        assert refused(lambda: ping(nobody, seconds=3)) == "unavailable"


def test_a_broker_that_accepts_and_says_nothing_costs_no_more_than_the_deadline():
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        mute = RpcClients(f"amqp://a:b@127.0.0.1:{silent.getsockname()[1]}/x", "gateway")
        began = time.monotonic()
        assert refused(lambda: ping(mute, seconds=1)) == "unavailable"
        assert time.monotonic() - began < 8  # it ends
