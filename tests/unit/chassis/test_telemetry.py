import re
import subprocess
import sys
import textwrap

import pytest

from services.chassis import telemetry

VALID = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]")
GIVEN = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def test_nothing_runs_nothing_is_injected() -> None:
    assert telemetry.inject() == ""


def test_a_span_begins_a_valid_trace_and_its_child_stays_in_it() -> None:
    with telemetry.span("outer", kind="server"):
        outer = telemetry.inject()
        with telemetry.span("inner", step=1):
            inner = telemetry.inject()
        assert telemetry.inject() == outer
    assert VALID.fullmatch(outer)
    assert outer.split("-")[1] == inner.split("-")[1]
    assert outer.split("-")[2] != inner.split("-")[2]
    assert telemetry.inject() == ""


def test_a_message_continues_its_trace() -> None:
    with telemetry.span("handle", traceparent=GIVEN, kind="consumer"):
        _, trace_id, span_id, flags = telemetry.inject().split("-")
    assert (trace_id, flags) == (GIVEN.split("-")[1], "01")
    assert span_id != GIVEN.split("-")[2]


@pytest.mark.parametrize(
    "bad", ["", "junk", "00-" + "0" * 32 + "-b7ad6b7169203331-01", GIVEN.upper(), GIVEN + "-x"]
)
def test_a_malformed_traceparent_begins_anew(bad: str) -> None:
    with telemetry.span("handle", traceparent=bad):
        assert VALID.fullmatch(telemetry.inject())


def test_an_exception_passes_through_and_ends_the_span() -> None:
    with pytest.raises(ValueError, match="x"), telemetry.span("fails"):
        raise ValueError("x")
    assert telemetry.inject() == ""


EXPORTED = """
    import json, threading
    from http.server import BaseHTTPRequestHandler, HTTPServer
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
    from services.chassis import telemetry
    got = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self):
            import gzip
            body = self.rfile.read(int(self.headers["Content-Length"]))
            body = gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body
            got.append(ExportTraceServiceRequest.FromString(body))
            self.send_response(200); self.end_headers()
        def log_message(self, *_): pass

    server = HTTPServer(("127.0.0.1", 0), Collector)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    telemetry.configure("intake", f"http://127.0.0.1:{server.server_port}")
    try:
        with telemetry.span("outer", traceparent="GIVEN", kind="consumer", note="13800000000"):
            with telemetry.span("inner"):
                raise ValueError("13800000000")
    except ValueError:
        pass
    telemetry.flush()
    spans = {s.name: s for r in got for rs in r.resource_spans for ss in rs.scope_spans for s in ss.spans}
    assert spans["outer"].trace_id.hex() == "GIVEN".split("-")[1], spans
    assert spans["outer"].parent_span_id.hex() == "GIVEN".split("-")[2]
    assert spans["inner"].parent_span_id == spans["outer"].span_id
    assert spans["inner"].status.message == "ValueError"
    assert "13800000000" not in str(spans)
"""


def test_spans_reach_a_collector_without_personal_data() -> None:
    code = textwrap.dedent(EXPORTED).replace("GIVEN", GIVEN)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
