"""The officer's decision on a balance below the employment rate, once the follow-up window has closed (S18).

No document says what follows, so an officer decides with a written reason how much of the balance is paid,
within a parameter. The advance stays what it was: due for carrying the training out. What was advanced for
people without a certificate is set off as always; where that outweighs the balance, the outcome is
`recovery_due`, nothing can be accepted, and a recovery is ordered against the advance.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from contracts.vocabularies.errors import Refusal
from services import policy
from services.chassis.settings import Mode
from services.chassis.unit import Unit
from services.settlement import reviewing, submitting
from services.settlement.domain import review
from services.settlement.domain.kinds.project import StageFacts
from services.settlement.gathering import project
from services.settlement.store import claims as store
from services.settlement.store.documents import Document


def decide(unit: Unit, body: Mapping[str, Any], mode: Mode) -> Document:
    """Decide which per cent of a balance is paid; the claim is computed again with that, its rows with it.

    Raises Refusal `settlement.no_decision_due`, `settlement.share_not_allowed`, `settlement.same_person`.
    """
    claim = reviewing.begin(unit, body, "decide")
    kept = store.calculation(unit, claim.id, claim.attempt)
    if claim.outcome != "decision_needed" or kept is None or not isinstance(kept[0], StageFacts):
        raise Refusal("settlement.no_decision_due", outcome=claim.outcome)
    rules = reviewing.rules_of(claim.region, mode)
    low, high = policy.decision_range(kept[0].project, rules)
    percent, reason = body["percent"], body["reason"]
    if percent and not low <= percent <= high:
        raise Refusal("settlement.share_not_allowed", field="percent", low=low, high=high)
    facts = with_advances(kept[0], project.advanced(unit, claim.project_id or ""))
    facts = replace(facts, decided=percent, left_out=())
    after = review.take(claim, "decide", unit.actor.account, f"{percent}%：{reason}", unit.now)
    after = submitting.renew(unit, after, facts, rules)
    told = {"reason": reason, "percent": percent, "total_fen": after.total_fen}
    return store.save(unit, after, [("decided", told)])


def with_advances(facts: StageFacts, advanced: Mapping[str, int]) -> StageFacts:
    """Return the facts with the advances as they stand now: since the calculation some may have been
    demanded back, and are not set off as well. advanced: fen by person.
    """
    people = (replace(each, advance_fen=advanced.get(each.person_ref, 0)) for each in facts.people)
    return replace(facts, people=tuple(people))
