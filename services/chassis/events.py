"""Between a handler's fact and the CloudEvent that travels, both ways."""

import itertools
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from marshmallow import Schema, ValidationError

from contracts.envelope import CloudEvent, schema_urn, version_of
from contracts.fields import moment_text
from contracts.registry import EVENTS, Event, newest
from services.chassis.mongo import Document

if TYPE_CHECKING:
    from services.chassis.unit import Unit

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]
UPCASTERS: Final[dict[tuple[str, int], Upcaster]] = {
    # version 2 lets a claim belong to no project; what version 1 said is still so
    ("settlement.claim.submitted", 1): dict,
    ("settlement.claim.resubmitted", 1): dict,
}
_counter = itertools.count(int.from_bytes(os.urandom(2), "big"))


class ContractBroken(Exception):
    """A message that no retry can mend: it goes to the dead letters at once."""


@dataclass(frozen=True)
class Fact:
    """An event as a handler sees it; data is loaded by the newest schema."""

    id: str
    type: str
    subject: str
    sequence: int
    version: int
    time: datetime
    data: dict[str, Any]
    actor: str
    correlation: str
    traceparent: str
    raw: dict[str, Any]

    @property
    def aggregate(self) -> str:
        """`source.aggregate` of the type."""
        return self.type.rpartition(".")[0]

    @property
    def aggregate_id(self) -> str:
        """The id of the thing the fact is about."""
        return self.subject

    @property
    def seq(self) -> int:
        """The fact's place among its aggregate's facts, from 1."""
        return self.sequence


@cache
def schema(kind: type[Schema]) -> Schema:
    """Return the one instance of a schema (making one costs more than using it)."""
    return kind()


def new_event_id() -> str:
    """Return an id that sorts by the time it was made (32 hex digits)."""
    return f"{time.time_ns() // 1_000_000:012x}{next(_counter) & 0xFFFF:04x}{os.urandom(8).hex()}"


def event_row(event: Event, data: Mapping[str, Any], doc: Document, unit: "Unit") -> Document:
    """Return the outbox row of a fact of a document as it now is.

    Raises ValueError when the data breaks the event's own schema.
    """
    dumped = schema(event.data).dump(data)
    problems = schema(event.data).validate(dumped)
    if problems:
        raise ValueError(f"{event.type} v{event.version} would break its contract: {problems}")
    id = new_event_id()
    # what the schema's dump would give, without its cost; a test compares them
    message = {
        "specversion": "1.0",
        "id": id,
        "source": f"/wudan/{event.source}",
        "type": event.type,
        "dataschema": schema_urn(event.type, event.version),
        "subject": doc["_id"],
        "sequence": doc["seq"],
        "aggregateversion": doc["version"],
        "time": moment_text(unit.now),
        "datacontenttype": "application/json",
        "traceparent": unit.traceparent,
        "correlation": unit.correlation or "none",
        "actor": unit.actor.account or "none",
        "data": dumped,
    }
    return {
        "_id": id,
        "pending": True,
        "type": event.type,
        "subject": doc["_id"],
        "sequence": doc["seq"],
        "event": message,
    }


def read_event(message: Any) -> Fact:
    """Check a CloudEvent, bring its data to the newest version, and load it. Raises ContractBroken."""
    if not isinstance(message, dict):
        raise ContractBroken("the body is not an object")
    try:
        envelope: dict[str, Any] = dict(schema(CloudEvent).load(message))
        type, version = envelope["type"], version_of(envelope["dataschema"])
        if type not in EVENTS:
            raise ContractBroken(f"unknown event type {type}")
        known = newest(type)
        if version > known.version or version not in EVENTS[type]:
            raise ContractBroken(f"unknown version {version} of {type}")
        data = envelope["data"]
        for step in range(version, known.version):
            data = UPCASTERS[(type, step)](data)
        loaded = schema(known.data).load(data)
    except ValidationError as problem:
        raise ContractBroken(f"{message.get('type')}: {problem.messages}") from problem
    return Fact(
        id=envelope["id"],
        type=type,
        subject=envelope["subject"],
        sequence=envelope["sequence"],
        version=envelope["aggregateversion"] or envelope["sequence"],
        time=envelope["time"],
        data=dict(loaded),
        actor=envelope["actor"],
        correlation=envelope["correlation"],
        traceparent=envelope["traceparent"],
        raw=message,
    )
