"""(c) Reads of the map's list, fresh and from memory, beside a bare JSON route under the same gunicorn."""

import json
import time
import uuid
from datetime import UTC, datetime, timedelta

from bench import people
from bench.load import Measured, median, request, run
from bench.report import Table, kept
from contracts.envelope import CONTENT_TYPE, CloudEvent, schema_urn
from contracts.events.acceptance import CLASS_CONFIRMED
from infra.local import Stack
from infra.local.settings import place_of
from services.chassis.events import new_event_id
from services.chassis.publisher import ConfirmedPublisher, Message
from services.chassis.topology import facts_exchange

CLASSES = 500
CLIENTS = 16
RUNS = 5
SECONDS = 3.0
LIST = "/v1/map/classes?region=370600&limit=20"


def measure(stack: Stack, table: Table) -> None:
    """Fill the map with classes, then read it."""
    _fill(stack)
    url = stack.gateway_url
    kinds = {
        "bare JSON route (peer)": request("GET", "/v1/bench/json"),
        "map list, fresh": request("GET", LIST, headers={"Cache-Control": "no-cache"}),
        "map list, from memory": request("GET", LIST),
    }
    results: dict[str, list[Measured]] = {name: [] for name in kinds}
    for _run in range(RUNS):
        for name, data in kinds.items():
            results[name].append(run(url, [lambda data=data: data] * CLIENTS, SECONDS))  # type: ignore[misc]
    peer = median(results["bare JSON route (peer)"])
    for name, target in zip(kinds, (0.0, 0.35, 0.60), strict=True):
        found = median(results[name])
        ratio = found.rate / peer.rate
        met = f"{ratio:.0%} of the peer; at least {target:.0%}: {kept(ratio >= target)}"
        table.add(f"(c) {name}", found, met if target else "")


def _fill(stack: Stack) -> None:
    publisher = ConfirmedPublisher(broker_url(stack))
    messages = [_class(number) for number in range(CLASSES)]
    for start in range(0, CLASSES, 100):
        publisher.publish(messages[start : start + 100])
    publisher.close()
    api = people.Api(stack.gateway_url)
    for _ in range(300):
        if api.get("/map/classes?limit=100").get("next"):
            return
        time.sleep(0.1)
    raise AssertionError("the map did not take the classes in 30 s")


def broker_url(stack: Stack) -> str:
    """Return the administrator's URL of the system's vhost."""
    return f"{stack.admin.amqp_url.rpartition('/')[0]}/{place_of(stack.state).vhost}"


def _class(number: int) -> Message:
    starts = datetime.now(UTC) + timedelta(days=30 + number % 60)
    data = {
        "project_id": uuid.uuid4().hex,
        "provider_ref": uuid.uuid4().hex,
        "provider_name": f"示例培训机构 {number % 20}",
        "name": f"示例班次 {number}",
        "occupation": "6-18-02-04",
        "level": "4",
        "mode": "on_site",
        "region": people.REGION,
        "place": {"name": "示例教室", "address": "示例路 1 号", "longitude": 121.26, "latitude": 37.49},
        "capacity": 30,
        "enrol_until": starts - timedelta(days=1),
        "sessions": [
            {
                "session_id": uuid.uuid4().hex, "starts": starts, "ends": starts + timedelta(hours=4),
                "kind": "practice", "hours": 4, "topic": "示例课题", "teacher": "示例教师",
            }
        ],
    }  # fmt: skip
    id = new_event_id()
    event = CloudEvent().dump(
        {
            "id": id, "source": "/wudan/acceptance", "type": CLASS_CONFIRMED.type,
            "dataschema": schema_urn(CLASS_CONFIRMED.type, CLASS_CONFIRMED.version),
            "subject": uuid.uuid4().hex, "sequence": 1, "aggregateversion": 1, "time": datetime.now(UTC),
            "traceparent": "", "correlation": "bench", "actor": "bench",
            "data": CLASS_CONFIRMED.data().dump(data),
        }
    )  # fmt: skip
    return Message(facts_exchange("acceptance"), CLASS_CONFIRMED.type, id, json.dumps(event), CONTENT_TYPE)
