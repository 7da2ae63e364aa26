"""Keeps a row for each recipient of each fact in the table (`notices` of the gateway's database).

The projector is a NoticeWriter. A row holds references and the fields that the words name, nothing personal;
who forgets a person forgets their notices.
"""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from contracts.events import intake
from gateway.map.cards import plain
from gateway.notices.store import NOTICES, order
from gateway.notices.table import Notice, table
from services.chassis.service import Fact, Service, Unit, on

Handler = Callable[[Any, Unit, Fact], None]


class NoticeWriter(Service):
    """Follows the facts of the table, beside whatever else the process does with them."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Put the table's facts among the handlers."""
        super().__init_subclass__(**kwargs)
        for type, line in table().items():
            cls.handlers[type] = _then(cls.handlers.get(type), _teller(line))

    @on(intake.PERSON_FORGOTTEN)
    def person_forgotten(self, unit: Unit, fact: Fact) -> None:
        """What was told to a forgotten person goes, and nothing more comes."""
        for row in unit.find(NOTICES, {"recipient": fact.aggregate_id}):
            unit.delete(NOTICES, row["_id"])
        if unit.get(NOTICES, _end(fact.aggregate_id)) is None:
            unit.insert(NOTICES, {"_id": _end(fact.aggregate_id)})


def _end(recipient: str) -> str:
    """Return the id of the row that says that somebody is told nothing any more: facts come in any order."""
    return f"forgotten:{recipient}"


def _teller(line: Notice) -> Handler:
    def tell(_service: Any, unit: Unit, fact: Fact) -> None:
        kept = {name: plain(fact.data.get(name)) for name in line.names}
        ids = {
            recipient: sha256(f"{fact.id}:{recipient}".encode()).hexdigest()[:32]
            for recipient in line.recipients(fact.aggregate_id, fact.data)
        }
        # a replay tells facts again that somebody may have read long ago
        known = unit.get_all(NOTICES, [*ids.values(), *map(_end, ids)])
        for recipient, id in ids.items():
            if id in known or _end(recipient) in known:
                continue
            row = {"_id": id, "recipient": recipient, "type": fact.type, "subject": fact.aggregate_id}
            unit.insert(
                NOTICES,
                {**row, "facts": kept, "at": fact.time, "order": order(fact.time, id), "read_at": None},
            )

    return tell


def _then(first: Handler | None, second: Handler) -> Handler:
    if first is None:
        return second

    def both(service: Any, unit: Unit, fact: Fact) -> None:
        first(service, unit, fact)
        second(service, unit, fact)

    return both
