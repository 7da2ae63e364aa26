"""Places of which a province has so many: one row each, numbered from 1, found without a search [600 §9(1)].

Rows up to the highest number are taken or, once given up, free; above it none was ever taken. Who takes a row
that another transaction takes as well is run again, so no row has two takers and none is above the limit.
"""

from typing import Final

from services.settlement.domain.limits import PLACE
from services.settlement.store import claims
from services.settlement.store.documents import Source

ORIENTED: Final = "oriented"
_ROWS: Final = "limit_rows"


def row_id(province: str, what: str, number: int) -> str:
    """Return the id of a place's row; ids sort as their numbers do."""
    return f"place:{province}:{what}:{number:06d}"


def for_claim(source: Source, claim_id: str, province: str, what: str, limit: int, wanted: int) -> list[str]:
    """Return the rows that a claim can take, at most as many as wanted: its own, free ones, then new ones.

    limit: how many places there are.
    """
    own = [row.id for row in claims.rows_of(source, claim_id) if row.kind == PLACE]
    found = own[:wanted]
    if len(found) < wanted:
        found += _free(source, province, what, limit, wanted - len(found))
    if len(found) < wanted:
        highest = _highest(source, province, what, limit)
        last = min(limit, highest + wanted - len(found))
        found += [row_id(province, what, number) for number in range(highest + 1, last + 1)]
    return found


def _free(source: Source, province: str, what: str, limit: int, wanted: int) -> list[str]:
    query = {"claims": [], **_among(province, what, limit)}
    return [doc["_id"] for doc in source.find(_ROWS, query, [("_id", 1)], wanted)]


def _highest(source: Source, province: str, what: str, limit: int) -> int:
    found = source.find(_ROWS, _among(province, what, limit), [("_id", -1)], 1)
    return int(found[0]["_id"].rpartition(":")[2]) if found else 0


def _among(province: str, what: str, limit: int) -> dict[str, dict[str, str]]:
    return {"_id": {"$gte": row_id(province, what, 1), "$lte": row_id(province, what, limit)}}
