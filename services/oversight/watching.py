"""The watch for gaps: what the log lacks, compared with the alarms that stand."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from services.chassis.calls import Reader
from services.chassis.unit import Unit
from services.oversight import store
from services.oversight.domain import alarms

Transact = Callable[[Callable[[Unit], Any]], Any]


def compare(reader: Reader, transact: Transact, now: datetime) -> list[str]:
    """Store what changed about alarms at `now` (real time) and return the ids of those that were raised."""
    found = store.gaps(reader)

    def store_changes(unit: Unit) -> list[str]:
        stored, dropped = alarms.watch(store.standing_alarms(unit), found, now)
        for alarm in stored:
            store.save_alarm(unit, alarm)
        for id in dropped:
            store.drop_alarm(unit, id)
        return [alarm.id for alarm in stored if alarm.status == "open"]

    raised: list[str] = transact(store_changes)
    return raised
