"""What each kind of claim rests on and how it is reckoned: one module a kind, one table."""

from collections.abc import Mapping
from typing import Final

from services.settlement.domain.claims import LIVING_COST, PROJECT_ADVANCE, PROJECT_BALANCE
from services.settlement.domain.evidence import Facts
from services.settlement.domain.kinds import living_cost, project

FACTS: Final[Mapping[str, type[Facts]]] = {
    PROJECT_ADVANCE: project.StageFacts,
    PROJECT_BALANCE: project.StageFacts,
    LIVING_COST: living_cost.ClassFacts,
}
