"""What a decision returns beside the new state: facts by event type, with their data."""

from collections.abc import Collection
from typing import Any

from contracts.vocabularies.errors import Refusal

Fact = tuple[str, dict[str, Any]]


def require(status: str, allowed: Collection[str], step: str) -> None:
    """Raise Refusal `out_of_order` unless the status is one of `allowed` (step: what was asked for)."""
    if status not in allowed:
        raise Refusal("out_of_order", status=status, step=step)


def distinct(values: Collection[object]) -> bool:
    """Return whether no value is there twice."""
    return len(set(values)) == len(values)
