"""Each user reaches its own part of broker and database and nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from amqp import Message
from amqp.exceptions import AccessRefused, NotAllowed
from kombu import Connection, Exchange, Queue
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from infra.local import Sandbox
from tests.support import backends

SERVICES = ("intake", "catalogue", "selection", "settlement", "projector", "gateway")


@pytest.fixture(scope="module")
def place(stack: backends.Backend) -> Iterator[Sandbox]:
    """A sandbox with the topology of the processes that these tests are about."""
    with stack.sandbox(SERVICES) as sandbox:
        yield sandbox


@contextmanager
def channel_of(sandbox: Sandbox, name: str) -> Iterator:
    """A channel as one process's user, with publisher confirms: a refusal comes back at once."""
    with Connection(
        sandbox.env(name)["WUDAN_AMQP_URL"], transport_options={"confirm_publish": True}
    ) as connection:
        yield connection.channel()


def publish(sandbox: Sandbox, name: str, exchange: str, key: str) -> None:
    with channel_of(sandbox, name) as channel:
        channel.basic_publish_confirm(Message("{}"), exchange=exchange, routing_key=key)


def consume(sandbox: Sandbox, name: str, queue: str) -> None:
    with channel_of(sandbox, name) as channel:
        channel.basic_consume(queue, callback=lambda message: None)


PUBLISHES = [
    ("intake", "intake.facts", "intake.demand.posted"),
    ("intake", "intake.inbox", "retry.1000"),
    ("intake", "nameko-rpc", "rpc.reply-gateway-1"),
    ("projector", "projector.inbox", "dead"),
    ("gateway", "nameko-rpc", "settlement.file_claim"),
    ("settlement", "nameko-rpc", "intake.payee_details"),
]
PUBLISHES_NOT = [
    ("intake", "catalogue.facts", "catalogue.project.listed"),
    ("intake", "intake.facts", "catalogue.project.listed"),
    ("intake", "catalogue.inbox", "events"),
    ("intake", "nameko-rpc", "settlement.file_claim"),
    ("intake", "", "settlement.events"),
    ("settlement", "nameko-rpc", "intake.post_demand"),
    ("projector", "nameko-rpc", "intake.post_demand"),
    ("projector", "gateway.facts", "gateway.any.thing"),
    ("gateway", "intake.facts", "intake.demand.posted"),
    ("gateway", "intake.inbox", "events"),
]


def test_what_each_may_publish(place):
    for name, exchange, key in PUBLISHES:
        publish(place, name, exchange, key)


@pytest.mark.parametrize(("name", "exchange", "key"), PUBLISHES_NOT)
def test_what_none_may_publish(place, name, exchange, key):
    with pytest.raises(AccessRefused):
        publish(place, name, exchange, key)


def test_queues_are_read_by_their_owner_alone(place):
    consume(place, "selection", "selection.events")
    consume(place, "selection", "selection.events.dead")
    consume(place, "selection", "rpc-selection")
    for queue in ("selection.events", "selection.events.dead", "rpc-selection"):
        for stranger in ("intake", "gateway", "projector"):
            with pytest.raises(AccessRefused):
                consume(place, stranger, queue)


def declare_reply_queue(sandbox: Sandbox, name: str, queue: str) -> None:
    with channel_of(sandbox, name) as channel:
        rpc = Exchange("nameko-rpc", "topic", durable=True, no_declare=True)
        options = {"exclusive": True, "auto_delete": True, "routing_key": queue, "channel": channel}
        Queue(queue, exchange=rpc, **options).declare()
        channel.basic_consume(queue, callback=lambda message: None)


def test_only_callers_have_reply_queues_and_only_their_own(place):
    declare_reply_queue(place, "gateway", "rpc.reply-gateway-1")
    declare_reply_queue(place, "settlement", "rpc.reply-settlement-1")
    for name, queue in (("intake", "rpc.reply-intake-1"), ("settlement", "rpc.reply-gateway-2")):
        with pytest.raises(AccessRefused):
            declare_reply_queue(place, name, queue)


def test_no_service_declares_or_deletes_what_others_rely_on(place):
    with pytest.raises(AccessRefused), channel_of(place, "intake") as channel:
        Queue("intake.more", durable=True, channel=channel).declare()
    with pytest.raises(AccessRefused), channel_of(place, "intake") as channel:
        channel.queue_delete("intake.events")


def test_a_sandbox_is_closed_to_the_users_of_another(place, make_sandbox):
    other = make_sandbox("catalogue")
    url = place.env("intake")["WUDAN_AMQP_URL"].rpartition("/")[0] + f"/{other.place.vhost}"
    with pytest.raises(NotAllowed), Connection(url) as connection:
        connection.connect()


def database_of(sandbox: Sandbox, name: str) -> MongoClient:
    return MongoClient(sandbox.env(name)["WUDAN_MONGO_URI"], serverSelectionTimeoutMS=5000)


def test_each_reads_and_writes_its_own_database(place):
    for name in SERVICES:
        settings = place.env(name)
        with database_of(place, name) as client:
            own = client[settings["WUDAN_MONGO_DB"]]
            own.things.insert_one({"_id": name})
            assert own.things.find_one({"_id": name}) == {"_id": name}
            own.things.create_index("colour")


def test_no_service_reaches_the_database_of_another(place):
    theirs = place.env("catalogue")["WUDAN_MONGO_DB"]
    for name in ("intake", "gateway", "projector"):
        with database_of(place, name) as client:
            with pytest.raises(OperationFailure, match="not authorized"):
                client[theirs].things.find_one({})
            with pytest.raises(OperationFailure, match="not authorized"):
                client[theirs].things.insert_one({})
            with pytest.raises(OperationFailure, match="not authorized"):
                client.admin.system.users.find_one({})


def test_gateway_and_projector_share_the_read_model(place):
    assert place.env("gateway")["WUDAN_MONGO_DB"] == place.env("projector")["WUDAN_MONGO_DB"]


def test_all_read_the_clock_and_only_the_gateway_sets_it(place):
    clock = place.env("intake")["WUDAN_CLOCK_DB"]
    with database_of(place, "gateway") as client:
        client[clock].clock.insert_one({"_id": "clock", "offset_seconds": 60})
    for name in ("intake", "projector"):
        with database_of(place, name) as client:
            assert client[clock].clock.find_one({})["offset_seconds"] == 60
            with pytest.raises(OperationFailure, match="not authorized"):
                client[clock].clock.update_one({}, {"$set": {"offset_seconds": 0}})
