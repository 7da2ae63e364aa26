"""The public notice (公示): what anybody may see of a claim, without signing in.

Names are intake's: it is asked for them masked at the moment of showing, so that nothing personal is kept
here and a person who is forgotten is gone from the list at once.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from contracts.vocabularies import regions
from contracts.vocabularies.errors import Refusal
from services.chassis.calls import Reader
from services.chassis.paging import newest_first
from services.settlement.domain.claims import Claim
from services.settlement.store import claims
from services.settlement.store.documents import Document

MaskedNames = Callable[[Sequence[str]], Mapping[str, str | None]]
ON_NOTICE = "public_notice"


def listed(reader: Reader, body: Mapping[str, Any]) -> dict[str, Any]:
    """List the claims on public notice, newest first, of one region and below or of all."""
    filter: dict[str, Any] = {"status": ON_NOTICE}
    if body["region"] is not None:
        filter["region"] = {"$in": [code for code in regions.CODES if regions.covers(body["region"], code)]}
    found, following = newest_first(reader, "claims", filter, "notice_until", body)
    return {"items": [_notice(reader, doc) for doc in found], "next": following}


def shown(reader: Reader, body: Mapping[str, Any], masked_names: MaskedNames) -> dict[str, Any]:
    """Show a page of one notice's people. Raises Refusal `not_found` when there is no such notice."""
    doc = reader.get("claims", body["claim_id"])
    kept = None
    if doc is not None and doc["status"] == ON_NOTICE:
        kept = claims.calculation(reader, doc["_id"], doc["attempt"])
    if doc is None or kept is None:
        raise Refusal("not_found", what=f"notice/{body['claim_id']}")
    sums: dict[str, int] = {}
    for line in kept[1].lines:
        sums[line.person_ref] = sums.get(line.person_ref, 0) + line.amount_fen
    people = [(number, ref, fen) for number, (ref, fen) in enumerate(sums.items(), 1)]
    if body["cursor"] is not None and not body["cursor"].isdigit():
        raise Refusal("invalid", field="cursor", reason="不是本接口给出的游标 / not a cursor of this list")
    start = int(body["cursor"] or 0)
    page = people[start : start + body["limit"]]
    names = masked_names([ref for _, ref, _ in page]) if page else {}
    items = [{"number": number, "name": names.get(ref), "amount_fen": fen} for number, ref, fen in page]
    end = start + len(page)
    return {
        "notice": _notice(reader, doc),
        "items": items,
        "next": str(end) if end < len(people) else None,
    }


def _notice(reader: Reader, doc: Document) -> dict[str, Any]:
    claim: Claim = claims.claim_of(doc)
    project = reader.get("projects", claim.project_id) if claim.project_id else None
    training = reader.get("classes", claim.class_id) if claim.class_id else None
    names = ("kind", "project_id", "class_id", "claimant_name", "region", "fund", "total_fen")
    return {
        **{name: getattr(claim, name) for name in names},
        "claim_id": claim.id,
        "project_name": (project or {}).get("name"),
        "class_name": (training or {}).get("name"),
        "people": claim.people - claim.refused_people,
        "until": claim.notice_until,
    }
