"""From the facts that a rule returns to the events of the contracts."""

from typing import Final

from contracts.events import intake, intake_demands, intake_mandates
from contracts.registry import Event
from services.intake.domain.facts import Fact

EVENTS: Final = {
    each.type: each
    for declared in (intake, intake_demands, intake_mandates)
    for each in vars(declared).values()
    if isinstance(each, Event)
}


def pairs(facts: list[Fact]) -> list[tuple[Event, dict[str, object]]]:
    """Return each fact with its event. Raises KeyError for a fact that no contract declares."""
    return [(EVENTS[type], data) for type, data in facts]
