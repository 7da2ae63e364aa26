"""What each kind of claim is about and how its facts are gathered: one module a kind, one table."""

from collections.abc import Mapping
from typing import Any, Final, Protocol

from services.chassis.unit import Unit
from services.policy import RuleSet
from services.settlement.domain.claims import (
    LIVING_COST,
    PROJECT_ADVANCE,
    PROJECT_BALANCE,
    Claim,
    Subject,
)
from services.settlement.domain.evidence import Facts
from services.settlement.gathering import living_cost, project
from services.settlement.store.documents import Source


class Gatherer(Protocol):
    """What a module of this package offers."""

    def subject(self, unit: Unit, wanted: Mapping[str, Any]) -> Subject:
        """Return what is claimed. Raises Refusal when it is not the actor's to claim."""

    def facts(self, unit: Unit, subject: Subject, rules: RuleSet) -> Facts:
        """Return the facts as they stand. Raises Refusal when it is too early."""

    def roster(self, source: Source, claim: Claim) -> set[str]:
        """Return everybody who may be paid for (S20: nobody who is not on the filed roster)."""


GATHERERS: Final[Mapping[str, Gatherer]] = {
    PROJECT_ADVANCE: project,
    PROJECT_BALANCE: project,
    LIVING_COST: living_cost,
}


def of(kind: str) -> Gatherer:
    """Return the gatherer of a kind of claim."""
    return GATHERERS[kind]
