"""The AsyncAPI 3 documents of everything that goes over the broker: a service's facts, commands, queries.

`python -m contracts.asyncapi` writes docs/asyncapi/; a test fails while a file of it is stale. One document
for each service: the official parser's time grows with the square of a document's size.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import yaml  # type: ignore[import-untyped]

from contracts.envelope import CONTENT_TYPE, CallEnvelope, CloudEvent, schema_urn
from contracts.registry import COMMANDS, EVENTS, QUERIES, SERVICES, Call, Command, Event
from contracts.shapes import REFERENCE, load_all, shape_name, shapes

FOLDER: Final = Path(__file__).parents[1] / "docs" / "asyncapi"
Node = dict[str, Any]
_RPC: Final = {"name": "nameko-rpc", "type": "topic", "durable": True, "vhost": "/"}
_REPLIES: Final = "replies"


def document(service: str) -> Node:
    """Return the document of what a service tells and answers, in a fixed order."""
    load_all()
    every = [EVENTS[type][version] for type in sorted(EVENTS) for version in sorted(EVENTS[type])]
    facts = [event for event in every if event.source == service]
    calls = [call for _, call in sorted({**COMMANDS, **QUERIES}.items()) if call.service == service]
    messages = {
        **{_fact_id(event): _fact_message(event) for event in facts},
        **{f"{_id(call.name)}-request": _request_message(call) for call in calls},
        **{f"{_id(call.name)}-reply": _reply_message(call) for call in calls},
    }
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": f"五单 Wudan: {service}",
            "version": "1.0.0",
            "description": (
                "事实（事件）与调用（命令、查询）。Facts and calls between the services, over RabbitMQ. "
                "Facts are CloudEvents 1.0 in structured mode; calls are nameko RPC."
            ),
            "license": {"name": "see the repository"},
        },
        "defaultContentType": "application/json",
        "servers": {
            "broker": {
                "host": "{host}",
                "protocol": "amqp",
                "protocolVersion": "0.9.1",
                "description": "RabbitMQ, a user for each process with the least rights",
                "variables": {"host": {"default": "localhost:5672"}},
            }
        },
        "channels": {**_fact_channels(facts), **{_id(call.name): _call_channel(call) for call in calls}}
        | {_REPLIES: _reply_channel(calls)},
        "operations": {
            **_fact_operations(facts),
            **{f"answer-{_id(call.name)}": _operation(call) for call in calls},
        },
        "components": {
            "schemas": {**_named_by(messages), "Refusal": _REFUSAL},
            "messages": messages,
        },
    }


def file_of(service: str) -> Path:
    """Return where a service's document stands."""
    return FOLDER / f"{service}.yaml"


def text(service: str) -> str:
    """Return a service's document as YAML."""
    dumped: str = yaml.safe_dump(
        document(service), allow_unicode=True, sort_keys=False, width=110, default_flow_style=None
    )
    return f"# Written by `python -m contracts.asyncapi` from contracts/. Do not edit.\n{dumped}"


def _named_by(node: Any) -> Node:
    """Return the shapes that a node refers to, and those that they refer to, in a fixed order."""
    known = shapes()
    found: set[str] = set()
    waiting = [*_references(node)]
    while waiting:
        name = waiting.pop()
        if name not in found and name in known:
            found.add(name)
            waiting += _references(known[name])
    return {name: known[name] for name in known if name in found}


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        target = node.get("$ref")
        if isinstance(target, str) and target.startswith(REFERENCE):
            yield target.removeprefix(REFERENCE)
        for each in node.values():
            yield from _references(each)
    elif isinstance(node, list):
        for each in node:
            yield from _references(each)


def _id(name: str) -> str:
    return name.replace(".", "-")


def _fact_id(event: Event) -> str:
    return f"{_id(event.type)}-v{event.version}"


def _ref(*path: str) -> Node:
    return {"$ref": "/".join(("#", *path))}


def _shape(schema: Any) -> Node:
    return {"$ref": f"{REFERENCE}{shape_name(schema)}"}


