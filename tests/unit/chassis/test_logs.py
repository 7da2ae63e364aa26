import io
import json
import logging
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from contracts.vocabularies.sample_ids import make_citizen_id
from services.chassis import logs, telemetry


@pytest.fixture
def out() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    logs.configure("intake", stream=stream)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_json_with_service_level_and_time(out: io.StringIO) -> None:
    logs.get(logger_field=1).info("demand.posted", demand="d1")
    (line,) = lines(out)
    assert (line["event"], line["service"], line["level"], line["demand"]) == (
        "demand.posted",
        "intake",
        "info",
        "d1",
    )
    assert line["timestamp"].endswith("Z")


def test_personal_data_is_hidden_in_fields_text_and_tracebacks(out: io.StringIO) -> None:
    number = make_citizen_id()
    try:
        raise ValueError(f"no person {number}")
    except ValueError:
        logs.get().exception(f"failed for {number}", person={"name": "示例甲", "note": number})
    assert number not in out.getvalue()
    assert "示例甲" not in out.getvalue()
    assert "ValueError: no person [citizen id]" in lines(out)[0]["exception"]


def test_the_standard_library_goes_the_same_way(out: io.StringIO) -> None:
    number = make_citizen_id()
    logging.getLogger("nameko.containers").warning("lost %s", number, extra={"phone": "13800000000"})
    (line,) = lines(out)
    assert line["event"] == "lost [citizen id]"
    assert (line["phone"], line["logger"], line["service"]) == ("***", "nameko.containers", "intake")


def test_bound_fields_and_the_trace_ride_along_and_end_with_the_block(out: io.StringIO) -> None:
    with logs.bound(correlation="c1"), telemetry.span("x"):
        logging.getLogger("kombu").warning("inside")
        trace_id = telemetry.inject().split("-")[1]
    logs.get().info("outside")
    inside, outside = lines(out)
    assert (inside["correlation"], inside["trace_id"]) == ("c1", trace_id)
    assert "correlation" not in outside
    assert "trace_id" not in outside


SHARED = """
    {patch}
    import json, sys, threading, io
    from services.chassis import logs
    stream = io.StringIO()
    logs.configure("x", stream=stream)
    gates = [threading.Event() for _ in range(3)]

    def work(n):
        with logs.bound(worker=n):
            gates[n].set()
            for gate in gates:
                gate.wait(10)
            logs.get().info("line", n=n)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(3)]
    [t.start() for t in threads]
    [t.join(10) for t in threads]
    rows = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert len(rows) == 3 and all(row["worker"] == row["n"] for row in rows), rows
"""


@pytest.mark.parametrize(
    "patch", ["import eventlet; eventlet.monkey_patch()", "pass"], ids=["eventlet", "threads"]
)
def test_bound_fields_do_not_leak_between_workers(patch: str) -> None:
    code = textwrap.dedent(SHARED.format(patch=patch))
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
