"""The relay: publishes committed facts with confirms, in order for each aggregate, then marks them sent.

One relay of a service's instances works at a time (a lease with a term); the others stand by. The outbox rows
are kept: they are the service's event log. A row's position (term and batch) is given when it is confirmed,
after its commit was visible, so a reader of the log from any position skips nothing.
"""

import json
import threading
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import structlog
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from contracts.envelope import CONTENT_TYPE
from services.chassis import metrics
from services.chassis.mongo import Document
from services.chassis.publisher import ConfirmedPublisher, Message
from services.chassis.topology import facts_exchange
from services.chassis.unit import OUTBOX

BATCH: Final = 200
LEASE: Final = timedelta(seconds=12)
SWEEP_SECONDS: Final = 0.1
# how long before a failure what was confirmed is in doubt; how soon after the broker answers again followers
# are connected
UNSURE: Final = timedelta(seconds=60)
FOLLOWERS_BACK: Final = timedelta(seconds=10)
ASK_EVERY: Final = timedelta(seconds=1)
LOOK_EVERY: Final = timedelta(seconds=1)
_TERM_STEP: Final = 1 << 40
_log = structlog.get_logger(__name__)


class Relay:
    """Relays one service's outbox. `wake` after a commit; a sweep finds what another instance committed."""

    def __init__(self, service: str, database: "Database[Document]", publisher: ConfirmedPublisher) -> None:
        self._service = service
        self._exchange = facts_exchange(service)
        self._outbox = database[OUTBOX]
        self._leases = database["relay"]
        self._publisher = publisher
        self._owner = uuid.uuid4().hex
        self._until = datetime.min.replace(tzinfo=UTC)
        self._position = 0
        self._woken = threading.Event()
        self._stopping = False
        self._again_since: datetime | None = None
        self._answers = True
        self._again_at = datetime.min.replace(tzinfo=UTC)
        self._look_at = self._again_at
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin relaying in a thread of its own."""
        self._thread = threading.Thread(target=self._loop, name="relay", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Say that something was committed."""
        self._woken.set()

    def stop(self) -> None:
        """Send what is committed (if this relay leads), give the lease back and end."""
        self._stopping = True
        self.wake()
        if self._thread is not None:
            self._thread.join(timeout=10)
        self._leases.update_one(
            {"_id": "relay", "owner": self._owner}, {"$set": {"until": datetime.now(UTC)}}
        )
        self._publisher.close()

    def relay_once(self) -> int:
        """Publish one batch if this relay leads; return how many events were confirmed.

        Raises OSError, amqp and pymongo errors: what was not marked is sent again by the next call.
        """
        if not self._leads():
            return 0
        rows = list(self._outbox.find({"pending": True}, {"event": 1, "type": 1}).sort("_id", 1).limit(BATCH))
        metrics.OUTBOX_PENDING.labels(self._service).set(len(rows))
        if not rows:
            self._look()
            return 0
        rows.sort(key=lambda row: (row["event"]["subject"], row["event"]["sequence"]))
        confirmed = self._publisher.publish([self._message(row) for row in rows])
        self._position += 1
        self._outbox.update_many(
            {"_id": {"$in": sorted(confirmed)}, "pending": True},
            {"$set": {"position": self._position}, "$unset": {"pending": ""}},
        )
        metrics.RELAY_BATCH.labels(self._service).observe(len(confirmed))
        if len(confirmed) < len(rows):
            _log.warning("events came back from the broker", count=len(rows) - len(confirmed))
        return len(confirmed)

    def _look(self) -> None:
        """Notice a lost connection when there is nothing to send, too: what went before is in doubt."""
        now = datetime.now(UTC)
        if now >= self._look_at:
            self._look_at = now + LOOK_EVERY
            self._publisher.check()

    def send_again(self, since: datetime) -> int:
        """Publish again what was confirmed since (real time); followers have marks and take each once.

        A broker that is killed has been seen to come back without a binding that stood before; followers bind
        again when they connect, and what was confirmed in between would never reach them.
        Raises OSError, amqp and pymongo errors. Returns how many were sent.
        """
        after, count = f"{int(since.timestamp() * 1000):012x}", 0
        while self._leads():
            query = {"_id": {"$gt": after}, "pending": {"$exists": False}}
            rows = list(self._outbox.find(query, {"event": 1, "type": 1}).sort("_id", 1).limit(BATCH))
            if not rows:
                break
            self._publisher.publish([self._message(row) for row in rows])
            after, count = rows[-1]["_id"], count + len(rows)
        return count

    def _loop(self) -> None:
        pause = SWEEP_SECONDS
        while True:
            self._woken.wait(timeout=pause)
            self._woken.clear()
            sent, pause = self._try_once(pause)
            self._heal()
            if sent:
                self.wake()
            elif self._stopping:
                return

    def _try_once(self, pause: float) -> tuple[int, float]:
        try:
            return self.relay_once(), SWEEP_SECONDS
        except Exception as problem:
            _log.warning("relay will try again", error=repr(problem)[:300])
            self._lost(datetime.now(UTC))
            return 0, min(max(pause, 0.1) * 2, 2.0)

    def _lost(self, now: datetime) -> None:
        """Remember from when on events are to be sent again."""
        self._again_since = min(self._again_since or now, now - UNSURE)
        self._answers, self._again_at = False, now + ASK_EVERY

    def _heal(self) -> None:
        """Send again once the broker answers and followers had time to come back to it."""
        if self._again_since is None or datetime.now(UTC) < self._again_at or self._stopping:
            return
        try:
            if not self._answers:
                self._publisher.connect()
                self._answers, self._again_at = True, datetime.now(UTC) + FOLLOWERS_BACK
                return
            count = self.send_again(self._again_since)
        except Exception as problem:
            _log.warning("relay will send again later", error=repr(problem)[:300])
            self._lost(datetime.now(UTC))
            return
        _log.info("sent again after an outage", count=count, since=self._again_since.isoformat())
        self._again_since = None

    def _message(self, row: Document) -> Message:
        return Message(
            exchange=self._exchange,
            routing_key=row["type"],
            id=row["_id"],
            body=json.dumps(row["event"], ensure_ascii=False),
            content_type=CONTENT_TYPE,
            headers={"traceparent": row["event"].get("traceparent", "")},
        )

    def _leads(self) -> bool:
        """Hold the lease for long enough that a batch ends (or times out) before it does."""
        now = datetime.now(UTC)
        if self._until - now > LEASE / 2:
            return True
        mine = self._until > now
        try:
            row = self._leases.find_one_and_update(
                {"_id": "relay", "$or": [{"owner": self._owner}, {"until": {"$lte": now}}]},
                {"$set": {"owner": self._owner, "until": now + LEASE}, "$inc": {"term": 0 if mine else 1}},
                upsert=True,
                return_document=True,
            )
        except DuplicateKeyError:
            self._until = now - LEASE
            return False
        if not mine and row is not None:
            self._position = int(row["term"]) * _TERM_STEP
        self._until = now + LEASE
        return True


def read_log(
    database: "Database[Document]", after: tuple[int, str] = (0, ""), limit: int = 500
) -> list[Document]:
    """Return confirmed outbox rows after (position, id), in order: the event log, for replay."""
    position, id = after
    query: dict[str, Any] = {
        "$or": [{"position": position, "_id": {"$gt": id}}, {"position": {"$gt": position}}]
    }
    return list(database[OUTBOX].find(query).sort([("position", 1), ("_id", 1)]).limit(limit))
