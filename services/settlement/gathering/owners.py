"""Whose a claim is: the body that was awarded a project, a body of its own, or a person."""

from collections.abc import Mapping
from typing import Any

from contracts.vocabularies.errors import Refusal
from services.chassis.unit import Unit
from services.settlement.domain.claims import PERSON, Subject
from services.settlement.domain.evidence import Project, TrainingClass
from services.settlement.store import copies
from services.settlement.store.documents import Document, Source

ENTERPRISE = "enterprise"


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


def of_body(unit: Unit, wanted: Mapping[str, Any], payee: str) -> Subject:
    """Return the subject of a claim that a verified body makes in its own region, about no project.

    Raises Refusal `settlement.claimant_unverified`.
    """
    body = verified_body(unit)
    return Subject(
        kind=wanted["kind"],
        project_id=None,
        class_id=None,
        claimant_ref=body["_id"],
        claimant_name=body["name"],
        region=body["region"],
        fund=wanted["fund"],
        payee=payee,
        month=wanted["month"],
    )


def of_person(unit: Unit, wanted: Mapping[str, Any]) -> Subject:
    """Return the subject of a claim that a person makes for the own training, paid to the person.

    Raises Refusal `settlement.claimant_unverified`, `not_found` or `settlement.class_elsewhere`.
    """
    ref = unit.actor.person_ref
    if ref is None or ref not in copies.people(unit, [ref]):
        raise Refusal("settlement.claimant_unverified")
    found = project(unit, wanted["project_id"])
    subject = Subject(
        kind=wanted["kind"],
        project_id=found.id,
        class_id=wanted["class_id"],
        claimant_ref=ref,
        claimant_name="劳动者本人",
        region=found.region,
        fund=wanted["fund"],
        payee=PERSON,
        claimant_kind=PERSON,
    )
    if ref not in training_class(unit, subject).roster_set:
        raise Refusal("settlement.class_elsewhere", field="class_id")
    return subject


def training_class(unit: Unit, subject: Subject) -> TrainingClass:
    """Return the claimed class of the claimed project, once its roster is filed.

    Raises Refusal `settlement.class_elsewhere`.
    """
    found = copies.rostered_class(unit, subject.class_id or "")
    if found is None or found.project_id != subject.project_id:
        raise Refusal("settlement.class_elsewhere", field="class_id")
    return found


def verified_body(unit: Unit) -> Document:
    """Return the actor's body. Raises Refusal `settlement.claimant_unverified`."""
    body = copies.body(unit, unit.actor.body_ref or "")
    if body is None or not body.get("verified") or "region" not in body:
        raise Refusal("settlement.claimant_unverified")
    return body


def role_of(source: Source, body_ref: str) -> str:
    """Return the role in which a body that trains receives money: enterprise (直补企业) or provider."""
    return ENTERPRISE if (copies.body(source, body_ref) or {}).get("kind") == ENTERPRISE else "provider"
