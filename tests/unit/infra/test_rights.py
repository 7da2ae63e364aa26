"""The broker's rights as regular expressions: what they match, and what they must not."""

import re

import pytest

from infra.procs import ACCOUNTS
from infra.setup.broker import CALLED, RPC, rights_of
from services.chassis import topology


def matches(pattern: str, name: str) -> bool:
    """RabbitMQ searches (it does not anchor by itself)."""
    return re.search(pattern, name) is not None


@pytest.mark.parametrize("name", ACCOUNTS)
def test_every_pattern_is_anchored(name):
    rights = rights_of(name)
    patterns = [rights.configure, rights.write, rights.read]
    patterns += [pattern for pair in rights.topics.values() for pattern in pair]
    for pattern in patterns:
        assert pattern.startswith("^")
        assert pattern.endswith("$")
        assert not matches(pattern, "x.y")


@pytest.mark.parametrize("name", sorted(topology.FOLLOWS))
def test_a_consumer_reaches_each_of_its_queues(name):
    rights = rights_of(name)
    queues = [topology.events_queue(name), topology.dead_queue(name)]
    queues += [topology.retry_queue(name, delay) for delay in topology.RETRY_DELAYS_MS]
    for queue in queues:
        assert matches(rights.read, queue)
        # binding again, with each connection, takes the right to write to the own event queue
        assert matches(rights.write, queue) == (queue == topology.events_queue(name))
        assert not matches(rights.configure, queue)
    assert matches(rights.write, topology.inbox_exchange(name))
    for other in set(topology.FOLLOWS) - {name}:
        assert not matches(rights.read, topology.events_queue(other))
        assert not matches(rights.write, topology.inbox_exchange(other))


@pytest.mark.parametrize("name", sorted(topology.FOLLOWS))
def test_a_consumer_binds_what_it_follows_and_nothing_else(name):
    rights = rights_of(name)
    for source in CALLED:
        exchange = topology.facts_exchange(source)
        mine = [key for found, key in topology.topology_spec()[name].bindings if found == exchange]
        assert matches(rights.read, exchange) == bool(mine)
        _write, read = rights.topics.get(exchange, ("", topology.DEAD_KEY))
        for key in mine:
            assert matches(read, key)
        if "#" not in mine:
            assert not mine or not matches(read, "#")
            assert not matches(read, f"{source}.another.*")


@pytest.mark.parametrize("name", ACCOUNTS)
def test_all_are_limited_on_the_rpc_exchange(name):
    """A user without a topic right on an exchange may use every key there."""
    assert RPC in rights_of(name).topics


@pytest.mark.parametrize("name", CALLED)
def test_a_service_tells_its_own_facts_only(name):
    rights = rights_of(name)
    write, _read = rights.topics[topology.facts_exchange(name)]
    assert matches(write, f"{name}.thing.happened")
    for other in set(CALLED) - {name}:
        assert not matches(write, f"{other}.thing.happened")
        assert not matches(rights.write, topology.facts_exchange(other))
