"""Facts of a demand (需求单) after its posting: changed, found double, about to lapse, proof looked at."""

from marshmallow import fields

from contracts.events.intake import DemandPosted, OfDemand
from contracts.fields import Count, Day, LongText, Name, Ref, group, listed, one_of
from contracts.registry import event
from contracts.vocabularies.statuses import DUPLICATE_GROUNDS


class DemandChanged(DemandPosted):
    """The demand as it now is; changed: names of what is new. It waits for its check again (submitted)."""

    changed = listed(Name(), low=1, high=40, required=True)


class DemandLapsing(OfDemand):
    """It ends on this day if nothing is done."""

    lapses_on = Day(required=True)


class DuplicateFound(OfDemand):
    """It looks like another open demand; an officer decides. Nothing has changed yet."""

    other_id = Ref(required=True)
    ground = one_of(DUPLICATE_GROUNDS, required=True)


class DuplicateDismissed(OfDemand):
    """An officer found the two to be different."""

    other_id = Ref(required=True)
    reason = LongText(required=True)


class DemandMerged(OfDemand):
    """It stands for another one too, which an officer merged into it; headcount: what it asks for now."""

    merged_id = Ref(required=True)
    headcount = Count(low=1, required=True)
    reason = LongText(required=True)


class ProofDecided(OfDemand):
    """An officer looked at the proof of the target group."""

    group = group(required=True)
    accepted = fields.Boolean(required=True)
    reason = LongText(required=True, allow_none=True)


DEMAND_CHANGED = event("intake.demand.changed", 1, DemandChanged)
DEMAND_LAPSING = event("intake.demand.lapsing", 1, DemandLapsing)
DUPLICATE_FOUND = event("intake.demand.duplicate_found", 1, DuplicateFound)
DUPLICATE_DISMISSED = event("intake.demand.duplicate_dismissed", 1, DuplicateDismissed)
DEMAND_MERGED = event("intake.demand.merged", 1, DemandMerged)
PROOF_DECIDED = event("intake.demand.proof_decided", 1, ProofDecided)
