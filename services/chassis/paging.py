"""Pages of a list, newest first, that stay right while the list grows."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from contracts.vocabularies.errors import Refusal
from services.chassis.calls import Reader
from services.chassis.mongo import Document

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)


def newest_first(
    reader: Reader, collection: str, filter: Mapping[str, Any], field: str, page: Mapping[str, Any]
) -> tuple[list[Document], str | None]:
    """Return a page of documents, latest `field` (a moment) first, and the cursor of the next page.

    page: `limit` and `cursor` (contracts.paging.Page). Raises Refusal `invalid` for a cursor that is none
    of ours.
    """
    conditions = [dict(filter)]
    if page["cursor"] is not None:
        moment, id = _read(page["cursor"])
        conditions.append({"$or": [{field: {"$lt": moment}}, {field: moment, "_id": {"$lt": id}}]})
    found = reader.find(collection, {"$and": conditions}, [(field, -1), ("_id", -1)], page["limit"] + 1)
    shown = found[: page["limit"]]
    more = len(found) > len(shown)
    return shown, _write(shown[-1], field) if more else None


def _write(doc: Document, field: str) -> str:
    return f"{(doc[field] - _EPOCH) // _MILLISECOND}-{doc['_id']}"


def _read(cursor: str) -> tuple[datetime, str]:
    milliseconds, _, id = cursor.partition("-")
    try:
        return _EPOCH + int(milliseconds) * _MILLISECOND, id
    except (ValueError, OverflowError):
        raise Refusal(
            "invalid", field="cursor", reason="不是本接口给出的游标 / not a cursor of this list"
        ) from None
