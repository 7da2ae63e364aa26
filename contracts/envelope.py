"""The envelopes: CloudEvents 1.0 (structured JSON) for events, and the call envelope for RPC.

Source: CloudEvents 1.0.2; distributed tracing extension (`traceparent`), sequence extension (`sequence`).
"""

from typing import Any

from marshmallow import EXCLUDE, fields, validate

from contracts.fields import Contract, Moment, Ref

CONTENT_TYPE = "application/cloudevents+json"


class CloudEvent(Contract):
    """One fact as it travels.

    `subject` is the aggregate's id, `sequence` counts its events from 1, `aggregateversion` is the version
    that a command answers with (0: an event from before it was told).
    """

    class Meta:
        unknown = EXCLUDE

    specversion = fields.Constant("1.0")
    id = Ref(required=True)
    source = fields.String(required=True, validate=validate.Regexp(r"^/wudan/[a-z]+\Z"))
    type = fields.String(required=True, validate=validate.Regexp(r"^[a-z]+\.[a-z_]+\.[a-z_]+\Z"))
    dataschema = fields.String(required=True, validate=validate.Regexp(r"^urn:wudan:[a-z_.]+:v[0-9]+\Z"))
    subject = Ref(required=True)
    sequence = fields.Integer(required=True, strict=True, validate=validate.Range(1))
    aggregateversion = fields.Integer(load_default=0, strict=True, validate=validate.Range(0))
    time = Moment(required=True)
    datacontenttype = fields.Constant("application/json")
    traceparent = fields.String(load_default="")
    correlation = Ref(load_default="none")
    actor = Ref(load_default="none")
    data = fields.Dict(required=True)


class CallEnvelope(Contract):
    """What goes with the body of an RPC call.

    deadline: milliseconds since the epoch (real time), after which the callee must not begin;
    key: idempotency key of (actor, command); expected_version: from If-Match.
    """

    body = fields.Dict(required=True)
    actor = fields.String(load_default="", validate=validate.Length(max=4096))
    key = fields.String(load_default="", validate=validate.Length(max=128))
    deadline = fields.Integer(required=True, strict=True)
    expected_version = fields.Integer(load_default=None, allow_none=True, strict=True)
    traceparent = fields.String(load_default="", validate=validate.Length(max=64))
    correlation = fields.String(load_default="", validate=validate.Length(max=80))


def schema_urn(type: str, version: int) -> str:
    """Return the `dataschema` of an event version."""
    return f"urn:wudan:{type}:v{version}"


def version_of(dataschema: str) -> int:
    """Return the version in a `dataschema`."""
    return int(dataschema.rpartition(":v")[2])


def answered(result: dict[str, Any]) -> dict[str, Any]:
    """Wrap a call's result."""
    return {"result": result}


def refused(error: dict[str, Any]) -> dict[str, Any]:
    """Wrap a refusal (Refusal.as_dict())."""
    return {"error": error}
