"""What a rule returns: facts to tell, by event type."""

from collections.abc import Sequence
from typing import Any

from contracts.vocabularies.errors import Refusal

Fact = tuple[str, dict[str, Any]]


def require(status: str, allowed: Sequence[str], step: str) -> None:
    """Raise Refusal `out_of_order` unless the status is one from which the step is possible."""
    if status not in allowed:
        raise Refusal("out_of_order", status=status, step=step)
