"""Whose project or class a claim is about."""

from collections.abc import Mapping
from typing import Any

from contracts.vocabularies.errors import Refusal
from services.chassis.unit import Unit
from services.settlement.domain.claims import Subject
from services.settlement.domain.evidence import Project, TrainingClass
from services.settlement.store import copies


def project(unit: Unit, id: str | None) -> Project:
    """Return a listed project. Raises Refusal `not_found`."""
    found = copies.project(unit, id or "")
    if found is None:
        raise Refusal("not_found", field="project_id", what=f"project/{id}")
    return found


def of_project(unit: Unit, wanted: Mapping[str, Any], payee: str = "provider") -> Subject:
    """Return the subject of a claim that the body makes that was awarded the project.

    Raises Refusal `settlement.project_not_awarded` or `owner.forbidden`.
    """
    found = project(unit, wanted["project_id"])
    if found.provider_ref is None:
        raise Refusal("settlement.project_not_awarded", field="project_id")
    if found.provider_ref != unit.actor.body_ref:
        raise Refusal("owner.forbidden", field="project_id")
    return Subject(
        kind=wanted["kind"],
        project_id=found.id,
        class_id=wanted["class_id"],
        claimant_ref=found.provider_ref,
        claimant_name=found.provider_name or found.provider_ref,
        region=found.region,
        fund=wanted["fund"],
        payee=payee,
    )


def training_class(unit: Unit, subject: Subject) -> TrainingClass:
    """Return the claimed class of the claimed project, once its roster is filed.

    Raises Refusal `settlement.class_elsewhere`.
    """
    found = copies.rostered_class(unit, subject.class_id or "")
    if found is None or found.project_id != subject.project_id:
        raise Refusal("settlement.class_elsewhere", field="class_id")
    return found
