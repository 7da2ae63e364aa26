"""What each kind of claim is about and how its facts are gathered: one module a kind, one table."""

from collections.abc import Mapping
from typing import Any, Final, Protocol

from contracts.vocabularies import roles
from contracts.vocabularies.errors import Refusal
from services.chassis.unit import Unit
from services.policy import RuleSet
from services.settlement.domain import claims
from services.settlement.domain.claims import Claim, Subject
from services.settlement.domain.evidence import Facts
from services.settlement.domain.statement import Asked
from services.settlement.gathering import (
    certificate_batch,
    class_training,
    employment_uplift,
    living_cost,
    oriented_training,
    project,
    wage_month,
)
from services.settlement.store.documents import Source


class Gatherer(Protocol):
    """What a module of this package offers. CLAIMED_BY: the roles that may claim."""

    CLAIMED_BY: frozenset[str]

    def subject(self, unit: Unit, wanted: Mapping[str, Any]) -> Subject:
        """Return what is claimed. Raises Refusal when it is not the actor's to claim."""

    def facts(self, unit: Unit, asked: Asked, rules: RuleSet) -> Facts:
        """Return the facts as they stand. Raises Refusal when it is too early, or a list is wrong."""

    def roster(self, source: Source, claim: Claim) -> set[str]:
        """Return everybody who may be paid for (S20: nobody who is not on the filed roster)."""


GATHERERS: Final[Mapping[str, Gatherer]] = {
    claims.PROJECT_ADVANCE: project,
    claims.PROJECT_BALANCE: project,
    claims.LIVING_COST: living_cost,
    claims.TRANSPORT: living_cost,
    claims.CLASS_TRAINING: class_training,
    claims.PERSON_TRAINING: class_training,
    claims.EMPLOYMENT_UPLIFT: employment_uplift,
    claims.CERTIFICATE_BATCH: certificate_batch,
    claims.WAGE_MONTH: wage_month,
    claims.ORIENTED_TRAINING: oriented_training,
}
# where a kind is claimed by fewer than its module serves
_ONLY: Final[Mapping[str, frozenset[str]]] = {
    claims.CLASS_TRAINING: frozenset({roles.PROVIDER, roles.ENTERPRISE}),
    claims.PERSON_TRAINING: frozenset({roles.WORKER}),
}


def of(kind: str) -> Gatherer:
    """Return the gatherer of a kind of claim."""
    return GATHERERS[kind]


def subject(unit: Unit, wanted: Mapping[str, Any]) -> Subject:
    """Return what is claimed by whom. Raises Refusal `role.forbidden` and those of the kind."""
    kind = wanted["kind"]
    allowed = _ONLY.get(kind, of(kind).CLAIMED_BY)
    if not unit.actor.roles & allowed:
        raise Refusal("role.forbidden", roles=", ".join(sorted(allowed)))
    return of(kind).subject(unit, wanted)
