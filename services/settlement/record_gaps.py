"""What real-name records lack, for an officer who looks at a claim or a person (S20)."""

from collections.abc import Mapping
from typing import Any

from contracts.vocabularies.errors import Refusal
from services.chassis.calls import Reader
from services.settlement import gathering, views
from services.settlement.domain.real_name import Gap, gaps
from services.settlement.store import claims as store
from services.settlement.store import copies


def of_claim(reader: Reader, body: Mapping[str, Any]) -> dict[str, Any]:
    """Show the people of a claim whose record lacks something, in the order of their ids.

    Raises Refusal `not_found`.
    """
    claim = store.claim_of(views.visible_claim(reader, body["claim_id"]))
    kept = store.calculation(reader, claim.id, claim.attempt)
    roster = gathering.of(claim.kind).roster(reader, claim)
    named = {each.person_ref for each in (*kept[1].lines, *kept[1].refusals)} if kept else set()
    people = sorted(roster | named - {""})
    told = copies.told_of(reader, people)
    lacking = [(ref, found) for ref in people if (found := gaps(told.get(ref), on_roster=ref in roster))]
    page = [each for each in lacking if body["cursor"] is None or each[0] > body["cursor"]]
    shown = page[: body["limit"]]
    return {
        "people": len(people),
        "complete": len(people) - len(lacking),
        "items": [_shown(ref, found) for ref, found in shown],
        "next": shown[-1][0] if len(page) > len(shown) else None,
    }


def of_person(reader: Reader, person_ref: str) -> dict[str, Any]:
    """Show what a person's record lacks, whatever the claim.

    Raises Refusal `not_found`, which a person of another region is as well.
    """
    told = copies.told_of(reader, [person_ref]).get(person_ref)
    if told is None or told.get("region") not in views.regions_of(reader.actor):
        raise Refusal("not_found", what=f"person/{person_ref}")
    return _shown(person_ref, gaps(told))


def _shown(ref: str, found: list[Gap]) -> dict[str, Any]:
    told = [{"code": each.code, "zh": each.zh, "en": each.en} for each in found]
    return {"person_ref": ref, "complete": not found, "gaps": told}
