"""The quick ways through the envelopes give what their schemas give."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from contracts.envelope import CallEnvelope, CloudEvent
from contracts.events import intake
from contracts.vocabularies.errors import Refusal
from services.chassis.calls import _envelope, _is_plain
from services.chassis.events import event_row, schema
from tests.contract.samples import sample

PLAIN: dict[str, Any] = {
    "body": {"a": 1},
    "actor": "x",
    "key": "k" * 128,
    "deadline": 1,
    "expected_version": None,
    "traceparent": "",
    "correlation": "c",
}
ODD: list[dict[str, Any]] = [
    {"body": []},
    {"actor": None},
    {"actor": "x" * 4097},
    {"key": 1},
    {"key": "k" * 129},
    {"deadline": True},
    {"deadline": 1.0},
    {"deadline": "1"},
    {"expected_version": True},
    {"expected_version": "2"},
    {"traceparent": "x" * 65},
    {"correlation": "x" * 81},
    {"more": 1},
]


@pytest.mark.parametrize("change", [{}, {"expected_version": 3}, {"body": {}}])
def test_a_plain_envelope_is_what_the_schema_returns(change: dict[str, Any]) -> None:
    raw = PLAIN | change
    assert _is_plain(raw)
    assert _envelope(raw) == schema(CallEnvelope).load(raw)


@pytest.mark.parametrize("change", ODD)
def test_what_is_not_plain_goes_to_the_schema(change: dict[str, Any]) -> None:
    raw = PLAIN | change
    assert not _is_plain(raw)
    if schema(CallEnvelope).validate(raw):
        with pytest.raises(Refusal, match="contract_broken"):
            _envelope(raw)


@pytest.mark.parametrize("missing", PLAIN)
def test_a_missing_field_goes_to_the_schema(missing: str) -> None:
    assert not _is_plain({name: value for name, value in PLAIN.items() if name != missing})


def test_a_fact_is_written_as_the_schema_writes_it() -> None:
    event = intake.PERSON_REGISTERED
    actor = SimpleNamespace(account="tester")
    now = datetime(2026, 11, 22, 8, 0, 0, 123456, tzinfo=UTC)
    unit: Any = SimpleNamespace(now=now, traceparent="t", correlation="c", actor=actor)
    data = schema(event.data).load(sample(event.data, "full"))
    message = event_row(event, data, {"_id": "p1", "seq": 2, "version": 3}, unit)["event"]
    written = schema(CloudEvent).dump({**message, "time": now})
    assert message == written
    assert schema(CloudEvent).validate(message) == {}
