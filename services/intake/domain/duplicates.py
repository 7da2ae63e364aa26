"""Doubles (重复需求): open demands that look like one, merged by an officer or told apart, never dropped.

A person's second open demand of one occupation and level is returned at once (demands.py); what only may be a
double stands, marked, until an officer has looked at it.
"""

from dataclasses import replace
from datetime import datetime
from typing import Final

from contracts.vocabularies.errors import Refusal
from services.intake.domain.demands import Decision, Demand, fact, posted_data, verify
from services.intake.domain.facts import Fact, require

_MERGEABLE: Final = ("submitted", "verified", "returned")


def suspect(demand: Demand, other_id: str | None) -> Decision:
    """Mark an open demand that may double another; other_id: one that is open and alike, None without."""
    if other_id in (None, demand.id, demand.suspected_of, *demand.told_apart) or not demand.open:
        return demand, []
    ground = "same_person_occupation" if demand.wish.kind == "worker" else "same_enterprise"
    marked = replace(demand, suspected_of=other_id, suspect_ground=ground)
    return marked, [fact(demand, "duplicate_found", other_id=other_id, ground=ground)]


def clear(demand: Demand) -> Demand:
    """Forget a suspicion, because the demand was changed and is looked at anew."""
    return replace(demand, suspected_of=None, suspect_ground=None)


def dismiss(demand: Demand, reason: str) -> Decision:
    """An officer finds a demand to be none of a double. Raises Refusal `intake.not_suspected`."""
    if demand.suspected_of is None:
        raise Refusal("intake.not_suspected")
    other = demand.suspected_of
    apart = replace(clear(demand), told_apart=(*demand.told_apart, other))
    return apart, [fact(demand, "duplicate_dismissed", other_id=other, reason=reason)]


def merge(
    kept: Demand, gone: Demand, headcount: int | None, reason: str, poster_checked_at: datetime | None
) -> tuple[Decision, Decision]:
    """Merge two demands of one poster and occupation; return what becomes of the kept and of the other one.

    headcount: that the kept one has from now on, None: as it was. Raises Refusal `intake.not_alike`,
    `intake.demand_listed` (the other is in a project, or the headcount of one that is would change),
    `out_of_order`.
    """
    if kept.id == gone.id or _subject(kept) != _subject(gone):
        raise Refusal("intake.not_alike", field="merged_id")
    count = headcount or kept.wish.headcount
    if kept.wish.kind == "worker" and count != 1:
        raise Refusal("invalid", field="headcount", reason="劳动者需求为一人 / a worker's demand is for one")
    if gone.status == "listed" or (kept.status == "listed" and count != kept.wish.headcount):
        raise Refusal("intake.demand_listed")
    require(gone.status, _MERGEABLE, "merge")
    require(kept.status, ("submitted", "verified", "listed"), "merge")
    after = replace(gone, status="withdrawn", merged_into=kept.id, reason=reason)
    left = after, [fact(gone, "withdrawn", reason=reason, merged_into=kept.id)]
    return _enlarged(kept, gone.id, count, reason, poster_checked_at), left


def _enlarged(
    kept: Demand, gone_id: str, count: int, reason: str, poster_checked_at: datetime | None
) -> Decision:
    told: list[Fact] = [fact(kept, "merged", merged_id=gone_id, headcount=count, reason=reason)]
    after = replace(kept, merged_ids=(*kept.merged_ids, gone_id))
    if after.suspected_of == gone_id:
        after = clear(after)
    if count == kept.wish.headcount:
        return after, told
    # the posts are the firm's own words: their sum is no longer the headcount that an officer set
    wish = replace(kept.wish, headcount=count, posts=())
    after = replace(after, wish=wish, status="submitted")
    told.append(("intake.demand.changed", {**posted_data(after), "changed": ["headcount"]}))
    if kept.status == "submitted" or poster_checked_at is None:
        return after, told
    verified, facts = verify(after, poster_checked_at)
    return verified, told + facts


def _subject(demand: Demand) -> tuple[str, str, str]:
    return demand.poster_ref, demand.wish.kind, demand.wish.occupation
