"""Business time: real time plus one durable, forward-only offset that all processes share.

Leases, retries, token and key expiry use real time (real_now), never this clock.
"""

import math
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from pymongo import WriteConcern
from pymongo.client_session import ClientSession
from pymongo.database import Database

from contracts.vocabularies.errors import Refusal
from services.chassis.settings import Mode

COLLECTION: Final = "clock"
_ID: Final = "business"


def real_now() -> datetime:
    """Return real time, aware UTC, to the millisecond that the database keeps."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


class Clock:
    """The business clock of one process.

    database: WUDAN_CLOCK_DB; mode: in production it is real time and the database is never read.
    """

    def __init__(self, database: Database[dict[str, Any]], mode: Mode) -> None:
        self._offsets = database[COLLECTION]
        self._movable = mode == "demonstration"

    def now(self, session: ClientSession | None = None) -> datetime:
        """Return business time, aware UTC to the millisecond; session: read inside its transaction."""
        return real_now() + timedelta(seconds=self._offset(session) if self._movable else 0)

    def advance_to(self, moment: datetime) -> datetime:
        """Move business time forward to an aware moment (or later, when another moved it further), for all.

        Returns business time afterwards. Raises Refusal `clock.demonstration_only` in production,
        `clock.backwards` when the moment is past, ValueError when it has no zone.
        """
        if not self._movable:
            raise Refusal("clock.demonstration_only")
        if moment.tzinfo is None:
            raise ValueError("a moment needs its zone")
        if moment < self.now():
            raise Refusal("clock.backwards", field="moment")
        offset = math.ceil((moment - real_now()).total_seconds())
        majority = self._offsets.with_options(write_concern=WriteConcern("majority"))
        majority.update_one({"_id": _ID}, {"$max": {"offset_seconds": offset}}, upsert=True)
        return self.now()

    def _offset(self, session: ClientSession | None) -> int:
        row = self._offsets.find_one({"_id": _ID}, session=session)
        return int(row["offset_seconds"]) if row else 0
