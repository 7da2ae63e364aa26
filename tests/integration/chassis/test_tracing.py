"""One trace from a call through the command, the outbox and the follower, with the SDK and without."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from services.chassis.actor import sign
from services.chassis.events import new_event_id
from services.chassis.rpc_client import envelope
from tests.integration.chassis.conftest import LABORATORY, WORKER, hears_counters, laboratory_in
from tests.support.services import Running, wait_for

TRACE = "0af7651916cd43dd8448eb211c80319c"
CALLER = "b7ad6b7169203331"


class Collector:
    """A tiny OTLP/HTTP receiver that keeps the spans it is sent."""

    def __init__(self) -> None:
        self.spans: list[Any] = []
        spans = self.spans

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                request = ExportTraceServiceRequest()
                request.ParseFromString(self.rfile.read(int(self.headers["Content-Length"])))
                for resource in request.resource_spans:
                    name = {item.key: item.value.string_value for item in resource.resource.attributes}
                    for scope in resource.scope_spans:
                        spans.extend((name["service.name"], span) for span in scope.spans)
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.endpoint = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def of(self, service: str, name: str) -> list[Any]:
        return [span for told_by, span in self.spans if (told_by, span.name) == (service, name)]


@pytest.fixture
def collector() -> Iterator[Collector]:
    made = Collector()
    yield made
    made.close()


def add(lab: Running, traceparent: str) -> None:
    body = {"counter": "t", "amount": 1, "mood": "fine"}
    token = sign(WORKER, lab._signer)
    lab._clients.call(
        "intake.lab_add", envelope(body, token, 15, key=new_event_id(), traceparent=traceparent)
    )


def test_one_trace_from_the_call_to_the_follower(
    running: Callable[..., Running], collector: Collector
) -> None:
    settings = {
        **LABORATORY,
        "OTEL_EXPORTER_OTLP_ENDPOINT": collector.endpoint,
        "OTEL_BSP_SCHEDULE_DELAY": "200",
    }
    with hears_counters():
        started = running("intake", "catalogue", extra={"intake": settings, "catalogue": settings})
    lab = laboratory_in(started)
    add(lab, f"00-{TRACE}-{CALLER}-01")
    (command,) = wait_for(lambda: collector.of("intake", "intake.lab_add"), what="the command's span")
    (follower,) = wait_for(
        lambda: collector.of("catalogue", "catalogue intake.counter.added"), what="the follower's span"
    )
    assert command.trace_id.hex() == follower.trace_id.hex() == TRACE
    assert command.parent_span_id.hex() == CALLER
    assert follower.parent_span_id == command.span_id
    event = lab.database("intake").outbox.find_one({})["event"]
    assert event["traceparent"] == f"00-{TRACE}-{command.span_id.hex()}-01"

    add(lab, "")
    second = wait_for(lambda: lab.database("intake").outbox.find_one({"sequence": 2}))["event"]
    assert second["traceparent"], "a call without a trace begins one"
    trace = second["traceparent"].split("-")[1]
    wait_for(lambda: trace in {span.trace_id.hex() for _, span in collector.spans})


def test_the_trace_travels_without_the_sdk(lab: Running) -> None:
    add(lab, f"00-{TRACE}-{CALLER}-01")
    event = lab.database("intake").outbox.find_one({})["event"]
    assert event["traceparent"].split("-")[1] == TRACE
    doc = wait_for(lambda: lab.database("catalogue").sums.find_one({"_id": "t"}))
    assert doc["traceparent"].split("-")[1] == TRACE