def _fact_channels(facts: list[Event]) -> Node:
    channels: Node = {}
    for event in facts:
        channel = channels.setdefault(
            _id(event.type),
            {
                "address": event.type,
                "title": f"facts of {event.aggregate}",
                "messages": {},
                "bindings": {
                    "amqp": {
                        "is": "routingKey",
                        "exchange": {
                            "name": f"{event.source}.facts",
                            "type": "topic",
                            "durable": True,
                            "autoDelete": False,
                            "vhost": "/",
                        },
                    }
                },
            },
        )
        channel["messages"][_fact_id(event)] = _ref("components", "messages", _fact_id(event))
    return channels


def _fact_operations(facts: list[Event]) -> Node:
    return {
        f"tell-{_id(event.type)}": {
            "action": "send",
            "channel": _ref("channels", _id(event.type)),
            "summary": f"{event.source} tells it, in the order of the aggregate's sequence numbers",
            "bindings": {"amqp": {"deliveryMode": 2, "mandatory": True}},
        }
        for event in facts
    }


def _fact_message(event: Event) -> Node:
    return {
        "name": event.type,
        "title": f"{event.type} v{event.version}",
        "contentType": CONTENT_TYPE,
        "payload": {
            "allOf": [
                _shape(CloudEvent),
                {
                    "type": "object",
                    "properties": {
                        "source": {"const": f"/wudan/{event.source}"},
                        "type": {"const": event.type},
                        "dataschema": {"const": schema_urn(event.type, event.version)},
                        "data": _shape(event.data),
                    },
                },
            ]
        },
    }


def _call_channel(call: Call) -> Node:
    return {
        "address": call.name,
        "title": call.name,
        "messages": {"request": _ref("components", "messages", f"{_id(call.name)}-request")},
        "bindings": {"amqp": {"is": "routingKey", "exchange": _RPC}},
    }


def _reply_channel(calls: list[Call]) -> Node:
    names = [f"{_id(call.name)}-reply" for call in calls]
    return {
        "address": None,
        "title": "the caller's own reply queue",
        "messages": {name: _ref("components", "messages", name) for name in names},
        "bindings": {"amqp": {"is": "routingKey", "exchange": _RPC}},
    }


def _operation(call: Call) -> Node:
    kind = "command" if isinstance(call, Command) else "query"
    who = ", ".join(sorted(call.roles)) or "anyone, signed in or not"
    return {
        "action": "receive",
        "channel": _ref("channels", _id(call.name)),
        "summary": f"{kind} of {call.service}; roles: {who}",
        "reply": {
            "address": {"location": "$message.header#/reply_to"},
            "channel": _ref("channels", _REPLIES),
            "messages": [_ref("channels", _REPLIES, "messages", f"{_id(call.name)}-reply")],
        },
    }


def _request_message(call: Call) -> Node:
    envelope = {
        "allOf": [_shape(CallEnvelope), {"type": "object", "properties": {"body": _shape(call.request)}}]
    }
    return {
        "name": call.name,
        "headers": {
            "type": "object",
            "required": ["reply_to", "correlation_id"],
            "properties": {"reply_to": {"type": "string"}, "correlation_id": {"type": "string"}},
        },
        "payload": {
            "type": "object",
            "required": ["args", "kwargs"],
            "properties": {
                "args": {"type": "array", "maxItems": 0},
                "kwargs": {"type": "object", "required": ["envelope"], "properties": {"envelope": envelope}},
            },
        },
    }


def _reply_message(call: Call) -> Node:
    done = {"type": "object", "required": ["result"], "properties": {"result": _shape(call.answer)}}
    refused = {
        "type": "object",
        "required": ["error"],
        "properties": {"error": _ref("components", "schemas", "Refusal")},
    }
    return {
        "name": f"{call.name}.reply",
        "headers": {
            "type": "object",
            "required": ["correlation_id"],
            "properties": {"correlation_id": {"type": "string"}},
        },
        "payload": {
            "type": "object",
            "required": ["result", "error"],
            "properties": {
                "result": {"oneOf": [done, refused]},
                "error": {
                    "type": "null",
                    "description": "a failure of the transport itself, never a refusal",
                },
            },
        },
    }


_REFUSAL: Final[Node] = {
    "type": "object",
    "description": "Nothing was changed. code: of the catalogue of errors; facts: what its words mention.",
    "required": ["code", "field", "facts"],
    "properties": {
        "code": {"type": "string"},
        "field": {"type": ["string", "null"]},
        "facts": {"type": "object"},
    },
    "additionalProperties": False,
}


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for service in SERVICES:
        file_of(service).write_text(text(service), encoding="utf-8")
