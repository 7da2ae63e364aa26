"""The broker's side of a backup: the vhost's queues, exchanges, bindings and policies, and rights."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from kombu import Connection

from infra.setup.broker import Broker

IMPORTED: Final = ("policies", "exchanges", "queues", "bindings", "parameters")
_EVENTS: Final = ".events"
_FACTS: Final = ".facts"


def definitions(management_url: str, vhost: str) -> dict[str, Any]:
    """Return what stands on the broker. Users are named with their rights and without their passwords."""
    api, path = Broker(management_url), quote(vhost, safe="")
    told: Any = api.get(f"definitions/{path}")
    durable = {name: told.get(name, []) for name in IMPORTED}
    kept = {queue["name"] for queue in durable["queues"]}
    durable["bindings"] = [
        binding
        for binding in durable["bindings"]
        if binding["destination_type"] != "queue" or binding["destination"] in kept
    ]
    return {
        "rabbitmq_version": told.get("rabbit_version", told.get("rabbitmq_version", "")),
        **durable,
        "permissions": api.get(f"vhosts/{path}/permissions"),
        "topic_permissions": api.get(f"vhosts/{path}/topic-permissions"),
    }


def load(management_url: str, vhost: str, saved: Mapping[str, Any]) -> None:
    """Declare what a backup names, in an existing vhost; rights and passwords are the set-up's work."""
    body = {name: saved.get(name, []) for name in IMPORTED}
    Broker(management_url).post(f"definitions/{quote(vhost, safe='')}", body)


def consumers(management_url: str, vhost: str, amqp_url: str) -> list[str]:
    """Return the durable queues of the vhost that somebody reads."""
    told: Any = Broker(management_url).get(f"definitions/{quote(vhost, safe='')}")
    with Connection(amqp_url, connect_timeout=5) as connection:
        channel: Any = connection.channel()
        # asked over AMQP, because what the management API counts is seconds old
        names = sorted(queue["name"] for queue in told["queues"])
        return [name for name in names if channel.queue_declare(name, passive=True).consumer_count]


def followed(saved: Mapping[str, Any]) -> dict[str, frozenset[str] | None]:
    """Return the aggregates that each process's queue is bound to; None stands for all."""
    found: dict[str, set[str]] = {}
    for binding in saved["bindings"]:
        if binding["source"].endswith(_FACTS) and binding["destination"].endswith(_EVENTS):
            process = binding["destination"].removesuffix(_EVENTS)
            found.setdefault(process, set()).add(binding["routing_key"])
    return {
        process: None if "#" in keys else frozenset(key.removesuffix(".*") for key in keys)
        for process, keys in found.items()
    }
