"""What each kind of claim rests on and how it is reckoned: one module a kind, one table."""

from collections.abc import Mapping
from typing import Final

from services.settlement.domain import claims
from services.settlement.domain.evidence import Facts
from services.settlement.domain.kinds import (
    certificate_batch,
    class_training,
    employment_uplift,
    living_cost,
    oriented_training,
    project,
    wage_month,
)

FACTS: Final[Mapping[str, type[Facts]]] = {
    claims.PROJECT_ADVANCE: project.StageFacts,
    claims.PROJECT_BALANCE: project.StageFacts,
    claims.LIVING_COST: living_cost.ClassFacts,
    claims.TRANSPORT: living_cost.ClassFacts,
    claims.CLASS_TRAINING: class_training.TrainingFacts,
    claims.PERSON_TRAINING: class_training.TrainingFacts,
    claims.EMPLOYMENT_UPLIFT: employment_uplift.UpliftFacts,
    claims.CERTIFICATE_BATCH: certificate_batch.BatchFacts,
    claims.WAGE_MONTH: wage_month.WageFacts,
    claims.ORIENTED_TRAINING: oriented_training.OrientedFacts,
}
