"""Intake as settlement hears it: takes what settlement asks of it and tells the answers as facts, all well.

For tests that run settlement alone. Switch `down` on to have nobody answer; put `clusters` to have people
share.
"""

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from kombu import Connection, Consumer, Exchange, Producer, Queue

from contracts.envelope import answered, refused
from contracts.events import intake
from contracts.registry import Event
from contracts.vocabularies.errors import Refusal
from services.chassis.topology import RPC_EXCHANGE, rpc_queue

Tell = Callable[[Event, str, dict[str, Any]], None]


class ToldIntake:
    """A context manager. tell: publishes the next fact of an aggregate; now: business time."""

    def __init__(self, amqp_url: str, tell: Tell, now: Callable[[], datetime]) -> None:
        self._url = amqp_url
        self._tell = tell
        self._now = now
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="told intake", daemon=True)
        self.down = False
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.clusters: list[dict[str, Any]] = []
        self.people: dict[str, dict[str, Any]] = {}
        self.bodies: dict[str, dict[str, Any]] = {}
        self.certificates: dict[str, dict[str, Any]] = {}
        self.insured: set[str] = set()

    def __enter__(self) -> "ToldIntake":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join(20)

    def _serve(self) -> None:
        queue = Queue(rpc_queue("intake"), durable=True, no_declare=True)
        with Connection(self._url) as connection, connection.channel() as channel:
            producer = Producer(channel, Exchange(RPC_EXCHANGE, "topic", no_declare=True))
            with Consumer(channel, [queue], callbacks=[lambda body, message: self._take(message, producer)]):
                while not self._ended.is_set():
                    try:
                        connection.drain_events(timeout=0.2)
                    except TimeoutError:
                        continue

    def _take(self, message: Any, producer: Producer) -> None:
        envelope = json.loads(message.body)["kwargs"]["envelope"]
        method = str(message.delivery_info["routing_key"]).partition(".")[2]
        answer = self._answer(method, envelope["body"])
        body = json.dumps({"result": answer, "error": None})
        producer.publish(
            body,
            routing_key=message.properties["reply_to"],
            correlation_id=message.properties["correlation_id"],
            content_type="application/json",
            content_encoding="utf-8",
        )
        message.ack()

    def _answer(self, method: str, body: dict[str, Any]) -> dict[str, Any]:
        self.asked.append((method, body))
        if self.down or method not in ("recheck", "shared_contacts", "compare_wages"):
            return refused(Refusal("unavailable", what="intake").as_dict())
        if method == "recheck":
            return answered({"waiting": self._recheck(body)})
        if method == "compare_wages":
            return answered({"waiting": self._compare(body)})
        wanted = set(body["person_refs"])
        mine = [each for each in self.clusters if wanted & set(each["person_refs"])]
        return answered({"clusters": mine, "unread": 0})

    def _recheck(self, body: dict[str, Any]) -> int:
        told = {"reason": None, "source": "registry", "checked_at": self._now().astimezone(UTC)}
        well = {"passed": True, "known": True, "alive": True, "draws_pension": False, **told}
        for ref in body["person_refs"]:
            self._tell(intake.PERSON_RECHECKED, ref, {**well, **self.people.get(ref, {})})
        for ref in body["body_refs"]:
            self._tell(intake.BODY_RECHECKED, ref, {"state": "active", **told, **self.bodies.get(ref, {})})
        for each in body["certificates"]:
            number, person = each["number"], each["person_ref"]
            valid = {"person_ref": person, "valid": True, **told, **self.certificates.get(number, {})}
            self._tell(intake.CERTIFICATE_CHECKED, number, valid)
        return len(body["person_refs"]) + len(body["body_refs"]) + len(body["certificates"])

    def _compare(self, body: dict[str, Any]) -> int:
        about = {"employer_code": body["employer_code"], "month": body["month"], "source": "registry"}
        for ref in body["person_refs"]:
            told = {"person_ref": ref, "insured": ref in self.insured, **about}
            id = f"{body['employer_code']}:{body['month']}:{ref}"
            self._tell(intake.WAGE_COMPARED, id, {**told, "checked_at": self._now().astimezone(UTC)})
        return len(body["person_refs"])
