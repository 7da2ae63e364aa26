"""Facts of the uplift of a class: what its training was paid, and who found work."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from contracts.vocabularies import roles
from contracts.vocabularies.dates import today_in_shanghai
from services.chassis.unit import Unit
from services.policy import RuleSet
from services.settlement.domain import claims, evidence
from services.settlement.domain.claims import Claim, Subject
from services.settlement.domain.evidence import Facts
from services.settlement.domain.kinds import class_training, employment_uplift
from services.settlement.domain.kinds.employment_uplift import Known
from services.settlement.domain.statement import Asked
from services.settlement.gathering import owners
from services.settlement.store import claims as store
from services.settlement.store import copies, recoveries
from services.settlement.store.documents import Source

CLAIMED_BY = frozenset({roles.PROVIDER, roles.ENTERPRISE})
_TRAININGS: Final = (
    claims.PROJECT_ADVANCE,
    claims.PROJECT_BALANCE,
    claims.CLASS_TRAINING,
    claims.PERSON_TRAINING,
)


def subject(unit: Unit, wanted: Mapping[str, Any]) -> Subject:
    """Return the class as claimed by the body that ran it."""
    return owners.of_project(unit, wanted, owners.role_of(unit, unit.actor.body_ref or ""))


def facts(unit: Unit, asked: Asked, rules: RuleSet) -> Facts:
    """Return what each person's training was paid, and the employment that is proven."""
    subject = asked.subject
    each, project = owners.training_class(unit, subject), owners.project(unit, subject.project_id)
    evidence.check_ready([each], completed=True)
    training = class_training.about(project, each, subject.payee, subject.payee)
    known = Known(
        people=copies.people(unit, each.roster),
        employment=copies.employment(unit, project.id, each.id),
        subsidies=_subsidies(unit, project.id, each.id),
    )
    return employment_uplift.gather(each, training, known, today_in_shanghai(unit.now))


def roster(source: Source, claim: Claim) -> set[str]:
    """Return everyone on the filed roster of the class."""
    return copies.roster_of_class(source, claim.class_id or "")


def _subsidies(unit: Unit, project_id: str, class_id: str) -> dict[str, int]:
    """Return what was ordered or paid for each person's training and stays so, in fen."""
    sums: Counter[str] = Counter()
    for kind in _TRAININGS:
        for claim in store.of_project(unit, project_id, kind):
            if claim.status in ("ordered", "paid") and claim.class_id in (None, class_id):
                sums.update(_still_paid(unit, claim))
    return sums


def _still_paid(unit: Unit, claim: Claim) -> Mapping[str, int]:
    kept = store.calculation(unit, claim.id, claim.attempt)
    if kept is None:
        return {}
    stopped = {line.payee_ref for line in recoveries.stopped_lines(unit, claim.id)}
    return employment_uplift.still_paid(claim, kept[1], stopped, recoveries.of_claim(unit, claim.id))
