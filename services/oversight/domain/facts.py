"""A stored fact, and what it names."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

# Things that stand in one chain through the five orders. People and bodies stand in many, so they
# are kept apart.
_CHAIN: Final = (
    "project_id",
    "class_id",
    "sourcing_id",
    "claim_id",
    "voucher_id",
    "enrolment_id",
    "duplicate_of",
)
_CHAIN_LISTS: Final = ("demand_ids",)
_PEOPLE: Final = ("person_ref", "poster_ref", "payee_ref")
_BODIES: Final = ("provider_ref", "claimant_ref", "assessor_ref")


@dataclass(frozen=True)
class StoredFact:
    """One event as it was told. data: as it travelled (JSON)."""

    id: str
    type: str
    aggregate_id: str
    sequence: int
    time: datetime
    actor: str
    correlation: str
    data: Mapping[str, Any]

    @property
    def aggregate(self) -> str:
        """`source.aggregate`."""
        return self.type.rpartition(".")[0]

    @property
    def source(self) -> str:
        """The service that told it."""
        return self.type.partition(".")[0]

    @property
    def verb(self) -> str:
        """What happened."""
        return self.type.rpartition(".")[2]

    @property
    def thing(self) -> tuple[str, str]:
        """What it happened to."""
        return self.aggregate, self.aggregate_id


def links(fact: StoredFact) -> tuple[str, ...]:
    """Return the ids of the chain's things that a fact names, its own first."""
    named = [fact.data.get(key) for key in _CHAIN]
    for key in _CHAIN_LISTS:
        named += fact.data.get(key, [])
    return tuple(dict.fromkeys([fact.aggregate_id, *(id for id in named if isinstance(id, str))]))


def people(fact: StoredFact) -> tuple[str, ...]:
    """Return the persons that a fact is about: one, or those of a list."""
    named = [fact.data.get(key) for key in _PEOPLE]
    if fact.aggregate == "intake.person":
        named.append(fact.aggregate_id)
    return tuple(dict.fromkeys(ref for ref in named if isinstance(ref, str)))


def bodies(fact: StoredFact) -> tuple[str, ...]:
    """Return the bodies that a fact names."""
    return tuple(ref for key in _BODIES if isinstance(ref := fact.data.get(key), str))
