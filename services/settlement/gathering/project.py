"""Facts of a project's two stages: its classes, people, certificates and employment."""

from collections.abc import Mapping
from typing import Any

from contracts.vocabularies import roles
from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from services.chassis.unit import Unit
from services.policy import RuleSet
from services.settlement.domain import claims, evidence, recovery
from services.settlement.domain.claims import ENDED, PROJECT_ADVANCE, PROJECT_BALANCE, Claim, Subject
from services.settlement.domain.evidence import Facts
from services.settlement.domain.kinds.project import Known, gather
from services.settlement.domain.statement import Asked
from services.settlement.gathering import owners
from services.settlement.store import claims as store
from services.settlement.store import copies, recoveries
from services.settlement.store.documents import Source

CLAIMED_BY = frozenset({roles.PROVIDER, roles.ENTERPRISE})


def subject(unit: Unit, wanted: Mapping[str, Any]) -> Subject:
    """Return the project as claimed by the body that was awarded it."""
    return owners.of_project(unit, wanted, owners.role_of(unit, unit.actor.body_ref or ""))


def facts(unit: Unit, asked: Asked, rules: RuleSet) -> Facts:
    """Return the facts of all classes of the project."""
    subject = asked.subject
    project = owners.project(unit, subject.project_id)
    classes = copies.rostered_classes(unit, project.id)
    completed = subject.kind == PROJECT_BALANCE
    evidence.check_ready(classes, copies.classes_to_come(unit, project.id), completed)
    if not completed:
        claims.check_first(store.of_project(unit, project.id, PROJECT_BALANCE))
    known = Known(
        people=copies.people(unit, [ref for each in classes for ref in each.roster]),
        certificates=copies.certificates(unit, project.id),
        employment=copies.employment(unit, project.id),
        advanced=advanced(unit, project.id) if completed else {},
    )
    return gather(subject.kind, project, classes, known, today_in_shanghai(unit.now), rules)


def roster(source: Source, claim: Claim) -> set[str]:
    """Return everyone on a filed roster of the project."""
    return copies.roster_of(source, claim.project_id or "")


def advanced(unit: Unit, project_id: str) -> dict[str, int]:
    """Return what the paid advance gave each person and is not demanded back, in fen.

    Raises Refusal `settlement.advance_open`.
    """
    found, demanded = [], []
    for advance in store.of_project(unit, project_id, PROJECT_ADVANCE):
        if advance.status in ENDED:
            continue
        if advance.status != "paid":
            raise Refusal("settlement.advance_open", claim_id=advance.id)
        store.touch_stage(unit, advance)
        kept = store.calculation(unit, advance.id, advance.attempt)
        if kept is not None:
            found.append(kept[1])
            demanded += recoveries.of_claim(unit, advance.id)
    # what is demanded back is not set off a second time
    return recovery.less_demanded(evidence.sums_by_person(found), demanded)
