"""Rows about one person as that person is told them: plain JSON values, no sealed bytes, no bookkeeping."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from contracts.fields import moment_text
from contracts.personal import MOST
from services.chassis.calls import Reader

_BOOKKEEPING: Final = frozenset({"version", "seq"})


@dataclass(frozen=True)
class Section:
    """A kind of rows: where they are, which of them, what for; hidden: what others may not be known by."""

    name: str
    zh: str
    why: str
    collection: str
    filter: Mapping[str, Any]
    hidden: Collection[str] = ()

    def told(self, reader: Reader) -> dict[str, Any]:
        """Return the rows, newest ids first, as contracts.personal.DataSection has them."""
        found = reader.find(self.collection, self.filter, [("_id", -1)], MOST + 1)
        items = [plain_row(doc, self.hidden) for doc in found[:MOST]]
        return {
            "name": self.name,
            "zh": self.zh,
            "why": self.why,
            "items": items,
            "more": len(found) > MOST,
        }


def plain_row(doc: Mapping[str, Any], hidden: Collection[str] = ()) -> dict[str, Any]:
    """Return a document without what is hidden, and its id under that name."""
    left_out = _BOOKKEEPING | set(hidden)
    row = {name: _plain(value) for name, value in doc.items() if name not in left_out}
    return {"id": row.pop("_id"), **row} if "_id" in row else row


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return None
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value
